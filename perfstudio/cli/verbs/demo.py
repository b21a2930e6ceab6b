"""The whole job with practice devices: record, check, label, sign, deliver, verify."""

from __future__ import annotations

import argparse
from pathlib import Path

from perfstudio.cli import options
from perfstudio.cli.output import DONE, Output
from perfstudio.language.catalogue import _
from perfstudio.model.clock import utc_now
from perfstudio.paths import AppPaths
from perfstudio.session.headless.demo import run_demo
from perfstudio.texts.demo import sentence


def add(parser: argparse.ArgumentParser) -> None:
    """Options of `demo`."""
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help=_("the folder to use; by default a new folder in the home")
    )
    parser.add_argument(
        "--seconds", type=options.positive, default=6.0, metavar="N", help=_("how long the take is (6)")
    )


def run(args: argparse.Namespace, out: Output) -> int:
    """Do it, a line per step."""
    folder = args.out or AppPaths.choose(args.home).home / "demo" / utc_now().strftime("%Y%m%d-%H%M%S")
    made = run_demo(folder, args.seconds, lambda step, facts: out.say(sentence(step, facts)))
    out.say(_("The take is in {folder}", folder=made.take_folder))
    out.say(_("What the receiver got is in {folder}", folder=made.arrived))
    out.document(
        {
            "take_id": made.manifest.take_id,
            "take": str(made.take_folder),
            "arrived": str(made.arrived),
            "duration_s": made.manifest.duration_s,
            "receipt": made.receipt.to_json(),
            "holds": not made.report.problems,
        }
    )
    return DONE
