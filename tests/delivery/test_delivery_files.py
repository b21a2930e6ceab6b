"""The files of a delivery: alike, empty, named to do harm, or changed before or while they are sent."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from fault_sending import Send, whole
from fault_server import Asked, Reset, fault_server
from take_bundles import make_bundle, write_papers

from perfstudio.delivery.bundle import Bundle
from perfstudio.delivery.outbox import Outbox
from perfstudio.delivery.policy import MIB
from perfstudio.model.errors import ConsentError, DeliveryError, ErrorCode
from perfstudio.model.take import FileEntry, FileRole
from rigs.systems import posix_only


def test_upl_17_two_takes_that_begin_alike(tmp_path: Path, send: Send) -> None:
    head = bytes(128 << 10)
    one = make_bundle(tmp_path / "t", head=head, seed=1)
    two = make_bundle(tmp_path / "t", head=head, seed=2)
    twin = write_papers(_copy(one, tmp_path / "t" / "twin"), "0" * 26, one.files[:2])
    assert len({b.file_id(f) for b in (one, two, twin) for f in b.files}) == 12
    with fault_server() as server:
        for bundle in (one, two, twin):
            send(server, bundle)
        pictures = [bytes(d) for _, d, m in server.uploads.values() if m["filename"] == "take.mp4"]
        assert pictures == [(b.folder / "take.mp4").read_bytes() for b in (one, two, twin)]


def _copy(bundle: Bundle, folder: Path) -> Path:
    folder.mkdir()
    for name in ("take.mp4", "audio.flac"):
        (folder / name).write_bytes((bundle.folder / name).read_bytes())
    return folder


@pytest.mark.parametrize("how", ["changed", "shorter", "gone"])
def test_upl_16_changed_before_the_first_byte(how: str, bundle: Bundle, send: Send, outbox: Outbox) -> None:
    picture = bundle.folder / "take.mp4"
    data = picture.read_bytes()
    if how == "gone":
        picture.unlink()
    else:
        picture.write_bytes(data[:-1] if how == "shorter" else data[:50] + b"!" + data[51:])
    with fault_server() as server:
        with pytest.raises(DeliveryError) as ended:
            send(server)
        assert ended.value.code is ErrorCode.FILE_CHANGED
        assert ended.value.facts["file"] == picture.name
        assert server.asked == []


def test_consent_changed_before_the_first_byte_is_asked_for_and_read_anew(bundle: Bundle, send: Send) -> None:
    """A line taken back on the way changes consent.json: what stands of it goes along, or nothing leaves."""
    paper = bundle.folder / "consent.json"
    asked = []
    data = paper.read_bytes()
    paper.write_bytes(data[:50] + b"!" + data[51:])

    def may_send() -> bool:
        asked.append(True)
        return len(asked) < 4

    with fault_server() as server:
        with pytest.raises(ConsentError):
            send(server, may_send=may_send)
        assert server.asked == []
        send(server)
        assert server.files()["consent.json"] == paper.read_bytes()


GOES = posix_only("an open file cannot be removed")


@pytest.mark.parametrize(
    "how", ["changed", "shorter", pytest.param("gone", marks=GOES), pytest.param("replaced", marks=GOES)]
)
def test_upl_16_changed_in_the_middle(how: str, bundle: Bundle, send: Send) -> None:
    picture = bundle.folder / "take.mp4"
    data = picture.read_bytes()

    def spoil() -> None:
        if how == "gone":
            picture.unlink()
        elif how == "replaced":
            picture.unlink()
            picture.write_bytes(data)
        else:
            picture.write_bytes(data[:100] if how == "shorter" else b"!" + data[1:])

    def fault(asked: Asked) -> Reset | None:
        if asked.method == "PATCH" and "mp4" in str(server.uploads[asked.path][2]) and picture.exists():
            server.fault = lambda asked: None
            spoil()
            return Reset(150_000)
        return None

    with fault_server(fault) as server:
        if how == "replaced":  # the same bytes under the same name are the same file
            send(server)
            assert server.files()["take.mp4"] == data
            return
        with pytest.raises(DeliveryError) as ended:
            send(server)
        assert ended.value.code is ErrorCode.FILE_CHANGED
        assert "take.json" not in server.files()


@pytest.mark.parametrize("size", [300_000, 18 * MIB], ids=["last chunk", "first chunk"])
def test_upl_16_changed_while_a_chunk_is_sent(size: int, tmp_path: Path, send: Send) -> None:
    bundle = make_bundle(tmp_path / "t", picture=size)
    picture = bundle.folder / "take.mp4"
    patches: list[Asked] = []

    def fault(asked: Asked) -> None:
        if asked.method == "PATCH" and "mp4" in str(server.uploads[asked.path][2]):
            patches.append(asked)
            with picture.open("r+b") as file:
                file.write(b"!")

    with fault_server(fault) as server:
        with pytest.raises(DeliveryError) as ended:
            send(server, bundle)
        assert ended.value.code is ErrorCode.FILE_CHANGED
        assert len(patches) == 1
        assert "take.json" not in server.files()


def test_empty_file_arrives(tmp_path: Path, send: Send) -> None:
    bundle = make_bundle(tmp_path / "t", sound=0)
    with fault_server() as server:
        send(server, bundle)
        assert whole(server, bundle)


def test_a_path_in_a_file_name_is_no_bundle(bundle: Bundle, send: Send) -> None:
    odd = FileEntry(role=FileRole.THUMBNAIL, name="../../etc/passwd", size=1, sha256="0" * 64)
    with fault_server() as server:
        with pytest.raises(DeliveryError) as ended:
            send(server, replace(bundle, files=(*bundle.files, odd)))
        assert ended.value.code is ErrorCode.BUNDLE_INVALID
        assert server.asked == []
