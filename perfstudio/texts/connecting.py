"""Connecting by an invitation: who invites, what was agreed, and where the token is. Never more than was answered."""

from __future__ import annotations

from perfstudio.delivery.tokens import StoredToken
from perfstudio.language.catalogue import N_, Messages, _
from perfstudio.session.delivery.invitation_desk import Connected, InvitationOffer
from perfstudio.texts.template import one_line, sentences

COMPARE = N_(
    "Compare these four words with the ones the studio told you. If one differs, you have reached somebody else: do "
    "not connect."
)
OTHER_KEY = N_(
    "You know this studio by another key. Either it has told you about a new one, or this is not the studio."
)
PRACTICE = N_("It accepts practice takes only.")
NOTHING_SENT = N_("Connecting sends nothing.")
_NOT_KEPT: Messages[dict[StoredToken, str]] = {
    StoredToken.NO_KEYRING: "There is no password store here to keep the token in",
    StoredToken.KEYRING_LOCKED: "The password store was not opened, so it could not keep the token",
    StoredToken.KEYRING_HANGS: "The password store did not answer, so it could not keep the token",
    StoredToken.TOO_LONG: "The token is too long for the password store",
}


def facts(offer: InvitationOffer) -> tuple[tuple[str, str], ...]:
    """What stands beside each other before anything is agreed."""
    who = one_line(offer.legal_name)
    named = who if who == offer.name else _("{legal} (“{name}”)", legal=who, name=one_line(offer.name))
    return (
        (_("Who invites"), named),
        (_("Contact"), one_line(offer.contact).strip("-") or _("not said")),
        (_("Address"), offer.address),
        (_("Words"), "  ".join(offer.words)),
    )


def offer_lines(offer: InvitationOffer) -> list[str]:
    """The same as lines, with what to do about it."""
    lines = [_("{label}: {value}", label=label, value=value) for label, value in facts(offer)]
    return [*lines, advice(offer)]


def advice(offer: InvitationOffer) -> str:
    """What to do with the words, and what follows."""
    return sentences(
        _(OTHER_KEY) if offer.other_key else "", _(COMPARE), _(PRACTICE) if offer.practice else "", _(NOTHING_SENT)
    )


def would_be_kept(kept: StoredToken) -> str:
    """What to know before the code is spent; nothing where a keyring keeps the token."""
    if kept is StoredToken.KEYRING:
        return ""
    return _(
        "{why}. You would be signed in until perfstudio is closed, and would need another invitation after that.",
        why=_(_NOT_KEPT[kept]),
    )


def connected(done: Connected) -> str:
    """What the studio has answered."""
    name = one_line(done.studio.name)
    if done.known:
        return _("You are signed in to {studio}: it knows your token.", studio=name)
    return _(
        "{studio} is added and gave you a token. It is not answering now, so you will see whether it knows the token "
        "when the first take is sent.",
        studio=name,
    )


def cannot_keep(kept: StoredToken) -> str:
    """Why a verb does not spend the code."""
    return _(
        "{why}, and it would be gone when this command ends. Nothing was connected, and the invitation is still good. "
        "Add --token-to FILE, then deliver with --token-file FILE.",
        why=_(_NOT_KEPT[kept]),
    )


def kept_nowhere(kept: StoredToken) -> str:
    """Why the token is gone when perfstudio is closed, and what to do then."""
    return _(
        "{why}. It is kept until perfstudio is closed, and never written to disk; after that you need a new "
        "invitation.",
        why=_(_NOT_KEPT[kept]),
    )
