"""How a picture stands: what the container's display matrix asks players to do with the stored frames.

Portrait is a fact of the size that is shown. Mirrored is only known when the container asks for a mirror: no
measurement can tell a mirrored room from a room (but by writing in it), so without that request nothing is claimed.
Takes of this program are always stored unmirrored, whatever the self-view shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import av
import numpy as np
from av.sidedata.sidedata import Type
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Attitude:
    """From stored to shown: first rows and columns change places, then left and right, then top and bottom."""

    swapped: bool = False
    across: bool = False
    down: bool = False

    @property
    def mirrored(self) -> bool:
        """Whether what is shown is a mirror image of what is stored; a plain turn is not."""
        return self.swapped ^ self.across ^ self.down

    def stand(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The picture (height x width, or with colours behind) as it is shown; a view."""
        if self.swapped:
            picture = picture.swapaxes(0, 1)
        if self.across:
            picture = picture[:, ::-1]
        return picture[::-1] if self.down else picture


def attitude(frame: av.VideoFrame) -> Attitude:
    """The attitude that a frame's display matrix (ISO/IEC 14496-12, 6.2.2) asks for, to the nearest quarter turn."""
    matrix = cast("Any", frame.side_data).get(Type.DISPLAYMATRIX)
    if matrix is None:
        return Attitude()
    a, b, _, c, d = (int(v) for v in np.frombuffer(bytes(matrix), "=i4")[:5])
    if abs(a) >= abs(b):
        return Attitude(False, across=a < 0, down=d < 0)
    return Attitude(True, across=c < 0, down=b < 0)
