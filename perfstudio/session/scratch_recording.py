"""A recording that is no take: for the set-up check and for calibration. It holds the performer's face and room.

It is deleted as soon as nobody needs it any more and the recorder has closed it, and what an earlier start left behind
is deleted at the next one; always on the worker. Answers about a recording that was given up are heard here and told to
nobody.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from perfstudio.durable import disk_error, private_folder, remove_tree
from perfstudio.model.checks import StricterLimit
from perfstudio.model.errors import CaptureError
from perfstudio.model.ids import new_id
from perfstudio.model.take import EndReason
from perfstudio.model.timing import MarkerName
from perfstudio.session import recorder_messages as rm
from perfstudio.session.offset_store import OffsetStore
from perfstudio.session.recorder_router import HearRecording, RecorderRouter
from perfstudio.session.scratch_beside import is_in_use
from perfstudio.session.worker import Worker


class ScratchRecording:
    """One such recording after another, below one folder."""

    def __init__(self, recorder: RecorderRouter, worker: Worker, scratch: Path) -> None:
        self._recorder, self._worker, self._scratch = recorder, worker, scratch
        self._current: rm.Recording | None = None
        """The one in hand: it rolls, is being measured, or its file is still played."""
        self._unclosed: set[rm.Recording] = set()
        """What the recorder has not closed yet."""
        self._sweep()

    @property
    def folder(self) -> Path | None:
        """Where the recording in hand lies."""
        return self._current.folder if self._current is not None else None

    def begin(
        self,
        purpose: rm.Purpose,
        calibration: OffsetStore,
        hear: HearRecording,
        *,
        limits: tuple[StricterLimit, ...] = (),
        pack: str = "",
        headphones: tuple[str, str] = ("", ""),
    ) -> None:
        """Record; `hear` hears what becomes of it for as long as it is in hand.

        Raises CaptureError when there is no folder for it.
        """
        self.give_up()
        try:
            folder = private_folder(self._scratch / new_id())
        except OSError as error:
            raise disk_error(error, self._scratch, CaptureError) from error
        recording = self._current = rm.Recording(purpose, folder)
        self._unclosed.add(recording)
        self._recorder.roll(
            rm.Roll(recording, calibration, limits, pack, headphones), lambda answer: self._heard(answer, hear)
        )

    def mark(self, note: str) -> None:
        """Set a marker at this moment of the recording."""
        if self._current is not None:
            self._recorder.mark(self._current, MarkerName.MARK, note)

    def cut(self) -> None:
        """That was enough: it is closed and measured."""
        if self._current is not None:
            self._recorder.cut(self._current)

    def give_up(self) -> None:
        """Nobody needs it any more: it ends, if it still rolls, and goes."""
        before, self._current = self._current, None
        if before is not None:
            self._recorder.cut(before, EndReason.ABANDONED)
        self._sweep()

    def _heard(self, answer: rm.AboutRecording, hear: HearRecording) -> None:
        recording = answer.recording
        if isinstance(answer, rm.CLOSING):
            self._unclosed.discard(recording)
        if recording == self._current:
            hear(answer)
        elif recording not in self._unclosed:
            self._drop(recording.folder)

    def _sweep(self) -> None:
        """Delete what nobody needs, except what is still being written, here (that goes when it is closed) or by a verb
        that lives.
        """
        kept = {recording.folder for recording in self._unclosed}
        with contextlib.suppress(OSError):  # there is none
            for folder in () if self._scratch.is_symlink() else tuple(self._scratch.iterdir()):
                if folder not in kept and not is_in_use(folder):
                    self._drop(folder)

    def _drop(self, folder: Path) -> None:
        self._worker.run(lambda: remove_tree(folder), lambda _: None, lambda _: None)
