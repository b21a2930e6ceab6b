"""Opening the performer's home for a verb."""

from __future__ import annotations

import argparse

from perfstudio.cli import terminal
from perfstudio.model.errors import PerfstudioError
from perfstudio.paths import AppPaths
from perfstudio.session.home import Home
from perfstudio.session.set_aside import SetAside


def open_home(args: argparse.Namespace) -> Home:
    """The home named by --home, PERFSTUDIO_HOME or the system's custom. What was laid aside there is said."""
    home = Home(AppPaths.choose(args.home))
    home.asides.tell(say_aside)
    home.settings.trouble = _say_trouble
    return home


def say_aside(aside: SetAside) -> None:
    """Something could not be read and was laid aside."""
    from perfstudio.texts.set_aside import sentence  # noqa: PLC0415 - words load when there is something to say

    terminal.note(sentence(aside) + "\n")


def _say_trouble(problem: PerfstudioError) -> None:
    from perfstudio.texts.errors import sentence  # noqa: PLC0415 - as above

    terminal.note(sentence(problem) + "\n")
