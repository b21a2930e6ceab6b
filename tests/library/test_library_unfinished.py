"""What was left unfinished: open takes are offered once their process is gone, deletions are completed."""

from __future__ import annotations

from pathlib import Path

from library_takes import draft_of, finished, record_files, sealed_take

from perfstudio.library.library import Library


def test_an_open_take_of_a_living_process_is_not_offered_for_recovery(root: Path) -> None:
    with Library(root) as mine, Library(root) as other:
        begun = mine.create(draft_of())
        record_files(begun.folder)
        assert other.unsealed() == ()
        assert not other.claim(begun.take_id)
        mine.close()
        (waiting,) = other.unsealed()
        assert (waiting.take_id, waiting.folder) == (begun.take_id, begun.folder)
        assert other.claim(begun.take_id)
        assert other.unsealed() == ()
        other.release(begun.take_id)
        assert len(other.unsealed()) == 1
        assert other.claim(begun.take_id)
        other.seal(begun.take_id, finished(waiting))
        assert other.unsealed() == ()
        assert not list((root / "locks").glob("*.open"))


def test_a_garbled_draft_is_still_offered(root: Path) -> None:
    with Library(root) as library:
        begun = library.create(draft_of())
        (begun.folder / "take.json").write_bytes(b"{")
    with Library(root) as library:
        (waiting,) = library.unsealed()
        assert (waiting.take_id, waiting.manifest) == (begun.take_id, None)


def test_deletions_cut_short_are_finished_at_the_next_start(root: Path) -> None:
    with Library(root) as library:
        take = sealed_take(library)
        (root / "trash").mkdir(mode=0o700)
        library.folder(take).rename(root / "trash" / take)  # killed right after the decision
    (root / "trash" / "not-a-take").mkdir()
    with Library(root) as library:
        assert library.list() == ()
        assert [p.name for p in (root / "trash").iterdir()] == ["not-a-take"]
