"""The line icons: SVG files whose one colour is set when they are drawn. Rendered once per name, colour and size."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from perfstudio.resources import asset

MARK_SIZES = (16, 24, 32, 48, 64, 128, 256)
"""Pixels of the program's own mark in lists, bars and switchers, up to a screen of twice the density."""


@lru_cache(maxsize=512)
def _rendered(name: str, colour: str, size: int, ratio: float) -> QPixmap:
    source = asset("icons", f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", colour)
    pixmap = _drawn(source, round(size * ratio))
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def _drawn(source: str, pixels: int) -> QPixmap:
    pixmap = QPixmap(pixels, pixels)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(QByteArray(source.encode())).render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    return pixmap


def pixmap(name: str, colour: QColor, size: int = 24, ratio: float | None = None) -> QPixmap:
    """An icon of `assets/icons` in one colour; `size` in logical pixels, `ratio` the screen's device pixel ratio."""
    app = QApplication.instance()
    if ratio is None:
        ratio = app.devicePixelRatio() if isinstance(app, QApplication) else 1.0
    return _rendered(name, colour.name(QColor.NameFormat.HexRgb), size, ratio)


def icon(name: str, colour: QColor, size: int = 24) -> QIcon:
    """The same as a QIcon, for line edits and menus."""
    return QIcon(pixmap(name, colour, size))


def mark() -> QIcon:
    """The program's own mark, for the system to show beside its windows."""
    source, icon = asset("mark", "perfstudio.svg").read_text(encoding="utf-8"), QIcon()
    for pixels in MARK_SIZES:
        icon.addPixmap(_drawn(source, pixels))
    return icon
