"""The time strip: every practice picture carries its own practice time in microseconds, readable after compression.

Forty cells in two rows in the lower left corner: 1, 0, then 32 bits of microseconds (most significant first, modulo
71.6 minutes), then 6 check bits (the number modulo 61). A cell is height / 90 pixels wide; dark greys, so that it does
not draw the eye.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from perfstudio.capture.devices.camera import Image

_COLUMNS, _ROWS = 20, 2
_DARK, _LIGHT = 22, 116


def cell_size(height: int) -> int:
    """Edge of one cell in pixels."""
    return max(4, height // 90)


def write_strip(image: Image, microseconds: int) -> None:
    """Write a time into the corner of a picture, in place."""
    value = microseconds & 0xFFFFFFFF
    bits = f"10{value:032b}{value % 61:06b}"
    cells = np.array([_LIGHT if bit == "1" else _DARK for bit in bits], np.uint8).reshape(_ROWS, _COLUMNS)
    cell = cell_size(image.shape[0])
    block = cells.repeat(cell, axis=0).repeat(cell, axis=1)
    image[-_ROWS * cell :, : _COLUMNS * cell] = block[:, :, None]


def read_strip(luma: NDArray[np.uint8]) -> int | None:
    """The microseconds in the corner of a grey picture (height x width), or None when there is no sound strip."""
    cell = cell_size(luma.shape[0])
    corner = luma[-_ROWS * cell :, : _COLUMNS * cell]
    if corner.shape != (_ROWS * cell, _COLUMNS * cell):
        return None
    edge = cell // 4
    cells = corner.reshape(_ROWS, cell, _COLUMNS, cell)[:, edge : cell - edge, :, edge : cell - edge].mean(axis=(1, 3))
    bits = "".join("1" if level > (_DARK + _LIGHT) / 2 else "0" for level in cells.ravel())
    value = int(bits[2:34], 2)
    return value if bits[:2] == "10" and int(bits[34:], 2) == value % 61 else None
