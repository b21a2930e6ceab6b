"""Papers of signed takes that cannot be read: which file it is, and of which take as far as that is still known."""

from __future__ import annotations

from dataclasses import dataclass

from perfstudio.library.folder import CLIPS, CONSENT, MANIFEST, PAIRS, RECEIPT, RULING, SENT, damaged
from perfstudio.model.errors import ErrorCode, PerfstudioError

FOLDER_MISSING = "folder_missing"
CONSENT_MISSING = "consent_missing"
RECEIPT_MISSING = "receipt_missing"
_FILES = {
    "consent": CONSENT,
    "receipt": RECEIPT,
    "sent": SENT,
    "ruling": RULING,
    "pairs": PAIRS,
    "clips": CLIPS,
    "folder": "",
}
_KINDS = ("_of_another_take", "_missing")


@dataclass(frozen=True, slots=True)
class UnreadPaper:
    """One of them. What is not known is empty."""

    take_id: str
    problem: PerfstudioError
    title: str = ""
    number: int = 0
    studio_id: str = ""
    pack_id: str = ""

    @property
    def detail(self) -> str:
        """Why, as TAKE_DAMAGED says it; the problem's own code where it is another one."""
        if self.problem.code is ErrorCode.TAKE_UNKNOWN:  # it is in the list, and nothing of it lies here
            return FOLDER_MISSING
        return str(self.problem.facts.get("detail", self.problem.code.value))

    @property
    def file(self) -> str:
        """Its name in the folder of the take; empty where the folder is not there."""
        paper = self.detail
        for kind in _KINDS:
            paper = paper.removesuffix(kind)
        return _FILES.get(paper, MANIFEST)

    def to_json(self) -> dict[str, str]:
        """For programs."""
        return {"take_id": self.take_id, "code": self.problem.code.value, "detail": self.detail, "file": self.file}


def missing(take_id: str, detail: str) -> PerfstudioError:
    """A paper that has to be there and is not."""
    return damaged(take_id, detail)
