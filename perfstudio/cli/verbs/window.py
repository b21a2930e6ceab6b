"""Open the window."""

from __future__ import annotations

import argparse
import gc
import os

from perfstudio.cli import terminal
from perfstudio.cli.output import Output
from perfstudio.model.errors import ErrorCode, PerfstudioError
from perfstudio.systems.screens import PLUGIN, has_screen, is_seen


def run(args: argparse.Namespace, out: Output) -> int:
    """Hand over to the window. Raises PerfstudioError(NO_SCREEN) where Qt would end the program without a word."""
    if not has_screen() and not os.environ.get(PLUGIN):
        raise PerfstudioError(ErrorCode.NO_SCREEN)
    gc.disable()  # nothing that a start makes is rubbish: looking for it costs a tenth of the start
    from perfstudio.app import open_window  # noqa: PLC0415 - verbs never load Qt

    return open_window(args.home, practice=args.practice, opened=args.opened)


def refuse(sentence: str) -> None:
    """Say why there is no window: who pressed a link, a file or a mark has no terminal to read it in."""
    terminal.note(sentence + "\n")
    if is_seen() and not terminal.is_read():
        from perfstudio.app import refuse as in_a_box  # noqa: PLC0415 - as above

        in_a_box(sentence)
