"""The folder with everything that is mine: what it says of itself, and what is said of it."""

from __future__ import annotations

from perfstudio.language.catalogue import N_, Messages, _
from perfstudio.model.clock import utc_now
from perfstudio.session.mine_export import MineReport, MineWords
from perfstudio.texts import formatting, unread_papers
from perfstudio.texts.template import clause

UNFINISHED = N_(
    "This copy is not finished: it was interrupted.\nStart it again with the same folder, and it continues where it "
    "stopped. Until then, do not rely on it.\n"
)
_LEFT: Messages[dict[str, str]] = {
    "rolling": "Take {take} was still being recorded, or was cut short and not yet recovered. It is not in this copy.",
    "missing": "Take {take} is on a disk that is not connected. It is not in this copy.",
    "unreadable": "Take {take} could not be read. It is not in this copy.",
}
# Translators: a text file for the performer, who may open it in ten years and without this program.
_README = N_(
    "Everything of mine from perfstudio, copied on {when}.\n"
    "\n"
    "{there}\n"
    "\n"
    "takes: a folder for each take. take.mp4 is picture and sound, audio.flac the sound alone. take.json holds what "
    "was played, with what, how it was checked, and what I said about it. consent.json is what I signed, receipt.json "
    "what a studio confirmed.\n"
    "deleted-takes: what I signed for takes that I deleted.\n"
    "receipts: each signature as a page to read and print.\n"
    "what-i-have-given: what I have given to whom, as a table and for programs.\n"
    "about-me.json: the name I sign with, and how I set this program up.\n"
    "scenes-i-skipped.json: the scenes that I left alone, and why; only here if I skipped one.\n"
    "hashes.sha256: a fingerprint of every file here. “sha256sum -c hashes.sha256” says whether each is as it was "
    "copied.\n"
    "\n"
    "My signing key and the tokens of studios are not here. Anybody who has this folder can watch my takes, but "
    "cannot sign for me.\n"
)


def words() -> MineWords:
    """What the folder says of itself."""
    return MineWords(_(UNFINISHED), readme)


def readme(report: MineReport) -> str:
    """What README.txt says."""
    lines = [done(report), *left(report), *earlier(report)]
    return _(_README, when=formatting.day_and_clock(utc_now().astimezone()), there="\n".join(lines))


def done(report: MineReport) -> str:
    """What is there, as it was read back."""
    return _("Copied and read back: {there}.", there=_there(report))


def left(report: MineReport) -> list[str]:
    """A line for each take that is not there, or not as it was sealed, and for each paper that cannot be read."""
    missing = [_(_LEFT[why], take=take) for take, why in report.left]
    damaged = [_("Take {take} is damaged here, and was copied as it is.", take=take) for take in report.damaged]
    return [*missing, *damaged, *unread_papers.lines(report.unread)]


def earlier(report: MineReport) -> list[str]:
    """A line for each thing that lies there from an earlier copy and was not copied again."""
    return [
        _(
            "Kept from an earlier copy: {place}. It was not copied again, and hashes.sha256 does not list it.",
            place=place,
        )
        for place in report.earlier
    ]


def _there(report: MineReport) -> str:
    return clause(
        "{takes}[, the papers of {deleted} that were deleted], {files}, {size}",
        {
            "takes": formatting.count(len(report.takes), "take"),
            "deleted": formatting.count(len(report.deleted), "take") if report.deleted else "",
            "files": formatting.count(report.files, "file"),
            "size": formatting.size(report.bytes),
        },
    )
