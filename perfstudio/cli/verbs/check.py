"""Every check on a take folder or any media file, ours or not."""

from __future__ import annotations

import argparse
from pathlib import Path

from perfstudio.cli.output import Output
from perfstudio.cli.reports import exit_code, say_checks
from perfstudio.session.checking import check_path


def add(parser: argparse.ArgumentParser) -> None:
    """Options of `check`."""
    parser.add_argument("path", type=Path, help="a take folder, or a picture or sound file")
    parser.add_argument("--audio", type=Path, metavar="PATH", help="a sound file that belongs to it")


def run(args: argparse.Namespace, out: Output) -> int:
    """Measure and say."""
    results = check_path(args.path, args.audio, lambda share: out.progress(f"Checking {share:.0%}"))
    out.progress_done()
    say_checks(results, out)
    out.document([result.to_json() for result in results])
    return exit_code(results)
