"""What works on this computer, and what to do about the rest."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from perfstudio.cli.output import DONE, Output
from perfstudio.language.catalogue import C_, _
from perfstudio.paths import AppPaths
from perfstudio.session.doctor import Health, examine
from perfstudio.texts.doctor import sentence

# Translators: how a part of the computer is, in front of its sentence; "look" as in "have a look".
_SIGNS = {
    Health.GOOD: C_("advice", "good"),
    Health.LOOK: C_("advice", "look"),
    Health.MISSING: C_("advice", "missing"),
}


def add(parser: argparse.ArgumentParser) -> None:
    """No options of its own."""


def run(args: argparse.Namespace, out: Output) -> int:
    """Examine this computer and print what works."""
    findings = examine(AppPaths.choose(args.home))
    for finding in findings:
        out.say(f"  {_(_SIGNS[finding.health]):7}  {sentence(finding.part, finding.health, finding.facts)}")
    out.document([asdict(finding) for finding in findings])
    return DONE
