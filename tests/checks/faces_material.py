"""Photographs of people, each in a wide picture of any size: what is worn and where the face is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from perfstudio.checks.faces import FaceBox

FOLDER = Path(__file__).parent / "data" / "faces"


@dataclass(frozen=True)
class Portrait:
    """A square photograph; the box is in shares of it, as somebody saw it."""

    number: int
    traits: str
    box: FaceBox

    def at(self, height: int, folder: Path = FOLDER) -> np.ndarray:
        """The photograph in the middle of a 16:9 picture of this height, its edges drawn out to both sides."""
        return widened(read(folder / f"{self.number:03d}.jpg"), height)

    @property
    def wide_box(self) -> FaceBox:
        """The face in shares of the wide picture."""
        return FaceBox(
            (self.box.x + (16 / 9 - 1) / 2) / (16 / 9), self.box.y, self.box.width / (16 / 9), self.box.height
        )


@cache
def read(path: Path) -> np.ndarray:
    """A photograph, BGR."""
    image = cv2.imread(str(path))
    assert image is not None, path
    return image


def widened(square: np.ndarray, height: int) -> np.ndarray:
    """A square photograph in a 16:9 picture."""
    sized = cv2.resize(
        square, (height, height), interpolation=cv2.INTER_AREA if height < len(square) else cv2.INTER_LINEAR
    )
    width = round(height * 16 / 9 / 2) * 2
    left = (width - height) // 2
    return cv2.copyMakeBorder(sized, 0, 0, left, width - height - left, cv2.BORDER_REPLICATE)


PORTRAITS = tuple(
    Portrait(number, traits, FaceBox(*box))
    for number, traits, box in (
        (6, "dark skin, beard", (0.281, 0.183, 0.434, 0.636)),
        (12, "dark skin, beard, glasses, hat, turned", (0.26, 0.27, 0.283, 0.389)),
        (16, "beard, glasses", (0.262, 0.241, 0.409, 0.589)),
        (25, "dark skin, tilted", (0.363, 0.262, 0.421, 0.497)),
        (28, "light skin, old", (0.264, 0.188, 0.418, 0.608)),
        (34, "light skin, glasses, hair over the brows", (0.406, 0.275, 0.316, 0.412)),
        (37, "light skin, beard, hat", (0.331, 0.264, 0.322, 0.478)),
        (44, "light skin, hat", (0.349, 0.257, 0.281, 0.385)),
        (45, "light skin, beard, glasses, hat", (0.329, 0.239, 0.341, 0.457)),
        (46, "headscarf", (0.333, 0.193, 0.276, 0.389)),
        (47, "light skin", (0.237, 0.174, 0.368, 0.517)),
        (48, "light skin, dark glasses, turned", (0.29, 0.205, 0.368, 0.434)),
        (51, "dark skin, low light", (0.296, 0.194, 0.4, 0.553)),
        (53, "light skin, dark glasses", (0.28, 0.093, 0.425, 0.625)),
        (71, "dark skin, beard, bright wall", (0.326, 0.151, 0.375, 0.495)),
    )
)
