"""A folder with everything that is mine: takes, what was signed and confirmed, labels, who I am. No key, no token."""

from __future__ import annotations

import argparse
from pathlib import Path

from perfstudio.cli.home_option import open_home
from perfstudio.cli.output import DONE, REASON, Output
from perfstudio.language.catalogue import _
from perfstudio.session.mine_export import MineExport
from perfstudio.texts import mine
from perfstudio.texts.formatting import percent


def add(parser: argparse.ArgumentParser) -> None:
    """The folder."""
    parser.add_argument("folder", type=Path, help=_("a new or empty folder, or an earlier copy to continue"))


def run(args: argparse.Namespace, out: Output) -> int:
    """Copy and read back; 1 when a take could not come along or is damaged."""

    def tick(copied: int, total: int) -> None:
        out.progress(percent(copied / total if total else 1.0))

    with open_home(args) as home:
        export = MineExport(home.library, home.shelf, lambda: home.settings.now)
        try:
            report = export.run(args.folder, mine.words(), tick=tick)
        finally:
            out.progress_done()
    out.say(mine.done(report))
    for line in mine.left(report):
        out.warn(line)
    for line in mine.earlier(report):
        out.say(line)
    out.document(
        {
            "folder": str(report.folder),
            "takes": list(report.takes),
            "deleted": list(report.deleted),
            "files": report.files,
            "bytes": report.bytes,
            "left": [{"take_id": take_id, "why": why} for take_id, why in report.left],
            "damaged": list(report.damaged),
            "unread": [paper.to_json() for paper in report.unread],
            "earlier": list(report.earlier),
        }
    )
    return REASON if report.left or report.damaged or report.unread else DONE
