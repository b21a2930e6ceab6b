"""What lies over the stage's picture: line, time, what is on the disk, level, keys, countdown. Dark in every theme."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QColor, QFont, QImage, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from perfstudio.language.catalogue import N_, Messages, _
from perfstudio.session.device_access import settings_page
from perfstudio.session.views import StageAction, StageState, StageView
from perfstudio.texts import devices, formatting
from perfstudio.texts import partner as partner_words
from perfstudio.texts.scenes import lens_line
from perfstudio.ui.palette import DARK
from perfstudio.ui.theme import Role, theme_now
from perfstudio.ui.widgets import ElidedLabel, KeyHintRow, LevelMeter, PlainLabel, Viewfinder
from perfstudio.ui.widgets.base import rounded
from perfstudio.ui.widgets.meter import WORDS, Level

FRAME_PX = 4
FADE_PX = 64
"""How softly the darkness behind the words ends."""
_EDGE = 28
_ASIDE = 300
"""Room at each side of the prompt line for the slate and for what is on the disk, in pixels at 100 % text."""
_QUIET = QColor(243, 241, 236, 205)
_ROLLING = (StageState.COUNTDOWN, StageState.ROLLING)
_WAITING: Messages[dict[StageState, str]] = {
    StageState.CLOSED: "",
    StageState.OPENING: "Opening the camera and the microphone …",
    StageState.STARTING: "Starting …",
    StageState.CUTTING: "Saving the take …",
    StageState.CHECKING: "Checking the take …",
}
SYSTEM = "system"
"""The hint that leads to the system's settings."""
_HINTS: tuple[tuple[str, str, str], ...] = (
    (StageAction.ROLL, "Space", N_("roll")),
    (StageAction.CUT, "Space", N_("cut")),
    (StageAction.RETRY, "Space", N_("try again")),
    (SYSTEM, "O", N_("open the system's settings")),
    (StageAction.AGAIN, "R", N_("again")),
    (StageAction.MARK, "M", N_("mark")),
    (StageAction.BROKE, "B", N_("broke character")),
    ("hide", "V", N_("hide me")),
    ("guides", "G", N_("guides")),
    (StageAction.ABANDON, "Esc", N_("abandon")),
    (StageAction.LEAVE, "Esc", N_("back")),
)


class StagePicture(Viewfinder):
    """The picture with darkness at head and foot for the words, and the red frame."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent=parent)
        self.rolling = False
        self.head_px, self.foot_px = 150, 112
        self._scrims: tuple[QImage, QImage] | None = None

    def set_head(self, pixels: int) -> None:
        """How far down the words at the top reach."""
        if pixels != self.head_px:
            self.head_px = pixels
            self._scrims = None
            self.update()

    def set_foot(self, pixels: int) -> None:
        """How far up the keys reach."""
        if pixels != self.foot_px:
            self.foot_px = pixels
            self._scrims = None
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture, the scrims under texts, and the frame while rolling."""
        super().paintEvent(event)
        painter = QPainter(self)
        if self._scrims is None or self._scrims[0].width() != self.width():
            self._scrims = (_scrim(self.width(), self.head_px, top=True), _scrim(self.width(), self.foot_px, top=False))
        painter.drawImage(0, 0, self._scrims[0])
        painter.drawImage(0, self.height() - self._scrims[1].height(), self._scrims[1])
        if self.rolling:
            red = QColor(DARK.record)
            width, height, edge = self.width(), self.height(), FRAME_PX
            for x, y, w, h in (
                (0, 0, width, edge),
                (0, height - edge, width, edge),
                (0, edge, edge, height - 2 * edge),
                (width - edge, edge, edge, height - 2 * edge),
            ):
                painter.fillRect(x, y, w, h, red)


def _scrim(width: int, height: int, *, top: bool) -> QImage:
    """Darkness that carries words over a white picture too, and fades behind them; drawn once per size."""
    image = QImage(max(1, width), max(1, height), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    fade = QLinearGradient(0, 0, 0, height) if top else QLinearGradient(0, height, 0, 0)
    words = max(0.0, 1 - FADE_PX / max(1, height))
    for at, alpha in ((0.0, 235), (words, 205), ((1 + words) / 2, 96), (1.0, 0)):
        fade.setColorAt(at, QColor(6, 6, 7, alpha))
    painter = QPainter(image)
    painter.fillRect(image.rect(), fade)
    painter.end()
    return image


class Dot(QWidget):
    """A small filled circle; its word stands beside it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._colour = QColor(DARK.record)
        self.resize(13, 13)

    def tint(self, colour: str) -> None:
        """Use another colour of the palette."""
        if QColor(colour) != self._colour:
            self._colour = QColor(colour)
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the dot."""
        rounded(QPainter(self), self.rect().toRectF(), self.width() / 2, self._colour)


class Pill(PlainLabel):
    """One sentence on its own darkness, at the edge of the picture."""

    def __init__(self, parent: QWidget, role: Role = Role.BODY) -> None:
        super().__init__("", role, "look", wrap=True, palette=DARK, parent=parent)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def largest_within(self, most: int) -> tuple[int, int]:
        """Width and height, at most `most` pixels wide."""
        box = QRect(0, 0, most - 36, 1000)
        words = self.fontMetrics().boundingRect(box, int(Qt.TextFlag.TextWordWrap), self.text())
        return words.width() + 36, words.height() + 16

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground, then the text on it."""
        rounded(QPainter(self), self.rect().toRectF(), min(20, self.height() / 2), QColor(10, 10, 11, 214))
        super().paintEvent(event)


class Countdown(QWidget):
    """3, 2, 1 in the middle of the picture; it is not in the take."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._left = 0
        self.resize(120, 120)
        self.hide()

    def show_left(self, left: int) -> None:
        """Seconds left; 0 takes it away."""
        self._left = left
        self.setVisible(left > 0)
        self.setAccessibleName(str(left) if left else "")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A figure on a dark disc."""
        painter = QPainter(self)
        rounded(painter, self.rect().toRectF(), self.width() / 2, QColor(6, 6, 7, 150))
        font = QFont(theme_now().font_at(64, QFont.Weight.DemiBold, tabular=True))
        font.setPixelSize(64)
        painter.setFont(font)
        painter.setPen(QColor(DARK.text1))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, str(self._left))


class StageOverlay:
    """Owns and places everything on the stage."""

    def __init__(self, stage: QWidget) -> None:
        self.picture = StagePicture(stage)
        self._dot = Dot(stage)
        self._time = PlainLabel("", Role.TITLE, "text1", tabular=True, palette=DARK, parent=stage)
        self._slate, self._below = (
            ElidedLabel("", Role.SMALL, "text2", palette=DARK, parent=stage) for _line in range(2)
        )
        self._line = PlainLabel("", Role.PROMPT, "text1", wrap=True, palette=DARK, parent=stage)
        self._ends = PlainLabel("", Role.BODY, "text2", wrap=True, palette=DARK, parent=stage)
        for label in (self._line, self._ends):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._disk_dot = Dot(stage)
        self._disk_dot.resize(9, 9)
        self._disk = PlainLabel("", Role.SMALL, "text1", tabular=True, palette=DARK, parent=stage)
        self.meter = LevelMeter(Qt.Orientation.Vertical, on_picture=True, parent=stage)
        self._level = Pill(stage, Role.SMALL)
        self._pill = Pill(stage)
        self.keys = KeyHintRow(fixed=_QUIET, parent=stage)
        for name, key, words in _HINTS:
            # every hint has its key, and Space must always mean roll or cut: hints never take the focus
            self.keys.add(name, key, _(words)).setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._countdown = Countdown(stage)
        self._area = QRect()
        self.leads_to_system = False
        """Whether the system has a page for what went wrong."""
        self._slate_words = self._slate_said = ("", "")
        self._flash = QTimer(stage, singleShot=True, interval=1400)
        self._flash.timeout.connect(lambda: self._say_slate(*self._slate_words))

    def show_view(self, view: StageView, problem: str) -> None:
        """What the state shows and hides; nothing moves for its own sake."""
        rolling = view.state in _ROLLING
        self.picture.rolling = rolling
        self.picture.update()
        prompt = view.card.prompt if view.card else None
        self._line.say(lens_line(prompt) if prompt else "")
        self._ends.say(_("it ends when {moment}", moment=prompt.ends_when) if prompt else "")
        practice = _("practice devices") if view.practice and not rolling else ""
        pictured = view.devices is not None and view.devices.camera is not None
        loose = _("not calibrated") if pictured and not view.calibrated and not rolling else ""
        partner = partner_words.slate(view.partner) if not rolling else ""
        slate = (_("Take {number}", number=view.take_number), prompt.title) if prompt else ()
        self._slate_words = formatting.dotted(slate), formatting.dotted((practice, loose, partner)) if prompt else ""
        self._flash.stop()
        self._slate_said = self._slate_words
        for widget in (self._dot, self._time):
            widget.setVisible(rolling)
        if not rolling or view.state is StageState.COUNTDOWN:
            self._time.say("0:00")
        self._dot.tint(DARK.record)
        self._level.hide()
        self._countdown.show_left(view.countdown)
        self._show_problem(view, problem)
        names = [str(name) for name, _key, _words in _HINTS if name in view.actions]
        self.leads_to_system = view.state is StageState.FAILED and bool(settings_page(view.problem))
        names += [SYSTEM] if self.leads_to_system else []
        names += ["hide"] if rolling else ["hide", "guides"] if view.state is StageState.READY else []
        self.keys.show_only(*names)
        if view.state not in (*_ROLLING, StageState.READY):
            self._disk.say("")
        self.place(self._area)

    def show_time(self, words: str) -> None:
        """Show the time since the roll."""
        if words != self._time.text():
            wider = len(words) != len(self._time.text())
            self._time.say(words)
            if wider:
                self._place_head()

    def show_on_disk(self, words: str, tone: str) -> None:
        """What has reached the disk, or what does not."""
        self._disk_dot.tint(getattr(DARK, tone))
        self._disk.say(words, "text1" if tone == "good" else tone)
        self._place_disk()

    def show_hint(self, sentence: str) -> None:
        """The one hint, or none."""
        if sentence != self._pill.text():
            self._pill.say(sentence)
            self._place_pill()

    def show_level_word(self, *, rolling: bool) -> None:
        """The word beside the meter; while rolling only for what cannot be repaired later."""
        words = _(WORDS[self.meter.level])
        if words != self._level.text():
            self._level.say(words, {"text3": "text2", "record": "danger"}.get(self.meter.tone, self.meter.tone))
            self._place_level()
        self._level.setVisible(not rolling or self.meter.level is Level.CLIPPING)

    def flash(self, words: str) -> None:
        """Confirm a mark beside the time, for a moment."""
        self._say_slate(f"{words} {self._time.text()}")
        self._flash.start()

    def hide_self(self, hidden: bool) -> None:
        """Darkness instead of the mirror."""
        self.picture.hide_self(hidden)
        self.keys.hint("hide").say(_("show me") if hidden else _("hide me"))
        self._place_keys()

    def set_prompt_size(self, pixels: int) -> None:
        """The size of the prompt line at 100 % text."""
        self._line.set_size(pixels)
        self.place(self._area)

    def place(self, area: QRect) -> None:
        """Everything at its place; only when the size or the state changes."""
        self._area = area
        if area.isEmpty():
            return
        self.picture.setGeometry(area)
        self._place_disk()
        self._place_prompt()
        self._place_keys()
        height = min(440, area.height() - 2 * 150)
        self.meter.setGeometry(area.right() - _EDGE - 8, area.center().y() - height // 2 + 16, 10, height)
        self._place_level()
        self._place_pill()
        # below the face, which the performer still arranges, and above the one sentence
        lowest = self.keys.geometry().top() - 2 * 12 - self._pill.largest_within(area.width())[1]
        self._countdown.move(area.center().x() - 60, min(round(area.height() * 0.76) + 60, lowest) - 120)

    def _show_problem(self, view: StageView, problem: str) -> None:
        """A problem speaks in the middle when the stage has failed; while rolling it waits for the cut."""
        waiting = (
            devices.waits(view.waits) or _(_WAITING.get(view.state, ""))
            if view.made is None
            else _("Making the video: {share}", share=formatting.percent(view.made))
        )
        failed = view.state is StageState.FAILED
        dark = failed or view.state in (StageState.CLOSED, StageState.OPENING)
        self.meter.setVisible(not dark)
        if dark:
            self.picture.show_words(problem if failed else waiting, "look" if failed else "camera")
        if view.state is not StageState.READY:
            self.show_hint("" if dark else waiting)

    def _say_slate(self, words: str, below: str = "") -> None:
        self._slate_said = words, below
        self._place_head()

    def _place_head(self) -> None:
        left, middle = _EDGE, 40
        if not self._dot.isHidden():
            self._dot.move(left, middle - 6)
            self._time.adjustSize()
            self._time.move(left + 25, middle - self._time.height() // 2)
            left += 25 + self._time.width() + 12
        end = self._disk_dot.x() - 16 if self._disk.text() else self._area.width() - _EDGE
        lines = self._slate_said
        if self._has_room_aside():
            end = min(theme_now().px(_ASIDE), end)
        else:  # the prompt stands below, and this line has all the width
            lines = formatting.dotted(lines), ""
        top = middle - self._slate.sizeHint().height() // 2
        for label, words in zip((self._slate, self._below), lines, strict=True):
            label.say(words)
            label.setVisible(bool(words))
            size = label.sizeHint()
            label.setGeometry(left, top, max(0, min(size.width(), end - left)), size.height())
            top += size.height() + 2

    def _has_room_aside(self) -> bool:
        """Whether the prompt line stands between the slate and what is on the disk."""
        beside = self._area.width() - 2 * (theme_now().px(_ASIDE) + 16)
        return beside >= self._line.fontMetrics().averageCharWidth() * 45 // 2

    def _place_prompt(self) -> None:
        """As near the lens as the window allows: at the top, in the middle, at most 45 letters wide."""
        width_left = self._area.width() - 2 * (theme_now().px(_ASIDE) + 16)
        metrics = self._line.fontMetrics()
        wide = metrics.averageCharWidth() * 45
        top = 24
        if not self._has_room_aside():  # below the line of numbers
            width_left, top = self._area.width() - 2 * _EDGE, 40 + theme_now().px(24)
        width = min(width_left, wide)
        for label in (self._line, self._ends):
            height = label.heightForWidth(width) if label.text() else 0
            label.setGeometry(self._area.center().x() - width // 2, top, width, height)
            top += height + 6
        self.picture.set_head(top + FADE_PX)

    def _place_disk(self) -> None:
        self._disk.setVisible(bool(self._disk.text()))
        self._disk_dot.setVisible(bool(self._disk.text()))
        self._disk.adjustSize()
        left = self._area.right() - _EDGE - self._disk.width()
        self._disk.move(left, 40 - self._disk.height() // 2)
        self._disk_dot.move(left - 17, 40 - 4)
        self._place_head()

    def _place_level(self) -> None:
        width, height = self._level.largest_within(400)
        bar = self.meter.geometry()
        self._level.setGeometry(bar.right() - width, bar.bottom() + 10, width, height)

    def _place_keys(self) -> None:
        width = self._area.width() - 2 * _EDGE
        height = self.keys.heightForWidth(width)
        self.keys.setGeometry(_EDGE, self._area.bottom() - 20 - height, width, height)
        self.picture.set_foot(height + 24 + FADE_PX)

    def _place_pill(self) -> None:
        self._pill.setVisible(bool(self._pill.text()))
        width, height = self._pill.largest_within(self._area.width() - 2 * 92)
        foot = self.keys.geometry().top() - 12
        self._pill.setGeometry(self._area.center().x() - width // 2, foot - height, width, height)
