"""The ledger follows what studios decide; pay is added up by one rule, and never beyond the pack's own words."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from library.library_papers import KEY, PACK, TERMS, receipt_of, sent_of, withdrawn
from library.library_takes import draft_of, finished
from perfstudio.consent import record
from perfstudio.delivery.receiver_api import ReceiverApi
from perfstudio.model.clock import utc_now
from perfstudio.model.consent import Compensation, RequestedUse, UseId
from perfstudio.model.delivery import Studio
from perfstudio.model.jws import SigningKey
from perfstudio.model.labels import Labels
from perfstudio.model.ruling import Ruling, RulingWord
from perfstudio.paths import AppPaths
from perfstudio.session.delivery.delivery_service import DeliveryService
from perfstudio.session.delivery.studio_news import NewsDesk
from perfstudio.session.given import Given, GivenLine, GivenService, GivenTake, UseStanding
from perfstudio.session.home import Home
from perfstudio.session.ledger import Ledger, LedgerState, StudioLedger, ledger_of
from perfstudio.session.ledger_document import document, table_bytes
from perfstudio.session.pay_due import PaidPer
from perfstudio.texts.given import take_facts
from perfstudio.texts.ledger import due, ledger_text
from rigs.asking_pack import FULL_LINE

FORTY = Compensation(basis="per_use", amount="40", currency="USD")
STUDIO_KEY = SigningKey.generate()
ATTIC = Studio(
    id="attic", name="Attic", legal_name="Attic Ltd", contact="hello@attic.example", tus="https://attic.example/files",
    base="https://attic.example", public_key=STUDIO_KEY.public_key,
)  # fmt: skip


class Desk:
    """A home whose takes pay $40 each, and what is known of them."""

    def __init__(self, home: Home, service: DeliveryService) -> None:
        self.home, self.service = home, service
        self.given = GivenService(home.library, home.shelf, service.outbox.statuses)

    def signed(self) -> str:
        draft = draft_of(number=self.home.library.next_take_number("evening", "the-letter"))
        begun = self.home.library.create(draft.model_copy(update={"practice": False}))
        take_id = self.home.library.seal(begun.take_id, finished(begun)).take_id
        self.home.library.keep(take_id)
        self.home.library.label(take_id, Labels(meant=("anger",)))
        manifest, pack = self.home.library.manifest(take_id), PACK.model_copy(update={"pay": FORTY})
        granted = frozenset({UseId.STORE_REVIEW})
        consent = record.sign(manifest, pack=pack, terms=TERMS, granted=granted, name="A. P.", key=KEY, adult=True)
        self.home.library.write_consent(take_id, consent)
        return take_id

    def arrived(self, take_id: str) -> None:
        self.home.library.write_receipt(take_id, receipt_of(self.home.library.manifest(take_id)))
        self.service.note_withdrawals()

    def heard(self, monkeypatch: pytest.MonkeyPatch, take_id: str, word: RulingWord, number: int, **more: Any) -> None:
        """A contact with the studio, at which it tells this."""
        said = Ruling(
            take_id=take_id, number=number, word=word, studio_id="attic", receipt_id="", ruled_at=utc_now(), **more
        ).signed(STUDIO_KEY)
        monkeypatch.setattr(ReceiverApi, "rulings", lambda self, take_ids: (said,))
        monkeypatch.setattr(ReceiverApi, "pairs", lambda self, take_ids: ())
        (news,) = NewsDesk(self.home.library, self.service).ask()
        assert (news.problem, news.rulings) == (None, (said,))

    def ledger(self) -> StudioLedger:
        (studio,) = self.whole().studios
        return studio

    def whole(self) -> Ledger:
        return ledger_of(self.given.read())

    def state(self, take_id: str) -> LedgerState:
        return next(line.state for line in self.ledger().lines if line.take.take_id == take_id)

    def due(self) -> tuple[int, int]:
        (one,) = self.ledger().sums
        assert one.currency == "USD"
        return int(one.accepted), int(one.undecided)


@pytest.fixture
def desk(home: Path) -> Iterator[Desk]:
    with Home(AppPaths(home), use_keyring=False) as made:
        service = DeliveryService(made.library, made.paths)
        service.studios.keep(ATTIC)
        service.lend(ATTIC, "a-token-of-this-test")
        yield Desk(made, service)
        service.close()


def test_what_a_studio_decides_and_decides_otherwise_is_in_the_ledger(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = desk.signed(), desk.signed()
    assert (desk.state(first), desk.ledger().sums) == (LedgerState.WAITING, ())
    desk.arrived(first)
    assert (desk.state(first), desk.due()) == (LedgerState.DELIVERED, (0, 40))
    desk.heard(monkeypatch, first, RulingWord.REJECTED, 1, reason="the door", at_s=12.5)
    assert (desk.state(first), desk.ledger().sums) == (LedgerState.REJECTED, ())
    said = ledger_text(desk.whole(), utc_now())
    for words in ("1 not delivered · 1 to redo", "at 0:12: “the door”"):
        assert words in said
    assert "at 0:12: “the door”" in take_facts(desk.given.read().takes[-1]), "the page of what was given says it, too"
    desk.heard(monkeypatch, first, RulingWord.ACCEPTED, 2)
    assert (desk.state(first), desk.due()) == (LedgerState.ACCEPTED, (40, 0))
    desk.home.library.write_sent(second, sent_of(desk.home.library.manifest(second)))
    assert (desk.state(second), desk.due()) == (LedgerState.SENT, (40, 40)), "a server that confirms nothing"


def test_a_take_taken_back_says_who_was_told_and_what_is_deleted(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    take_id, never_sent = desk.signed(), desk.signed()
    desk.arrived(take_id)
    desk.heard(monkeypatch, take_id, RulingWord.ACCEPTED, 1)
    for one in (take_id, never_sent):
        standing = desk.home.library.consent(one)
        assert standing is not None
        desk.home.library.write_consent(one, withdrawn(standing))
        desk.service.note_withdrawals()
    assert {line.state for line in desk.ledger().lines} == {LedgerState.TAKEN_BACK}
    assert desk.ledger().sums == (), "whether it is paid all the same is what the terms say"
    told = next(line.take for line in desk.ledger().lines if line.take.take_id == take_id)
    assert (told.untold, told.told, told.deleted) == (True, None, None)
    said = ledger_text(desk.whole(), utc_now())
    assert said.count("not yet confirmed that it was told") == 1, said
    (pending,) = desk.service.outbox.untold()
    desk.service.outbox.told(pending)
    assert "told" in ledger_text(desk.whole(), utc_now())


def test_damaged_papers_are_named_and_harm_no_other_take(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    good, bad, worse = (desk.signed() for _ in range(3))
    for take_id in (good, bad, worse):
        desk.arrived(take_id)
        desk.heard(monkeypatch, take_id, RulingWord.ACCEPTED, 1)
    assert desk.due() == (120, 0)
    (desk.home.library.folder(bad) / "ruling.json").write_text("{")
    (desk.home.library.folder(worse) / "consent.json").write_text("{")
    ledger = desk.whole()
    assert {paper.take_id for paper in ledger.unread} == {bad, worse}
    assert (desk.state(bad), desk.due()) == (LedgerState.DELIVERED, (40, 40)), "not accepted from memory"
    said = ledger_text(ledger, utc_now())
    for words in (
        "take 2: Its ruling.json",
        "cannot be read",
        "take 3: Its consent.json is not valid",
        "until you restore",
    ):
        assert words in said
    assert "what was decided cannot be read" in said


NOW = utc_now()


def use(use_id: UseId, pay: Compensation, standing: UseStanding = UseStanding.STANDS) -> GivenLine:
    asked = RequestedUse.model_validate(FULL_LINE | {"id": use_id.value, "compensation": pay.to_json()})
    return GivenLine(asked, standing, NOW, None, None)


def take(number: int, pay: Compensation, word: str = "accepted", **more: Any) -> GivenTake:
    """A delivered take of Lab's pack p, decided so; "" for not yet."""
    made = GivenTake(
        take_id=f"{number:026d}", record_id="r", title="=The letter", number=number, studio_id="lab", studio_name="Lab",
        pack_id="p", pack_version="1", pack_title="Harbour", practice=False, here=True, signed=NOW, pay=pay,
        lines=(use(UseId.STORE_REVIEW, Compensation()),), delivered=NOW, delivered_to="lab",
    )  # fmt: skip
    ruling = Ruling(
        take_id=made.take_id, studio_id="lab", receipt_id="", number=1, word=RulingWord(word or "accepted"),
        ruled_at=NOW,
    ) if word else None  # fmt: skip
    return replace(made, ruling=ruling, **more)


def sums(*takes: GivenTake) -> list[tuple[str, str, str]]:
    (studio,) = ledger_of(Given(takes)).studios
    return [(one.currency, str(one.accepted), str(one.undecided)) for one in studio.sums]


def pay(basis: Any, amount: str | None = "100", currency: str | None = "USD", note: str | None = None) -> Compensation:
    return Compensation(basis=basis, amount=amount, currency=currency, note=note)


FLAT = pay("flat", "500")


@pytest.mark.parametrize(
    ("takes", "due_now"),
    [
        ((take(1, FORTY), take(2, FORTY), take(3, FORTY, "")), [("USD", "80", "40")]),
        ((take(1, FORTY, "rejected"), take(2, FORTY)), [("USD", "40", "0")]),
        ((take(1, FORTY, taken_back=NOW), take(2, FORTY, practice=True)), []),
        ((take(1, FLAT, ""), take(2, FLAT), take(3, FLAT)), [("USD", "500", "0")]),
        ((take(1, FLAT, ""), take(2, FLAT, "")), [("USD", "0", "500")]),
        ((take(1, FLAT), take(2, FLAT, pack_id="q")), [("USD", "1000", "0")]),
        ((take(1, FLAT), take(2, pay("flat", "600"), pack_version="2")), []),
        ((take(1, FLAT), take(2, FLAT, pack_version="2", studio_name="Lab Ltd")), [("USD", "500", "0")]),
        ((take(1, FORTY), take(2, pay("per_use", "12.50", "EUR"))), [("EUR", "12.50", "0"), ("USD", "40", "0")]),
        ((take(1, pay("per_hour")), take(2, pay("session")), take(3, pay("revenue_share"))), []),
        ((take(1, pay("none")), take(2, pay("per_use", currency=None)), take(3, pay("none", None, None))), []),
    ],
)
def test_pay_is_added_up_by_the_packs_own_words(takes: tuple[GivenTake, ...], due_now: list[Any]) -> None:
    assert sums(*takes) == due_now
    rows = list(csv.DictReader(io.StringIO(table_bytes(ledger_of(Given(takes))).decode("utf-8-sig"))))
    for currency, *due_in_words in due_now:
        of = [row for row in rows if row["pay_currency"] == currency]
        summed = [sum(Decimal(row[f"adds_{word}"] or 0) for row in of) for word in ("accepted", "undecided")]
        assert summed == [Decimal(text) for text in due_in_words], "a table that is summed says the same"


def test_a_line_pays_once_for_its_use_and_only_while_it_is_given() -> None:
    once, each = use(UseId.HUMAN_RESEARCH, pay("flat", "70")), use(UseId.MACHINE_ANALYSIS, pay("per_use", "5"))
    unsaid = pay("none", None, None)
    both = [take(n, unsaid, lines=(once, each)) for n in (1, 2)]
    assert sums(*both) == [("USD", "80", "0")], "70 once, and 5 for each take"
    back = replace(each, standing=UseStanding.TAKEN_BACK)
    run_out = replace(once, standing=UseStanding.RUN_OUT)
    assert sums(take(1, unsaid, lines=(run_out, back))) == [("USD", "70", "0")]
    never = replace(each, standing=UseStanding.NOT_GIVEN)
    (studio,) = ledger_of(Given((take(1, unsaid, lines=(never,)),))).studios
    assert [named.per for named in studio.lines[0].pays] == [PaidPer.UNSAID]
    assert "pay: not stated" in ledger_text(ledger_of(Given((take(1, unsaid),))), NOW)


def test_words_that_are_no_sum_are_repeated_and_two_studios_stay_apart() -> None:
    hourly = pay("per_hour", "74", note="while rolling")
    barn = [take(n, FORTY, "", studio_id="barn", studio_name="Barn") for n in (3, 4)]
    ledger = ledger_of(Given((*barn, take(1, hourly), take(2, hourly, "rejected"))))
    assert [(s.studio_id, len(s.lines)) for s in ledger.studios] == [("barn", 2), ("lab", 2)]
    assert due(ledger.studios[0]) == [
        "By the pack's own terms: nothing for accepted takes so far, $80 for takes not yet decided."
    ]
    words, left_out = due(ledger.studios[1])
    assert words == "Not added up here: $74 an hour while rolling."
    assert "to be redone" in left_out
    shown = document(ledger, NOW + timedelta(days=1))
    assert [studio["due"] for studio in shown["studios"]] == [
        [{"currency": "USD", "accepted": "0", "undecided": "80"}],
        [],
    ]
    assert "'=The letter" in table_bytes(ledger).decode("utf-8-sig"), "no spreadsheet reckons a title out"
