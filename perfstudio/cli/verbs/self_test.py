"""Three practice seconds through everything, in a folder that is thrown away; and through the window, if asked."""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

from perfstudio.cli.output import DONE, REASON, Output
from perfstudio.language.catalogue import Messages, _
from perfstudio.model.errors import ErrorCode, PerfstudioError
from perfstudio.session.headless.demo import run_demo
from perfstudio.systems.screens import PLUGIN, has_screen
from perfstudio.texts import formatting
from perfstudio.texts.demo import sentence

SECONDS = 3.0
_SEEN: Messages[dict[str, str]] = {
    "open": "The window is open.",
    "rolling": "A take is rolling in it.",
    "played": "The cut key ended it, and it plays: {length} were seen.",
    "sealed": "It is checked, and safe on disk.",
}


def add(parser: argparse.ArgumentParser) -> None:
    """What else is tried."""
    parser.add_argument(
        "--window",
        action="store_true",
        help=_("test the window too: it opens, plays a practice scene by itself and closes"),
    )


def run(args: argparse.Namespace, out: Output) -> int:
    """Do it; what does not work is said by the error. Raises PerfstudioError(NO_SCREEN) before anything is tried."""
    if args.window and not has_screen() and not os.environ.get(PLUGIN):
        raise PerfstudioError(ErrorCode.NO_SCREEN)
    with tempfile.TemporaryDirectory(prefix="perfstudio-") as folder:
        made = run_demo(Path(folder), SECONDS, lambda step, facts: out.say(sentence(step, facts)))
    if args.window and not _try_window(out):
        out.warn(_("The window got no further than that."))
        return REASON
    out.say(_("Everything works here."))
    out.document({"works": True, "duration_s": made.manifest.duration_s, "window": bool(args.window)})
    return DONE


def _try_window(out: Output) -> bool:
    from perfstudio.app import try_window  # noqa: PLC0415 - Qt loads when a window is asked for

    with tempfile.TemporaryDirectory(prefix="perfstudio-", ignore_cleanup_errors=True) as folder:
        return try_window(Path(folder), lambda step, value: out.say(_(_SEEN[step], length=formatting.span(value))))
