"""A question at the terminal that only "yes" answers; nobody there is a no."""

from __future__ import annotations

import sys

from perfstudio.cli import terminal
from perfstudio.cli.output import Output
from perfstudio.language.catalogue import _
from perfstudio.systems.consoles import is_terminal


def says_yes(question: str, out: Output, *, nobody: str, no: str, here: bool = True) -> bool:
    """Ask `question`. What is said where nobody can be asked is `nobody`, what is said after any other answer `no`;
    `here` is false where the input is not for answers."""
    if not here or not is_terminal(sys.stdin):
        out.warn(nobody)
        return False
    terminal.note(question)
    if sys.stdin.readline().strip().casefold() in ("yes", _("yes").casefold()):
        return True
    out.warn(no)
    return False
