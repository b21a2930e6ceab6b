"""The verification code: short, typed as one likes, of one record and one of its states alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from perfstudio.consent.record import renew, sign, withdraw
from perfstudio.consent.verification_code import CodeFinding, CodeMatch, look_up, read_code, verification_code
from perfstudio.model.consent import ConsentRecord, UseId
from perfstudio.model.jws import SigningKey
from perfstudio.model.prompt import Pack, Terms
from perfstudio.model.take import TakeManifest

AT = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def record(manifest: TakeManifest, pack: Pack, terms: Terms, key: SigningKey) -> ConsentRecord:
    """Given, refused, taken back, given again."""
    made = sign(manifest, pack=pack, terms=terms, granted=[UseId.STORE_REVIEW], name="Ada", key=key, at=AT)
    gone = withdraw(made, key, at=AT + timedelta(days=1))
    return renew(gone, key, [UseId.STORE_REVIEW], at=AT + timedelta(days=2))


def stood(record: ConsentRecord, acts: int) -> ConsentRecord:
    return record.model_copy(update={"events": record.events[:acts]})


def test_each_state_has_a_code_of_its_own_and_all_share_the_half_of_the_record(record: ConsentRecord) -> None:
    codes = [verification_code(stood(record, acts)) for acts in range(len(record.events) + 1)]
    assert len(set(codes)) == len(codes) == 5
    assert len({code[:14] for code in codes}) == 1
    assert all(len(code) == 29 for code in codes)
    assert [look_up(record, code) for code in codes] == [
        *(CodeFinding(CodeMatch.EARLIER, acts) for acts in range(4)),
        CodeFinding(CodeMatch.NOW, 4),
    ]


def test_it_is_read_however_it_was_typed(record: ConsentRecord) -> None:
    code = verification_code(record)
    for typed in (
        code.lower(),
        code.replace("-", ""),
        code.replace("-", " "),
        f"  {code}\n",
        code.replace("-", "\N{EN DASH}"),
        code.replace("-", "\N{SOFT HYPHEN}"),
        code.replace("0", "O").replace("1", "l"),
        code.replace("1", "i"),
    ):
        assert read_code(typed) == code


@pytest.mark.parametrize("typed", ["", "x", "K7QF-4M2K", "U" * 24, "0" * 23, "0" * 25, "é" * 24, "٣" * 24, "-" * 24])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert read_code(typed) is None


def test_a_changed_record_another_record_and_a_slip_are_told_apart(
    record: ConsentRecord, manifest: TakeManifest, pack: Pack, terms: Terms, key: SigningKey
) -> None:
    code = verification_code(record)
    other = sign(manifest, pack=pack, terms=terms, granted=[UseId.STORE_REVIEW], name="Ada", key=key, at=AT)
    assert look_up(other, code).match is CodeMatch.OTHER
    assert look_up(record, code[:15] + verification_code(other)[15:]).match is CodeMatch.STATE_UNKNOWN
    assert look_up(record, verification_code(other)[:15] + code[15:]) == CodeFinding(CodeMatch.RECORD_UNKNOWN, 4)
    cut = record.model_copy(update={"events": (record.events[0], *record.events[2:])})
    assert look_up(cut, code).match is CodeMatch.STATE_UNKNOWN, "an act is missing"
    dearer = record.model_copy(update={"pay": record.pay.model_copy(update={"amount": "4000"})})
    assert look_up(dearer, code).match is CodeMatch.OTHER, "not the record that was signed"


def test_every_letter_counts(record: ConsentRecord) -> None:
    letters = verification_code(record).replace("-", "")
    for place, letter in enumerate(letters):
        other = read_code(letters[:place] + ("A" if letter != "A" else "B") + letters[place + 1 :])
        assert other is not None
        assert look_up(record, other).match not in (CodeMatch.NOW, CodeMatch.EARLIER)
