"""What a studio decided, beside its take: believed when signed, kept in order, and what it makes of a scene."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from library.library_papers import consent_of, receipt_of
from library.library_takes import sealed_take
from perfstudio.delivery.receiver_api import ReceiverApi
from perfstudio.model.clock import utc_now
from perfstudio.model.delivery import Studio
from perfstudio.model.errors import ErrorCode
from perfstudio.model.jws import SigningKey
from perfstudio.model.labels import Labels
from perfstudio.model.ruling import Ruling, RulingWord
from perfstudio.model.take import TakeState
from perfstudio.paths import AppPaths
from perfstudio.session.delivery.delivery_service import DeliveryService
from perfstudio.session.delivery.studio_news import NewsDesk
from perfstudio.session.given import GivenService
from perfstudio.session.home import Home
from perfstudio.session.scenes import _state
from perfstudio.session.takes.review import read_review
from perfstudio.session.takes.rulings import asked_again
from perfstudio.session.views import SceneState
from perfstudio.texts import rulings as words
from perfstudio.texts.given import take_facts

KEY = SigningKey.generate()
STUDIO = Studio(
    id="attic", name="Attic", legal_name="Attic Ltd", contact="hello@attic.example", tus="https://attic.example/files",
    base="https://attic.example", public_key=KEY.public_key,
)  # fmt: skip


@pytest.fixture
def opened(home: Path) -> Iterator[tuple[Home, DeliveryService]]:
    """A home with a studio that has the token, and no take yet."""
    with Home(AppPaths(home), use_keyring=False) as made:
        service = DeliveryService(made.library, made.paths)
        service.studios.keep(STUDIO)
        service.lend(STUDIO, "a-token-of-this-test")
        yield made, service
        service.close()


def delivered(home: Home) -> str:
    take_id = sealed_take(home.library)
    home.library.keep(take_id)
    home.library.label(take_id, Labels(meant=("anger",)))
    home.library.write_consent(take_id, consent_of(home.library.manifest(take_id)))
    home.library.write_receipt(take_id, receipt_of(home.library.manifest(take_id)))
    return take_id


def ruling(take_id: str, word: str = "rejected", number: int = 1, key: SigningKey = KEY, **more: Any) -> Ruling:
    said = {"reason": "the door", "at_s": 1.5, "ruled_at": utc_now(), "studio_id": "attic", "receipt_id": "", **more}
    return Ruling(take_id=take_id, number=number, word=RulingWord(word), **said).signed(key)


def answer(monkeypatch: pytest.MonkeyPatch, *told: Ruling) -> list[tuple[str, ...]]:
    """In the place of the wire; which takes were asked about."""
    asked: list[tuple[str, ...]] = []

    def rulings(self: ReceiverApi, take_ids: tuple[str, ...]) -> tuple[Ruling, ...]:
        asked.append(take_ids)
        return told

    monkeypatch.setattr(ReceiverApi, "rulings", rulings)
    monkeypatch.setattr(ReceiverApi, "pairs", lambda self, take_ids: ())
    return asked


def test_kept_in_order_and_told_once(opened: tuple[Home, DeliveryService], monkeypatch: pytest.MonkeyPatch) -> None:
    home, service = opened
    take_id, desk = delivered(home), NewsDesk(home.library, service)
    first, second = ruling(take_id), ruling(take_id, "accepted", 2, reason="", at_s=None)
    for told, new, stands in (((), 0, None), ((first,), 1, first), ((first,), 0, first), ((second,), 1, second),
                              ((first,), 0, second)):  # fmt: skip
        asked = answer(monkeypatch, *told)
        (news,) = desk.ask()
        assert (news.problem, len(news.rulings)) == (None, new)
        assert asked == [(take_id,)]
        assert home.library.ruling(take_id) == stands
        assert home.takes.line(take_id).ruling == stands
    file = home.library.folder(take_id) / "ruling.json"
    file.write_text("{")
    assert home.takes.line(take_id).ruling is None, "what cannot be read is not said"
    assert home.takes.line(take_id).state is TakeState.DELIVERED, "and harms nothing"
    answer(monkeypatch, second)
    desk.ask()
    assert home.takes.line(take_id).ruling == second
    anew = receipt_of(home.library.manifest(take_id)).model_copy(update={"receipt_id": "r-2"})
    home.library.write_receipt(take_id, anew)
    assert home.takes.line(take_id).ruling is None, "of what was sent once more nothing is decided yet"
    again = ruling(take_id, receipt_id="r-2")
    answer(monkeypatch, again)
    desk.ask()
    assert home.takes.line(take_id).ruling == again


def test_only_what_the_studio_signed_is_believed(
    opened: tuple[Home, DeliveryService], monkeypatch: pytest.MonkeyPatch
) -> None:
    home, service = opened
    take_id, desk = delivered(home), NewsDesk(home.library, service)
    good = ruling(take_id)
    forged = [
        ruling(take_id, key=SigningKey.generate()), good.model_copy(update={"reason": "another"}),
        good.model_copy(update={"signature": None}), ruling("0" * 26), ruling(take_id, studio_id="other"),
        good.model_copy(update={"word": RulingWord.ACCEPTED}), good.model_copy(update={"number": 9}),
    ]  # fmt: skip
    for one in forged:
        answer(monkeypatch, one)
        (news,) = desk.ask()
        assert news.problem is not None
        assert news.problem.code is ErrorCode.RULING_UNSIGNED
        assert home.library.ruling(take_id) is None
    service.studios.forget("attic")
    service.studios.keep(STUDIO.model_copy(update={"public_key": None}))
    assert answer(monkeypatch, good) == []
    assert desk.ask()[0].rulings == (), "without a key nothing can be believed, and nobody is asked"


def test_it_goes_with_the_papers_of_a_deleted_take(opened: tuple[Home, DeliveryService]) -> None:
    home, _ = opened
    take_id = delivered(home)
    kept = ruling(take_id)
    home.library.write_ruling(take_id, kept)
    home.library.bin(take_id)
    assert home.library.empty_bin().deleted == (take_id,)
    assert home.library.ruling(take_id) == kept


def test_who_decided_is_named_as_the_receiver_is(opened: tuple[Home, DeliveryService]) -> None:
    """A take of the practice room lies with whichever receiver was chosen; it is that one that decides."""
    home, _ = opened
    take_id = delivered(home)
    asks = home.library.manifest(take_id).prompt.studio
    assert home.takes.decided_by(take_id) == asks.name
    home.library.write_ruling(take_id, ruling(take_id))
    assert home.takes.decided_by(take_id) == "Attic"
    assert read_review(home.takes, home.sides, take_id).decided_by == "Attic"
    for studio_id, named in ((asks.id, asks.name), ("attic", "Attic"), ("gone", "gone")):
        assert home.rulings.who(studio_id, asks) == named


def test_a_receiver_of_another_name_is_named_where_it_is_said_who_has_it(opened: tuple[Home, DeliveryService]) -> None:
    home, service = opened
    take_id = delivered(home)
    service.studios.keep(STUDIO.model_copy(update={"id": "barn", "name": "The Barn"}))
    there = receipt_of(home.library.manifest(take_id)).model_copy(update={"studio_id": "barn"})
    home.library.write_receipt(take_id, there)
    (take,) = GivenService(home.library, home.shelf).read().takes
    assert (take.delivered_to, "delivered to The Barn" in take_facts(take)) == ("barn", True)


def test_what_becomes_of_a_scene() -> None:
    """Asked for again until another take has arrived; progress begins with the takes made since."""
    now = utc_now()
    told: dict[str, Ruling] = {}
    rulings = cast("Any", SimpleNamespace(of=lambda row: told.get(row.take_id)))

    def row(name: str, minutes: int, *, state: TakeState = TakeState.KEPT, circled: bool = False) -> Any:
        at: datetime = now + timedelta(minutes=minutes)
        return SimpleNamespace(take_id=name, take_number=minutes, started_utc=at, state=state, circled=circled)

    def scene(*rows: Any) -> tuple[SceneState, bool]:
        again = asked_again(list(rows), rulings)
        return _state(list(rows), again, None), again is not None

    sent = row("a" * 26, 1, state=TakeState.DELIVERED)
    spare, redo = row("b" * 26, 2), row("c" * 26, 9)
    assert scene(sent, spare) == (SceneState.DELIVERED, False)
    told["a" * 26] = ruling("a" * 26, ruled_at=now + timedelta(minutes=5))
    assert scene(sent, spare) == (SceneState.AGAIN, True)
    assert scene(sent, spare, redo) == (SceneState.TRIED, True)
    redo.circled = True
    assert scene(sent, redo) == (SceneState.CIRCLED, True)
    redo.state = TakeState.DELIVERED
    assert scene(sent, redo) == (SceneState.DELIVERED, False)
    told["c" * 26] = ruling("c" * 26, reason="still the door", ruled_at=now + timedelta(minutes=12))
    again = asked_again([sent, redo], rulings)
    assert again is not None
    assert (again.reason, again.number) == ("still the door", 9), "the newest is said"
    told["c" * 26] = ruling("c" * 26, "accepted", 2)
    assert scene(sent, redo) == (SceneState.DELIVERED, False)


def test_words_are_the_studios_and_harmless() -> None:
    evil = ruling("a" * 26, reason="line \u202e turned {title} [x|y] %s")
    said = words.decided(evil, "Attic\n\x1b[31m")
    assert "\n" not in said
    assert "\u202e" not in said
    assert "{title} [x|y] %s" in said
    assert words.because("", 12.5) == "At 0:12."
    assert words.because("", None) == ""
    many = [ruling("a" * 26) for _ in range(5)] + [ruling("a" * 26, "accepted")]
    news = words.news("Attic", many, ["One"] * 6)
    assert len(news) == 5
    assert news[-2:] == ["And for 2 more.", "Attic accepted 1 take."]
    assert words.consequences(many[-1], None) == ""
