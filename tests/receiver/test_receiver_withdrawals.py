"""Consent taken back at the receiver: before, while and after a take arrives."""

from __future__ import annotations

import errno
import json
from pathlib import Path
from typing import Any

import pytest
import requests
from receiver_visitor import Visitor
from take_bundles import STUDIO, TOKEN, USES, consent_event, make_bundle

from perfstudio.model.base import canonical_bytes
from perfstudio.model.consent import ConsentStatus
from perfstudio.receiver.serve import Receiver, ReceiverSettings
from perfstudio.receiver.takes import AfterWithdrawal
from rigs.waiting import until


def withdraw(visitor: Visitor, *uses: Any) -> requests.Response:
    event = consent_event(2, ConsentStatus.WITHDRAWN, tuple(uses or USES))
    path = f"/v1/consents/{visitor.bundle.consent.record_id}/withdrawals"
    return visitor.ask("POST", path, data=canonical_bytes(event.to_json()))


def test_withdrawn_while_it_comes(visitor: Visitor, tmp_path: Path) -> None:
    url = visitor.begin()
    visitor.patch(url, visitor.data()[:1000])
    assert withdraw(visitor).status_code == 200
    assert visitor.ask("HEAD", url).status_code == 404
    assert visitor.announce().status_code == 403
    assert visitor.create().status_code == 403
    assert list((tmp_path / "in").rglob("*.part")) == []


def test_withdrawn_in_the_middle_of_a_patch(visitor: Visitor, receiver: Receiver, tmp_path: Path) -> None:
    url, data = visitor.begin(), visitor.data()
    with visitor.patching(url, data, 1000) as sock:
        until(lambda: visitor.patch(url, b"x", 0).status_code == 423, "somebody writes")
        assert withdraw(visitor).status_code == 200
        sock.sendall(data[1000:])
        assert b" 410 " in sock.recv(1000)
    assert list((tmp_path / "in").rglob("*.part")) == []
    assert not (tmp_path / "in" / visitor.bundle.take_id).exists()


@pytest.mark.parametrize("after", AfterWithdrawal)
def test_withdrawn_after_it_was_accepted(after: AfterWithdrawal, tmp_path: Path) -> None:
    settings = ReceiverSettings(studio_id=STUDIO, after_withdrawal=after)
    with Receiver(tmp_path / "in", token=TOKEN, settings=settings) as receiver:
        visitor = Visitor(receiver, make_bundle(tmp_path / "takes"))
        visitor.deliver()
        visitor.settled()
        bundle = tmp_path / "in" / visitor.bundle.take_id
        assert withdraw(visitor, USES[1]).status_code == 200  # one use of two: marked, and it stays
        assert json.loads((bundle / "withdrawal.json").read_text())[0]["use_ids"] == [USES[1]]
        assert withdraw(visitor, USES[0]).status_code == 200
        assert not bundle.exists()
        assert withdraw(visitor, USES[0]).status_code == 200
        left = list((tmp_path / "in").rglob("take.mp4"))
        assert len(left) == (1 if after is AfterWithdrawal.SET_ASIDE else 0)
        assert visitor.announce().status_code == 403


def test_what_could_not_be_removed_is_not_said_to_be(visitor: Visitor, tmp_path: Path, monkeypatch: Any) -> None:
    url = visitor.begin()
    visitor.patch(url, visitor.data()[:1000])
    unlink, stuck = Path.unlink, [True]

    def refuses(place: Path, *args: Any, **options: Any) -> None:
        if stuck and place.name == "announcement.json":
            raise PermissionError(errno.EACCES, "held open", str(place))
        unlink(place, *args, **options)

    monkeypatch.setattr(Path, "unlink", refuses)
    assert withdraw(visitor).status_code == 507
    assert [f.name for f in (tmp_path / "in" / ".receiver" / "takes").rglob("*") if f.is_file()] == [
        "announcement.json"
    ]
    stuck.clear()
    assert withdraw(visitor).status_code == 200
    assert list((tmp_path / "in" / ".receiver" / "takes").iterdir()) == []


def test_a_kill_behind_the_act_is_made_good_at_the_next_start(tmp_path: Path, monkeypatch: Any) -> None:
    """The act is on the disk, and nothing has been removed yet."""
    settings = ReceiverSettings(studio_id=STUDIO)
    with Receiver(tmp_path / "in", token=TOKEN, settings=settings) as receiver:
        visitor = Visitor(receiver, make_bundle(tmp_path / "takes"))
        visitor.deliver()
        visitor.settled()
        monkeypatch.setattr("perfstudio.receiver.takes.TakeStore.settle", lambda *args: None)
        withdraw(visitor)
        monkeypatch.undo()
    assert (tmp_path / "in" / visitor.bundle.take_id).is_dir()
    with Receiver(tmp_path / "in", token=TOKEN, settings=settings):
        assert not (tmp_path / "in" / visitor.bundle.take_id).exists()


def test_withdrawing_what_never_came(visitor: Visitor) -> None:
    assert withdraw(visitor).status_code == 404
    visitor.consent()
    path = f"/v1/consents/{visitor.bundle.consent.record_id}/withdrawals"
    given = canonical_bytes(consent_event(2, ConsentStatus.GIVEN, USES).to_json())
    assert visitor.ask("POST", path, data=given).status_code == 422
