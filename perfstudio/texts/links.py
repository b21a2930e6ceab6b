"""Who opens invitation links, packs and clips on this computer, as the system has said it just now."""

from __future__ import annotations

from perfstudio.language.catalogue import N_, Messages, _
from perfstudio.session.system_links.states import LinkOwner, LinksState
from perfstudio.texts.template import one_line, say, sentences

CHOICE = N_("Open invitation links, packs and clips with perfstudio")
NOTE = N_(
    "Then a link or pack from a studio opens perfstudio, which shows you what it is before anything is connected or "
    "imported. A clip of a colleague opens at its scene."
)
BY_HAND = N_(
    "You can always paste a link where you connect a studio, or give it to `perfstudio connect`; a pack or "
    "a clip can be dropped on the window."
)
_PACKS: Messages[dict[LinkOwner, str]] = {
    LinkOwner.THIS: "Packs open it too.",
    LinkOwner.OTHER: "Packs open another program, or another copy of perfstudio.",
    LinkOwner.NONE: "No program opens packs here yet.",
}
_CLIPS: Messages[dict[LinkOwner, str]] = {
    LinkOwner.THIS: "Clips open perfstudio.",
    LinkOwner.OTHER: "Clips open another program, or another copy of perfstudio.",
    LinkOwner.NONE: "No program opens clips here yet.",
}


def opened_by(now: LinksState) -> str:
    """Of links, then of packs, then of clips; nothing is said that was not read."""
    if {now.owner, now.packs, now.clips} == {LinkOwner.NONE} and now.changeable:
        return _("No program opens invitation links, packs or clips here yet.")
    if not now.changeable and now.owner is LinkOwner.NONE:
        return _(
            "Only perfstudio.app can open invitation links, packs and clips on macOS. Paste a link where you "
            "connect a studio, and drop a pack or a clip on the window."
        )
    if now.all_this:
        return sentences(_links(now), _("Packs and clips open it too."))
    alone = now.packs is LinkOwner.THIS is not now.owner
    packs = _("Packs open perfstudio.") if alone else _(_PACKS[now.packs])
    return sentences(_links(now), packs, _(_CLIPS[now.clips]))


def _links(now: LinksState) -> str:
    facts = {"by": one_line(now.by)}
    if now.owner is LinkOwner.THIS and now.installed:
        return say("Invitation links open the perfstudio installed here[ ({by})].", facts)
    if now.owner is LinkOwner.THIS:
        before = {"beside": one_line(now.beside)}
        return say(
            "[Invitation links open this perfstudio instead of the installed one ({beside}).|Invitation links open "
            "perfstudio.]",
            before,
        )
    if now.owner is LinkOwner.OTHER:
        return say("Invitation links open another program, or another copy of perfstudio[: {by}].", facts)
    return _("No program opens invitation links here yet.")
