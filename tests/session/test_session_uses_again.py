"""Uses as the last time for several takes: only what was read before, and each record by itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from perfstudio.consent import keyfile
from perfstudio.consent.verify import verify_record
from perfstudio.model.consent import SEPARATE_USES
from perfstudio.model.errors import ErrorCode
from perfstudio.session.home import Home
from perfstudio.session.statements import Statements
from perfstudio.session.uses_again import METHOD, UsesDesk
from perfstudio.texts import many_takes
from rigs.kept_takes import CIRCLED, RECOVERED, SIGNED, SOUND_ONLY
from rigs.signing_home import SECRET, USES, opened_home, signed_home

UNSIGNED = (CIRCLED, RECOVERED)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """Takes of one pack, of which one is signed; the key opens by itself, as one in a keyring does."""
    monkeypatch.setattr(keyfile, "STRETCH", 1 << 14)
    with opened_home(signed_home(tmp_path / "signed", ())) as (opened, _service):
        opened.consents.sign(
            SOUND_ONLY, USES, "Ines Example", passphrase=lambda: SECRET,
            stated=Statements(adult=True),
        )  # fmt: skip
        ask = opened.consents.open_key
        monkeypatch.setattr(opened.consents, "open_key", lambda passphrase=None: ask(passphrase or (lambda: SECRET)))
        yield opened


def test_what_was_read_before_is_signed_for_each(home: Home) -> None:
    desk = UsesDesk(home.consents)
    offer = desk.offer([*UNSIGNED, SOUND_ONLY])
    (again,) = offer.same
    assert again.take_ids == UNSIGNED
    assert again.answer.uses == USES
    assert not again.answer.uses & SEPARATE_USES, "no copy of a voice or face"
    assert [problem.code for _take, problem in offer.left] == [ErrorCode.CONSENT_STANDS]
    assert home.library.consent(CIRCLED) is None, "it was only shown"
    heading, words = many_takes.uses_question(offer)
    assert heading == "Sign for 2 takes as the last time?"
    assert "no copy of your voice or face" in words
    assert "1 take has to be signed on its own page." in words
    done = desk.sign(offer)
    assert done.changed == UNSIGNED
    assert many_takes.signed(done) == "Signed for 2 takes."
    for take_id in UNSIGNED:
        record = home.library.consent(take_id)
        assert record is not None
        assert record.granted() == USES
        assert record.take.take_id == take_id
        assert {event.method for event in record.events} == {METHOD}
        assert verify_record(record, home.takes.manifest(take_id)) == ()


def test_of_a_pack_for_which_nothing_was_signed_nothing_is_offered(home: Home) -> None:
    home.consents.withdraw(SOUND_ONLY, passphrase=lambda: SECRET)
    home.takes.bin(SIGNED)
    offer = UsesDesk(home.consents).offer(UNSIGNED)
    assert offer.same == ()
    assert offer.unanswered == 2
    assert many_takes.no_uses(offer).startswith("You have not signed for a take of the same pack yet.")


def test_what_cannot_be_signed_for_one_take_stops_no_other(home: Home) -> None:
    desk = UsesDesk(home.consents)
    offer = desk.offer(UNSIGNED)
    home.takes.bin(CIRCLED)
    done = desk.sign(offer)
    assert done.changed == (RECOVERED,)
    assert [take_id for take_id, _problem in done.left] == [CIRCLED]
    assert many_takes.signed(done).startswith("Signed for 1 take. 1 take stays as it was: ")
