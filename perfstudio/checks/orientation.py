"""How a picture stands: what the container asks players to do with the stored frames before they show them.

Pixels that are not square are made so, then the display matrix turns the picture.

Portrait is a fact of the size that is shown. Mirrored is only known when the container asks for a mirror: no
measurement can tell a mirrored room from a room (but by writing in it), so without that request nothing is claimed.
Takes of this program are always stored unmirrored, whatever the self-view shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import av
import cv2
import numpy as np
from av.sidedata.sidedata import Type
from numpy.typing import NDArray

from perfstudio.checks.media import shown_size


@dataclass(frozen=True, slots=True)
class Orientation:
    """From stored to shown: first rows and columns change places, then left and right, then top and bottom."""

    swapped: bool = False
    across: bool = False
    down: bool = False
    stretch: float = 1.0
    """How much wider than high a stored pixel is shown."""

    @property
    def mirrored(self) -> bool:
        """Whether what is shown is a mirror image of what is stored; a plain turn is not."""
        return self.swapped ^ self.across ^ self.down

    def stand(self, luma: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """A stored plane as it is shown; a view where its pixels are square."""
        size = shown_size(luma.shape[1], luma.shape[0], self.stretch)
        if size != (luma.shape[1], luma.shape[0]):
            luma = cast("NDArray[np.uint8]", cv2.resize(luma, size, interpolation=cv2.INTER_LINEAR))
        return self.turn(luma)

    def turn(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """A picture of square pixels (height x width, or with colours behind) as it is shown; a view."""
        if self.swapped:
            picture = picture.swapaxes(0, 1)
        if self.across:
            picture = picture[:, ::-1]
        return picture[::-1] if self.down else picture


def attitude(frame: av.VideoFrame, stretch: float = 1.0) -> Orientation:
    """The attitude that a frame's display matrix (ISO/IEC 14496-12, 6.2.2) asks for, to the nearest quarter turn."""
    matrix = cast("Any", frame.side_data).get(Type.DISPLAYMATRIX)
    if matrix is None:
        return Orientation(stretch=stretch)
    a, b, _, c, d = (int(v) for v in np.frombuffer(bytes(matrix), "=i4")[:5])
    if abs(a) >= abs(b):
        return Orientation(False, a < 0, d < 0, stretch)
    return Orientation(True, c < 0, b < 0, stretch)
