"""Who else is in a take is asked before it is signed, take by take, and a receiver asks it again."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from perfstudio.consent import record as consents
from perfstudio.model.clock import utc_now
from perfstudio.model.consent import ConsentRecord, UseId
from perfstudio.model.errors import ConsentError, DeliveryError, ErrorCode, PerfstudioError
from perfstudio.model.labels import Labels
from perfstudio.model.others import Others
from perfstudio.paths import AppPaths
from perfstudio.session.consent_many import ConsentMany
from perfstudio.session.delivery.admission import admission
from perfstudio.session.given import GivenService, GivenTake
from perfstudio.session.given_document import document, table
from perfstudio.session.home import Home
from perfstudio.session.statements import Statements
from perfstudio.texts.errors import sentence
from perfstudio.texts.given import page_text
from rigs.kept_takes import CIRCLED, RECOVERED, SOUND_ONLY, kept_home
from rigs.second_face import second_face

SECRET = "three calm horses"
SEEN, ALONE, OLDER = CIRCLED, SOUND_ONLY, RECOVERED
REVIEW, RESEARCH = UseId.STORE_REVIEW, UseId.HUMAN_RESEARCH


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """Three kept takes; in two of them the checks found a second face."""
    takes = kept_home(tmp_path / "home")
    for take_id in (SEEN, OLDER):
        second_face(takes / take_id)
    with Home(AppPaths(tmp_path / "home"), use_keyring=False) as opened:
        opened.library.rebuild()
        for take_id in (SEEN, ALONE, OLDER):
            opened.takes.keep(take_id)
            opened.takes.label(take_id, Labels(meant=("joy",)))
        yield opened


def sign(home: Home, take_id: str, *uses: UseId, **stated: object) -> ConsentRecord:
    said = Statements(adult=True, **stated)  # type: ignore[arg-type]
    return home.consents.sign(take_id, frozenset(uses or (REVIEW,)), "Ada", passphrase=lambda: SECRET, stated=said)


def refused(act: Callable[[], object]) -> PerfstudioError:
    with pytest.raises(ConsentError) as caught:
        act()
    return caught.value


def given(home: Home) -> list[GivenTake]:
    """What was given with the key of this home."""
    read = GivenService(home.library, home.shelf, lambda: ()).read()
    return [take for take in read.takes if take.take_id in (SEEN, OLDER)]


def as_older_versions_did(home: Home, take_id: str) -> ConsentRecord:
    """A record of a version that asked neither for the age nor for others."""
    manifest = home.library.manifest(take_id)
    pack = home.shelf.pack(manifest.slate.pack_id, manifest.slate.pack_version).pack
    key = home.consents.open_key(lambda: SECRET)
    terms, uses = pack.terms[0], (REVIEW, RESEARCH)
    record = consents.sign(manifest, pack=pack, terms=terms, granted=uses, name="Ada", key=key)
    home.library.write_consent(take_id, record)
    return record


def test_nothing_is_signed_before_it_is_said_and_no_key_is_made(home: Home) -> None:
    assert home.consents.offer(SEEN).others
    problem = refused(lambda: sign(home, SEEN))
    assert problem.code is ErrorCode.CONSENT_OTHERS_UNSAID
    assert "somebody else" in sentence(problem)
    assert refused(lambda: sign(home, SEEN, REVIEW, RESEARCH, others=Others.BYSTANDER)).facts["use"] == RESEARCH
    assert home.library.consent(SEEN) is None
    assert not home.consents.has_key()
    assert sign(home, SEEN, others=Others.BYSTANDER).others is Others.BYSTANDER


def test_where_nobody_was_found_it_may_be_said_and_is_not_asked(home: Home) -> None:
    assert home.consents.offer(ALONE).others == ()
    assert sign(home, ALONE).others is None
    home.consents.withdraw(ALONE, passphrase=lambda: SECRET)
    heard = sign(home, ALONE, REVIEW, RESEARCH, others=Others.PARTNER, partner="Ben Okri")
    assert (heard.others, heard.partner) == (Others.PARTNER, "Ben Okri")


def test_no_answer_comes_from_another_take(home: Home) -> None:
    sign(home, SEEN, REVIEW, RESEARCH, others=Others.NOBODY)
    assert home.consents.offer(OLDER).last_take is not None, "its lines may be repeated"
    assert refused(lambda: sign(home, OLDER, REVIEW, RESEARCH)).code is ErrorCode.CONSENT_OTHERS_UNSAID


def test_what_was_given_says_who_else_is_in_it(home: Home) -> None:
    sign(home, SEEN, others=Others.BYSTANDER)
    sign(home, OLDER, others=Others.PARTNER, partner="Ben Okri")
    read = GivenService(home.library, home.shelf, lambda: ()).read()
    text = page_text(read, utc_now())
    assert "somebody is in it by chance" in text
    assert "with Ben Okri" in text
    table_rows = list(csv.DictReader(io.StringIO(table(read))))
    assert {(row["others"], row["partner"]) for row in table_rows} >= {("bystander", ""), ("partner", "Ben Okri")}
    told = {
        take["take_id"]: (take["others"], take["partner"])
        for studio in document(read, utc_now())["studios"]
        for pack in studio["packs"]
        for take in pack["takes"]
    }
    assert (told[SEEN], told[OLDER]) == (("bystander", None), ("partner", "Ben Okri"))


def test_several_at_once_leave_the_one_that_was_never_asked(home: Home) -> None:
    sign(home, SEEN, REVIEW, RESEARCH, others=Others.NOBODY)
    as_older_versions_did(home, OLDER)
    many = ConsentMany(home.consents)
    takes = given(home)
    many.withdraw(takes, frozenset({RESEARCH}), passphrase=lambda: SECRET)
    takes = given(home)
    done = many.give(takes, frozenset({RESEARCH}), passphrase=lambda: SECRET)
    assert done.changed == (SEEN,)
    assert [(take_id, problem.code) for take_id, problem in done.left] == [(OLDER, ErrorCode.CONSENT_OTHERS_UNASKED)]
    assert "Take back what still stands" in sentence(done.left[0][1])
    home.consents.withdraw(OLDER, passphrase=lambda: SECRET)
    assert sign(home, OLDER, others=Others.NOBODY).others is Others.NOBODY, "as the sentence said"


def test_a_receiver_keeps_no_record_that_gives_more(home: Home) -> None:
    desk = admission("practice", practice=True)
    record = sign(home, SEEN, others=Others.BYSTANDER)
    assert desk.record(record) == ()
    key = home.consents.open_key(lambda: SECRET)
    more = record.model_copy(update={"events": ()})
    more = consents._append(more, key, record.events[0].state, (REVIEW, RESEARCH), at=None, method="button")
    (code,) = desk.record(more)
    refusal = sentence(DeliveryError(ErrorCode.RECEIVER_REFUSED, reason=code))
    assert "somebody is in the take by chance" in refusal
    assert "review only" in refusal
