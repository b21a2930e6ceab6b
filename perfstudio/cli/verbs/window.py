"""Open the window."""

from __future__ import annotations

import argparse

from perfstudio.cli.output import Output


def run(args: argparse.Namespace, out: Output) -> int:
    """Hand over to the window."""
    from perfstudio.app import open_window  # noqa: PLC0415 - verbs never load Qt

    return open_window(args.home, practice=args.practice)
