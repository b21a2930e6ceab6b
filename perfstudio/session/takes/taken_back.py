"""What was taken back of a consent after a bundle had come: acts that its receiver put beside it."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from perfstudio.durable import read_plain
from perfstudio.model.consent import ConsentEvent, ConsentStatus, UseId
from perfstudio.model.errors import PerfstudioError
from perfstudio.model.strict_json import JsonProblemError, read_strictly
from perfstudio.model.take_reading import TAKE_LIMIT
from perfstudio.session.takes.bundle_files import not_json, problem

WITHDRAWAL = "withdrawal.json"


def read_taken_back(folder: Path) -> tuple[frozenset[UseId], PerfstudioError | None]:
    """The lines that no longer stand, and why the acts cannot be read where they cannot. Signed or not: if in doubt, it
    is off."""
    try:
        acts = read_strictly(read_plain(folder / WITHDRAWAL, TAKE_LIMIT), limit=TAKE_LIMIT, own_words=True)
        events = [ConsentEvent.model_validate(act) for act in acts]
    except FileNotFoundError:
        return frozenset(), None
    except JsonProblemError as bad:
        return frozenset(UseId), not_json(WITHDRAWAL, bad)
    except (OSError, TypeError, ValidationError):
        return frozenset(UseId), problem(WITHDRAWAL, "unreadable")
    return frozenset(use for act in events if act.state is ConsentStatus.WITHDRAWN for use in act.use_ids), None
