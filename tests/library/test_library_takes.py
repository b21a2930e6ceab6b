"""The life of a take in the library: begun, sealed, decided, found, binned, emptied."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from library_refusals import code_of
from library_takes import draft_of, finished, mark, sealed_take

from perfstudio.library.folder import size_of
from perfstudio.library.library import Library
from perfstudio.library.take_row import TakeFilter
from perfstudio.model.checks import CheckCode, CheckResult, Verdict
from perfstudio.model.errors import ErrorCode, LibraryError
from perfstudio.model.labels import Labels
from perfstudio.model.take import SECOND_COPY, Decision, TakeState, Trim
from perfstudio.model.take_reading import read_take
from rigs.systems import WINDOWS, mode_of, private

MakeTake = Callable[..., str]


def test_a_draft_becomes_a_part_folder_and_a_sealed_one(library: Library, root: Path) -> None:
    begun = library.create(draft_of())
    assert begun.folder == root / "takes" / f"{begun.take_id}.part"
    assert library.state(begun.take_id) is TakeState.ROLLING
    sealed = library.seal(begun.take_id, finished(begun))
    folder = root / "takes" / begun.take_id
    assert library.folder(begun.take_id) == folder
    assert not begun.folder.exists()
    on_disk = read_take((folder / "take.json").read_bytes())
    assert on_disk == sealed == library.manifest(begun.take_id)
    assert on_disk.seal_sha256 == on_disk.seal()
    assert {p.name for p in folder.iterdir()} == {"take.json", "take.mp4", "audio.flac", "thumbnail.jpg", "raw"}
    row = library.row(begun.take_id)
    assert (row.prompt_title, row.character, row.take_number, row.state) == (
        "About the-letter",
        "Mara",
        1,
        TakeState.UNDECIDED,
    )
    assert row.emotions == ("grief", "anger")
    assert row.size_bytes == sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
    assert library.used_bytes() == row.size_bytes


def test_everything_is_private(library: Library, root: Path, take: str) -> None:
    begun = library.create(draft_of())
    own = [root, *root.rglob("*")]
    loose = [
        p.name
        for p in own
        if mode_of(p) != private(0o700 if p.is_dir() else 0o600) and p.parent.name not in (take, "raw")
    ]  # media of these tests are written by the tests themselves
    assert not loose
    assert begun.take_id


def test_sealing_twice_is_harmless_and_a_second_version_is_refused(library: Library) -> None:
    begun = library.create(draft_of())
    manifest = finished(begun)
    first = library.seal(begun.take_id, manifest)
    assert library.seal(begun.take_id, manifest) == first
    other = manifest.model_copy(update={"duration_s": 99.0})
    assert code_of(lambda: library.seal(begun.take_id, other)) is ErrorCode.TAKE_NOT_READY
    assert library.manifest(begun.take_id) == first


def test_a_take_is_not_sealed_without_its_files(library: Library) -> None:
    begun = library.create(draft_of())
    manifest = finished(begun)
    (begun.folder / "audio.flac").unlink()
    assert code_of(lambda: library.seal(begun.take_id, manifest)) is ErrorCode.TAKE_DAMAGED
    assert library.state(begun.take_id) is TakeState.ROLLING


def test_numbers_are_never_given_twice(library: Library, root: Path) -> None:
    assert [library.row(sealed_take(library)).take_number for _ in range(3)] == [1, 2, 3]
    assert library.row(sealed_take(library, "the-door")).take_number == 1
    third = library.find("the-letter/3")
    library.bin(third)
    assert library.empty_bin().deleted == (third,)
    if WINDOWS:
        library.close()  # an open file cannot be removed there
    (root / "index.sqlite").unlink()
    with Library(root) as again:
        assert again.next_take_number("evening", "the-letter") == 4
        collided = again.create(draft_of("the-letter", number=2))
        assert collided.manifest is not None
        assert collided.manifest.slate.take_number == 4


def test_lost_counters_are_learnt_from_the_folders(library: Library, root: Path) -> None:
    sealed_take(library)
    sealed_take(library)
    (root / "counters.json").write_text("{garbled")
    with Library(root) as again:
        assert again.next_take_number("evening", "the-letter") == 3


def test_decisions(library: Library, take: str) -> None:
    assert library.keep(take).decision is Decision.KEPT
    assert library.state(take) is TakeState.KEPT
    assert library.unkeep(take).decision is Decision.UNDECIDED
    assert library.bin(take).decision is Decision.BINNED
    assert library.state(take) is TakeState.BINNED
    assert library.folder(take).is_dir()
    assert library.restore(take).decision is Decision.UNDECIDED
    library.label(take, Labels(meant=("grief",), valence=2))
    library.note(take, "the second half")
    library.trim(take, Trim(in_s=1.0, out_s=9.0))
    library.intend(take, CheckCode.PEAK)
    kept = library.manifest(take)
    said = kept.said()
    assert said is not None
    assert (said.meant, kept.note, kept.trim.out_s, kept.intended) == (
        ("grief",),
        "the second half",
        9.0,
        (CheckCode.PEAK,),
    )
    assert library.row(take).meant == ("grief",)
    library.intend(take, CheckCode.PEAK, is_meant=False)
    assert library.manifest(take).intended == ()


def test_one_circle_per_prompt_and_circling_keeps(library: Library, make_take: MakeTake) -> None:
    first, second, elsewhere = make_take(), make_take(), make_take("the-door")
    library.circle(elsewhere)
    library.circle(first)
    library.circle(second)
    rows = {row.take_id: row for row in library.list()}
    assert [rows[t].circled for t in (first, second, elsewhere)] == [False, True, True]
    assert [rows[t].decision for t in (first, second)] == [Decision.KEPT, Decision.KEPT]
    assert library.bin(second).circled is False


def test_the_sealed_part_is_protected(library: Library, take: str) -> None:
    before = library.manifest(take)
    for change in (
        {"duration_s": 1.0},
        {"seal_sha256": "0" * 64},
        {"checks": (CheckResult(code=CheckCode.PEAK, verdict=Verdict.GOOD),)},
    ):
        with pytest.raises(ValueError, match="sealed part"):
            library.update(take, lambda m, c=change: m.model_copy(update=c))
    assert library.manifest(take) == before


def test_an_open_take_is_not_decided_about(library: Library) -> None:
    begun = library.create(draft_of())
    assert code_of(lambda: library.keep(begun.take_id)) is ErrorCode.TAKE_NOT_READY


def test_finding(library: Library, make_take: MakeTake) -> None:
    first, second = make_take(), make_take()
    other = make_take("the-door", "morning")
    assert library.find(first.upper()) == first
    assert library.find("the-letter/1") == first
    assert library.find("the-letter") == second
    library.bin(second)
    assert library.find("the-letter") == first
    assert library.find("evening/the-letter/2") == second
    assert library.find("morning/the-door") == other
    length = next(n for n in range(1, 27) if len({t[:n] for t in (first, second, other)}) == 3)
    assert library.find(other[:length]) == other
    assert code_of(lambda: library.find("0")) is ErrorCode.TAKE_AMBIGUOUS
    for unknown in ("the-letter/9", "nothing", "", "a/b/c/d", "the-letter/99999999999", "../../etc", "%"):
        assert code_of(lambda u=unknown: library.find(u)) is ErrorCode.TAKE_UNKNOWN


def test_a_prompt_of_two_packs_is_ambiguous(library: Library, make_take: MakeTake) -> None:
    make_take("the-letter", "evening")
    make_take("the-letter", "morning")
    assert code_of(lambda: library.find("the-letter")) is ErrorCode.TAKE_AMBIGUOUS


def test_filters(library: Library, make_take: MakeTake) -> None:
    first, second, third = make_take(), make_take("the-door"), make_take("the-door", "morning")
    library.circle(second)
    library.note(third, "50% better_now!")

    def ids(**chosen: object) -> list[str]:
        return [row.take_id for row in library.list(TakeFilter(**chosen))]  # type: ignore[arg-type]

    assert ids() == [third, second, first]
    assert ids(prompt_id="the-door") == [third, second]
    assert ids(pack_id="morning") == [third]
    assert ids(circled=True) == [second]
    assert ids(states=frozenset({TakeState.KEPT})) == [second]
    assert ids(character="Mara", emotion="anger") == [third, second, first]
    assert ids(emotion="joy") == ids(practice=False) == []
    assert ids(text="door about") == [third, second]
    assert ids(text="50% better_now!") == [third]
    assert ids(text="5_%") == []


def test_only_the_bin_is_emptied(library: Library, root: Path, make_take: MakeTake) -> None:
    kept, binned, spared = make_take(), make_take(), make_take()
    library.bin(binned)
    library.bin(spared)
    report = library.empty_bin(busy=(spared,))
    assert (report.deleted, report.left) == ((binned,), ((spared, "busy"),))
    assert not (root / "takes" / binned).exists()
    assert not any((root / "trash").iterdir())
    assert {row.take_id for row in library.list()} == {kept, spared}
    assert code_of(lambda: library.folder(binned)) is ErrorCode.TAKE_UNKNOWN
    assert library.empty_bin(only=(kept,)).deleted == ()


def test_an_empty_open_take_can_be_dropped_and_a_recorded_one_not(library: Library) -> None:
    begun = library.create(draft_of())
    (begun.folder / "raw").mkdir()
    (begun.folder / "raw" / "video.mp4").touch()
    (begun.folder / "raw" / "ballast.bin").write_bytes(b"room")
    (begun.folder / ".take.json.0123.tmp").write_bytes(b"{")
    assert library.drop_empty(begun.take_id)
    assert not begun.folder.exists()
    assert library.list() == ()
    assert library.next_take_number("evening", "the-letter") == 1
    begun = library.create(draft_of())
    (begun.folder / "raw").mkdir()
    (begun.folder / "raw" / "video.mp4").write_bytes(b"x")
    assert not library.drop_empty(begun.take_id)
    assert (begun.folder / "take.json").is_file()


def test_a_take_keeps_no_path_of_this_machine(library: Library, root: Path, take: str) -> None:
    assert str(root) not in json.dumps(library.manifest(take).to_json())


def test_unknown_takes(library: Library) -> None:
    for call in (library.manifest, library.row, library.folder, library.keep, library.consent):
        for name in ("0" * 26, "../../etc/passwd", ""):
            assert code_of(lambda c=call, n=name: c(n)) is ErrorCode.TAKE_UNKNOWN
    with pytest.raises(LibraryError):
        library.seal("0" * 26, draft_of())


def test_what_was_proved_to_be_a_second_copy_goes_with_the_seal(library: Library) -> None:
    begun = library.create(draft_of())
    manifest = finished(begun)
    mark(begun.folder, manifest.files)
    take = library.seal(begun.take_id, manifest).take_id
    folder = library.folder(take)
    assert not (folder / "raw").exists()
    assert library.row(take).size_bytes == size_of(folder)
    assert {entry.name for entry in manifest.files} <= {path.name for path in folder.iterdir()}


def test_what_was_not_proved_stays(library: Library) -> None:
    begun = library.create(draft_of())
    manifest = finished(begun)
    (begun.folder / "raw" / "ballast.bin").write_bytes(b"room")
    take = library.seal(begun.take_id, manifest).take_id
    assert {path.name for path in (library.folder(take) / "raw").iterdir()} == {"video.mp4"}


def other_files(raw: Path) -> None:
    (raw / SECOND_COPY).write_text(json.dumps({"picture": "0" * 64}))


def no_json(raw: Path) -> None:
    (raw / SECOND_COPY).write_bytes(b"\x00{")


def shorter_film(raw: Path) -> None:
    (raw.parent / "take.mp4").write_bytes(b"x")


def a_link(raw: Path) -> None:
    raw.rename(raw.with_name("elsewhere"))
    raw.symlink_to(raw.with_name("elsewhere"))


@pytest.mark.parametrize("wrong", [other_files, no_json, shorter_film, a_link])
def test_a_mark_that_is_not_about_the_sealed_files_means_nothing(
    library: Library, wrong: Callable[[Path], None]
) -> None:
    take = sealed_take(library)
    raw = library.folder(take) / "raw"
    mark(library.folder(take), library.manifest(take).files)
    wrong(raw)
    library.note(take, "looked at again")
    assert (raw / "video.mp4").is_file()
    assert (raw / "piece-0.bin").is_file()


def test_what_a_kill_left_of_it_goes_at_the_next_look(root: Path) -> None:
    with Library(root) as library:
        take = sealed_take(library)
        folder = library.folder(take)
        mark(folder, library.manifest(take).files)
        (folder / "raw" / "video.mp4").unlink()
    with Library(root) as library:
        assert (folder / "raw").is_dir(), "a folder whose papers did not change is not read"
        library.rebuild()
        assert not (folder / "raw").exists()
        assert library.state(take) is TakeState.UNDECIDED
