"""Continuity: which earlier take shows the character as it is meant to be, and what differs from it.

The reference is the performer's own newest word: the newest circled take of the same character in the same pack, else
the newest kept one. So a new set-up becomes the reference as soon as the performer circles a take made with it, and
nobody is reminded for ever of a room that was left. Practice takes are compared with practice takes only.

How loud a voice is belongs to the scene, so between two takes it is not compared; in the set-up check, where the same
lines are asked for, it is.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from perfstudio.library.library import Library
from perfstudio.library.take_row import TakeFilter, TakeRow
from perfstudio.model.checks import CheckCode, CheckResult, Verdict
from perfstudio.model.errors import PerfstudioError
from perfstudio.model.take import TakeManifest, TakeState

_OUT = frozenset({TakeState.ROLLING, TakeState.BINNED, TakeState.DAMAGED, TakeState.WITHDRAWN})
_FACE_M, _VIEW = 0.2, 0.79
"""A face is some 20 cm high, and a webcam sees 0.79 of its distance in height (43 degrees): enough to say "a hand"."""
_BETTER = frozenset({("room", "quieter")})
"""A change that nobody has to undo."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reference:
    """The take that a character is compared with."""

    take_id: str
    title: str
    number: int
    circled: bool
    checks: tuple[CheckResult, ...]


def find_reference(
    library: Library, pack_id: str, character: str, *, practice: bool, but: str = ""
) -> Reference | None:
    """The reference take of a character (by name), or None while there is none; a character without a name has none."""
    if not character:
        return None
    rows = [
        row
        for row in library.list(TakeFilter(pack_id=pack_id, character=character, practice=practice))
        if row.sealed and row.state not in _OUT and row.take_id != but
    ]
    chosen = _newest(row for row in rows if row.circled) or _newest(
        row for row in rows if row.state is not TakeState.UNDECIDED
    )
    if chosen is None:
        return None
    try:
        checks = library.manifest(chosen.take_id).checks
    except PerfstudioError:
        return None  # what cannot be read is no reference
    return Reference(chosen.take_id, chosen.prompt_title, chosen.take_number, chosen.circled, checks)


def differences(
    before: Iterable[CheckResult], now: Iterable[CheckResult], *, with_voice: bool
) -> tuple[CheckResult, ...]:
    """What changed, largest first, one CONTINUITY result per thing that both sides have measured.

    Distance also says `cm`, the estimated change; a room that got quieter is good news.
    """
    from perfstudio.checks.continuity import compare  # noqa: PLC0415 - numbers load when there is something to compare

    before, now = tuple(before), tuple(now)
    moved_cm = _moved_cm(before, now)
    found = []
    for result in compare(before, now):
        what, direction = result.facts.get("what"), result.facts.get("direction")
        if what == "level" and not with_voice:
            continue
        if what == "distance" and moved_cm is not None:
            result = result.model_copy(update={"facts": result.facts | {"cm": moved_cm}})  # noqa: PLW2901
        if (what, direction) in _BETTER:
            result = result.model_copy(update={"verdict": Verdict.GOOD})  # noqa: PLW2901
        found.append(result)
    return tuple(found)


def continuity(reference: Reference, now: Iterable[CheckResult]) -> CheckResult | None:
    """One result for a take: the largest difference, and a fact for each thing that differs (its direction)."""
    found = differences(reference.checks, now, with_voice=False)
    if not found:
        return None
    changed = [result for result in found if result.verdict is not Verdict.GOOD]
    told: dict[str, float | int | str] = {str(r.facts["what"]): str(r.facts["direction"]) for r in changed}
    if (moved := next((r.facts["cm"] for r in changed if "cm" in r.facts), None)) is not None:
        told["cm"] = moved
    told |= {"reference": reference.take_id, "scene": reference.title, "take": reference.number}
    return (changed or list(found))[0].model_copy(update={"facts": told})


def with_continuity(library: Library, manifest: TakeManifest) -> TakeManifest:
    """The manifest with one more check when the character has a reference. Never keeps a take from being sealed."""
    shown = manifest.prompt
    try:
        reference = find_reference(
            library, manifest.slate.pack_id, shown.character, practice=manifest.practice, but=manifest.take_id
        )
        result = continuity(reference, manifest.checks) if reference is not None else None
    except Exception:  # noqa: BLE001 - a comparison is worth less than any take
        _log.exception("a take could not be compared with its reference")
        return manifest
    return manifest if result is None else manifest.model_copy(update={"checks": (*manifest.checks, result)})


def _newest(rows: Iterable[TakeRow]) -> TakeRow | None:
    return max(rows, key=lambda row: row.started_utc, default=None)


def _moved_cm(before: tuple[CheckResult, ...], now: tuple[CheckResult, ...]) -> int | None:
    """How far the face moved towards or away from the camera, in centimetres, as far as its size tells."""
    old, new = (next((c.value for c in side if c.code is CheckCode.FACE_SIZE), None) for side in (before, now))
    if not old or not new:
        return None
    return round(100 * abs(_FACE_M / (_VIEW * new) - _FACE_M / (_VIEW * old)))
