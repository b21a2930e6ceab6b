"""Three practice seconds through everything, in a folder that is thrown away."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from perfstudio.cli.output import DONE, Output
from perfstudio.language.catalogue import _
from perfstudio.session.headless.demo import run_demo
from perfstudio.texts.demo import sentence

SECONDS = 3.0


def add(parser: argparse.ArgumentParser) -> None:
    """No options of its own."""


def run(args: argparse.Namespace, out: Output) -> int:
    """Do it; what does not work is said by the error."""
    with tempfile.TemporaryDirectory(prefix="perfstudio-") as folder:
        made = run_demo(Path(folder), SECONDS, lambda step, facts: out.say(sentence(step, facts)))
    out.say(_("Everything works here."))
    out.document({"works": True, "duration_s": made.manifest.duration_s})
    return DONE
