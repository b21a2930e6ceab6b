"""`partners`: whoever played the other side of a take, and is not played with again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from perfstudio.model.base import Document
from perfstudio.model.duet_terms import DuetTerms
from perfstudio.model.errors import CallError, ErrorCode
from perfstudio.model.ids import new_id
from perfstudio.model.two_in_a_scene import Duet
from perfstudio.paths import AppPaths
from perfstudio.session.home import Home
from rigs.pair_takes import draft, pack
from rigs.verbs import Type

PEER, DUET = "p" * 26, new_id()
pytestmark = pytest.mark.usefixtures("verb_server")


def take(home: Home, *, live: bool) -> str:
    """A draft that says who played the other side, or that nobody did: what is asked of it is read while it rolls."""
    begun = draft("a", pack(), new_id())
    duet = Duet(duet_id=DUET, duet_take=2, role="a", peer=PEER, start_s=1.0)
    changed: Document = begun.model_copy(update={"duet": duet if live else None})
    opened = home.library.create(changed)  # type: ignore[arg-type]
    return opened.take_id


def admits(home: Path, performer_id: str) -> bool:
    with Home(AppPaths(home), use_keyring=False) as opened:
        try:
            opened.blocked.admit(DuetTerms(performer_id=performer_id, adult=True))
        except CallError as problem:
            return problem.code is not ErrorCode.DUET_BLOCKED
    return True


def test_a_partner_is_blocked_reported_by_the_performer_alone_and_unblocked(perfstudio: Type, tmp_path: Path) -> None:
    where = ("--home", tmp_path)
    with Home(AppPaths(tmp_path), use_keyring=False) as home:
        live, alone = take(home, live=True), take(home, live=False)
    assert "Nobody is blocked" in perfstudio("partners", "show", *where).out
    assert admits(tmp_path, PEER)
    assert "not played live" in perfstudio("partners", "block", alone, *where).refused()

    told = perfstudio("partners", "report", live, "--reason", "Shouted\nat me", *where)
    assert told.code == 0, told
    for part in (f"Duet: {DUET}, take 2", f"Partner: {PEER}", "Reason: Shouted at me", "perfstudio sends nothing"):
        assert part in told.out
    shown = perfstudio("partners", "show", "--json", *where).json["blocked"]
    assert [(one["performer_id"], one["duet_id"], one["reason"]) for one in shown] == [(PEER, DUET, "Shouted at me")]
    assert (admits(tmp_path, PEER), admits(tmp_path, "somebody else")) == (False, True)

    assert "No partner is blocked" in perfstudio("partners", "unblock", "nobody", *where).refused()
    assert "not blocked any more" in perfstudio("partners", "unblock", PEER, *where).out
    assert admits(tmp_path, PEER)


def test_a_list_that_cannot_be_read_is_laid_aside_and_said(perfstudio: Type, tmp_path: Path) -> None:
    (tmp_path / "blocked-partners.json").write_text(json.dumps({"format": "perfstudio-blocked-partners/9"}))
    said = perfstudio("partners", "show", "--home", tmp_path)
    assert (said.code, "could not be read. Nobody is blocked now" in said.err) == (0, True), said
    assert list(tmp_path.glob("blocked-partners*.json*")) != []
