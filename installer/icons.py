"""The mark as the systems want it: PNG in the sizes of a theme, ICO for Windows, ICNS for macOS; from the one SVG."""

from __future__ import annotations

import struct
import subprocess
from pathlib import Path

MARK = Path(__file__).resolve().parent.parent / "assets" / "mark" / "perfstudio.svg"
THEME_SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
ICO_SIZES = (16, 24, 32, 48, 64, 256)
ICNS_TYPES = {b"icp4": 16, b"icp5": 32, b"ic07": 128, b"ic08": 256, b"ic09": 512, b"ic10": 1024}
"""Kinds of a picture in an icon file of macOS and their pixels (the names that `iconutil` gives them)."""

DRAW = """
import sys
from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
mark = QSvgRenderer(QByteArray(open(sys.argv[1], "rb").read()))
for pixels in map(int, sys.argv[3:]):
    image = QImage(pixels, pixels, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    mark.render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    assert image.save(f"{sys.argv[2]}/{pixels}.png")
"""


def draw(python: list[str], folder: Path) -> dict[int, Path]:
    """The mark in every size, as `folder/SIZE.png`, drawn by the Qt of the packages that are frozen."""
    sizes = sorted({*THEME_SIZES, *ICO_SIZES, *ICNS_TYPES.values()})
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run([*python, "-c", DRAW, str(MARK), str(folder), *map(str, sizes)], check=True)
    return {size: folder / f"{size}.png" for size in sizes}


def ico(pictures: dict[int, bytes]) -> bytes:
    """An icon of Windows that holds these PNG pictures (Vista and later read them)."""
    offset = 6 + 16 * len(pictures)
    head, body = struct.pack("<HHH", 0, 1, len(pictures)), b""
    for size, png in sorted(pictures.items()):
        head += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(png), offset + len(body))
        body += png
    return head + body


def icns(pictures: dict[int, bytes]) -> bytes:
    """An icon of macOS that holds these PNG pictures."""
    body = b"".join(
        kind + struct.pack(">I", 8 + len(pictures[size])) + pictures[size] for kind, size in ICNS_TYPES.items()
    )
    return b"icns" + struct.pack(">I", 8 + len(body)) + body


def write(python: list[str], folder: Path) -> None:
    """`perfstudio.ico`, `perfstudio.icns` and the PNG files, in `folder`."""
    drawn = {size: path.read_bytes() for size, path in draw(python, folder).items()}
    (folder / "perfstudio.ico").write_bytes(ico({size: drawn[size] for size in ICO_SIZES}))
    (folder / "perfstudio.icns").write_bytes(icns(drawn))
