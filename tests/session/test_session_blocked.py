"""A partner who is blocked is met, and declined before anything of oneself goes over the line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from perfstudio.model.duet_terms import DuetTerms
from perfstudio.model.errors import CallError, ErrorCode
from perfstudio.model.ids import new_id
from perfstudio.model.two_in_a_scene import Duet
from perfstudio.session.duet.blocked import BlockedPartners
from perfstudio.session.duet.try_line import LineHooks, connect
from rigs.duet_terms import TERMS
from rigs.pair_takes import draft, pack

SAID = "v=0\r\na=fingerprint:sha-256 AA:BB\r\n"


class Met:
    """A meeting and a line, as far as `connect` knows them: the other side says who they are."""

    def __init__(self, theirs: DuetTerms) -> None:
        self._theirs = theirs

    def described(self) -> str:
        return SAID

    def wait(self) -> str:
        return SAID

    def said(self, kind: type) -> object:
        assert isinstance(self._theirs, kind)
        return self._theirs

    def say(self, says: object) -> None:
        """And so are the others: told, and nothing comes of it."""

    def tell(self, text: str) -> None:
        """See `say`."""

    def wait_open(self) -> None:
        """At once."""

    def all_said(self) -> None:
        """At once."""


def test_whoever_is_blocked_is_declined_when_they_have_said_who_they_are(tmp_path: Path) -> None:
    blocked = BlockedPartners(tmp_path / "blocked-partners.json")
    duet = Duet(duet_id=new_id(), duet_take=1, role="a", peer="somebody", start_s=0.0)
    blocked.block(draft("a", pack(), new_id()).model_copy(update={"duet": duet}))
    for name in ("somebody", TERMS.performer_id):
        met: Any = Met(DuetTerms(performer_id=name, adult=True))
        hooks = LineHooks(accepts=blocked.admit)
        if name == "somebody":
            with pytest.raises(CallError) as declined:
                connect(met, met, hooks, TERMS, first=True)
            assert declined.value.code is ErrorCode.DUET_BLOCKED
        else:
            assert connect(met, met, hooks, TERMS, first=True).performer_id == name
