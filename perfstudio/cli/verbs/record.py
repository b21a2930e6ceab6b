"""Record one take without a window.

Ctrl-C is a clean cut: the take is closed, checked and kept.
"""

from __future__ import annotations

import argparse
import contextlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from perfstudio.capture.recording.messages import RecorderStatus
from perfstudio.cli import options
from perfstudio.cli.drawn_scene import read_out
from perfstudio.cli.home_option import open_home
from perfstudio.cli.mute_key import mute_key
from perfstudio.cli.output import REASON, Output
from perfstudio.cli.partner_line import add_ways, agreed, by_hand, line_to_partner
from perfstudio.cli.reports import exit_code, say_checks, take_document
from perfstudio.cli.slow_devices import say_slow
from perfstudio.language.catalogue import _
from perfstudio.model.clip import ENDING, ClipDocument
from perfstudio.model.device import (
    ANY_CERTIFICATE,
    NO_CAMERA,
    CameraRequest,
    DeviceSelection,
    Encode,
    MicrophoneRequest,
)
from perfstudio.model.errors import CallError, ErrorCode
from perfstudio.model.prompt_2 import role_in
from perfstudio.model.take import TakeManifest
from perfstudio.paths import leads_to
from perfstudio.session.clips.arrival import take_in_for
from perfstudio.session.clips.clip_file import read_clip
from perfstudio.session.clips.clip_store import KeptClip
from perfstudio.session.duet.drawing import DrawnScene
from perfstudio.session.duet.play import DuetPlay
from perfstudio.session.headless.device_choice import choose
from perfstudio.session.headless.partner_choice import PartnerAsked, as_played
from perfstudio.session.headless.record import ALONE, PlayedWith, RecordingHooks, record_take
from perfstudio.session.headless.scene_choice import ChosenScene, chosen_scene
from perfstudio.session.home import Home
from perfstudio.session.take_safety import TakeSafety
from perfstudio.systems import key_presses
from perfstudio.systems.ending_signals import heard
from perfstudio.texts import clips as words_of_clips
from perfstudio.texts import devices as words
from perfstudio.texts import duet as words_of_duet
from perfstudio.texts import notices
from perfstudio.texts import partner as words_of_partner
from perfstudio.texts.errors import sentence
from perfstudio.texts.formatting import duration, percent


def add(parser: argparse.ArgumentParser) -> None:
    """Options of `record`."""
    parser.set_defaults(wrong_usage=parser.error)
    parser.add_argument(
        "prompt", nargs="?", metavar="PROMPT",
        help=_("a prompt, or pack/prompt; with --duet it may be left out, and one is drawn that you both may play"),
    )  # fmt: skip
    parser.add_argument(
        "--camera", metavar="ID",
        help=_("an id, an http or rtsp address, practice, or none; by default the one chosen in the window, or the "
            "first found"),
    )  # fmt: skip
    parser.add_argument(
        "--microphone",
        metavar="ID",
        help=_("an id, or practice; otherwise the one chosen in the window, or the system's choice"),
    )
    parser.add_argument(
        "--seconds",
        type=options.positive,
        default=None,
        metavar="N",
        help=_("how long to record; without it, until Ctrl-C"),
    )
    parser.add_argument("--role", metavar="ROLE", help=_("who you play, in a scene for two"))
    parser.add_argument(
        "--language", metavar="TAG", help=_("the language you play in, such as de; by default the scene's first")
    )
    _add_partner(parser)
    add_modes(parser)


def _add_partner(parser: argparse.ArgumentParser) -> None:
    """Who plays the other role, and how they are heard."""
    parser.add_argument(
        "--partner", metavar="FILE|TAKE",
        help=_(
            "the partner you hear: a colleague's clip, a WAV, FLAC or MP4 file, or a take of yours; by default the "
            "clip that is here for the scene, or the one in the pack"
        ),
    )  # fmt: skip
    parser.add_argument(
        "--headphones", metavar="ID",
        help=_("what you hear your partner in, an id as `devices` lists it; by default as chosen in the green room"),
    )  # fmt: skip
    parser.add_argument(
        "--duet", metavar="CODE", nargs="?", const="",
        help=_("record at once with a partner at another computer, who plays the other role: with the code that they "
            "were given, or without one to get a code for them"),
    )  # fmt: skip
    add_ways(parser)


def add_modes(parser: argparse.ArgumentParser) -> None:
    """Options for the camera's mode."""
    parser.add_argument("--size", type=options.size, metavar="WxH", help=_("size of the picture (1280x720)"))
    parser.add_argument("--fps", type=options.positive, metavar="N", help=_("frames per second (30)"))
    parser.add_argument(
        "--encode", choices=[encode.value for encode in Encode],
        help=_("make the video while recording, or after the cut; after the cut needs a camera that sends JPEG, and "
            "suits slow computers"),
    )  # fmt: skip
    trust = parser.add_mutually_exclusive_group()
    trust.add_argument(
        "--trust-camera", dest="trust", type=_file, metavar="FILE",
        help=_("check an https or rtsps camera against this certificate, not the system's"),
    )  # fmt: skip
    trust.add_argument(
        "--any-certificate", dest="trust", action="store_const", const=ANY_CERTIFICATE,
        help=_("accept whatever certificate the camera shows (on a network of your own)"),
    )  # fmt: skip


def camera_asked(args: argparse.Namespace, camera: CameraRequest) -> CameraRequest:
    """The camera in the mode that the options say, where they say one."""
    width, height = args.size or (camera.width, camera.height)
    encode = Encode(args.encode) if args.encode else camera.encode
    fps, trust = args.fps or camera.fps, args.trust or camera.trust
    return CameraRequest(id=camera.id, width=width, height=height, fps=fps, encode=encode, trust=trust)


def run(args: argparse.Namespace, out: Output) -> int:
    """Record, check, seal, say."""
    if args.duet is None and by_hand(args):
        args.duet = ""
    if args.prompt is None and (args.duet is None or args.role or args.partner):
        args.wrong_usage(_("name a scene: only with --duet one is drawn, with its roles, and no clip is heard with it"))
    if args.duet is not None and not agreed(args, out):
        out.document({"tried": False})
        return REASON
    with open_home(args) as home, cut_on_signal() as stop:
        clip, role = _named(home, args, out) if args.prompt is not None else (None, None)  # before anybody waits
        selection = _devices(home, args, out)
        seconds = args.seconds if args.seconds is not None else float("inf")
        partner = PartnerAsked(
            clip or args.partner, args.headphones, selection.microphone.id, Path(args.partner).name if clip else ""
        )
        with with_partner(args, home, out, stop, lambda: _warn(out, words_of_duet.line_gone())) as (other, drawn):
            if drawn is not None:
                read_out(home, drawn, stop, out)
            reference, role = (drawn.reference, drawn.role) if drawn is not None else (args.prompt, role)
            with _mute_key(other, out):
                manifest = record_take(
                    home, reference, selection, seconds, _told(out, stop, seconds), role=role, language=args.language,
                    partner=partner, with_other=other,
                )  # fmt: skip
        out.progress_done()
        _say_take(home, manifest, out)
    return exit_code(manifest.checks)


def _named(home: Home, args: argparse.Namespace, out: Output) -> tuple[KeptClip | None, str | None]:
    """What goes with the scene that was named: a colleague's clip, which is kept here from now on, and who is played.
    Raises PackError, and CallError(DUET_NO_ROLE)."""
    colleague = _of_a_colleague(args.partner)
    role = args.role or _answer(colleague)
    scene = chosen_scene(home, args.prompt, role=role, language=args.language)
    clip = _taken_in(home, Path(args.partner), colleague, scene, out) if colleague is not None else None
    if args.duet is not None and role_in(scene.prompt) is None:
        raise CallError(ErrorCode.DUET_NO_ROLE)
    return clip, role


def _told(out: Output, stop: threading.Event, seconds: float) -> RecordingHooks:
    """What is said while a take is recorded, and what ends it."""

    def status(now: RecorderStatus, safety: TakeSafety) -> None:
        out.progress(f"{duration(now.elapsed_s)}  {notices.on_disk(now, safety)[0]}")

    def made(done: float) -> None:
        out.progress(_("Making the video from what the camera sent: {share}", share=percent(done)))

    return RecordingHooks(
        stop,
        lambda loss: _warn(out, notices.sentence(loss)),
        lambda loss, now: _warn(out, notices.over(loss, now)),
        status,
        made,
        say_slow(out),
        lambda ready: out.say(words_of_partner.ready_for_take(ready, seconds)),
        lambda problem: _warn(out, sentence(problem)),
    )


def _warn(out: Output, words: str) -> None:
    if words:
        out.progress_done()
        out.warn(words)


@contextlib.contextmanager
def with_partner(
    args: argparse.Namespace, home: Home, out: Output, stop: threading.Event, lost: Callable[[], None]
) -> Iterator[tuple[PlayedWith, DrawnScene | None]]:
    """Whoever plays the other role at another computer, where `--duet` asks for them, and the scene that was drawn."""
    if args.duet is None:
        yield ALONE, None
        return
    with line_to_partner(args, home, out, stop) as (link, first, drawn):
        play = DuetPlay(
            link, stop, first=first, lost=lost, unheard=lambda problem: _warn(out, sentence(problem)),
            mute=lambda now: _warn(out, words_of_duet.partner_mute(now=now)),
            quiet=lambda quiet: _warn(out, words_of_duet.line_quiet(quiet=quiet)),
        )  # fmt: skip
        yield play, drawn
        if play.voice is not None:
            out.progress_done()
            out.say(words_of_duet.voice_was(play.voice.heard))


@contextlib.contextmanager
def _mute_key(other: PlayedWith, out: Output) -> Iterator[None]:
    """Where somebody sits at a terminal, and is heard by a partner."""
    keys = key_presses.for_system() if isinstance(other, DuetPlay) and other.tap is not None else None
    if not isinstance(other, DuetPlay) or keys is None:
        yield
        return
    out.say(words_of_duet.may_mute())
    with mute_key(other.speak, keys, lambda on: _warn(out, words_of_duet.own_voice(on=on))):
        yield


def _of_a_colleague(partner: str | None) -> ClipDocument | None:
    """What a clip of a colleague says of itself, where one was named."""
    return read_clip(Path(partner)) if partner is not None and partner.lower().endswith(ENDING) else None


def _taken_in(home: Home, file: Path, clip: ClipDocument, scene: ChosenScene, out: Output) -> KeptClip:
    """A clip that can be played to in this scene is kept here from now on."""
    kept = take_in_for(home, file, clip, as_played(scene))
    out.say(words_of_clips.taken_in(kept.clip))
    return kept


def _answer(clip: ClipDocument | None) -> str | None:
    """Who answers a clip, where it says so."""
    return clip.answer.id if clip is not None and clip.answer is not None else None


def _say_take(home: Home, manifest: TakeManifest, out: Output) -> None:
    line = home.takes.line(manifest.take_id)
    out.say(
        _(
            "{title}, take {number}: {time}, safe on disk.",
            title=line.title,
            number=line.number,
            time=duration(line.duration_s or 0.0),
        )
    )
    say_checks(manifest.checks, out)
    out.say(_("Files: {folder}", folder=home.library.folder(manifest.take_id)))
    out.document(take_document(manifest, line))


def _devices(home: Home, args: argparse.Namespace, out: Output) -> DeviceSelection:
    """What was named; for the rest what the window remembers, else what is usual here, and it is said."""
    camera = None if args.camera in (None, NO_CAMERA) else CameraRequest(id=args.camera)
    microphone = None if args.microphone is None else MicrophoneRequest(id=args.microphone)
    chosen = choose(home.settings.now, camera, microphone, sound_only=args.camera == NO_CAMERA)
    pair = chosen.selection
    if args.camera is None or args.microphone is None:
        pictured = chosen.camera_name or (words.spoken(pair.camera.id) if pair.camera else "")
        out.say(words.recording_with(pictured, chosen.microphone_name or words.spoken(pair.microphone.id)))
    return pair.model_copy(update={"camera": pair.camera and camera_asked(args, pair.camera)})


@contextlib.contextmanager
def cut_on_signal() -> Iterator[threading.Event]:
    """An event that Ctrl-C, the end of the terminal and a polite request to end set."""
    stop = threading.Event()
    with heard(stop.set):
        yield stop


def _file(text: str) -> str:
    return str(leads_to(Path(text)))  # a file that is called as the word for any certificate is still a file
