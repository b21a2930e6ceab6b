"""What was announced has its room: nobody books the disk away from others, and nothing is booked for ever."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

import pytest
from receiver_visitor import Visitor
from take_bundles import TOKEN, make_bundle

from perfstudio.model.delivery import AnnouncedFile
from perfstudio.model.take import FileRole
from perfstudio.receiver.errors import RefusedError
from perfstudio.receiver.layout import ReceiverLayout, make_folder
from perfstudio.receiver.serve import Receiver
from perfstudio.receiver.under_way import BOOKED_S, UnderWay

FILE_ID = str(UUID(int=7))


def picture(size: int) -> tuple[AnnouncedFile, ...]:
    return (
        AnnouncedFile(
            file_id=FILE_ID,
            role=FileRole.PICTURE,
            filename="take.mp4",
            filetype="video/mp4",
            size=size,
            sha256="0" * 64,
        ),
    )


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A thousand bytes are free."""
    made = SimpleNamespace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: made)
    return made


@pytest.fixture
def layout(tmp_path: Path) -> ReceiverLayout:
    made = ReceiverLayout(tmp_path)
    made.make()
    return made


@pytest.fixture
def under_way(layout: ReceiverLayout, disk: SimpleNamespace) -> UnderWay:
    return UnderWay(layout, keep_free=0, most_of_one=3)


def announce(under_way: UnderWay, layout: ReceiverLayout, take_id: str, performer: str, size: int) -> int:
    """What a receiver does: 0, or the status with which it is refused."""
    try:
        under_way.require_room(take_id, performer, picture(size))
    except RefusedError as refused:
        return refused.status
    make_folder(layout.coming(take_id))
    layout.announcement(take_id).write_bytes(b"{}")
    under_way.expect(take_id, performer, picture(size))
    return 0


def test_what_was_let_in_is_not_promised_to_others(
    under_way: UnderWay, layout: ReceiverLayout, disk: SimpleNamespace
) -> None:
    assert announce(under_way, layout, "a", "ana", 700) == 0
    assert announce(under_way, layout, "b", "bo", 400) == 507
    assert announce(under_way, layout, "b", "bo", 300) == 0
    (layout.coming("a") / f"{FILE_ID}.part").write_bytes(bytes(600))
    disk.free -= 600
    assert announce(under_way, layout, "c", "cy", 1) == 507, "what has come is not counted twice"
    disk.free += 1
    assert announce(under_way, layout, "c", "cy", 1) == 0


def test_one_performer_books_no_more_than_half(under_way: UnderWay, layout: ReceiverLayout) -> None:
    assert announce(under_way, layout, "a", "ana", 400) == 0
    assert announce(under_way, layout, "b", "ana", 200) == 507
    assert announce(under_way, layout, "b", "bo", 200) == 0
    assert announce(under_way, layout, "a", "ana", 700) == 0, "a single take may be large"


def test_takes_of_one_performer_are_counted(under_way: UnderWay, layout: ReceiverLayout) -> None:
    assert [announce(under_way, layout, take, "ana", 1) for take in "abcd"] == [0, 0, 0, 429]
    assert announce(under_way, layout, "d", "bo", 1) == 0


@pytest.mark.parametrize("end", ["accepted", "rejected", "taken back"])
def test_what_is_over_books_nothing(end: str, under_way: UnderWay, layout: ReceiverLayout) -> None:
    assert announce(under_way, layout, "a", "ana", 900) == 0
    assert announce(under_way, layout, "b", "bo", 900) == 507
    if end == "accepted":
        layout.accepted("a").mkdir()
        layout.receipt("a").write_bytes(b"{}")
    elif end == "rejected":
        layout.rejected("a").write_bytes(b"{}")
    else:
        shutil.rmtree(layout.coming("a"))
    assert announce(under_way, layout, "b", "bo", 900) == 0


def test_a_take_that_does_not_move_gives_its_room_back(under_way: UnderWay, layout: ReceiverLayout) -> None:
    assert announce(under_way, layout, "a", "ana", 900) == 0
    yesterday = layout.coming("a").stat().st_mtime - BOOKED_S - 60
    for place in (layout.announcement("a"), layout.coming("a")):
        os.utime(place, (yesterday, yesterday))
    assert announce(under_way, layout, "b", "bo", 900) == 0


def test_a_receiver_remembers_over_a_restart(receiver: Receiver, visitor: Visitor, tmp_path: Path) -> None:
    """Room that was booked stays booked; what is announced anew and larger is asked again."""
    settings = replace(receiver._settings, limits=replace(receiver._settings.limits, most_of_one=1))
    visitor.begin()
    receiver.stop()
    with Receiver(tmp_path / "in", token=TOKEN, settings=settings) as again:
        first = replace(visitor, receiver=again)
        second = Visitor(again, make_bundle(tmp_path / "more", seed=2))
        second.consent()
        answer = second.announce()
        assert (answer.status_code, answer.text) == (429, "too many takes of this performer are under way at once")
        assert first.announce().status_code == 200
        files = first.bundle.announcement().to_json()["files"]
        larger = [{**file, "size": 1 << 52} for file in files]
        assert first.announce(files=larger).status_code == 507


def test_what_stays_free_stays_free_while_bytes_come(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Others fill the disk meanwhile: what has come is kept, the rest waits for room."""
    url, data = visitor.begin(), visitor.data()
    half = len(data) // 2
    assert visitor.patch(url, data[:half]).status_code == 204
    disk = SimpleNamespace(free=0)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: disk)
    assert visitor.patch(url, data[half:], half).status_code == 507
    assert visitor.offset(url) == half
    disk.free = 1 << 40
    assert visitor.patch(url, data[half:], half).status_code == 204
