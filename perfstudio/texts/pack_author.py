"""Who made a pack, as far as its signature says: the line on its card, and what is asked before it is in."""

from __future__ import annotations

from perfstudio.language.catalogue import N_, Messages, _
from perfstudio.model.errors import ErrorCode, PackError
from perfstudio.packs.signature import UNSIGNED, Authorship
from perfstudio.session.views import PackView

_LINES: Messages[dict[Authorship, str]] = {
    Authorship.UNKNOWN: "",
    Authorship.SIGNED: "Signed by {studio} with the key {key}",
    Authorship.MISSING: "Not signed, although {studio} signs its packs",
    Authorship.OTHER_KEY: "Signed with {key}, which is not the key {studio} is known by",
}
ASKED = N_("Is this pack from the studio?")
LEAVE_OUT = N_("Leave it out")
TAKE_IN = N_("Import it anyway")


def author_line(pack: PackView) -> str:
    """Signed by North Lab with the key 1a2b 3c4d …; nothing where nothing is known and nothing is missing."""
    line = _LINES[pack.author]
    return "" if pack.bundled or not line else _(line, studio=pack.studio.name, key=pack.signed_by)


def is_doubtful(pack: PackView) -> bool:
    """Whether somebody else may have made it."""
    return not pack.bundled and pack.author in (Authorship.MISSING, Authorship.OTHER_KEY)


def acceptance(problem: Exception) -> str | None:
    """What a person would have to accept so that a refused pack is in; None where no decision would help."""
    if not isinstance(problem, PackError):
        return None
    if problem.code is ErrorCode.PACK_OTHER_KEY:
        return str(problem.facts["new"])
    return UNSIGNED if problem.code is ErrorCode.PACK_UNSIGNED else None
