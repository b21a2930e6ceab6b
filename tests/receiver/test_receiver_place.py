"""The receiver's own place: a full disk, a port or a folder in use, stopping, and what was abandoned."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from receiver_visitor import Visitor
from take_bundles import STUDIO, TOKEN, make_bundle

from perfstudio.model.errors import DeliveryError, ErrorCode, LibraryError
from perfstudio.model.take import FileRole
from perfstudio.receiver import verifier
from perfstudio.receiver.serve import Receiver, ReceiverSettings
from perfstudio.receiver.takes import ReceiverLimits
from rigs.small_disk import disk_of
from rigs.waiting import until


def test_upl_23_no_room_is_said(tmp_path: Path) -> None:
    limits = ReceiverLimits(keep_free=shutil.disk_usage(tmp_path).free + (1 << 40))
    with Receiver(tmp_path / "in", token=TOKEN, settings=ReceiverSettings(limits=limits)) as receiver:
        visitor = Visitor(receiver, make_bundle(tmp_path / "takes"))
        visitor.consent()
        assert visitor.announce().status_code == 507


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    with disk_of(tmp_path / "tiny", 2**18, "mode=700") as folder:
        yield folder


def test_disk_full_at_the_last_step(tiny_disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything has come and cannot be put together: that is said, and goes on by itself once there is room."""
    monkeypatch.setattr(verifier, "AGAIN_S", 0.1)
    settings = ReceiverSettings(studio_id=STUDIO, limits=ReceiverLimits(keep_free=-(1 << 30)))
    with Receiver(tiny_disk / "in", token=TOKEN, settings=settings) as receiver:
        visitor = Visitor(receiver, make_bundle(tmp_path / "takes", picture=1000, sound=1000))
        for role in (FileRole.PICTURE, FileRole.SOUND):
            assert visitor.patch(visitor.begin(role), visitor.data(role)).status_code == 204
        url, data = visitor.begin(FileRole.MANIFEST), visitor.data(FileRole.MANIFEST)
        assert visitor.patch(url, data[:-1]).status_code == 204
        with (tiny_disk / "filler").open("wb", buffering=0) as filler, contextlib.suppress(OSError):
            while filler.write(bytes(512)):
                pass
        assert visitor.patch(url, data[-1:], len(data) - 1).status_code == 204
        answer = said(visitor, 507)
        assert answer.text == "the receiver's disk is full"
        (tiny_disk / "filler").unlink()
        assert settled(visitor) == "accepted"


@pytest.mark.parametrize("what", ["folder", "file", "link", "receipt of nothing", "receipt of another"])
def test_what_lies_in_the_way_of_a_take_is_set_aside(what: str, visitor: Visitor, tmp_path: Path) -> None:
    place = tmp_path / "in" / visitor.bundle.take_id
    if what == "file":
        place.write_bytes(b"left over")
    elif what == "link":
        try:
            place.symlink_to(tmp_path / "nowhere")
        except OSError:
            pytest.skip("links need a right of their own here")
    else:
        place.mkdir()
        (place / "take.mp4").write_bytes(b"half")
    if what == "receipt of nothing":
        (place / "receipt.json").write_bytes(b"{}")
    elif what == "receipt of another":
        other = Visitor(visitor.receiver, make_bundle(tmp_path / "other", seed=4))
        other.deliver()
        other.settled()
        receipt = tmp_path / "in" / other.bundle.take_id / "receipt.json"
        (place / "receipt.json").write_bytes(receipt.read_bytes())
    visitor.deliver()
    assert visitor.settled()["state"] == "accepted"
    assert (place / "take.mp4").read_bytes() == visitor.data()
    (aside,) = (tmp_path / "in" / ".receiver" / "leftover").iterdir()
    assert aside.name.startswith(visitor.bundle.take_id)


def test_a_bundle_that_cannot_be_put_together_is_said(
    visitor: Visitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not the disk's room but something else in its way: retried in silence first, then named, then done."""
    monkeypatch.setattr("perfstudio.receiver.verifier.AGAIN_S", 0.02)
    blocker = tmp_path / "in" / ".receiver" / "leftover"
    blocker.write_bytes(b"no folder")
    (tmp_path / "in" / visitor.bundle.take_id).mkdir()
    visitor.deliver()
    answer = said(visitor, 507)
    assert answer.text == "the receiver's folder cannot be used"
    assert visitor.announce().status_code in (200, 507)  # asked again, it looks again
    blocker.unlink()
    assert settled(visitor) == "accepted"


def test_an_unreadable_announcement_is_asked_for_again(visitor: Visitor, tmp_path: Path) -> None:
    visitor.begin()
    (tmp_path / "in" / ".receiver" / "takes" / visitor.bundle.take_id / "announcement.json").write_bytes(b"{")
    assert visitor.ask("GET", f"/v1/takes/{visitor.bundle.take_id}").status_code == 404
    visitor.deliver()
    assert visitor.settled()["state"] == "accepted"


def said(visitor: Visitor, status: int) -> requests.Response:
    """The report, once it is answered so."""

    def look() -> list[requests.Response]:
        answer = visitor.ask("GET", f"/v1/takes/{visitor.bundle.take_id}")
        return [answer] if answer.status_code == status else []

    return until(look, look_s=0.02)[0]


def settled(visitor: Visitor) -> str:
    """The state in which it ends, also after trouble."""

    def state() -> str:
        answer = visitor.ask("GET", f"/v1/takes/{visitor.bundle.take_id}")
        told = str(answer.json()["state"]) if answer.status_code == 200 else ""
        return "" if told in ("verifying", "uploading") else told

    return until(state, look_s=0.02)


def test_upl_23_disk_full_in_the_middle(tiny_disk: Path, tmp_path: Path) -> None:
    settings = ReceiverSettings(studio_id=STUDIO, limits=ReceiverLimits(keep_free=-(1 << 30)))
    with Receiver(tiny_disk / "in", token=TOKEN, settings=settings) as receiver:
        visitor = Visitor(receiver, make_bundle(tmp_path / "takes", picture=500_000, sound=1000))
        url = visitor.begin()
        answer = visitor.patch(url, visitor.data())
        assert (answer.status_code, answer.text) == (507, "the receiver's disk is full")
        kept = visitor.offset(url)
        assert 0 < kept < 256 << 10
        subprocess.run(["mount", "-o", "remount,size=4m", str(tiny_disk)], check=True)
        assert visitor.patch(url, visitor.data()[kept:], kept).status_code == 204
        for role in (FileRole.SOUND, FileRole.MANIFEST):
            visitor.patch(visitor.begin(role), visitor.data(role))
        assert visitor.settled()["state"] == "accepted"


def test_port_taken(receiver: Receiver, tmp_path: Path) -> None:
    with pytest.raises(DeliveryError) as refused:
        Receiver(tmp_path / "other", port=receiver.port, token=TOKEN)
    assert (refused.value.code, refused.value.facts["port"]) == (ErrorCode.PORT_TAKEN, receiver.port)
    Receiver(tmp_path / "other", token=TOKEN).stop()


def test_folder_in_use(receiver: Receiver, tmp_path: Path) -> None:
    with pytest.raises(DeliveryError) as refused:
        Receiver(tmp_path / "in", token=TOKEN)
    assert refused.value.code is ErrorCode.FOLDER_IN_USE
    receiver.stop()
    Receiver(tmp_path / "in", token=TOKEN).stop()


def test_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(LibraryError) as refused:
        Receiver(tmp_path / "file", token=TOKEN)
    assert (refused.value.code, refused.value.facts["file"]) == (ErrorCode.DISK_WRITE, "file")


def test_stop_ends_a_request_in_flight(visitor: Visitor, receiver: Receiver, tmp_path: Path) -> None:
    url, data = visitor.begin(), visitor.data()
    with visitor.patching(url, data, 5000):
        until(lambda: visitor.patch(url, b"x", 0).status_code == 423, "somebody writes")
        assert receiver.stop(15.0)
    with Receiver(tmp_path / "in", token=TOKEN, settings=ReceiverSettings(studio_id=STUDIO)) as again:
        later = Visitor(again, visitor.bundle)
        assert later.offset(url) == 5000
        assert later.patch(url, data[5000:], 5000).status_code == 204


def test_upl_23_what_was_abandoned_goes(tmp_path: Path) -> None:
    bundles = [make_bundle(tmp_path / "takes", seed=n) for n in range(3)]
    with Receiver(tmp_path / "in", token=TOKEN, settings=ReceiverSettings(studio_id=STUDIO)) as receiver:
        old, young, done = (Visitor(receiver, bundle) for bundle in bundles)
        for visitor in (old, young):
            visitor.patch(visitor.begin(), visitor.data()[:1000])
        done.deliver()
        done.settled()
    coming = tmp_path / "in" / ".receiver" / "takes"
    for take in (old, done):
        for place in (coming / take.bundle.take_id, *(coming / take.bundle.take_id).rglob("*")):
            os.utime(place, (0, 0))
    with Receiver(tmp_path / "in", token=TOKEN, settings=ReceiverSettings(studio_id=STUDIO)) as receiver:
        assert [part.parent.name for part in coming.rglob("*.part")] == [young.bundle.take_id]
        assert Visitor(receiver, old.bundle).ask("GET", f"/v1/takes/{old.bundle.take_id}").status_code == 404
        assert Visitor(receiver, done.bundle).report()["state"] == "accepted"
