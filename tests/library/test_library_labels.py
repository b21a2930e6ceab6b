"""What a label says of its words: which vocabulary each is of, and what the scales mean, without our source."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from perfstudio.library import decisions
from perfstudio.library.library import Library
from perfstudio.model.emotion_words import EVERYDAY, LISTED, OWN_WORDS, pack_words, vocabulary_of
from perfstudio.model.errors import ErrorCode, LibraryError
from perfstudio.model.labels import Labels, written, written_1
from perfstudio.model.marks import MOST_MARKS, OwnMark
from perfstudio.model.played import Played
from perfstudio.model.prompt import Emotion
from perfstudio.model.take_reading import read_take
from perfstudio.model.timing import MarkerName
from perfstudio.texts.errors import sentence

OLD_TAKES = Path(__file__).parent / "data" / "takes-0.1.0"
PACK = pack_words("evening", "1.0", "0" * 64)
BIG6, FSRE = (f"http://www.w3.org/TR/emotion-voc/xml#{name}" for name in ("big6", "fsre-categories"))
ASKED = (
    Emotion(term="grief"),
    Emotion(term="joy", vocabulary=FSRE),
    Emotion(term="tenderness", vocabulary=FSRE),
    Emotion(term="saudade", vocabulary="https://example.org/words"),
    Emotion(term="happy"),
)


@pytest.mark.parametrize(
    ("word", "vocabulary"),
    [
        ("grief", PACK),  # asked for, and of no list
        ("joy", FSRE),  # of the list that the pack names
        ("tenderness", PACK),  # the pack names a list in which it is not
        ("saudade", "https://example.org/words"),  # a list that nobody here knows: as the pack says
        ("happy", EVERYDAY),  # asked for by a word of that list
        ("worried", EVERYDAY),  # typed, and of that list
        ("spite", OWN_WORDS),  # typed
        ("anger", OWN_WORDS),  # typed: a list in which it happens to be was not what it stood against
    ],
)
def test_each_word_has_the_vocabulary_that_it_is_really_of(word: str, vocabulary: str) -> None:
    assert vocabulary_of(word, ASKED, PACK) == vocabulary


def test_a_label_is_written_with_everything_that_it_takes_to_read_it(library: Library, take: str) -> None:
    library.label(take, Labels(meant=("grief", "spite"), valence=2))
    on_disk = json.loads((library.folder(take) / "take.json").read_bytes())["labels"]
    assert on_disk == {
        "valence": 2, "note": "",
        "meant": [{"term": "grief", "vocabulary": PACK}, {"term": "spite", "vocabulary": OWN_WORDS}],
        "scale": "SAM-9",
    }  # fmt: skip
    assert library.manifest(take).said() == Labels(meant=("grief", "spite"), valence=2)


def test_format_1_names_one_vocabulary_or_one_a_word() -> None:
    def of(word: str) -> str:
        return vocabulary_of(word, ASKED, PACK)

    assert written_1(Labels(meant=("happy", "sad")), of).vocabulary == EVERYDAY
    mixed = written_1(Labels(meant=("happy", "grief")), of)
    assert mixed.vocabulary.split(" ") == [EVERYDAY, PACK]
    assert mixed.to_json()["scale"] == "SAM-9"
    assert mixed.said() == written(Labels(meant=("happy", "grief")), of).said()


def test_the_lists_are_as_published() -> None:
    assert {name: len(words) for name, words in LISTED.items()} == {EVERYDAY: 17, BIG6: 6, FSRE: 24}


def test_marks_change_no_seal_and_have_no_place_in_format_1(library: Library, take: str) -> None:
    before = library.manifest(take)
    laugh, broke = OwnMark(name=MarkerName.MARK, at_s=0.5), OwnMark(name=MarkerName.BROKE, at_s=0.45)
    for mark in (laugh, broke):
        after = library.update(take, decisions.mark(mark))
    assert (after.own_marks(), after.seal()) == ((broke, laugh), before.seal_sha256)
    worded = library.update(take, decisions.word_mark(laugh, "laugh")).own_marks()
    assert json.loads((library.folder(take) / "take.json").read_bytes())["marks"] == [
        {"name": "broke", "at_s": 0.45}, {"name": "mark", "at_s": 0.5, "note": "laugh"},
    ]  # fmt: skip
    assert worded is not None
    for mark in worded:
        after = library.update(take, decisions.mark(mark.model_copy(update={"at_s": mark.at_s + 0.1})))
    assert after.own_marks() == (), "marked once more at the same place it goes"
    assert "marks" not in json.loads((library.folder(take) / "take.json").read_bytes())
    of_0_1_0 = read_take(next(OLD_TAKES.glob("*/take.json")).read_bytes())
    assert of_0_1_0.own_marks() is None
    with pytest.raises(LibraryError) as refused:
        of_0_1_0.with_own_marks((laugh,))
    assert refused.value.code is ErrorCode.MARKS_NO_PLACE
    full = tuple(OwnMark(name=MarkerName.MARK, at_s=float(at)) for at in range(MOST_MARKS))
    with pytest.raises(LibraryError) as too_many:
        decisions.mark(OwnMark(name=MarkerName.MARK, at_s=0.5))(before.with_own_marks(full))
    assert "200" in sentence(too_many.value)


def test_how_it_was_played_changes_no_seal_and_has_no_place_in_format_1(library: Library, take: str) -> None:
    before = library.manifest(take)
    how = Played(language="de-AT", accent="Vienna", age=70)
    after = library.update(take, decisions.played(how))
    assert (after.how_played(), after.seal_sha256, after.seal()) == (how, before.seal_sha256, before.seal_sha256)
    on_disk = json.loads((library.folder(take) / "take.json").read_bytes())["played"]
    assert on_disk == {"language": "de-AT", "accent": "Vienna", "age": 70}
    old = next(OLD_TAKES.glob("*/take.json")).read_bytes()
    of_0_1_0 = read_take(old)
    assert of_0_1_0.how_played() is None
    with pytest.raises(LibraryError) as refused:
        of_0_1_0.with_played(how)
    assert refused.value.code is ErrorCode.PLAYED_NO_PLACE
    assert "0.1.0" in sentence(refused.value)
