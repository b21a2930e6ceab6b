"""Consent: what one studio may do with one take. Each line is off until it is turned on, and as easily off again."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from perfstudio.language.catalogue import _
from perfstudio.model.clock import utc_now
from perfstudio.model.consent import ConsentRecord, UseId
from perfstudio.model.errors import PerfstudioError
from perfstudio.model.prompt import Terms
from perfstudio.session.consents import ConsentService
from perfstudio.session.takes.missing import MissingLabel
from perfstudio.session.views import ConsentOffer
from perfstudio.session.worker import Worker
from perfstudio.texts import aloud, errors, formatting, rights, states
from perfstudio.ui.consent.columns import ConsentColumns
from perfstudio.ui.consent.draft import Drafts
from perfstudio.ui.consent.notice_head import Breath
from perfstudio.ui.consent.reader import Reader
from perfstudio.ui.consent.rows import flow_row
from perfstudio.ui.consent.send_choice import BACK_KEY, SIGN_KEY, SendChoice
from perfstudio.ui.consent.side_column import SideColumn
from perfstudio.ui.consent.sign_card import SignCard
from perfstudio.ui.consent.spoken_card import SpokenCard
from perfstudio.ui.consent.use_grid import UseGrid
from perfstudio.ui.consent.warned import ComparedCard, WarnedCard
from perfstudio.ui.widgets import (
    Banner,
    Button,
    ButtonKind,
    Chip,
    KeyHint,
    Page,
    Toast,
    announce,
    bring_into_view,
)
from perfstudio.ui.widgets.base import ENTER, in_field

SaveReceipt = Callable[[str, ConsentRecord], None]
"""Gets a suggested file name without its ending, and the record; asks where to and as what, and writes it."""


class ConsentPage(Page):
    """Show it a take with `show_take`. `worker` may wait for a keyring, so it is not the library's.

    `save_receipt` gets (file name, record); `go_on` is what comes after signing, `label` where a label
    is missing; `leave` goes back with nothing changed.
    """

    def __init__(
        self,
        *,
        consents: ConsentService,
        worker: Worker,
        toast: Toast,
        save_receipt: SaveReceipt,
        go_on: Callable[[str], object],
        leave: Callable[[], object],
        label: Callable[[str], object] = lambda _: None,
        sending: SendChoice | None = None,
        spoken: SpokenCard | None = None,
        drafts: Drafts | None = None,
    ) -> None:
        super().__init__(_("Consent"), " ", scrolls=False)
        self._consents, self._worker, self._toast = consents, worker, toast
        self._save_receipt, self._go_on, self._leave, self._label = save_receipt, go_on, leave, label
        self.offer: ConsentOffer | None = None
        self._record: ConsentRecord | None = None
        self._take_id = ""
        self._terms: Terms | None = None
        self._busy = self._fresh = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.practice = Chip(_("practice"), "look")
        self.buttons.addWidget(self.practice)
        self.grid = UseGrid()
        self.grid.taken_back.connect(lambda use: self.withdraw(frozenset({UseId(use)})))
        self.grid.given_again.connect(lambda use: self.give(frozenset({UseId(use)})))
        self.reader = Reader(back=self.show_lines)
        self.breath = Breath(read=self.read_terms)
        self.summary = self.breath.summary
        self.warned, self.compared = WarnedCard(), ComparedCard()
        self.grid.changed.connect(self._show_warned)
        self.spoken = spoken or SpokenCard()
        self.card = SignCard(typed=self._typed, answered=self.grid.bar)
        self.problem, self.unreadable = Banner("", "look"), Banner("", "look")
        self.problem.hide()
        self.sending = sending or SendChoice()
        self.sending.later.clicked.connect(lambda: self.sign(later=True))
        self.sign_button = Button(_("Sign"), ButtonKind.PRIMARY, key=SIGN_KEY, on_click=self.sign)
        self.withdraw_button = Button(
            _("Take it back"), ButtonKind.SECONDARY, key=BACK_KEY, on_click=lambda: self.withdraw()
        )
        self.next_button = Button(_("Go to Deliveries"), ButtonKind.PRIMARY, key="↵", on_click=self._next)
        self.receipt_button = Button(_("Read the receipt"), on_click=self.read_receipt)
        self.save_button = Button(_("Save the receipt"), icon="download", on_click=self.save)
        self.same, self.later = KeyHint("S", ""), KeyHint("Esc", _("Decide later"))
        self._drafts = drafts or Drafts()
        self._build()

    def show_take(self, take_id: str) -> None:
        """Ask about a take; what was typed and read for another one is gone."""
        self.keep_draft()
        self._take_id, self.offer, self._fresh = take_id, None, False
        self.spoken.forget()
        self.say(_("Consent"), " ")
        for part in (self._columns, self.practice, self.unreadable):  # what is there is about another take, or nothing
            part.hide()
        self._load()

    def keep_draft(self) -> None:
        """What was turned on and typed is there again when its take is."""
        self._drafts.keep(self.offer, self.grid, self.card)

    def take_changed(self, take_id: str) -> None:
        """The take's consent changed elsewhere."""
        if take_id == self._take_id and not self._busy:
            self._load()

    def show_lines(self) -> None:
        """Fill the use grid with the lines of the pack."""
        self._columns.show_lines()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def read_terms(self, terms: Terms) -> None:
        """The full text, in the language that is then signed."""
        self._terms = terms
        self.breath.show_terms(terms)
        self._show_warned()
        self._show_read()
        self.reader.show_terms(terms)
        self._columns.show_text()
        self.reader.setFocus(Qt.FocusReason.OtherFocusReason)

    def read_receipt(self) -> None:
        """The receipt, in place."""
        take_id = self._take_id
        self._worker.run(lambda: self._consents.receipt_sections(take_id), self._show_receipt, self._failed)

    def save(self) -> None:
        """The receipt as a file."""
        take_id, offer = self._take_id, self.offer
        if offer is not None:
            name = _("Consent {title} take {number}", title=offer.title, number=offer.number)
            self._worker.run(
                lambda: self._consents.record(take_id), lambda record: self._save_receipt(name, record), self._failed
            )

    def same_as_last(self) -> None:
        """The lines of the last take signed on the same terms; what stands apart stays off. Nothing is signed yet."""
        if self.offer is not None and self.offer.last_take is not None and not self.offer.standing:
            self.show_lines()
            last = self.offer.last_take
            self.grid.choose(last.uses)
            take = rights.take_named(last.title, last.number)
            announce(self, _("Set the same as for {take}. Not signed yet.", take=take))
            (self.card.name if not self.card.name.text() else self.sign_button).setFocus(
                Qt.FocusReason.OtherFocusReason
            )

    def sign(self, *, later: bool = False) -> None:
        """Sign for what is on, and send it, if that was said; `later` sends nothing."""
        self.sending.send_later = later
        if self.offer is None or self._busy or self.offer.standing:
            return
        missing = self.card.missing()
        if missing is not None:
            self._ask_for(*missing)
            return
        card, uses = self.card, self.grid.granted()
        if unread := self.spoken.missing(gives=bool(uses)):
            self._ask_for(unread, self.spoken.read_button)
            return
        secret = card.secret()
        signing = partial(
            self._consents.sign, self._take_id, uses, card.name.text(), passphrase=lambda: secret,
            language=self._terms.language if self._terms else None, representation=card.advice(),
            adviser=card.adviser.text(), stated=card.stated(), aloud=self.spoken.aloud(),
        )  # fmt: skip
        self._work(_("Signing …"))
        self._worker.run(signing, self._signed, self._failed)

    def withdraw(self, uses: frozenset[UseId] | None = None) -> None:
        """Take everything back, or only some lines."""
        self._change(self._consents.withdraw, uses, _("Taking it back …"))

    def give(self, uses: frozenset[UseId]) -> None:
        """Give lines again that were taken back."""
        self._change(partial(self._consents.give, stated=self.card.stated()), uses, _("Giving it again …"))

    def _change(self, act: Callable[..., ConsentRecord], uses: frozenset[UseId] | None, words: str) -> None:
        if self.offer is None or self._busy or not self.offer.standing:
            return
        missing = self.card.missing(name_too=False)
        if missing is not None:
            self._ask_for(*missing)
            return
        take_id, secret = self._take_id, self.card.secret()
        self._work(words)
        self._worker.run(lambda: act(take_id, uses, passphrase=lambda: secret), self._changed, self._failed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """S repeats the last answer, Escape steps back, Enter goes on once it is signed."""
        key = Qt.Key(event.key())
        enter = key in ENTER
        if event.isAutoRepeat():
            return
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if control and enter:
            self.sign()
        elif control and key is Qt.Key.Key_Backspace:
            self.withdraw()
        elif key is Qt.Key.Key_Escape:
            self._step_back()
        elif key is Qt.Key.Key_S and not event.modifiers():
            self.same_as_last()
        elif enter and self.offer is not None and self.offer.standing and not in_field(self):
            self._next()
        else:
            super().keyPressEvent(event)

    # what comes back

    def _load(self) -> None:
        take_id = self._take_id

        def work() -> tuple[ConsentOffer, ConsentRecord | None]:
            offer = self._consents.offer(take_id)
            self.sending.read(take_id)
            return offer, self._consents.record(take_id) if offer.signed else None

        self._worker.run(work, lambda read: self._show(*read), self._cannot_show)

    def _show(self, offer: ConsentOffer, record: ConsentRecord | None) -> None:
        if offer.take_id != self._take_id:
            return
        if self.offer is not None and self.offer.asks_the_same(offer):
            self.offer = offer  # what was turned on and typed meanwhile stays
            self._show_warned()
            return
        self.offer, self._record, self._busy = offer, record, False
        facts = {"studio": offer.studio.name, "title": offer.title, "number": offer.number}
        asks = _("What may {studio} do with “{title}”, take {number}?", **facts)
        self.say(
            _("What {studio} may do with “{title}”, take {number}", **facts) if offer.standing else asks,
            rights.subtitle(offer),
        )
        self.practice.setVisible(offer.practice)
        self._terms = self._terms_shown(offer)
        self.breath.show_offer(offer)
        self.breath.show_terms(self._terms)
        self.grid.show_offer(offer)
        self._show_card(offer)
        self._drafts.bring_back(offer, self.grid, self.card)
        self._show_warned()
        self._show_read()
        self._columns.show_lines()
        self.unreadable.hide()
        self._columns.show()
        if self._fresh:
            self._fresh = False
            self.read_receipt()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_warned(self) -> None:
        if self.offer is not None and self._terms is not None:
            self.warned.show_warned(self.offer, self._terms, self.grid.granted())
            self.sign_button.say(self.sending.show_offer(self.offer, stop=self.warned.stop))

    def _show_read(self) -> None:
        """What hangs on the text that is read."""
        if self.offer is not None and self._terms is not None:
            self.compared.show_offer(self.offer, self._terms.language)
            self.spoken.show_terms(self._terms, self.card.name.text(), signed=bool(self.offer.standing))

    def _typed(self) -> None:
        self._say_problem("")
        self.spoken.typed(self.card.name.text())

    def _terms_shown(self, offer: ConsentOffer) -> Terms:
        language = self._record.notice.language if self._record and offer.standing else offer.terms.language
        return next((t for t in offer.languages if t.language == language), offer.terms)

    def _show_card(self, offer: ConsentOffer) -> None:
        signed = bool(offer.standing) and self._record is not None
        if signed and self._record is not None:
            effects = "\n".join(dict.fromkeys(u.withdrawal_effect for u in offer.uses if u.id in offer.standing))
            act = max((e.at for e in self._record.events), default=self._record.created_at)
            name, stated = self._record.subject.signed_name, rights.stated(self._record)
            self.card.show_signed(name, formatting.here(act), stated=stated, withdraws=effects)
        else:
            self.card.show_unsigned(offer, utc_now().astimezone())
        self.card.show_key(offer.key, signed=signed)
        unlabelled = signed and MissingLabel.LABEL in offer.missing
        self._say_problem(_(states.UNLABELLED) if unlabelled else "")
        self.next_button.say(_(states.SAY_MEANT) if unlabelled else _("Go to Deliveries"))
        for button, shown in (
            (self.sign_button, not signed),
            (self.next_button, signed),
            (self.withdraw_button, signed),
            (self._receipt_row, offer.signed is not None),
        ):
            button.setVisible(shown)
        last = offer.last_take
        self.same.setVisible(last is not None and not signed)
        self.same.say(_("Same as {take}", take=rights.take_named(last.title, last.number)) if last else "")
        self.later.say(_("Back") if signed else _("Decide later"))
        self._enable(on=True)

    def _signed(self, _record: ConsentRecord) -> None:
        self.card.forget_secret()
        announce(self, _("Signed. Your receipt is here."))
        self._fresh, self._busy = True, False
        self.sending.signed(self._take_id)
        self._load()

    def _changed(self, record: ConsentRecord) -> None:
        self._busy = False
        self.card.forget_secret()
        self._toast.show_message(aloud.changed(record, self._consents.spoken_left(record)))
        self._load()

    def _show_receipt(self, sections: tuple[object, ...]) -> None:
        plain = tuple((s.heading, s.lines) for s in sections)  # type: ignore[attr-defined]
        self.reader.show_sections(_("Your receipt"), plain)
        self._columns.show_text()

    def _failed(self, problem: PerfstudioError) -> None:
        self._busy = False
        self._enable(on=True)
        self.card.failed(problem, signed=self.offer is not None and bool(self.offer.standing))
        self._say_problem(errors.sentence(problem))

    def _cannot_show(self, problem: PerfstudioError) -> None:
        self.offer = None
        self.say(_("What may be done with this take?"), "")
        self._columns.hide()
        self.unreadable.say(errors.sentence(problem))
        announce(self, errors.sentence(problem))

    # doing

    def _ask_for(self, sentence: str, field: QWidget) -> None:
        self._say_problem(sentence)
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        bring_into_view(field)

    def _work(self, words: str) -> None:
        self._busy = True
        self._enable(on=False)
        self._say_problem("")
        self.card.work(words)

    def _enable(self, *, on: bool) -> None:
        for widget in (self.sign_button, self.sending.later, self.withdraw_button, *self.card.fields):
            widget.setEnabled(on)

    def _say_problem(self, sentence: str) -> None:
        """What stands in the way, right above the button; empty takes it away."""
        self.problem.say(sentence)
        if sentence:
            announce(self, sentence)

    def _next(self) -> None:
        if self.offer is not None:
            (self._label if MissingLabel.LABEL in self.offer.missing else self._go_on)(self._take_id)

    def _step_back(self) -> None:
        """From a field to the page, from the reader to the lines, from the lines away."""
        if in_field(self):
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._columns.reads:
            self.show_lines()
        elif not self._busy:
            self._leave()

    # building

    def _build(self) -> None:
        self._receipt_row = flow_row(self.receipt_button, self.save_button)
        side = SideColumn(
            (self.warned, self.breath, self.warned.caution, self.compared, self.spoken, self.card),
            (self.problem, self._receipt_row, self.sending),
            (self.sign_button, self.sending.later, self.withdraw_button, self.next_button),
            (self.same, self.later),
        )
        self.same.clicked.connect(self.same_as_last)
        self.later.clicked.connect(lambda: self._leave())
        self._columns = ConsentColumns(self.grid, self.reader, side)
        self.body.addWidget(self.unreadable, alignment=Qt.AlignmentFlag.AlignTop)
        self.body.addWidget(self._columns, 1)
        for part in (self._columns, self.practice, self.unreadable):
            part.hide()
