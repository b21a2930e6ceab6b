"""Who opens invitation links on this computer, as the system has said it just now."""

from __future__ import annotations

from perfstudio.language.catalogue import N_, _
from perfstudio.session.system_links.states import LinkOwner, LinksState
from perfstudio.texts.template import one_line, say

CHOICE = N_("Open invitation links with perfstudio")
NOTE = N_("A link that a studio sent you then opens perfstudio, which shows who invites before anything is connected.")
BY_HAND = N_("A link can always be pasted where a studio is connected, or given to `perfstudio connect`.")


def opened_by(now: LinksState) -> str:
    """One sentence; nothing is said that was not read."""
    facts = {"by": one_line(now.by)}
    if now.owner is LinkOwner.THIS and now.installed:
        return say("Invitation links open the perfstudio that is installed here[ ({by})].", facts)
    if now.owner is LinkOwner.THIS:
        return _("Invitation links open perfstudio.")
    if now.owner is LinkOwner.OTHER:
        return say("Invitation links open another program, or another copy of perfstudio[: {by}].", facts)
    if not now.changeable:
        return _("Only perfstudio.app can open invitation links on macOS. Paste a link where a studio is connected.")
    return _("No program opens invitation links here yet.")
