"""Review: the take plays at once; what the checks found, the performer's own words, and four verbs in one place."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtGui import QHideEvent, QImage, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QAbstractButton

from perfstudio.capture.playing.beside_film import BesideFilm
from perfstudio.language.catalogue import _
from perfstudio.model.checks import CheckCode
from perfstudio.model.errors import PerfstudioError
from perfstudio.model.labels import Labels
from perfstudio.model.take import Decision, TakeState
from perfstudio.session.takes.decisions import TakeDecisions
from perfstudio.session.takes.review import TakeReview
from perfstudio.session.takes.waveform import Waveform, read_waveform
from perfstudio.session.worker import Worker
from perfstudio.texts import errors, formatting, states
from perfstudio.ui.keyboard import BIN_KEYS
from perfstudio.ui.playback.picture import PlayedPicture
from perfstudio.ui.playback.player import Playback
from perfstudio.ui.review.action_bar import ActionBar
from perfstudio.ui.review.checks_list import ChecksList
from perfstudio.ui.review.clip_card import ClipPart
from perfstudio.ui.review.decisions import ToldDecisions
from perfstudio.ui.review.label_panel import LabelPanel
from perfstudio.ui.review.left_column import LeftColumn
from perfstudio.ui.review.notes import ReviewNotes
from perfstudio.ui.review.partner_beside import PartnerBeside
from perfstudio.ui.review.player_bar import PlayerActs, PlayerBar
from perfstudio.ui.review.player_keys import PlayerKeys
from perfstudio.ui.review.reel_card import ReelPart
from perfstudio.ui.review.review_moments import ReviewMoments
from perfstudio.ui.review.summary import own_points, subline, told
from perfstudio.ui.review.take_beside import Lay, TakeBeside
from perfstudio.ui.review.timeline import Timeline
from perfstudio.ui.review.trim_note import TrimNote
from perfstudio.ui.widgets import Chip, Page, ScrollColumn, Toast, TwoColumns, announce, bring_into_view
from perfstudio.ui.widgets.base import ENTER, in_field

SIDE_PX, MOST_SIDE = 380, 0.425
"""Width of the right column at 100 % text, and the most it may take of the page."""


class ReviewPage(Page):
    """Give it a take with `show_take`; tell it with `take_changed` that the library changed one.

    A take whose checks still run is given with `show_film`: it plays; `take_sealed` brings them. `again`
    rolls the next take of the same scene, `consent` goes on to the Consent page, `leave` goes back. The take is read
    on `worker`, its wave on `background`; nothing waits for either.
    """

    def __init__(
        self,
        *,
        read: Callable[[str], TakeReview],
        decisions: TakeDecisions,
        worker: Worker,
        background: Worker,
        toast: Toast,
        again: Callable[[TakeReview], object],
        consent: Callable[[str], object],
        leave: Callable[[], object],
        lay: Lay,
        clips: ClipPart | None = None,
        reel: ReelPart | None = None,
        to_take: Callable[[str], object] | None = None,
        volume: int = 100,
        keep_volume: Callable[[int], object] = lambda _: None,
    ) -> None:
        super().__init__(_("Review"), " ", scrolls=False)
        self._read, self._worker, self._background = read, worker, background
        self._decisions = ToldDecisions(decisions, toast)
        self._again, self._consent, self._leave = again, consent, leave
        self._take_id, self._at_label = "", False
        self.review: TakeReview | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.playback = Playback(self)
        self.picture, self.timeline, self.clips = PlayedPicture(), Timeline(), clips or ClipPart()
        self.reel = reel or ReelPart()
        self.moments = ReviewMoments(
            self, self.playback, self.timeline, self._decisions, arrange=lambda: self._left.arrange()
        )
        acts = PlayerActs(self._mark_point, to_take or self.show_take, lambda: self.beside.turn(), keep_volume)
        self.player = PlayerBar(self.playback, acts, volume)
        self._keys = PlayerKeys(self.playback, self.player)
        self.partner = PartnerBeside(self.playback, self, arrange=lambda: self._left.arrange())
        self.beside = TakeBeside(
            self, self.playback, self.partner, lay, worker, self._decisions.say, arrange=lambda: self._left.arrange()
        )
        self.checks = ChecksList(play_from=self.playback.play_from, intend=self._intend)
        self.labels = LabelPanel(changed=self._label, played=lambda how: self._decisions.say_played(self._take_id, how))
        self.chips = [Chip(_("practice"), "look"), Chip(_("circled"), "accent", icon="circle"), Chip("")]
        for chip in self.chips:
            self.buttons.addWidget(chip)
        self.verbs = ActionBar(
            keep=self.keep, circle=self.circle, again=self.again, bin_take=self.bin_or_restore,
            consent=self.go_on, leave=self._go_back,
        )  # fmt: skip
        self._build()
        self._connect()

    def show_take(self, take_id: str, *, at_label: bool = False) -> None:
        """Read a take and play it; `at_label` brings what it was meant to be to the front."""
        self.labels.save_pending()
        self._take_id, self._at_label = take_id, at_label
        self.playback.close()
        self._worker.run(lambda: self._read(take_id), self._show, self._cannot_show)

    def show_film(self, review: TakeReview) -> None:
        """Play a take whose checks still run."""
        self.labels.save_pending()
        self._take_id = review.line.take_id
        self._show(review)

    @property
    def waiting(self) -> bool:
        """Whether the take shown is not sealed yet."""
        return self.review is not None and not self.review.sealed

    def take_moving(self, take_id: str) -> None:
        """Its folder is about to get its final name."""
        if take_id == self._take_id:
            self.playback.let_go()

    def take_sealed(self, take_id: str) -> None:
        """Its checks are done: the one shown gets them, and plays on."""
        if take_id == self._take_id and self.waiting:
            self._worker.run(lambda: self._read(take_id), self._complete, self._decisions.say)

    def cannot_seal(self, sentence: str) -> None:
        """Why nothing can be decided about the take shown, for now."""
        self.checks.say(sentence, "look")
        announce(self, sentence)

    def take_changed(self, take_id: str) -> None:
        """The living part of a take changed; the one shown is read again, and plays on."""
        if take_id == self._take_id:
            self._worker.run(lambda: self._read(take_id), self._refresh, self._decisions.say)

    # the verbs

    def keep(self) -> None:
        """Keep it; what is still missing before it can go is asked for now."""
        if self.review is None:
            return
        self.labels.save_pending()
        self._decisions.keep(self.review.line.take_id)
        announce(self, _("Kept"))
        if self.labels.labels() is None:
            self.ask_meant()

    def ask_meant(self) -> None:
        """To where the performer says what was meant: the one thing a take cannot go without."""
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)  # what is new has its place first
        bring_into_view(self.labels.ask_meant(), 60)

    def circle(self) -> None:
        """Prefer it, or no longer."""
        if self.review is not None:
            on = not self.review.line.circled
            self._decisions.circle(self.review.line.take_id, on=on)
            announce(self, _("Circled") if on else _("No longer circled"))

    def again(self) -> None:
        """Play the scene once more."""
        if self.review is not None:
            self.labels.save_pending()
            self._again(self.review)

    def bin_or_restore(self) -> None:
        """Into the bin, with a way back; out of it again."""
        if self.review is not None:
            self._decisions.bin_or_restore(self.review)

    def go_on(self) -> None:
        """To what the take may be used for."""
        if self.review is not None and self.review.manifest.decision is Decision.KEPT:
            self.labels.save_pending()
            self._consent(self._take_id)

    # keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space, arrows and signs play, I and O mark, letters decide, digits rate."""
        key = Qt.Key(event.key())
        if key in ENTER and in_field(self):
            return
        if self._move_scale(key) or (self.review is not None and self._keys.press(key, event.modifiers())):
            return
        if event.isAutoRepeat() or event.modifiers() & Qt.KeyboardModifier.ControlModifier or not self._decide(key):
            super().keyPressEvent(event)

    def _move_scale(self, key: Qt.Key) -> bool:
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.labels.turn(1 if key is Qt.Key.Key_Down else -1)
        elif Qt.Key.Key_1 <= key <= Qt.Key.Key_9:
            self.labels.rate(key - Qt.Key.Key_0)
        else:
            return False
        bring_into_view(self.labels.scale_in_turn())
        return True

    def _decide(self, key: Qt.Key) -> bool:
        acts: dict[Qt.Key, Callable[[], object]] = {
            **self._keys.once,
            Qt.Key.Key_K: self.keep,
            Qt.Key.Key_C: self.circle,
            Qt.Key.Key_R: self.again,
            Qt.Key.Key_H: self.partner.turn,
            Qt.Key.Key_V: self.beside.turn,
            Qt.Key.Key_G: self.beside.turn_lock,
            Qt.Key.Key_E: self.reel.ask,
            Qt.Key.Key_M: self.moments.mark,
            Qt.Key.Key_B: self.moments.broke,
            Qt.Key.Key_I: lambda: self._mark_point("in_s"),
            Qt.Key.Key_O: lambda: self._mark_point("out_s"),
            Qt.Key.Key_Return: self.go_on,
            Qt.Key.Key_Enter: self.go_on,
            Qt.Key.Key_Escape: self._go_back,
            **dict.fromkeys(BIN_KEYS, self.bin_or_restore),
        }
        act = acts.get(key)
        if act is None:
            return Qt.Key.Key_A <= key <= Qt.Key.Key_Z and self.labels.press(chr(key))
        act()
        return True

    # showing

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing plays out of sight, and the last words are saved."""
        super().hideEvent(event)
        self.labels.save_pending()
        self.playback.rest()
        self.picture.rest()
        self.partner.picture.rest()

    def showEvent(self, event: QShowEvent) -> None:
        """Where it was left."""
        super().showEvent(event)
        self.playback.wake()

    def _show(self, review: TakeReview) -> None:
        if review.line.take_id != self._take_id:
            return  # another take was asked for meanwhile
        self._fill(review)
        manifest, sound_only = review.manifest, review.picture is None
        self._left.picture_share = 0.34 if sound_only else 1.0
        self.timeline.roomy = sound_only
        self.timeline.show_take(review.duration_s)
        self._show_checks(review)
        self.labels.show_take(manifest)
        self._side.verticalScrollBar().setValue(0)
        self.picture.show_time(0, review.duration_s)
        self.picture.clear(_("Sound only") if sound_only else "", "microphone" if sound_only else "takes")
        if review.line.thumbnail is not None and not sound_only:
            self.picture.show_image(QImage(str(review.line.thumbnail)))
        beside = self.partner.show_side(review.partner)
        self._left.arrange()
        self._open_files(review, beside)
        if self._at_label:
            self._at_label = False
            QTimer.singleShot(0, self, self.ask_meant)  # its chips are new, and have no place yet

    def _show_checks(self, review: TakeReview) -> None:
        if review.sealed:
            self.checks.show_checks(told(review))
        else:
            self.checks.wait()

    def _complete(self, review: TakeReview) -> None:
        if review.line.take_id != self._take_id or not self.waiting:
            return  # another take was asked for meanwhile, or this one was read anew
        self._fill(review)
        self._show_checks(review)
        file = review.picture or review.sound
        if file is not None:
            self.playback.move_to(file, play=self.isVisible())
        if not self.timeline.has_wave():
            self._read_wave(review)  # it was being read when the folder moved

    def _open_files(self, review: TakeReview, beside: BesideFilm | None) -> None:
        file = review.picture or review.sound
        if file is None:
            self.picture.clear(_("The files of this take are not here."), "offline")
        else:
            self.playback.open(file, review.duration_s, play=self.isVisible(), beside=beside)
            self.playback.trim(review.manifest.trim.in_s, review.manifest.trim.out_s or review.duration_s)
        self._read_wave(review)

    def _read_wave(self, review: TakeReview) -> None:
        if review.sound is not None and (review.sealed or not self.playback.HOLDS_NAMES):
            sound, take_id = review.sound, review.line.take_id
            self._background.run(
                lambda: read_waveform(sound),
                lambda wave: self._show_wave(take_id, wave),
                lambda problem: self._show_wave(take_id, problem),
            )

    def _refresh(self, review: TakeReview) -> None:
        if review.line.take_id == self._take_id:
            self._fill(review)
            self.playback.trim(review.manifest.trim.in_s, review.manifest.trim.out_s or review.duration_s)

    def _fill(self, review: TakeReview) -> None:
        """Everything that may change while the take is shown."""
        self.review = review
        line, manifest, trim = review.line, review.manifest, review.manifest.trim
        self.say(_("{title} · take {number}", title=line.title, number=line.number), subline(review))
        self.setAccessibleName(_("Review: {title}, take {number}", title=line.title, number=line.number))
        practice, circled, state = self.chips
        practice.setVisible(line.practice)
        circled.setVisible(line.circled)
        state.say(*states.standing(line))
        state.setVisible(line.state not in (TakeState.UNDECIDED, TakeState.KEPT))
        self.verbs.show_take(manifest.decision, circled=line.circled, signed=manifest.consent is not None)
        self.notes.show_review(review)
        self.player.show_review(review)
        self.beside.show_review(review)
        self.reel.show_review(review)
        self.clips.show_review(review)
        self.moments.show_review(review)
        self.timeline.show_ruling(line.ruling)
        self.timeline.show_trim(trim.in_s, trim.out_s)
        self._trim.setVisible(own_points(review))
        self._left.arrange()
        self._trim.show_points(trim.in_s, trim.out_s, review.duration_s)

    def _show_wave(self, take_id: str, wave: Waveform | PerfstudioError) -> None:
        if take_id == self._take_id:
            self.moments.show_wave(wave)

    def _cannot_show(self, problem: PerfstudioError) -> None:
        self.review = None
        self.say(_("This take"), "")
        self.picture.clear(errors.sentence(problem), "retake")
        self.verbs.rest()

    def _intend(self, code: CheckCode, on: bool) -> None:
        self._decisions.intend(self._take_id, code, on=on)

    def _label(self, labels: Labels | None) -> None:
        if labels is not None and self.review is not None:
            self._decisions.label(self.review.line.take_id, labels)

    def _mark_point(self, which: str) -> None:
        if self.review is not None:
            self._decisions.mark_point(self.review.line.take_id, which, round(self.playback.position_s, 3))

    def _go_back(self) -> None:
        self.labels.save_pending()
        self._leave()

    # building

    def _build(self) -> None:
        self.body.setContentsMargins(self.MARGIN, 0, 0, 0)
        self.body.setSpacing(0)
        self.notes = ReviewNotes(self.MARGIN, ask_meant=self.ask_meant, play_from=self.playback.play_from)
        self.body.addWidget(self.notes)
        self._trim = TrimNote(lambda: self._decisions.clear_points(self._take_id))
        below = (self._trim, self.moments.legend, self.player)
        self._left = LeftColumn(self.picture, self.partner, self.timeline, below)
        self._side = ScrollColumn(margins=(0, 0, self.MARGIN, 12), spacing=12)
        for part in (self.checks, self.labels, self.moments.card, self.reel, self.clips):
            self._side.body.addWidget(part)
        self._side.body.addStretch(1)
        self._columns = TwoColumns(self._left, self._side, (self._side,), side_px=SIDE_PX, share=MOST_SIDE)
        self.body.addWidget(self._columns, 1)
        self.set_foot(self.verbs)
        for button in self.findChildren(QAbstractButton):
            if button.focusPolicy() == Qt.FocusPolicy.StrongFocus:
                button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves Space to the player

    def _connect(self) -> None:
        self.picture.clicked.connect(self.playback.toggle)
        self.timeline.sought.connect(self.playback.seek)
        self.playback.frame.connect(self.picture.show_frame)
        self.playback.played.connect(self.picture.show_playing)
        self.playback.moved.connect(self._moved)
        self.playback.failed.connect(self._cannot_play)
        self.playback.broke_off.connect(self._broke_off)
        self.playback.unheard.connect(self.picture.show_unheard)
        self.picture.sized.connect(self.playback.fit)

    def _moved(self, seconds: float) -> None:
        if self.review is not None:
            self.timeline.show_position(seconds)
            self.picture.show_time(seconds, self.review.duration_s)

    def _cannot_play(self) -> None:
        self.picture.clear(_("This take cannot be played here. Its files were not changed."), "look")

    def _broke_off(self, seconds: float) -> None:
        at = formatting.duration(seconds)
        self.picture.clear(_("This take cannot be read from {time} on. Its files were not changed.", time=at), "look")
