"""Two folders as two sides of one scene, for whoever holds both without a receiver of ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfstudio.model.consent import UseId
from perfstudio.model.errors import DeliveryError
from perfstudio.model.joint_uses import JointWhy
from perfstudio.model.pair import PairProblem
from perfstudio.model.pair_document import PairDocument, PairState
from perfstudio.session.takes.verify_pair import pair_of_bundles
from perfstudio.texts import pairs as words
from perfstudio.texts.errors import sentence
from rigs.pair_takes import KEEP, STUDY, USES, pack, play, two_sides

S = PairState


def opened(pair: PairDocument) -> set[UseId]:
    return {line.use for line in pair.lines if line.open is not None}


def test_what_a_receiver_would_write_of_two_folders(tmp_path: Path) -> None:
    first, answer = two_sides(tmp_path)
    for folders in ((first.folder, answer.folder), (answer.folder, first.folder)):
        pair = pair_of_bundles(*folders)
        assert (pair.state, opened(pair), pair.here) == (S.OPEN, set(USES), (first.take_id, answer.take_id))
    assert pair.alignment is not None
    said = words.aligned(pair.alignment)
    assert said.startswith(f"The clip of take {first.take_id} is heard in take {answer.take_id} from 1.250 s on")
    assert "30.0 ms" in said
    assert "1 hole, 0.50 s long" in said
    first.back({STUDY})
    pair = pair_of_bundles(first.folder, answer.folder)
    line = next(line for line in pair.lines if line.use is STUDY)
    assert (opened(pair), line.why, line.of) == (set(USES) - {STUDY}, JointWhy.TAKEN_BACK, (first.take_id,))
    first.back({KEEP})
    pair = pair_of_bundles(first.folder, answer.folder)
    assert (pair.state, pair.here, [one.take_id for one in pair.gone]) == (S.CLOSED, (answer.take_id,), [first.take_id])
    answer.back()
    assert "both were taken back" in words.for_studio(pair_of_bundles(first.folder, answer.folder))[0]


def test_of_a_take_that_does_not_verify_nothing_stands(tmp_path: Path) -> None:
    first, answer = two_sides(tmp_path)
    pair = pair_of_bundles(first.folder, answer.folder, doubtful=(answer.take_id,))
    assert (pair.state, pair.lines) == (S.CLOSED, ())
    (answer.folder / "consent.json").write_bytes(b"{")
    assert pair_of_bundles(first.folder, answer.folder).state is S.CLOSED
    (first.folder / "consent.json").unlink()
    assert pair_of_bundles(first.folder, answer.folder).state is S.CLOSED


def test_two_that_are_no_pair(tmp_path: Path) -> None:
    first, answer = two_sides(tmp_path)
    later = play(tmp_path, "b", against=first, of=pack("1.1", "A kitchen at noon."))
    pair = pair_of_bundles(first.folder, later.folder)
    assert (pair.state, pair.problems, pair.alignment) == (S.UNFIT, (PairProblem.OTHER_WORDS,), None)
    refused = {"same_take_twice": answer, "no_partner": later}
    for problem, other in refused.items():
        with pytest.raises(DeliveryError) as caught:
            pair_of_bundles(answer.folder, other.folder)
        assert caught.value.facts["problem"] == problem
        assert "take.json" in sentence(caught.value)
    with pytest.raises(DeliveryError):
        pair_of_bundles(first.folder, tmp_path / "nowhere")
