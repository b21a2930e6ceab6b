"""What both records of a pair allow, for whoever holds the two folders without a receiver of ours."""

from __future__ import annotations

from pathlib import Path

from perfstudio.model.consent import UseId
from perfstudio.model.joint_uses import JointWhy
from perfstudio.model.pair_document import PairDocument, PairState
from perfstudio.session.takes.pair_held import pair_as_held
from perfstudio.session.takes.verify_pair import verify_pair
from perfstudio.texts import pairs as words
from rigs.pair_takes import KEEP, STUDY, USES, Played, pack, play, two_sides

S = PairState


def held(one: Played, other: Played, *, doubtful: tuple[str, ...] = ()) -> PairDocument:
    found = pair_as_held(verify_pair(one.folder, other.folder), (one.folder, other.folder), doubtful=doubtful)
    assert found is not None
    return found


def opened(pair: PairDocument) -> set[UseId]:
    return {line.use for line in pair.lines if line.open is not None}


def test_what_a_receiver_would_write_of_two_folders(tmp_path: Path) -> None:
    first, answer = two_sides(tmp_path)
    for sides in ((first, answer), (answer, first)):
        pair = held(*sides)
        assert (pair.state, opened(pair), pair.here) == (S.OPEN, set(USES), (first.take_id, answer.take_id))
        assert pair.alignment is not None
        assert (pair.alignment.offset_s, pair.alignment.lost_s) == (1.25, 0.5)
    first.back({STUDY})
    pair = held(first, answer)
    line = next(line for line in pair.lines if line.use is STUDY)
    assert (opened(pair), line.why, line.of) == (set(USES) - {STUDY}, JointWhy.TAKEN_BACK, (first.take_id,))
    first.back({KEEP})
    pair = held(answer, first)
    assert (pair.state, pair.here, [one.take_id for one in pair.gone]) == (S.CLOSED, (answer.take_id,), [first.take_id])
    answer.back()
    assert "both were taken back" in words.for_studio(held(first, answer))[0]


def test_of_a_take_that_does_not_verify_nothing_stands(tmp_path: Path) -> None:
    first, answer = two_sides(tmp_path)
    pair = held(first, answer, doubtful=(answer.take_id,))
    assert (pair.state, pair.lines) == (S.CLOSED, ())
    (answer.folder / "consent.json").write_bytes(b"{")
    assert held(first, answer).state is S.CLOSED
    (first.folder / "consent.json").unlink()
    assert held(first, answer).state is S.CLOSED


def test_of_two_that_are_no_pair_there_is_no_document(tmp_path: Path) -> None:
    first, answer = two_sides(tmp_path)
    later = play(tmp_path, "b", against=first, of=pack("1.1", "A kitchen at noon."))
    for one, other in ((first, later), (answer, later), (answer, answer), (first, first)):
        folders = one.folder, other.folder
        assert pair_as_held(verify_pair(*folders), folders) is None
