"""How two find each other with no studio: each hands the other a file, by any message, and waits for the other's."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from perfstudio.durable import file_error, write_new
from perfstudio.model.call_ways import CallWays
from perfstudio.model.duet_paste import MOST_HANDED, HandedError, HandedKind, OtherHandedError, handed, unhanded
from perfstudio.model.errors import CallError, ErrorCode, LibraryError, PerfstudioError

LOOK_S: Final = 0.5
"""How often it is looked whether the other's file is there."""
ANSWERED: Final = ".answer"
"""Behind the name of the file that begins stands this in the name of the one that answers it."""


class HandMeeting:
    """One side. `first` writes `file` and waits for the answer beside it; the other reads `file` and writes the answer.

    `handed_over` hears which file is to be given to the partner, and what is in it; `wrong` what speaks against a file
    that came, once, and then it is waited for another.
    """

    def __init__(
        self,
        file: Path,
        stop: threading.Event,
        handed_over: Callable[[Path, str], object],
        wrong: Callable[[PerfstudioError], object],
        *,
        first: bool,
    ) -> None:
        self._offer, self._answer = file, file.with_name(file.name + ANSWERED)
        self._stop = stop
        self._handed_over, self._wrong = handed_over, wrong
        self.first = first

    def say(self, says: str) -> None:
        """Write this side's file. Raises LibraryError, for one that is there already too."""
        kind, file = (HandedKind.OFFER, self._offer) if self.first else (HandedKind.ANSWER, self._answer)
        text = handed(says, kind)
        try:
            write_new(file, text.encode() + b"\n")
        except OSError as problem:
            raise file_error(problem, file, LibraryError) from problem
        self._handed_over(file, text)

    def wait(self) -> str:
        """What the partner's file says. Raises CallError(DUET_STOPPED)."""
        kind, file = (HandedKind.ANSWER, self._answer) if self.first else (HandedKind.OFFER, self._offer)
        seen = b""
        while True:
            text = _bytes_of(file)
            if text not in (b"", seen):
                try:
                    return unhanded(text.decode("utf-8-sig", "replace"), kind)
                except OtherHandedError:
                    self._wrong(CallError(ErrorCode.DUET_TEXT_OTHER, file=file.name))
                except HandedError:
                    self._wrong(CallError(ErrorCode.DUET_TEXT_WRONG, file=file.name))
            seen = text
            if self._stop.wait(LOOK_S):
                raise CallError(ErrorCode.DUET_STOPPED)

    def ways(self, own: CallWays) -> CallWays:
        """The servers that one names oneself. Raises CallError(DUET_RELAY_UNNAMED)."""
        if own.relay_only and own.turn is None:
            raise CallError(ErrorCode.DUET_RELAY_UNNAMED)
        return own


def _bytes_of(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(MOST_HANDED + 1)
    except OSError:
        return b""
