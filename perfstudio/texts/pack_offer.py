"""A pack that was opened and is not in yet: what it is, and how it stands to what is here."""

from __future__ import annotations

from perfstudio.language.catalogue import N_, Messages, _
from perfstudio.packs.signature import Authorship
from perfstudio.session.pack_offer import PackOffer
from perfstudio.texts import formatting, pack_author
from perfstudio.texts.template import one_line, sentences

OPENED = N_("A pack was opened")
BRING_IN = N_("Import it")
LEAVE_OUT = pack_author.LEAVE_OUT
_SIGNATURES: Messages[dict[Authorship, str]] = {
    Authorship.UNKNOWN: "Not signed",
    Authorship.SIGNED: "Signed with the key {key}",
    Authorship.MISSING: "Not signed, although {studio} signs its packs",
    Authorship.OTHER_KEY: "Signed with {key}, which is not the key {studio} is known by",
}
_FIRST_KEY = N_("No key of this studio was known here. From now on, it is known by this one.")
_FROM_WHOM = N_("Somebody else may have made it. Ask the studio before you import it.")


def facts(offer: PackOffer) -> tuple[tuple[str, str], ...]:
    """What stands beside each other."""
    studio = offer.studio
    who = one_line(studio.legal_name)
    named = who if who == studio.name else _("{legal} (“{name}”)", legal=who, name=one_line(studio.name))
    return (
        (_("Pack"), _("{title}, version {version}", title=one_line(offer.title), version=offer.version)),
        (_("Studio"), named),
        (_("Scenes"), formatting.number(offer.scenes)),
        (_("Size"), formatting.size(offer.size_bytes)),
        (_("Signature"), _(_SIGNATURES[offer.author], key=offer.signed_by, studio=one_line(studio.name))),
        (_("File"), one_line(offer.file.name)),
    )


def heard(offer: PackOffer) -> str:
    """The same for those who listen."""
    lines = [_("{label}: {value}", label=label, value=value) for label, value in facts(offer)]
    return ". ".join([_(OPENED), *lines, remarks(offer)]).strip(". ") + "."


def is_doubtful(offer: PackOffer) -> bool:
    """Whether somebody else may have made it."""
    return offer.accept is not None


def press(offer: PackOffer) -> str:
    """The words on the button."""
    return _(pack_author.TAKE_IN if is_doubtful(offer) else BRING_IN)


def remarks(offer: PackOffer) -> str:
    """What to know before the press; nothing where nothing is odd."""
    first = offer.author is Authorship.SIGNED and not offer.key_known
    return sentences(
        _(_FROM_WHOM) if is_doubtful(offer) else "",
        _(_FIRST_KEY) if first else "",
        _beside(offer),
    )


def _beside(offer: PackOffer) -> str:
    if not offer.earlier:
        return ""
    if offer.is_newer:
        return _(
            "You have version {version}. Your takes keep the words they were made with, and the new scenes are shown.",
            version=offer.earlier,
        )
    return _("You have version {version}, which is newer and will go on being shown.", version=offer.earlier)


def is_here(offer: PackOffer) -> str:
    """Nothing has to be brought in."""
    return _("{title} {version} is already here.", title=one_line(offer.title), version=offer.version)
