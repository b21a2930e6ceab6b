"""Deliveries: what is ready, what moves, what arrived; the studios takes go to; and that the copies here stay here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QMenu, QWidget

from perfstudio.language.catalogue import N_, Messages, _
from perfstudio.model.delivery import DELIVERY_ENDED, Arrival, DeliveryStatus
from perfstudio.model.errors import PerfstudioError
from perfstudio.model.links import is_invitation
from perfstudio.session.delivery.delivery_queue import DeliveryQueue
from perfstudio.session.takes.missing import MissingLabel
from perfstudio.session.views import DeliveryLine, StudioLine, TakeLine
from perfstudio.session.worker import Worker
from perfstudio.texts import deliveries, errors, formatting, sending, states
from perfstudio.ui.deliveries.connect_form import ConnectForm
from perfstudio.ui.deliveries.delivery_row import DeliveryRow
from perfstudio.ui.deliveries.inviting import Inviting
from perfstudio.ui.deliveries.kept_focus import KeptFocus, places
from perfstudio.ui.deliveries.list_card import list_card, named_row
from perfstudio.ui.deliveries.section import HeadedSection
from perfstudio.ui.deliveries.studio_row import StudioRow
from perfstudio.ui.deliveries.view import DeliveriesView, UnsentTake, summary
from perfstudio.ui.refresher import Refresher
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import Banner, Button, EmptyState, Page, PlainLabel, Toast
from perfstudio.ui.widgets.take_tile import name_of

COPIES = N_(
    "Your copies stay on this computer, even after delivery. They are deleted only when you bin them and empty the bin."
)
ChooseFile = Callable[[Callable[[Path], None]], None]
"""Opens the system's file choice and calls back with the file that was chosen."""


SECTIONS: Messages[dict[str, str]] = {
    "ready": "Ready to send",
    "unready": "Waiting for you",
    "moving": "On the way or waiting",
    "ended": "Arrived or ended",
    "studios": "Studios",
}


class DeliveriesPage(Page):
    """`refresh` reads all on `worker`, which may wait for a network or a keyring; `show_status` moves one line."""

    def __init__(
        self,
        *,
        deliveries: DeliveryQueue,
        worker: Worker,
        toast: Toast,
        choose_file: ChooseFile,
        choose_certificate: ChooseFile,
        takes: Callable[[], object],
        label: Callable[[str], object],
        consent: Callable[[str], object],
    ) -> None:
        super().__init__(_("Deliveries"), " ")
        self._deliveries, self._worker, self._toast = deliveries, worker, toast
        self._label, self._consent = label, consent
        self._post = DeliveriesView()
        self._refresher = Refresher(worker, self._read, self._show, self._say_problem)
        self.rows: dict[tuple[str, str], DeliveryRow] = {}
        self.studios: dict[str, StudioRow] = {}
        self.ready_buttons: dict[str, Button] = {}
        self.menu: QMenu | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.pause_button = Button(_("Pause all"), icon="pause", on_click=self._pause)
        self.connect_button = Button(_("Connect a studio"), icon="plus", on_click=lambda: self.form.ask())
        for button in (self.pause_button, self.connect_button):
            self.buttons.addWidget(button)
        self._source, self._new_key = "", ""
        self.form = ConnectForm(
            connect_to=self._connect,
            choose_file=lambda: choose_file(self._chosen),
            choose_certificate=lambda: choose_certificate(self._trusted),
            accept_key=lambda: self._connect(self._source, new_key=self._new_key),
        )
        self.inviting = Inviting(deliveries, worker, self.form, self._invited)
        self.held = Banner("", "look", action=(_("Send anyway"), self._send_anyway))
        self.held.hide()
        self._second = QTimer(self)
        self._second.timeout.connect(self._tick)
        self._sections = {name: HeadedSection(_(words)) for name, words in SECTIONS.items()}
        self.none_yet = EmptyState(
            "deliveries",
            _("Nothing to deliver yet"),
            _("Takes you have kept, labelled and signed wait here."),
            Button(_("Takes"), on_click=takes),
        )
        for widget in (self.form, self.inviting.card, self.held, *self._sections.values(), self.none_yet):
            self.body.addWidget(widget)
        self.copies = PlainLabel(_(COPIES), Role.SMALL, "text2", wrap=True)
        self.body.addStretch(1)
        self.body.addWidget(self.copies)
        self._show(self._post)
        self.none_yet.hide()  # nothing has been read yet

    def refresh(self) -> None:
        """Read everything again; any number of asks meanwhile become one."""
        self._refresher.refresh()

    def show_status(self, status: DeliveryStatus) -> None:
        """One delivery moved. A line that is new, or that ended, is placed anew."""
        row = self.rows.get((status.take_id, status.studio_id))
        if row is None:
            self.refresh()
            return
        before = row.line.status
        row.show_status(status)
        self.say(_("Deliveries"), summary(self._post, [row.line.status for row in self.rows.values()]))
        studio = self.studios.get(status.studio_id)
        answered = studio is not None and studio.line.known is not self._deliveries.known(status.studio_id)
        told = _withdrawal_of(before) != _withdrawal_of(status)
        if answered or told or (before.state in DELIVERY_ENDED) != (status.state in DELIVERY_ENDED):
            self.refresh()

    def show_ready(self, take_id: str) -> None:
        """Read everything again, and bring the button that sends a take under the keys: nothing leaves before it."""
        self._refresher.refresh(lambda _: self._point_at(take_id))

    def showEvent(self, event: QShowEvent) -> None:
        """While it is seen, what is waited for is counted down."""
        super().showEvent(event)
        self._second.start(1000)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody sees it."""
        super().hideEvent(event)
        self._second.stop()

    def invite(self, link: str) -> None:
        """Somebody opened an invitation: who invites is shown, and nothing is agreed to."""
        self._connect(link)

    # reading

    def _read(self) -> DeliveriesView:
        post = self._deliveries
        lines = post.lines()
        out = {line.status.take_id for line in lines if line.status.taken_out}
        ready = tuple(UnsentTake(t, post.plan(t.take_id), taken_out=t.take_id in out) for t in post.waiting_takes())
        again = {one.take.take_id for one in ready}
        return DeliveriesView(
            ready,
            post.unready_takes(),
            tuple(line for line in lines if not (line.status.taken_out and line.status.take_id in again)),
            post.studios(),
            post.paused,
            post.limits.now,
        )

    # showing

    def _show(self, post: DeliveriesView) -> None:
        self._post = post
        focus = KeptFocus(self, places(self.ready_buttons, self.rows))
        moving = [line for line in post.lines if line.status.state not in DELIVERY_ENDED or line.status.unfinished]
        ended = [line for line in post.lines if line not in moving]
        self.rows = {}
        self.ready_buttons = {}
        self._fill("ready", [self._ready_row(one) for one in post.ready])
        self._fill("unready", [self._unready_row(line) for line in post.unready])
        for name, lines in (("moving", moving), ("ended", ended)):
            self._sections[name].clear()
            for line in lines:
                self._sections[name].add(self._row(line))
        self._fill_studios(post.studios)
        held = sending.held(post.sending) if moving else ""
        self.held.say(held)
        self.none_yet.setVisible(not post.lines and not post.ready and not post.unready)
        self.copies.setVisible(bool(post.lines or post.ready))
        self.pause_button.say(_("Resume") if post.paused else _("Pause all"), icon="play" if post.paused else "pause")
        going = any(line.status.state not in DELIVERY_ENDED for line in post.lines)
        self.pause_button.setVisible(post.paused or going)
        self.say(_("Deliveries"), summary(post, [line.status for line in post.lines]))
        focus.give_back(places(self.ready_buttons, self.rows))

    def _fill(self, name: str, rows: list[QWidget]) -> None:
        self._sections[name].clear()
        if rows:
            self._sections[name].add(list_card(rows))

    def _unready_row(self, line: TakeLine) -> QWidget:
        """What is missing, and the way there."""
        button: Button | None = None
        if MissingLabel.LABEL in line.missing:
            button = Button(_(states.SAY_MEANT), on_click=lambda: self._label(line.take_id))
        elif MissingLabel.CONSENT in line.missing:
            button = Button(_("Choose its uses"), on_click=lambda: self._consent(line.take_id))
        if button is not None:
            button.setAccessibleName(f"{button.text()}: {name_of(line)}")
            self.ready_buttons[line.take_id] = button
        return named_row(name_of(line), _("Needs {missing}.", missing=states.waits_for(line.missing)), button)

    def _ready_row(self, one: UnsentTake) -> QWidget:
        length = formatting.duration(one.take.duration_s or 0)
        practice = _("practice") if one.take.practice else ""
        name = next((s.name for s in self._post.studios if s.id == one.studio_id), "")
        text = (
            _("Send to {studio}", studio=name) if name else _("Send") if self._post.studios else _("Connect a studio")
        )
        button = Button(text, icon="deliveries")
        button.clicked.connect(lambda _=False, take_id=one.take.take_id: self._send(take_id))
        button.setAccessibleName(f"{text}: {name_of(one.take)}")
        self.ready_buttons[one.take.take_id] = button
        host = _("to {host}", host=one.plan.host) if one.plan.host else ""
        out = _("removed before") if one.taken_out else ""
        words = formatting.dotted([length, formatting.size(one.take.size), practice, host, out])
        return named_row(name_of(one.take), words, button)

    def _row(self, line: DeliveryLine) -> DeliveryRow:
        row = DeliveryRow(
            line,
            retry=self._retry,
            pause=self._pause_one,
            take_out=self._take_out,
            sign_in=self._ask_sign_in,
            receipt=self._receipt,
        )
        self.rows[line.status.take_id, line.status.studio_id] = row
        return row

    def _fill_studios(self, studios: tuple[StudioLine, ...]) -> None:
        if [s.id for s in studios] == list(self.studios):
            for studio in studios:
                self.studios[studio.id].show_line(studio)
            return
        self.studios = {studio.id: StudioRow(studio, sign_in=self._sign_in) for studio in studios}
        self._fill("studios", list(self.studios.values()))

    # doing

    def _send(self, take_id: str) -> None:
        """To the studio it was signed for; where that is not known, the performer says which."""
        ready = next((r for r in self._post.ready if r.take.take_id == take_id), None)
        if ready is None:
            return
        if ready.studio_id is not None:
            self._queue(take_id, ready.studio_id)
        elif not self._post.studios:
            self.form.ask()
        else:
            self._ask_studio(take_id)

    def _queue(self, take_id: str, studio_id: str) -> None:
        self._do(lambda: self._deliveries.queue(take_id, studio_id))

    def _ask_studio(self, take_id: str) -> None:
        self.menu = QMenu(self)
        for studio in self._post.studios:
            host = urlsplit(studio.address).hostname or ""
            entry = self.menu.addAction(_("{studio}, at {host}", studio=studio.name, host=host))
            entry.triggered.connect(lambda _=False, studio_id=studio.id: self._queue(take_id, studio_id))
        self.menu.aboutToHide.connect(self.menu.deleteLater)
        button = self.ready_buttons[take_id]
        self.menu.popup(button.mapToGlobal(QPoint(0, button.height())))

    def _point_at(self, take_id: str) -> None:
        button = self.ready_buttons.get(take_id)
        if button is not None:
            button.setFocus(Qt.FocusReason.ShortcutFocusReason)
            if self.area is not None:
                self.area.ensureWidgetVisible(button)
        if any(one.take.take_id == take_id for one in self._post.ready) and not self._post.studios:
            self.form.ask()

    def _send_anyway(self) -> None:
        self._do(self._deliveries.limits.send_anyway)

    def _tick(self) -> None:
        for row in self.rows.values():
            row.tick()

    def _pause_one(self, status: DeliveryStatus) -> None:
        self._do(lambda: self._deliveries.pause_take(status.take_id, status.studio_id))

    def _retry(self, status: DeliveryStatus) -> None:
        self._do(lambda: self._deliveries.retry(status.take_id, status.studio_id))

    def _take_out(self, status: DeliveryStatus) -> None:
        self._do(lambda: self._deliveries.take_out(status.take_id, status.studio_id))
        self._toast.show_message(
            _("Removed from Deliveries. The take is still here."),
            undo=lambda: self._queue(status.take_id, status.studio_id),
        )

    def _receipt(self, status: DeliveryStatus) -> None:
        row = self.rows.get((status.take_id, status.studio_id))

        def have(receipt: Arrival | None) -> None:
            if row is not None and row is self.rows.get((status.take_id, status.studio_id)):
                row.show_receipt(receipt)

        self._worker.run(lambda: self._deliveries.receipt(status.take_id), have, self._say_problem)

    def _pause(self) -> None:
        on = not self._post.paused
        self._do(lambda: self._deliveries.pause(on))

    def _ask_sign_in(self, status: DeliveryStatus) -> None:
        row = self.studios.get(status.studio_id)
        if row is not None:
            row.ask()
            if self.area is not None:
                self.area.ensureWidgetVisible(row)

    def _sign_in(self, studio_id: str, token: str) -> None:
        self._worker.run(
            lambda: self._deliveries.sign_in(studio_id, token),
            lambda kept: self._signed_in(studio_id, kept=kept),
            lambda problem: self._not_signed_in(studio_id, problem),
        )

    def _signed_in(self, studio_id: str, *, kept: bool) -> None:
        row = self.studios[studio_id]
        row.token_kept(kept=kept)
        if kept:
            self._toast.show_message(deliveries.token_kept(row.line.name))
        self.refresh()

    def _not_signed_in(self, studio_id: str, problem: PerfstudioError) -> None:
        self.studios[studio_id].say(errors.sentence(problem))

    def _chosen(self, file: Path) -> None:
        self._connect(str(file))

    def _trusted(self, certificate: Path) -> None:
        self._connect(self._source, certificate)

    def _connect(self, source: str, certificate: Path | None = None, new_key: str | None = None) -> None:
        self._source = source
        if is_invitation(source):
            self.inviting.look(source, certificate)
            return
        self._worker.run(
            lambda: self._deliveries.connect(source, certificate, new_key), self._connected, self._not_connected
        )

    def _not_connected(self, problem: PerfstudioError) -> None:
        other_key = deliveries.other_key(problem)
        self._new_key = str(problem.facts.get("new", ""))
        self.form.say_problem(
            errors.sentence(problem), certificate=deliveries.wants_certificate(problem), key=other_key
        )

    def _connected(self, studio: StudioLine) -> None:
        self.form.done()
        self._toast.show_message(deliveries.added(studio))
        self._refresher.refresh(lambda _: self._ask_token(studio))

    def _invited(self, studio: StudioLine, said: str, lost: str) -> None:
        self._toast.show_message(said)

        def told(_: object) -> None:
            if lost and studio.id in self.studios:
                self.studios[studio.id].say(lost)

        self._refresher.refresh(told)

    def _ask_token(self, studio: StudioLine) -> None:
        if studio.needs_token and not studio.has_token and studio.id in self.studios:
            self.studios[studio.id].ask()

    def _do(self, work: Callable[[], None]) -> None:
        self._worker.run(work, lambda _: self.refresh(), self._say_problem)

    def _say_problem(self, problem: PerfstudioError) -> None:
        self._toast.show_message(errors.sentence(problem), tone="danger")


def _withdrawal_of(status: DeliveryStatus) -> tuple[object, ...]:
    return status.withdrawn_at, status.told_at, status.word, status.deleted_at, status.unfinished
