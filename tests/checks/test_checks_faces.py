"""Faces of people as they come: a table of what the embedded finder finds, and that it points at nothing else.

What it is known not to see (heavy dark glasses, a head turned away, hair over the brows) is in the table too. A take in
which somebody moves and is not found is a look at most; see `test_checks_picture`.
"""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np
import pytest
from faces_material import PORTRAITS, Portrait

from perfstudio.checks.faces import FaceBox, FaceFinder, HaarFinder

HEIGHTS = (240, 360, 720, 1080)
SEARCHES = ((0.12, False), (0.2, True))
"""As the tracker searches a whole picture: plainly, then for turned heads."""


def searched(finder: FaceFinder, portrait: Portrait, height: int) -> tuple[FaceBox, ...]:
    """What is found in a picture of this height, looked at as small as the checks do."""
    image = portrait.at(height)
    scale = min(1.0, 640 / image.shape[1])
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else image
    for smallest, thorough in SEARCHES:
        if found := finder.find(small, smallest=smallest, thorough=thorough):
            return found
    return ()


def table(
    finder: FaceFinder, portraits: Iterable[Portrait], heights: tuple[int, ...]
) -> tuple[dict[int, list[bool]], list[str]]:
    """(found by number and height, what was pointed at and is no face); printed."""
    found: dict[int, list[bool]] = {}
    wrong: list[str] = []
    print(f"\n{'portrait':>8}  " + " ".join(f"{h:>5}p" for h in heights))
    for portrait in portraits:
        boxes = {height: searched(finder, portrait, height) for height in heights}
        found[portrait.number] = [any(b.overlap(portrait.wide_box) > 0.4 for b in boxes[h]) for h in heights]
        wrong += [f"{portrait.number} at {h}" for h in heights for b in boxes[h] if b.overlap(portrait.wide_box) < 0.2]
        seen = " ".join(f"{'yes' if yes else '-':>6}" for yes in found[portrait.number])
        print(f"{portrait.number:>8}  {seen}  {portrait.traits}")
    everywhere = sum(map(sum, found.values()))
    print(f"{finder.name}: found {everywhere} of {len(found) * len(heights)}, {len(wrong)} wrong")
    return found, wrong


@pytest.fixture(scope="module", params=[(240, 360, 1080), pytest.param(HEIGHTS, marks=pytest.mark.soak)])
def haar(request: pytest.FixtureRequest) -> tuple[dict[int, list[bool]], list[str]]:
    return table(HaarFinder(), PORTRAITS, request.param)


def test_the_embedded_finder_sees_most_people_at_every_size_and_nothing_else(
    haar: tuple[dict[int, list[bool]], list[str]],
) -> None:
    found, wrong = haar
    assert wrong == []
    for column in zip(*found.values(), strict=True):
        assert sum(column) >= 0.7 * len(found)


def test_the_size_of_the_picture_hardly_matters(haar: tuple[dict[int, list[bool]], list[str]]) -> None:
    found, _ = haar
    assert np.mean([all(row) or not any(row) for row in found.values()]) >= 0.85


@pytest.mark.parametrize("trait", ["dark skin", "light skin", "beard", "glasses", "hat"])
def test_no_group_is_left_out(haar: tuple[dict[int, list[bool]], list[str]], trait: str) -> None:
    found, _ = haar
    of_them = [p.number for p in PORTRAITS if trait in p.traits.replace("dark glasses", "sunglasses").split(", ")]
    assert len(of_them) >= 3
    assert np.mean([found[number] for number in of_them]) >= 0.5
