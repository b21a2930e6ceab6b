"""A take in which the checks found somebody else: one that was sealed, sealed once more with that finding."""

from __future__ import annotations

from pathlib import Path

from perfstudio.model.checks import CheckCode, CheckResult, Verdict
from perfstudio.model.take import TakeManifest
from perfstudio.model.take_reading import read_take
from perfstudio.model.timing import Span

SECOND_FACE = CheckResult(
    code=CheckCode.OTHER_PERSON, verdict=Verdict.LOOK, value=0.4, times=(Span(start_s=0.2, end_s=0.6),)
)


def second_face(folder: Path, found: CheckResult = SECOND_FACE) -> TakeManifest:
    """Write it into the take.json of a take that is not signed."""
    before = read_take((folder / "take.json").read_bytes())
    checks = (*(result for result in before.checks if result.code is not found.code), found)
    manifest = before.model_copy(update={"checks": checks, "seal_sha256": None}).sealed()
    (folder / "take.json").write_bytes(manifest.canonical())
    return manifest
