"""Pictures are found in whatever frames a camera puts around them, however they arrive."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from perfstudio.capture.devices.multipart import DAMAGED, PictureReader
from rigs.odd_camera import jpegs, part

PICTURES = jpegs((96, 64))[:4]
HALF = PICTURES[1][: len(PICTURES[1]) // 2]
SOUND = b"\xff\xd8\xff\xe0" * 80
NOISE = np.random.default_rng(1).integers(0, 254, 5000).astype(np.uint8).tobytes()
A, B, C, D = PICTURES


def image() -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return cv2.imdecode(np.frombuffer(A, np.uint8), cv2.IMREAD_COLOR).astype(np.uint8)


def coded(*options: int) -> bytes:
    return cv2.imencode(".jpg", image(), list(options))[1].tobytes()


def with_segment(jpeg: bytes, marker: int, data: bytes) -> bytes:
    return jpeg[:2] + bytes([0xFF, marker]) + (len(data) + 2).to_bytes(2, "big") + data + jpeg[2:]


VARIANTS = {
    "progressive": coded(cv2.IMWRITE_JPEG_PROGRESSIVE, 1),
    "restart markers": coded(cv2.IMWRITE_JPEG_RST_INTERVAL, 4),
    "a thumbnail inside": with_segment(A, 0xE1, b"Exif\0\0" + B),
    "a comment": with_segment(A, 0xFE, b"frame \xff\xd9 1"),
    "filling before a marker": A[:2] + b"\xff\xff\xff" + A[2:],
}
FRAMED = {
    "as most do": (b"".join(map(part, PICTURES)), PICTURES),
    "no length": (b"".join(part(p, sized=False) for p in PICTURES), PICTURES),
    "length too long": (b"".join(part(p, more=9000) for p in PICTURES), PICTURES),
    "length two too long": (b"".join(part(p, more=2) for p in PICTURES), PICTURES),
    "length too short": (b"".join(part(p, more=-900) for p in PICTURES), PICTURES),
    "line feeds alone": (b"".join(part(p).replace(b"\r\n", b"\n", 4) for p in PICTURES), PICTURES),
    "first without boundary": (b"".join(map(part, PICTURES))[len(b"--frame\r\n") :], PICTURES),
    "no header lines": (b"".join(b"--frame\r\n\r\n" + p + b"\r\n" for p in PICTURES), PICTURES),
    "no kind": (b"".join(part(p, "") for p in PICTURES), PICTURES),
    "another kind": (b"".join(part(p, "Content-Type: text/plain\r\n") for p in PICTURES), PICTURES),
    "more headers, small letters": (
        b"".join(part(p, "x-timestamp: 1.5\r\ncontent-type:image/jpeg;q=1\r\nX-Rate: 30\r\n") for p in PICTURES),
        PICTURES,
    ),
    "no line end behind a picture": (b"".join(part(p)[:-2] for p in PICTURES), PICTURES),
    "empty lines between": (b"".join(b"\r\n\r\n" + part(p) for p in PICTURES), PICTURES),
    "boundary without dashes": (b"".join(part(p)[2:] for p in PICTURES), PICTURES),
    "boundary of two dashes": (b"".join(part(p).replace(b"--frame", b"--", 1) for p in PICTURES), PICTURES),
    "another boundary each time": (
        b"".join(part(p).replace(b"--frame", b"--frame%d" % i, 1) for i, p in enumerate(PICTURES)),
        PICTURES,
    ),
    "preamble and epilogue": (b"a camera\r\n\r\n" + b"".join(map(part, PICTURES)) + b"--frame--\r\nbye", PICTURES),
    "nothing between": (b"".join(PICTURES), PICTURES),
    "zeros behind": (b"".join(part(p + b"\0" * 37) for p in PICTURES), PICTURES),
    "sound between": (b"".join(part(p) + part(SOUND, "Content-Type: audio/basic\r\n") for p in PICTURES), PICTURES),
    "sound of no length": (
        b"".join(part(p) + part(SOUND, "Content-Type: audio/basic\r\n", sized=False) for p in PICTURES),
        PICTURES,
    ),
    "words between": (
        b"".join(part(b"a: b\n\nc", "Content-Type: text/x\r\n") + part(p) for p in PICTURES),
        PICTURES,
    ),
    "empty parts": (b"".join(part(p) + part(b"") + part(b"", sized=False) for p in PICTURES), PICTURES),
    "two at a time": (b"".join(part(p + B) for p in PICTURES), PICTURES),
    "half a picture": (part(A) + part(HALF) + part(C), (A, DAMAGED, C)),
    "half a picture, no length": (b"".join(part(p, sized=False) for p in (A, HALF, C)), (A, DAMAGED, C)),
    "half a picture, nothing between": (A + HALF + C, (A, DAMAGED, C)),
    "noise in a part": (part(A) + part(NOISE) + part(C), (A, DAMAGED, C)),
    **{name: (part(p) + part(A) + part(p, sized=False) + p, (p, A, p, p)) for name, p in VARIANTS.items()},
}


@pytest.mark.parametrize("name", FRAMED)
@pytest.mark.parametrize("size", [1, 7, 4096, 1 << 20])
def test_pictures_are_found_whole_in_any_frame(name: str, size: int) -> None:
    data, whole = FRAMED[name]
    reader = PictureReader()
    found = [picture for at in range(0, len(data), size) for picture in reader.feed(data[at : at + size])]
    assert tuple(found) == tuple(whole)


def test_a_picture_is_handed_on_with_its_last_byte() -> None:
    for framed in (part(A), part(A, sized=False), A):
        reader = PictureReader()
        end = framed.index(A) + len(A)
        assert reader.feed(framed[: end - 1]) == []
        assert reader.feed(framed[end - 1 : end]) == [A]


@pytest.mark.parametrize("framed", [part, lambda p: part(p, sized=False), bytes])
def test_what_is_spoilt_costs_one_picture(framed: object) -> None:
    for seed in range(60):
        rng = np.random.default_rng(seed)
        spoilt = bytearray(B)
        for at in rng.integers(2, len(B), 4):
            spoilt[at] = int(rng.integers(256))
        reader = PictureReader()
        found = reader.feed(b"".join(framed(p) for p in (A, bytes(spoilt), C, D)))  # type: ignore[operator]
        assert [p for p in found if p in (A, C, D)] == [A, C, D]


def test_the_kinds_of_what_is_no_picture_are_known() -> None:
    reader = PictureReader()
    reader.feed(part(SOUND, "Content-Type: Audio/Basic\r\n") * 2)
    assert reader.kinds == {"audio/basic"}
