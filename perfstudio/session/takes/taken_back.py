"""What stands of a consent by what its receiver put beside the bundle since: acts that took lines back, and the record
as it grew."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from perfstudio.consent.reading import read_record
from perfstudio.consent.verify import verify_record
from perfstudio.durable import read_plain
from perfstudio.model.consent import ConsentEvent, ConsentProblem, ConsentRecord, ConsentStatus, UseId
from perfstudio.model.errors import ConsentError, PerfstudioError
from perfstudio.model.strict_json import JsonProblemError, read_strictly
from perfstudio.model.take_reading import TAKE_LIMIT
from perfstudio.receiver.marks import NOW, TAKEN_BACK, WhatHolds, what_holds
from perfstudio.session.takes.bundle_files import not_json, problem


def standing_now(folder: Path, record: ConsentRecord | None) -> tuple[frozenset[UseId], PerfstudioError | None]:
    """The lines that stand, and why what lies beside cannot be read where it cannot: then none does. An act that takes
    back counts signed or not: if in doubt, it is off. What gives counts in a record whose whole chain holds.
    """
    holds, wrong = holds_now(folder, record)
    return holds.standing if holds is not None else frozenset(), wrong


def holds_now(folder: Path, record: ConsentRecord | None) -> tuple[WhatHolds | None, PerfstudioError | None]:
    """The same with the record as it is now and the acts that hold; None where there is no record, or it cannot be
    said."""
    acts, unread = _acts(folder)
    now, wrong = _grown(folder, record)
    if now is None or unread or wrong:
        return None, unread or wrong
    return what_holds(now, acts), None


def _acts(folder: Path) -> tuple[list[ConsentEvent], PerfstudioError | None]:
    try:
        acts = read_strictly(read_plain(folder / TAKEN_BACK, TAKE_LIMIT), limit=TAKE_LIMIT, own_words=True)
        events = [ConsentEvent.model_validate(act) for act in acts]
    except FileNotFoundError:
        return [], None
    except JsonProblemError as bad:
        return [], not_json(TAKEN_BACK, bad)
    except (OSError, TypeError, ValidationError):
        return [], problem(TAKEN_BACK, "unreadable")
    return [event for event in events if event.state is ConsentStatus.WITHDRAWN], None


def _grown(folder: Path, record: ConsentRecord | None) -> tuple[ConsentRecord | None, PerfstudioError | None]:
    """The record with the acts that came after the bundle: the same head, the same acts before them, a whole chain."""
    try:
        now = read_record(read_plain(folder / NOW, TAKE_LIMIT))
    except FileNotFoundError:
        return record, None
    except (OSError, ConsentError):
        return None, problem(NOW, "unreadable")
    if record is None or now.head() != record.head() or now.events[: len(record.events)] != record.events:
        return None, problem(NOW, ConsentProblem.HEAD_CHANGED.value, where="head")
    for found in verify_record(now, None):
        return None, problem(NOW, found.problem.value, where=found.where)
    return now, None
