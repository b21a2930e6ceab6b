"""The command line's frame: options that all verbs share, dispatch, and the one place where errors become sentences."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from perfstudio import __version__
from perfstudio.cli.output import REASON, Output
from perfstudio.model.errors import PerfstudioError
from perfstudio.words.errors import sentence

Run = Callable[[argparse.Namespace, Output], int]

VERBS = (
    "demo",
    "doctor",
    "devices",
    "packs",
    "record",
    "takes",
    "check",
    "consent",
    "deliver",
    "verify",
    "receive",
    "rebuild",
    "self_test",
)
"""Modules of `perfstudio.cli.verbs`; each has `add(parser)` and `run(args, out)`."""


def run(argv: Sequence[str]) -> int:
    """Parse, do, and say what went wrong in one line. Never a traceback for an expected failure."""
    args = _parser().parse_args(argv)
    out = Output(as_json=args.json)
    try:
        verb: Run = import_module(f"perfstudio.cli.verbs.{args.verb}").run
        return verb(args, out)
    except PerfstudioError as problem:
        out.progress_done()
        out.warn(sentence(problem))
        return REASON
    except KeyboardInterrupt:
        out.progress_done()
        out.warn("Stopped.")
        return 128 + signal.SIGINT
    except BrokenPipeError:
        sys.stderr.close()
        return REASON


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--home", type=Path, default=argparse.SUPPRESS, metavar="DIR", help="where everything lives")
    shared.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="print one JSON document")
    parser = argparse.ArgumentParser(
        prog="perfstudio",
        parents=[shared],
        description="Record improvised performances at home. Without a verb, the window opens.",
    )
    parser.add_argument("--version", action="version", version=f"perfstudio {__version__}")
    parser.add_argument("--practice", action="store_true", help="built-in devices and a receiver on this computer")
    parser.set_defaults(verb="window", home=None, json=False)
    verbs = parser.add_subparsers(metavar="VERB")
    for name in VERBS:
        module = import_module(f"perfstudio.cli.verbs.{name}")
        lines = (module.__doc__ or "").strip().splitlines()
        verb = verbs.add_parser(name.replace("_", "-"), parents=[shared], help=lines[0], description=lines[0])
        module.add(verb)
        verb.set_defaults(verb=name)
    return parser
