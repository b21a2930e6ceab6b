"""loopback.json: what clicks from headphones to a microphone have shown, for each pair of them."""

from __future__ import annotations

import json
from pathlib import Path

from perfstudio.durable import disk_error, write_durably
from perfstudio.model.clock import utc_now
from perfstudio.model.errors import CaptureError
from perfstudio.model.loopback import LoopbackBook, LoopbackFound, LoopbackLine
from perfstudio.model.partner import LoopbackConstant
from perfstudio.session.home_document import read_or_lay_aside
from perfstudio.session.set_aside import SetAsideKind, Tell, untold


class Loopbacks:
    """Read anew at every question: the window and a verb may both change it."""

    def __init__(self, file: Path, *, tell: Tell = untold) -> None:
        self._file, self._tell = file, tell

    def pairs(self) -> tuple[LoopbackLine, ...]:
        """Every pair that was measured; none where the file is damaged, which is set aside then."""
        book = read_or_lay_aside(self._file, LoopbackBook, SetAsideKind.CALIBRATION, self._tell)
        return book.pairs if book is not None else ()

    def of(self, headphones: str, microphone: str) -> LoopbackConstant | None:
        """What holds for this pair, by id; None where nobody measured it."""
        line = self.line(headphones, microphone)
        if line is None:
            return None
        return LoopbackConstant(correction_s=line.found.correction_s, bound_s=line.found.bound_s)

    def line(self, headphones: str, microphone: str) -> LoopbackLine | None:
        """What was measured for this pair, by id, and when; None where nobody measured it."""
        return next((one for one in self.pairs() if (one.headphones, one.microphone) == (headphones, microphone)), None)

    def keep(self, headphones: tuple[str, str], microphone: tuple[str, str], found: LoopbackFound) -> None:
        """From now on this holds; both by id and name. Raises CaptureError (disk)."""
        line = LoopbackLine(
            headphones=headphones[0], headphones_name=headphones[1], microphone=microphone[0],
            microphone_name=microphone[1], measured_utc=utc_now(), found=found,
        )  # fmt: skip
        pair = (line.headphones, line.microphone)
        others = (other for other in self.pairs() if (other.headphones, other.microphone) != pair)
        text = json.dumps(LoopbackBook(pairs=(*others, line)).to_json(), indent=1)
        try:
            write_durably(self._file, text.encode())
        except OSError as error:
            raise disk_error(error, self._file.parent, CaptureError, file=self._file.name) from error
