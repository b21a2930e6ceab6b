"""Make the index anew from the take folders."""

from __future__ import annotations

import argparse

from perfstudio.cli.home_option import open_home
from perfstudio.cli.output import DONE, Output
from perfstudio.language.catalogue import _
from perfstudio.texts.formatting import count


def add(parser: argparse.ArgumentParser) -> None:
    """No options of its own."""


def run(args: argparse.Namespace, out: Output) -> int:
    """Rebuild and say what was found."""
    with open_home(args) as home:
        report = home.library.rebuild()
        out.say(_("{takes} in the list.", takes=count(report.takes, "take")))
        for name in report.damaged:
            out.warn(_("{name} cannot be read. Its files were not touched.", name=name))
        for name in report.unsealed:
            out.say(_("{name} was cut short. `perfstudio takes recover` turns it into a take.", name=name))
        out.document({"takes": report.takes, "damaged": list(report.damaged), "unsealed": list(report.unsealed)})
    return DONE
