"""How takes and checks look in a terminal and as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from perfstudio.cli.output import DONE, RETAKE, Output
from perfstudio.language.catalogue import C_, _
from perfstudio.model.checks import CheckResult, Verdict, worst
from perfstudio.model.take import TakeManifest
from perfstudio.session.given_document import ruling_document
from perfstudio.session.views import TakeLine
from perfstudio.texts.checks import once, sentence
from perfstudio.texts.template import sentences

# Translators: what a check advises, in front of its sentence; "look" as in "have a look".
_SIGNS = {
    Verdict.GOOD: C_("advice", "good"),
    Verdict.LOOK: C_("advice", "look"),
    Verdict.RETAKE: C_("advice", "retake"),
}


def say_checks(results: Iterable[CheckResult], out: Output) -> None:
    """One line a finding, the most serious first."""
    order = [Verdict.RETAKE, Verdict.LOOK, Verdict.GOOD]
    for result in sorted(once(results), key=lambda r: order.index(r.verdict)):
        said = sentences(sentence(result), _("Intended.") if result.intended else "")
        out.say(f"  {_(_SIGNS[result.verdict]):6}  {said}")


def exit_code(results: tuple[CheckResult, ...]) -> int:
    """0, or 3 when a check says "retake"."""
    return RETAKE if worst(results) is Verdict.RETAKE else DONE


def take_document(manifest: TakeManifest | None, line: TakeLine) -> dict[str, Any]:
    """One take as JSON; with its whole manifest where that was asked for."""
    document: dict[str, Any] = {
        "take_id": line.take_id,
        "prompt": f"{line.pack_id}/{line.prompt_id}",
        "title": line.title,
        "number": line.number,
        "duration_s": line.duration_s,
        "recorded": line.recorded.isoformat(),
        "state": line.state.value,
        "circled": line.circled,
        "verdict": line.verdict.value if line.verdict else None,
        "sent": line.sent,
        "delivered": line.delivered,
        "bytes": line.size,
        "practice": line.practice,
        "damage": line.damage,
        "missing": [one.value for one in line.missing],
        "ruling": ruling_document(line.ruling),
    }
    if manifest is not None:
        document["manifest"] = manifest.to_json()
    return document
