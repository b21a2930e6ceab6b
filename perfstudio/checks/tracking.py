"""Following one performer: looks near the last place first, tries turned heads there, holds on to what it saw.

A frontal finder loses a face that turns away. Nearby and thorough looks find profiles and tilted heads; where even
those fail, the patch that was the face is followed by its pattern for some seconds, so that a turned or lowered head is
not "nobody there". The whole picture is searched every other second, which also finds second persons.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

import cv2

from perfstudio.checks.faces import FaceBox, FaceFinder, Grey, Image, to_grey

_WHOLE_EVERY_S = 2.0
"""While a face is being found near its last place; the whole picture then only matters for second persons."""
_SEARCH_EVERY_S = 0.65
_SEARCHES = (0.12, 0.045, 0.2, 0.15, 0.12)
"""While nobody is there the whole picture is searched in turn: plainly, from afar, for turned heads (only large), and
for a face that an edge cuts off."""
_TURNED, _CUT = 0.2, 0.15
_BEYOND = 0.2
"""How far beyond the edges, in shares of the height: there the picture goes on as it ended."""
_BESIDE = 0.4
"""A face counts as a second person when it is this tall against the performer's."""
_HOLD_S = 8.0
_NEAR, _OVER = 1.2, 0.4
"""How far around the last face is looked, and how far beyond an edge, in faces."""
_AT_EDGE = 0.1
"""So near to an edge, in faces, a face may be cut off by it."""
_FILLS = 0.7
"""A face as large as this, in shares of the picture, fills it: what goes on beyond the edges would only enlarge it."""
_USUAL, _LEAST = 0.8, 0.6
"""How small a face is looked for at first, then thoroughly; against the last."""
_MATCH = 0.62


@dataclass(frozen=True, slots=True)
class FaceSighting:
    """Who is in one picture: the performer's face, and another face if there is one."""

    at_s: float
    face: FaceBox | None
    other: FaceBox | None = None


class FaceTracker:
    """Feeds on pictures in time order; keeps one small grey patch of the last picture and nothing else."""

    def __init__(self, finder: FaceFinder) -> None:
        self._finder = finder
        self._face: FaceBox | None = None
        self._found_s = -1e9
        self._whole_s = -1e9
        self._searches = 0
        self._patch: Grey | None = None
        self._other: FaceBox | None = None
        self._candidate: FaceBox | None = None

    def step(self, image: Image, at_s: float) -> FaceSighting:
        """Looks at one picture (BGR, some hundred pixels across)."""
        face, other = None, None
        steady = self._face is not None and at_s - self._found_s < 1.0
        if at_s - self._whole_s >= (_WHOLE_EVERY_S if steady else _SEARCH_EVERY_S) or at_s < self._whole_s:
            self._whole_s = at_s
            face, other = self._whole(image, at_s)
        else:
            other = self._other
        if face is None and self._face is not None:
            face = self._near(image, self._face) or self._held(image, at_s)
        self._remember(image, face, at_s)
        self._other = other
        return FaceSighting(at_s, face, other)

    def _whole(self, image: Image, at_s: float) -> tuple[FaceBox | None, FaceBox | None]:
        smallest = _SEARCHES[0]
        if self._face is None:
            smallest = _SEARCHES[self._searches % len(_SEARCHES)]
            self._searches += 1
        else:
            smallest = max(smallest, 0.9 * _BESIDE * self._face.height)
        if self._face is None and smallest == _CUT:
            return self._cut_off(image), None
        found = list(self._finder.find(image, smallest=smallest, thorough=smallest == _TURNED))
        if not found:
            return None, None
        known = self._face
        chosen = max(found, key=(lambda b: b.overlap(known)) if known else lambda b: b.width * b.height)
        if known and chosen.overlap(known) < 0.05 and at_s - self._found_s < 1.5:
            chosen = max(found, key=lambda b: b.width * b.height)
        rest = [b for b in found if b is not chosen and b.overlap(chosen) < 0.1 and b.height > _BESIDE * chosen.height]
        return chosen, self._confirmed(max(rest, key=lambda b: b.height, default=None))

    def _cut_off(self, image: Image) -> FaceBox | None:
        edge = _BEYOND * image.shape[0] / image.shape[1]
        whole = FaceBox(-edge, -_BEYOND, 1 + 2 * edge, 1 + 2 * _BEYOND)
        found = self._finder.find(_cut(image, whole), smallest=_CUT / (1 + 2 * _BEYOND))
        return next((_outward(b, whole) for b in found), None)

    def _confirmed(self, other: FaceBox | None) -> FaceBox | None:
        # A cascade sees a face in a curtain now and then, rarely twice in the same place.
        before, self._candidate = self._candidate, other
        return other if other and before and other.overlap(before) > 0.2 else None

    def _near(self, image: Image, last: FaceBox) -> FaceBox | None:
        cut, part = _around(image, last)
        if min(cut.shape[:2]) < 24:
            return None
        usual, least = (max(0.12, share * last.height / part.height) for share in (_USUAL, _LEAST))
        # Most faces are as large as they were: that is a third of the work.
        found = self._finder.find(cut, smallest=usual) or self._finder.find(cut, smallest=least, thorough=True)
        return next((_outward(b, part) for b in found), None)

    def _held(self, image: Image, at_s: float) -> FaceBox | None:
        if self._patch is None or self._face is None or at_s - self._found_s > _HOLD_S:
            return None
        cut, part = _around(image, self._face)
        grey = to_grey(cut)
        if grey.shape[0] < self._patch.shape[0] or grey.shape[1] < self._patch.shape[1] or self._patch.std() < 4.0:
            return None
        match = cv2.matchTemplate(grey, self._patch, cv2.TM_CCOEFF_NORMED)
        _, best, _, (left, top) = cv2.minMaxLoc(match)
        if best < _MATCH:
            return None
        return replace(
            self._face,
            x=part.x + left / grey.shape[1] * part.width,
            y=part.y + top / grey.shape[0] * part.height,
            score=float(best),
            pose="held",
        )

    def _remember(self, image: Image, face: FaceBox | None, at_s: float) -> None:
        if face is None:
            if at_s - self._found_s > _HOLD_S:
                self._face, self._patch = None, None
            return
        if face.pose != "held":
            self._found_s = at_s
        self._face = face
        height, width = image.shape[:2]
        rows = slice(max(0, round(face.y * height)), max(0, round((face.y + face.height) * height)))
        columns = slice(max(0, round(face.x * width)), max(0, round((face.x + face.width) * width)))
        cut = image[rows, columns]
        self._patch = to_grey(cut) if cut.shape[0] >= 8 and cut.shape[1] >= 8 else None


def _around(image: Image, face: FaceBox) -> tuple[Image, FaceBox]:
    """The surroundings of a face, cut out, and where they lie; beyond the edges too where one may cut the face off."""
    across = _OVER * face.width if face.width < _FILLS else 0.0
    down = _OVER * face.height if face.height < _FILLS else 0.0
    near_x, near_y = _AT_EDGE * face.width, _AT_EDGE * face.height
    left = max(-across if face.x < near_x else 0.0, face.x - _NEAR * face.width)
    top = max(-down if face.y < near_y else 0.0, face.y - _NEAR * face.height)
    right = min(1 + across if face.x + face.width > 1 - near_x else 1.0, face.x + (1 + _NEAR) * face.width)
    bottom = min(1 + down if face.y + face.height > 1 - near_y else 1.0, face.y + (1 + _NEAR) * face.height)
    part = FaceBox(left, top, right - left, bottom - top)
    return _cut(image, part), part


def _cut(image: Image, part: FaceBox) -> Image:
    """A part of a picture, which goes on beyond its edges as it ended there."""
    height, width = image.shape[:2]
    left, top = round(part.x * width), round(part.y * height)
    right, bottom = round((part.x + part.width) * width), round((part.y + part.height) * height)
    inside = image[max(0, top) : bottom, max(0, left) : right]
    beyond = (max(0, -top), max(0, bottom - height), max(0, -left), max(0, right - width))
    if not any(beyond) or not inside.size:
        return inside
    return cast("Image", cv2.copyMakeBorder(inside, *beyond, cv2.BORDER_REPLICATE))


def _outward(box: FaceBox, part: FaceBox) -> FaceBox:
    """A box given as shares of a part, as shares of the whole."""
    return replace(
        box,
        x=part.x + box.x * part.width,
        y=part.y + box.y * part.height,
        width=box.width * part.width,
        height=box.height * part.height,
    )
