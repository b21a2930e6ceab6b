"""The slate before a film: scene, character, take and day, and a name where the performer wants one."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from perfstudio.capture.finishing.slate import SlatePicture
from perfstudio.session.takes.review import TakeReview
from perfstudio.texts import formatting, playing
from perfstudio.ui.palette import DARK
from perfstudio.ui.theme import Role, theme_now

_USUAL = (1280, 720)


def slate_lines(review: TakeReview, name: str) -> tuple[str, ...]:
    """What stands on it, from top to bottom."""
    line = review.line
    day = formatting.day(line.recorded.astimezone().date())
    return tuple(said for said in (line.title, line.character, playing.take(line.number), day, name) if said)


def slate_picture(review: TakeReview, name: str) -> SlatePicture:
    """Drawn in the size of the camera's pictures."""
    camera = review.manifest.devices.camera
    width, height = (camera.width, camera.height) if camera is not None else _USUAL
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(DARK.ground0))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    lines = slate_lines(review, name)
    step = height / (len(lines) + 3)
    for place, said in enumerate(lines):
        font = theme_now().font(Role.STRONG if place == 0 else Role.BODY)
        font.setPixelSize(max(8, round(step * (0.62 if place == 0 else 0.46))))
        painter.setFont(font)
        painter.setPen(QColor(DARK.text1 if place == 0 else DARK.text2))
        box = QRectF(width * 0.08, step * (1.5 + place), width * 0.84, step)
        words = painter.fontMetrics().elidedText(said, Qt.TextElideMode.ElideRight, int(box.width()))
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)
    painter.end()
    rows = bytes(image.constBits())
    return SlatePicture(width, height, rows)
