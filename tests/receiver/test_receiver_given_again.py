"""Lines taken back and given again at the receiver: what stands follows the last act in the order of the record."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from receiver_visitor import Visitor
from take_bundles import USES, consent_event, consent_record

from perfstudio.consent.reading import read_record
from perfstudio.model.base import canonical_bytes
from perfstudio.model.consent import ConsentEvent, ConsentRecord, ConsentStatus, UseId
from perfstudio.model.take import FileRole
from perfstudio.receiver.marks import what_holds

KEEP, STUDY = USES
BACK, GIVEN, AGAIN = ConsentStatus.WITHDRAWN, ConsentStatus.GIVEN, ConsentStatus.RENEWED


def act(seq: int, state: ConsentStatus, *uses: UseId) -> ConsentEvent:
    """The act `seq`, so many hours after the first."""
    event = consent_event(seq, state, uses)
    return event.model_copy(update={"at": event.at + timedelta(hours=seq)})


def grown(visitor: Visitor, *acts: ConsentEvent) -> ConsentRecord:
    """The record of the visitor's take with these acts behind the first."""
    record = read_record((visitor.bundle.folder / "consent.json").read_bytes())
    return record.model_copy(update={"events": (*record.events, *acts)})


def put(visitor: Visitor, record: ConsentRecord) -> int:
    return visitor.ask("PUT", f"/v1/consents/{record.record_id}", data=record.canonical()).status_code


def post(visitor: Visitor, event: ConsentEvent) -> int:
    path = f"/v1/consents/{visitor.bundle.consent.record_id}/withdrawals"
    return visitor.ask("POST", path, data=canonical_bytes(event.to_json())).status_code


def acts_in(folder: Path) -> list[int] | None:
    """The numbers of the acts that mark a bundle; None without a mark."""
    mark = folder / "withdrawal.json"
    return [plain["seq"] for plain in json.loads(mark.read_text())] if mark.exists() else None


def accepted(visitor: Visitor, tmp_path: Path) -> Path:
    visitor.deliver()
    assert visitor.settled()["state"] == "accepted"
    return tmp_path / "in" / visitor.bundle.take_id


def test_a_line_given_again_stands_and_the_mark_goes(visitor: Visitor, tmp_path: Path) -> None:
    bundle = accepted(visitor, tmp_path)
    arrived = (bundle / "consent.json").read_bytes()
    back, again = act(2, BACK, STUDY), act(3, AGAIN, STUDY)
    assert post(visitor, back) == 200
    assert acts_in(bundle) == [2]
    whole = grown(visitor, back, again)
    assert put(visitor, whole) == 200
    assert acts_in(bundle) is None
    assert (bundle / "consent-now.json").read_bytes() == whole.canonical()
    assert (bundle / "consent.json").read_bytes() == arrived, "take.json names it by its hash"
    assert post(visitor, back) == 200, "told once more, late: it counts where it stands in the chain"
    assert acts_in(bundle) is None
    assert put(visitor, whole.model_copy(update={"events": whole.events[:2]})) == 409, "a record only grows"


def test_an_act_in_the_record_alone_takes_back_too(visitor: Visitor, tmp_path: Path) -> None:
    bundle = accepted(visitor, tmp_path)
    back = act(2, BACK, STUDY)
    assert put(visitor, grown(visitor, back)) == 200
    assert acts_in(bundle) == [2]
    assert put(visitor, grown(visitor, back, act(3, BACK, KEEP))) == 200
    assert not bundle.exists(), "nobody may keep it"
    assert visitor.announce().status_code == 403


def test_who_may_no_longer_keep_it_does_not_though_another_line_stands(visitor: Visitor, tmp_path: Path) -> None:
    bundle = accepted(visitor, tmp_path)
    assert post(visitor, act(2, BACK, KEEP)) == 200
    assert not bundle.exists()
    assert [file for file in (tmp_path / "in").rglob("*") if file.suffix in (".mp4", ".flac")] == []


@pytest.mark.parametrize("posted", [True, False], ids=["told by itself", "in the record"])
def test_without_a_needed_line_nothing_more_comes_until_it_is_given_again(
    visitor: Visitor, tmp_path: Path, *, posted: bool
) -> None:
    url = visitor.begin()
    visitor.patch(url, visitor.data()[:1000])
    back = act(2, BACK, KEEP)
    assert (post(visitor, back) if posted else put(visitor, grown(visitor, back))) == 200
    assert list((tmp_path / "in").rglob("*.part")) == []
    assert (visitor.ask("HEAD", url).status_code, visitor.create().status_code) == (404, 403)
    assert visitor.announce().status_code == 403
    again = grown(visitor, back, act(3, AGAIN, KEEP))
    assert put(visitor, again) == 200
    named = [{"record_id": again.record_id, "sha256": again.digest()}]
    assert visitor.announce(consents=named).status_code == 201
    assert visitor.create().status_code == 201


def test_given_again_while_it_comes_it_arrives_as_it_was_announced(visitor: Visitor, tmp_path: Path) -> None:
    for role in (FileRole.PICTURE, FileRole.SOUND):
        assert visitor.patch(visitor.begin(role), visitor.data(role)).status_code == 204
    url = visitor.begin(FileRole.MANIFEST)
    whole = grown(visitor, act(2, BACK, STUDY))
    assert put(visitor, whole) == 200
    assert visitor.patch(url, visitor.data(FileRole.MANIFEST)).status_code == 204
    assert visitor.settled()["state"] == "accepted"
    bundle = tmp_path / "in" / visitor.bundle.take_id
    assert (bundle / "consent.json").read_bytes() == (visitor.bundle.folder / "consent.json").read_bytes()
    assert (bundle / "consent-now.json").read_bytes() == whole.canonical()
    assert acts_in(bundle) == [2], "taken back before it was accepted"


# what holds, act by act: those of the record, those beside it, what stands

ORDERS: dict[str, tuple[list[ConsentEvent], list[ConsentEvent], set[UseId]]] = {
    "signed": ([], [], {KEEP, STUDY}),
    "taken back": ([act(2, BACK, STUDY)], [], {KEEP}),
    "taken back, not in the record yet": ([], [act(2, BACK, STUDY)], {KEEP}),
    "and given again": ([act(2, BACK, STUDY), act(3, AGAIN, STUDY)], [act(2, BACK, STUDY)], {KEEP, STUDY}),
    "and taken back again": (
        [act(2, BACK, STUDY), act(3, AGAIN, STUDY)],
        [act(2, BACK, STUDY), act(4, BACK, STUDY)],
        {KEEP},
    ),
    "told in the wrong order": (
        [act(2, BACK, STUDY), act(3, AGAIN, STUDY)],
        [act(4, BACK, STUDY), act(2, BACK, STUDY)],
        {KEEP},
    ),
    "one act about two lines, one of them again": ([act(2, BACK, *USES), act(3, AGAIN, STUDY)], [], {STUDY}),
    "an act that the record never had": ([act(2, AGAIN, STUDY)], [act(9, BACK, STUDY)], {KEEP}),
    "an act of another computer, signed for again since": (
        [act(2, BACK, KEEP), act(3, AGAIN, *USES)],
        [act(2, BACK, STUDY)],
        {KEEP, STUDY},
    ),
}


@pytest.mark.parametrize("order", ORDERS)
def test_what_stands_follows_the_last_act(order: str) -> None:
    acts, beside, standing = ORDERS[order]
    record = consent_record("take", ())
    holds = what_holds(record.model_copy(update={"events": (*record.events, *acts)}), beside)
    assert holds.standing == standing
    assert holds.covers == (KEEP in standing)
    assert {use for event in holds.taken_back for use in event.use_ids} >= set(USES) - standing
