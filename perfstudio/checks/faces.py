"""Finding faces: one small protocol, OpenCV's Haar cascades as the embedded default, YuNet where a model is supplied.

A finder sees a picture and gives boxes; it keeps nothing. No landmark and no embedding leaves this file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from perfstudio.checks.opening import opened
from perfstudio.model.base import sha256_hex
from perfstudio.model.errors import ErrorCode, MediaError

Image = NDArray[np.uint8]
"""Height x width x 3, BGR."""
Grey = NDArray[np.uint8]
"""Height x width, luma."""

_SQUARE = 320
_FROM_AFAR = 0.08
"""Faces smaller than this share of the height need the picture in twice that size."""
_LARGEST = 64 * 2**20
_NO_MODEL = {"folder": "missing", "empty": "unusable"}
"""What is said of a path that leads to no file, and of a file without content."""
_FRONT, _PROFILE = "haarcascade_frontalface_alt2.xml", "haarcascade_profileface.xml"
_IDLE: dict[str, list[Any]] = defaultdict(list)
"""Cascades that were read and that nobody asks now, by file: reading one takes as long as ten looks, and none may be
asked by two threads at once."""
_CASCADE = 21
"""What a cascade of 20 pixels needs."""
_ENLARGED = 3.0
"""A picture of a thumb's size is enlarged so far at most."""


@dataclass(frozen=True, slots=True)
class FaceBox:
    """A face from the upper forehead to the chin and from cheek to cheek, as shares (0..1) of the picture."""

    x: float
    y: float
    width: float
    height: float
    score: float = 1.0
    pose: str = "front"
    """front, profile, tilted, or held (followed without being found again)."""

    @property
    def centre_x(self) -> float:
        """Middle of the face across."""
        return self.x + self.width / 2

    @property
    def centre_y(self) -> float:
        """Middle of the face down."""
        return self.y + self.height / 2

    @property
    def head_top(self) -> float:
        """Where the hair probably ends: a quarter of the box over its top. May be negative."""
        return self.y - 0.25 * self.height

    @property
    def eyes_y(self) -> float:
        """Where the eyes probably are: 0.4 of the box under its top."""
        return self.y + 0.4 * self.height

    def overlap(self, other: FaceBox) -> float:
        """Intersection over union."""
        across = min(self.x + self.width, other.x + other.width) - max(self.x, other.x)
        down = min(self.y + self.height, other.y + other.height) - max(self.y, other.y)
        if across <= 0 or down <= 0:
            return 0.0
        both = across * down
        return both / (self.width * self.height + other.width * other.height - both)


class FaceFinder(Protocol):
    """Finds faces in one picture. Not for two threads at once."""

    @property
    def name(self) -> str:
        """What finds: "haar" or "yunet"; told with every result."""
        ...

    @property
    def sha256(self) -> str:
        """Of the model file; empty for what comes with OpenCV."""
        ...

    def find(self, image: Image, *, smallest: float = 0.1, thorough: bool = False) -> tuple[FaceBox, ...]:
        """Faces at least `smallest` of the picture's height, largest first. `thorough` also tries turned heads."""
        ...


class HaarFinder:
    """The cascades that come with OpenCV 4: frontal, profile from both sides, and frontal at small rotations."""

    name = "haar"
    sha256 = ""

    def __init__(self) -> None:
        with _cascade(_FRONT):
            pass  # what cannot be read is said before the first picture

    def find(self, image: Image, *, smallest: float = 0.1, thorough: bool = False) -> tuple[FaceBox, ...]:
        """See `FaceFinder`."""
        grey = to_grey(image)
        # The smallest face is brought to one size, so that the same scene is searched alike in every size.
        grey = scaled(grey, min(_ENLARGED, _CASCADE / max(1.0, smallest * grey.shape[0])))
        least = max(20, round(smallest * grey.shape[0]))
        found = self._frontal(grey, least)
        if not found and thorough:
            found = self._turned(grey, least)
        return tuple(sorted(found, key=lambda b: -b.width * b.height))

    def _frontal(self, grey: Grey, least: int) -> list[FaceBox]:
        return [_from_square(box, grey.shape, "front") for box in _squares(_FRONT, grey, least)]

    def _turned(self, grey: Grey, least: int) -> list[FaceBox]:
        for mirrored in (False, True):
            seen = cast("Grey", cv2.flip(grey, 1) if mirrored else grey)
            for x, y, w, h in _squares(_PROFILE, seen, least):
                left = grey.shape[1] - x - w if mirrored else x
                return [_from_square((left, y, w, h), grey.shape, "profile")]
        middle = (grey.shape[1] / 2, grey.shape[0] / 2)
        for degrees in (-18.0, 18.0, -32.0, 32.0):
            turn = cv2.getRotationMatrix2D(middle, degrees, 1.0)
            size = (grey.shape[1], grey.shape[0])
            seen = cast("Grey", cv2.warpAffine(grey, turn, size, borderMode=cv2.BORDER_REPLICATE))
            boxes = _squares(_FRONT, seen, least)
            if len(boxes):
                x, y, w, h = boxes[0]
                back = cv2.invertAffineTransform(turn) @ np.array([x + w / 2, y + h / 2, 1.0])
                return [_from_square((back[0] - w / 2, back[1] - h / 2, w, h), grey.shape, "tilted")]
        return []


class YuNetFinder:
    """OpenCV's FaceDetectorYN with a model file that the person or the installer supplied.

    Raises MediaError(FACE_MODEL) with the reason: missing, too_large, changed (another hash than `sha256`), unusable.
    """

    name = "yunet"

    def __init__(self, model: Path, sha256: str = "") -> None:
        data = _read_model(model)
        self.sha256 = sha256_hex(data)
        if sha256 and sha256 != self.sha256:
            raise MediaError(ErrorCode.FACE_MODEL, file=model.name, reason="changed")
        try:
            # From bytes: what was hashed is what is used, and the path may be written in any alphabet.
            whole = np.frombuffer(data, np.uint8)
            self._net: Any = cv2.FaceDetectorYN.create("onnx", whole, whole[:0], (_SQUARE, _SQUARE), 0.6, 0.3, 50)
            self._size = (_SQUARE, _SQUARE)
            self._net.detect(np.zeros((_SQUARE, _SQUARE, 3), np.uint8))  # any other model fails here at the latest
        except cv2.error as error:
            raise MediaError(ErrorCode.FACE_MODEL, file=model.name, reason="unusable") from error

    def find(self, image: Image, *, smallest: float = 0.1, thorough: bool = False) -> tuple[FaceBox, ...]:
        """See `FaceFinder`; turned heads are found anyway."""
        del thorough
        height, width = image.shape[:2]
        scale = min(1.0, (_SQUARE if smallest >= _FROM_AFAR else 2 * _SQUARE) / max(height, width))
        small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else image
        rows, columns = small.shape[:2]
        size = (-(-columns // 32) * 32, -(-rows // 32) * 32)
        if size != self._size:
            self._net.setInputSize(size)
            self._size = size
        padded = cv2.copyMakeBorder(small, 0, size[1] - rows, 0, size[0] - columns, cv2.BORDER_CONSTANT)
        _, found = self._net.detect(padded)
        boxes = [_from_net(row, (rows, columns)) for row in (found if found is not None else ())]
        return tuple(sorted((b for b in boxes if b.height >= smallest), key=lambda b: -b.width * b.height))


def to_grey(image: Image) -> Grey:
    """Full-range luma of a BGR picture."""
    return cast("Grey", cv2.cvtColor(image, cv2.COLOR_BGR2GRAY))


def scaled(grey: Grey, factor: float) -> Grey:
    """A smaller picture, by averaging, or a larger one."""
    way = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    return cast("Grey", cv2.resize(grey, None, fx=factor, fy=factor, interpolation=way))


def _squares(name: str, grey: Grey, least: int) -> Any:
    """(left, top, width, height) of everything that this cascade takes for a face."""
    with _cascade(name) as cascade:
        return cascade.detectMultiScale(grey, 1.15, 4, 0, (least, least))


@contextmanager
def _cascade(name: str) -> Iterator[Any]:
    """One that nobody else asks meanwhile."""
    idle = _IDLE[name]
    try:
        cascade = idle.pop()
    except IndexError:
        cascade = _read_cascade(name)
    try:
        yield cascade
    finally:
        idle.append(cascade)


def _read_cascade(name: str) -> Any:
    cascade = cv2.CascadeClassifier(str(Path(cv2.__file__).parent / "data" / name))
    if cascade.empty():
        raise MediaError(ErrorCode.MEDIA_UNREADABLE, file=name, detail="face_model")
    return cascade


def _read_model(model: Path) -> bytes:
    try:
        with opened(model) as file:
            data = file.read(_LARGEST + 1)
    except (MediaError, OSError) as error:
        found = str(error.facts.get("detail", "missing")) if isinstance(error, MediaError) else "unreadable"
        raise MediaError(ErrorCode.FACE_MODEL, file=model.name, reason=_NO_MODEL.get(found, found)) from error
    if len(data) > _LARGEST:
        raise MediaError(ErrorCode.FACE_MODEL, file=model.name, reason="too_large")
    return data


def _from_net(row: Any, shape: tuple[int, int]) -> FaceBox:
    # The net's box takes in some hair and both ears: brought to the box of `FaceBox`, measured on eight faces.
    x, y, w, h = (float(v) for v in row[:4])
    return FaceBox(
        (x + 0.04 * w) / shape[1], (y + 0.025 * h) / shape[0], 0.92 * w / shape[1], 0.93 * h / shape[0], float(row[14])
    )


def _from_square(box: Any, shape: tuple[int, ...], pose: str) -> FaceBox:
    # A cascade's square reaches past both ears and from the brows to under the chin: brought to the box of `FaceBox`.
    x, y, w, h = (float(v) for v in box)
    return FaceBox(
        (x + 0.11 * w) / shape[1], (y - 0.02 * h) / shape[0], 0.78 * w / shape[1], 1.04 * h / shape[0], 1.0, pose
    )
