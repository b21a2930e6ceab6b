"""What lies over the stage's picture: line, time, what is on the disk, level, keys, countdown. Dark in every theme."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from perfstudio.language.catalogue import N_, Messages, _
from perfstudio.session.device_access import settings_page
from perfstudio.session.scene_facts import Length
from perfstudio.session.views import StageAction, StageState, StageView
from perfstudio.texts import devices, formatting
from perfstudio.texts import partner as partner_words
from perfstudio.texts.scenes import lens_line
from perfstudio.ui.palette import DARK
from perfstudio.ui.stage.far import LEAST_PX, far_px, share, size_to_fit
from perfstudio.ui.stage.line_place import LinePlace, place_at, width_in
from perfstudio.ui.stage.parts import FADE_PX, Countdown, Dot, Ground, Pill, StageHeading, StagePicture
from perfstudio.ui.theme import Role, theme_now
from perfstudio.ui.widgets import KeyHintRow, LevelMeter, PlainLabel
from perfstudio.ui.widgets.meter import WORDS, Level
from perfstudio.ui.widgets.meter_scale import ClipLamp, LevelScale

_EDGE = 28
_GAP = 12
_MOST_PROMPT, _MOST_PILL = 0.28, 0.3
"""Shares of the height that the prompt line and the one sentence take at most."""
_ENDS = 0.56
"""How large what ends the scene is beside the prompt line."""
_QUIET = QColor(243, 241, 236, 205)
_ROLLING = (StageState.COUNTDOWN, StageState.ROLLING)
_FRAMES = {StageState.COUNTDOWN: "look", StageState.ROLLING: "record"}
"""The colour of frame and dot: not red before "go"."""
_LENGTH_TONES = {Length.SHORT: "text2", Length.ENOUGH: "good", Length.LONG: "look"}
_WAITING: Messages[dict[StageState, str]] = {
    StageState.CLOSED: "",
    StageState.OPENING: "Opening the camera and the microphone …",
    StageState.STARTING: "Starting …",
    StageState.CUTTING: "Saving the take …",
    StageState.CHECKING: "Checking the take …",
}
OTHER_DEVICES = (StageState.READY, StageState.FAILED)
"""States in which others can be chosen."""
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
    ("devices", "D", N_("devices")),
    (StageAction.ABANDON, "Esc", N_("abandon")),
    (StageAction.LEAVE, "Esc", N_("back")),
)


class StageOverlay:
    """Owns and places everything on the stage."""

    def __init__(self, stage: QWidget) -> None:
        self.picture = StagePicture(stage)
        self._dot = Dot(stage)
        self._time = PlainLabel("", Role.TITLE, "text1", tabular=True, palette=DARK, parent=stage)
        self._length = PlainLabel("", Role.TITLE, "text2", tabular=True, palette=DARK, parent=stage)
        self._slate = StageHeading(stage)
        self._ground = Ground(stage)
        self._line = PlainLabel("", Role.PROMPT, "text1", wrap=True, palette=DARK, parent=stage)
        self._ends = PlainLabel("", Role.BODY, "text2", wrap=True, palette=DARK, parent=stage)
        for label in (self._line, self._ends):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._disk_dot = Dot(stage)
        self._disk = PlainLabel("", Role.SMALL, "text1", wrap=True, tabular=True, palette=DARK, parent=stage)
        self.meter = LevelMeter(Qt.Orientation.Vertical, on_picture=True, parent=stage)
        self._scale = LevelScale(Qt.Orientation.Vertical, on_picture=True, parent=stage)
        self.lamp = ClipLamp(self.meter, on_picture=True, parent=stage)
        self.lamp.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Space must always mean roll or cut
        self._level = Pill(stage)
        self._pill = Pill(stage)
        self.keys = KeyHintRow(fixed=_QUIET, parent=stage)
        for name, key, words in _HINTS:
            # every hint has its key, and Space must always mean roll or cut: hints never take the focus
            self.keys.add(name, key, _(words)).setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._countdown = Countdown(stage)
        self._area = QRect()
        self.leads_to_system = False
        """Whether the system has a page for what went wrong."""
        self._prompt_px = 45
        self.line_place = LinePlace()
        self._slate_words = ""
        self._flash = QTimer(stage, singleShot=True, interval=1400)
        self._flash.timeout.connect(lambda: self._say_slate(self._slate_words))

    def show_view(self, view: StageView, problem: str) -> None:
        """What the state shows and hides; nothing moves for its own sake."""
        rolling = view.state in _ROLLING
        self.picture.frame = _FRAMES.get(view.state, "")
        self.picture.update()
        prompt = view.card.prompt if view.card else None
        self._line.say(lens_line(prompt) if prompt else "")
        self._ends.say(_("it ends when {moment}", moment=prompt.ends_when) if prompt else "")
        practice = _("practice devices") if view.practice and not rolling else ""
        pictured = view.devices is not None and view.devices.camera is not None
        loose = _("not calibrated") if pictured and not view.calibrated else ""
        partner = partner_words.slate(view.partner) if not rolling else ""
        slate = (_("Take {number}", number=view.take_number), prompt.title) if prompt else ()
        self._slate_words = formatting.dotted((*slate, practice, loose, partner)) if prompt else ""
        self._flash.stop()
        self._slate.say(self._slate_words)
        for widget in (self._dot, self._time, self._length):
            widget.setVisible(rolling)
        if not rolling or view.state is StageState.COUNTDOWN:
            self._time.say("0:00")
            self._length.say("")
        self._dot.tint(getattr(DARK, self.picture.frame or "record"))
        self._level.hide()
        self._countdown.show_left(view.countdown)
        self._show_problem(view, problem)
        names = [str(name) for name, _key, _words in _HINTS if name in view.actions]
        self.leads_to_system = view.state is StageState.FAILED and bool(settings_page(view.problem))
        names += [SYSTEM] if self.leads_to_system else []
        names += ["devices"] if view.state in OTHER_DEVICES else []
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
                self._place_numbers()

    def show_length(self, words: str, length: Length) -> None:
        """How long the scene should be, and once it is that long or longer."""
        self._length.say(words, _LENGTH_TONES[length])
        self._place_numbers()

    def show_on_disk(self, words: str, tone: str) -> None:
        """What has reached the disk, or what does not."""
        self._disk_dot.tint(getattr(DARK, tone))
        self._disk.say(words, "text1" if tone == "good" else tone)
        self._place_numbers()

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
        self._prompt_px = pixels
        self.place(self._area)

    def set_line_place(self, place: LinePlace) -> None:
        """Where the prompt line stands."""
        if place != self.line_place:
            self.line_place = place
            self.place(self._area)

    def line_rect(self) -> QRect:
        """Where it stands now, with what ends the scene."""
        return self._line.geometry().united(self._ends.geometry())

    def drag_line(self, point: QPoint) -> LinePlace:
        """The place that the pointer means; it stands there at once."""
        size = self.line_rect().size() if not self.line_place.at_top else QSize(width_in(self._room()), 80)
        self.set_line_place(place_at(point, self._room(), size))
        return self.line_place

    def place(self, area: QRect) -> None:
        """Everything at its place; only when the size or the state changes."""
        self._area = area
        if area.isEmpty():
            return
        self.picture.setGeometry(area)
        far = far_px(area)
        for label in (self._time, self._length, self._disk, self._level):
            label.set_size(far)
        self._place_keys()
        self._place_prompt()
        self._place_meter()
        self._place_level()
        self._place_pill()
        self._place_aside()
        self._place_countdown()

    def _show_problem(self, view: StageView, problem: str) -> None:
        """A problem speaks in the middle when the stage has failed; while rolling it waits for the cut."""
        waiting = (
            devices.waits(view.waits) or _(_WAITING.get(view.state, ""))
            if view.made is None
            else _("Making the video: {share}", share=formatting.percent(view.made))
        )
        failed = view.state is StageState.FAILED
        dark = failed or view.state in (StageState.CLOSED, StageState.OPENING)
        for part in (self.meter, self._scale, self.lamp):
            part.setVisible(not dark)
        if dark:
            self.picture.show_words(problem if failed else waiting, "look" if failed else "camera")
        if view.state is not StageState.READY:
            self.show_hint("" if dark else waiting)

    def _say_slate(self, words: str) -> None:
        self._slate.say(words)
        self._place_numbers()

    def _place_prompt(self) -> None:
        """As near the lens as the window allows: at the top, in the middle; as large as it was asked to be, as long as
        most of the picture is left."""
        if not self.line_place.at_top:
            self._place_numbers()
            return
        width, most = self._area.width() - 2 * _EDGE, round(self._area.height() * _MOST_PROMPT)
        size_to_fit((self._line,), self._prompt_px, width, round(most * 0.8), LEAST_PX)
        ends = round(self._line.font().pixelSize() * _ENDS / theme_now().scale)
        size_to_fit((self._ends,), max(15, ends), width, most - self._line.heightForWidth(width), 15)
        top = 16
        for label in (self._line, self._ends):
            height = label.heightForWidth(width) if label.text() else 0
            label.setGeometry(self._area.center().x() - width // 2, top, width, height)
            top += height + 4 * bool(height)
        self._place_numbers()

    def _room(self) -> QRect:
        """Where the line may stand: below the numbers, above keys, sentence and level, beside the meter."""
        top, right = self.picture.head_px - FADE_PX // 2, self._scale.geometry().left() - _GAP
        bottom = min(self.keys.geometry().top(), self._level.geometry().top()) - _GAP
        if self._pill.text():
            bottom = min(bottom, self._pill.geometry().top() - _GAP)
        return QRect(QPoint(_EDGE, top), QPoint(max(_EDGE + 1, right), max(top + 1, bottom)))

    def _place_aside(self) -> None:
        """Where the lens of another camera is, on darkness of its own."""
        self._ground.setVisible(not self.line_place.at_top and bool(self._line.text()))
        if self.line_place.at_top:
            return
        room, pad = self._room(), 2 * _GAP
        width = width_in(room)
        size_to_fit((self._line,), self._prompt_px, width - pad, round(room.height() * 0.6), LEAST_PX)
        left = room.height() - pad - self._line.heightForWidth(width - pad)
        ends = max(15, round(self._line.font().pixelSize() * _ENDS / theme_now().scale))
        size_to_fit((self._ends,), ends, width - pad, left, 15)
        heights = [part.heightForWidth(width - pad) if part.text() else 0 for part in (self._line, self._ends)]
        box = self.line_place.rect(room, QSize(width, sum(heights) + pad))
        self._ground.setGeometry(box)
        top = box.top() + _GAP
        for label, height in zip((self._line, self._ends), heights, strict=True):
            label.setGeometry(box.left() + _GAP, top, width - pad, height)
            top += height

    def _place_numbers(self) -> None:
        """Time, slate, and what is on the disk: a row below the prompt line, or two."""
        if self._area.isEmpty():
            return
        top = max(label.geometry().bottom() for label in (self._line, self._ends)) + 8
        top = top if self.line_place.at_top else 16
        left, end, high = _EDGE, self._area.width() - _EDGE, self._disk.fontMetrics().height()
        dot = round(high * 0.42)
        if not self._dot.isHidden():
            self._time.adjustSize()
            self._dot.setGeometry(left, top + (high - dot) // 2, dot, dot)
            self._time.move(left + dot + _GAP, top)
            left += dot + self._time.width() + 2 * _GAP
            if self._length.text():
                self._length.adjustSize()
                self._length.move(left, top)
                left += self._length.width() + 2 * _GAP
        row = top
        for part in (self._disk, self._disk_dot):
            part.setVisible(bool(self._disk.text()))
        if self._disk.text():
            wide = self._disk.fontMetrics().horizontalAdvance(self._disk.text()) + 4
            if wide + dot + _GAP > end - left:
                row, left = top + high * (left > _EDGE), _EDGE
            wide = min(wide, end - left - dot - _GAP)
            tall = self._disk.heightForWidth(wide)
            self._disk.setGeometry(end - wide, row, wide, tall)
            self._disk_dot.setGeometry(end - wide - dot - _GAP, row + (high - dot) // 2, dot, dot)
            end, row = end - wide - dot - 2 * _GAP, row + max(0, tall - high)
        self._place_slate(left, end, row, high)

    def _place_slate(self, left: int, end: int, top: int, high: int) -> None:
        """Beside the numbers where two lines of it have room there, else below them."""
        self._slate.setVisible(bool(self._slate.text()))
        beside, line = self._slate.heightForWidth(max(1, end - left)), self._slate.fontMetrics().lineSpacing()
        words = self._slate.text().split()
        longest = max((self._slate.fontMetrics().horizontalAdvance(word) for word in words), default=0)
        if end - left > longest and beside <= max(high, 2 * line + 4):
            self._slate.setGeometry(left, top + max(0, high - beside) // 2, end - left, beside)
            bottom = top + max(high, beside)
        else:
            width = self._area.width() - 2 * _EDGE
            tall = self._slate.heightForWidth(width)
            self._slate.setGeometry(_EDGE, top + high + 4, width, tall)
            bottom = top + high + 4 + tall
        if bottom + FADE_PX != self.picture.head_px:
            self.picture.set_head(bottom + FADE_PX)
            self._place_meter()
            self._place_level()
            self._place_aside()

    def _place_meter(self) -> None:
        """At the right, between the numbers and the words of the level."""
        wide = round(10 * max(1.0, share(self._area)))
        top = self.picture.head_px - FADE_PX // 2
        _width, level = self._level.largest_within(self._area.width())
        lowest = self.keys.geometry().top() - 2 * (level + _GAP)
        right, lamp, figures = self._area.right() - _EDGE, self.lamp.sizeHint(), self._scale.sizeHint().width()
        self.lamp.setGeometry(right - lamp.width(), top, lamp.width(), lamp.height())
        top += lamp.height() + 6
        high = max(60, min(round(self._area.height() * 0.55), lowest - top - _GAP))
        self.meter.setGeometry(right - wide, top, wide, high)
        self._scale.setGeometry(right - wide - 4 - figures, top, figures, high)

    def _place_level(self) -> None:
        width, height = self._level.largest_within(self._area.width() - 2 * _EDGE)
        bar = self.meter.geometry()
        self._level.setGeometry(bar.right() - width, bar.bottom() + 10, width, height)

    def _place_keys(self) -> None:
        width = self._area.width() - 2 * _EDGE
        height = self.keys.heightForWidth(width)
        self.keys.setGeometry(_EDGE, self._area.bottom() - 20 - height, width, height)
        self.picture.set_foot(height + 24 + FADE_PX)

    def _place_pill(self) -> None:
        """Above the keys, and beside the words of the level where these are in the way."""
        self._pill.setVisible(bool(self._pill.text()))
        most = round(self._area.height() * _MOST_PILL)
        for aside in (92, self._level.width() + _EDGE + 16):
            room = self._area.width() - 2 * aside
            size_to_fit((self._pill,), far_px(self._area), room - 36, most, 15)
            width, height = self._pill.largest_within(room)
            foot = self.keys.geometry().top() - _GAP
            self._pill.setGeometry(self._area.center().x() - width // 2, foot - height, width, height)
            if self._level.isHidden() or not self._pill.geometry().intersects(self._level.geometry()):
                return

    def _place_countdown(self) -> None:
        """Below the face, which the performer still arranges, and above the one sentence."""
        side = round(120 * max(1.0, share(self._area)))
        lowest = self.keys.geometry().top() - 2 * _GAP - self._pill.largest_within(self._area.width())[1]
        middle = round(self._area.height() * 0.76) + side // 2
        highest = self.picture.head_px - FADE_PX
        top = max(highest, min(middle, lowest) - side)
        self._countdown.setGeometry(self._area.center().x() - side // 2, top, side, side)
