"""Papers of a take that cannot be read, in words: what is wrong, what is therefore not known, and what to do."""

from __future__ import annotations

from collections.abc import Iterable

from perfstudio.language.catalogue import Messages, _
from perfstudio.library.folder import CONSENT, MANIFEST, RECEIPT, SENT
from perfstudio.session.unread_papers import UnreadPaper
from perfstudio.texts.damage import broken
from perfstudio.texts.template import one_line, sentences

_TO_DO: Messages[dict[str, str]] = {
    CONSENT: "What you gave with it is not known here, and nothing of it is sent or taken back from here, until you "
    "restore consent.json from a copy of yours. A studio that has the take has that file too.",
    MANIFEST: "Restore take.json from a copy of yours. What you signed is in consent.json, and stands.",
    RECEIPT: "What became of it at the studio is not known here until you restore receipt.json from a copy of yours. "
    "Without a copy, move the file out of the take's folder and run “perfstudio deliver --take {take}”: a studio "
    "that has the take signs for it again.",
    SENT: "When it was sent is not known here until you restore sent.json from a copy of yours.",
    "": "Connect the disk it is on, or put the folder back.",
}


def said(paper: UnreadPaper) -> str:
    """Its receipt.json does not hold. What became of it … is not known here until …"""
    what = broken(paper.detail)
    to_do = _TO_DO.get(paper.file)
    return sentences(f"{what}.", _(to_do, take=paper.take_id) if to_do else "")


def line(paper: UnreadPaper) -> str:
    """The same with the take's name before it."""
    return _("{take}: {why}", take=name(paper), why=said(paper))


def name(paper: UnreadPaper) -> str:
    """“The last ferry”, take 1; its id where nothing else is known."""
    if not paper.title or not paper.number:
        return _("Take {take}", take=paper.take_id)
    return _("“{title}”, take {number}", title=one_line(paper.title), number=paper.number)


def lines(papers: Iterable[UnreadPaper]) -> list[str]:
    """A line for each."""
    return [line(paper) for paper in papers]
