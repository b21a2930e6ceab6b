"""Every check on a take folder or any media file, ours or not."""

from __future__ import annotations

import argparse
from pathlib import Path

from perfstudio.cli import options
from perfstudio.cli.home_option import say_aside
from perfstudio.cli.output import Output
from perfstudio.cli.reports import exit_code, say_checks
from perfstudio.durable import is_there
from perfstudio.language.catalogue import _
from perfstudio.model.checks import FaceModel
from perfstudio.model.take import TakeManifest
from perfstudio.packs.bundled import bundled_folders
from perfstudio.packs.pack_store import PackStore
from perfstudio.paths import AppPaths
from perfstudio.session.headless.check import CheckRequest, check_path
from perfstudio.session.performer import performer_of
from perfstudio.session.settings import SettingsStore
from perfstudio.session.takes.face_detector import wanted
from perfstudio.texts.errors import sentence
from perfstudio.texts.formatting import percent


def add(parser: argparse.ArgumentParser) -> None:
    """Options of `check`."""
    parser.add_argument("path", type=Path, help=_("a take folder, or a video or sound file"))
    parser.add_argument("--audio", type=Path, metavar="PATH", help=_("a sound file that belongs to it"))
    parser.add_argument("--partner", type=Path, metavar="PATH", help=_("a clip that was played to the performer"))
    parser.add_argument(
        "--partner-at",
        type=options.moment,
        metavar="S",
        help=_("where in the take that clip began (by default as the take says, or 0)"),
    )
    parser.add_argument(
        "--face-model", type=Path, metavar="PATH", help=_("a YuNet model file (ONNX) to find faces with")
    )


def run(args: argparse.Namespace, out: Output) -> int:
    """Measure a take or a file and print the results."""
    paths = AppPaths.choose(args.home)
    wish = CheckRequest(
        sound=args.audio,
        partner=args.partner,
        partner_at_s=args.partner_at,
        face_model=FaceModel(path=str(args.face_model)) if args.face_model else wanted(_chosen(paths)),
        played=lambda manifest: _played(paths, manifest),
    )
    results = check_path(
        args.path,
        wish,
        lambda share: out.progress(_("Checking {share}", share=percent(share))),
        lambda unused: out.warn(sentence(unused)),
    )
    out.progress_done()
    say_checks(results, out)
    out.document([result.to_json() for result in results])
    return exit_code(results)


def _chosen(paths: AppPaths) -> FaceModel | None:
    """What was chosen in Settings; a home that is not there is not made for that."""
    if not is_there(paths.settings):
        return None
    store = SettingsStore(paths.settings, remembered=lambda: performer_of(paths.takes), tell=say_aside)
    return store.now.face_model


def _played(paths: AppPaths, manifest: TakeManifest) -> Path | None:
    """The clip that was played in a take, in the very pack that it was made with."""
    clip = manifest.clip_played()
    if clip is None or clip.media is None:
        return None
    packs = PackStore(paths.packs, bundled_folders()).packs()
    pack = next((pack for pack in packs if pack.sha256 == manifest.prompt.pack_sha256), None)
    return pack.file(clip.media) if pack is not None else None
