"""Connecting by an invitation, in two steps: look at who invites, then say yes."""

from __future__ import annotations

from dataclasses import dataclass, field

from perfstudio.delivery.invited import InvitedTo, invited_to, is_known, take_up
from perfstudio.delivery.origin import origin_of
from perfstudio.delivery.studios import key_word, read_studio
from perfstudio.delivery.tokens import StoredToken
from perfstudio.model.delivery import Studio
from perfstudio.model.errors import DeliveryError
from perfstudio.model.invitation import read_invitation
from perfstudio.model.key_words import key_words
from perfstudio.session.delivery.delivery_service import DeliveryService


@dataclass(frozen=True, slots=True)
class InvitationOffer:
    """Who invites, as it is shown before anything is agreed. The words are those of the studio's key."""

    studio_id: str
    name: str
    legal_name: str
    contact: str
    address: str
    words: tuple[str, ...]
    practice: bool
    would_keep: StoredToken
    """Where the token would be kept: a code is good once, and a token that is lost needs another invitation."""
    other_key: bool
    """A studio of this id is known here by another key: it has a new one, or this is somebody else."""
    invited: InvitedTo = field(repr=False)
    trust: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Connected:
    """What came of saying yes."""

    studio: Studio
    kept: StoredToken
    known: bool
    """The studio has said that it knows the token; else it could not be asked just now."""


class InvitationDesk:
    """Joins the link, the studio's document, the token and where that is kept."""

    def __init__(self, delivery_service: DeliveryService) -> None:
        self._delivery_service = delivery_service

    def look(self, link: str, trust: str | None = None) -> InvitationOffer:
        """Read the link and the document it leads to; the code stays here. May take a while.

        Raises DeliveryError: INVITATION_UNREADABLE, INVITATION_REFUSED, RECEIVER_UNSAFE, STUDIO_*.
        """
        invitation = read_invitation(link)
        origin_of(invitation.address)
        source = f"{invitation.address}/studio.json"
        trust = trust or self._delivery_service.trusted_at(source)
        studio = read_studio(source, trust=trust)
        if trust and studio.certificate is None:
            studio = studio.model_copy(update={"certificate": trust})
        invited = invited_to(invitation, studio)
        return InvitationOffer(
            studio_id=studio.id,
            name=studio.name,
            legal_name=studio.legal_name,
            contact=studio.contact,
            address=invited.address,
            words=key_words(invitation.public_key),
            practice=studio.practice,
            other_key=self._is_other(studio),
            would_keep=self._delivery_service.tokens.would_keep(),
            invited=invited,
            trust=trust,
        )

    def _is_other(self, studio: Studio) -> bool:
        known = (one for one in self._delivery_service.studios.all() if one.id == studio.id)
        return any(one.public_key not in (None, studio.public_key) for one in known)

    def agree(self, offer: InvitationOffer) -> Connected:
        """Spend the code: keep token and studio, and ask whether it knows the token.

        Raises DeliveryError, as `look` does and when the studio cannot be kept; the token is kept first.
        """
        studio = offer.invited.studio
        token = take_up(offer.invited)
        kept = self._delivery_service.sign_in(studio, token)
        self._delivery_service.keep(studio, key_word(studio))  # whoever said yes has compared its words
        try:
            known = is_known(studio, token)
        except DeliveryError:
            self._delivery_service.tokens.forget(origin_of(studio.tus))
            raise
        return Connected(studio, kept, known)
