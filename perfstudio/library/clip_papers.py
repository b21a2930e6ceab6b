"""Which clips of a take went out as files: clips.json beside it, also of a deleted take."""

from __future__ import annotations

from perfstudio.library.folder import CLIPS, read_clips
from perfstudio.library.pair_papers import Find, Write
from perfstudio.library.sealing import write_document
from perfstudio.model.clip_given import MOST_CLIPS, ClipGiven, ClipsGiven


class ClipPapers:
    """Of one library."""

    def __init__(self, find: Find, write: Write) -> None:
        self._find = find
        self._write = write

    def of(self, take_id: str) -> tuple[ClipGiven, ...]:
        """The clips that went out, the last one first. Raises LibraryError(TAKE_DAMAGED)."""
        kept = read_clips(self._find(take_id))
        return kept.clips if kept is not None else ()

    def add(self, take_id: str, clip: ClipGiven) -> None:
        """One more is about to go out. Raises LibraryError; what lies there and cannot be read stays as it is."""
        self._write(take_id, lambda: self._put(take_id, (clip, *self.of(take_id))[:MOST_CLIPS]))

    def drop(self, take_id: str, clip_id: str) -> None:
        """It did not go out after all."""
        self._write(
            take_id, lambda: self._put(take_id, tuple(one for one in self.of(take_id) if one.clip_id != clip_id))
        )

    def _put(self, take_id: str, clips: tuple[ClipGiven, ...]) -> None:
        write_document(self._find(take_id).folder / CLIPS, ClipsGiven(take_id=take_id, clips=clips))
