"""The signing key: where it is, what a change of it does, and what to do about one that is lost."""

from __future__ import annotations

from perfstudio.language.catalogue import N_, Messages, _, ngettext
from perfstudio.model.jws import fingerprint
from perfstudio.session.key_changing import ChangedKey

CHANGE = N_(
    "A new key is made, and the old one signs for it as its last act. Then the old one is removed from this computer."
)
STAYS = N_(
    "What you have signed stays valid, and you can take it back as before. To give a line again that the old key "
    "signed, take back what is left of that consent and sign the take again."
)
STUDIOS = N_(
    "Each studio is told the next time something is sent to it. A studio with only a plain server cannot be told, and "
    "sees the new key on what you sign next."
)
OTHERS = N_("Another computer with a copy of the old key cannot sign anything new for a studio that has been told.")
WHY = N_("For when somebody else may have your key or its passphrase.")
LOST = N_("If the key is lost, set it aside with “perfstudio keys lost”.")
LAY_ASIDE = N_(
    "A key you set aside signs nothing more, and your next signature makes a new one. What you have signed stays "
    "valid. You can take it back with the new key, but a studio that has the take will first look at that itself."
)
ASK_STUDIOS = N_(
    "Each studio that knows this key will turn the new one away. Ask it to accept the new key, and tell it the "
    "fingerprint shown on your next receipt."
)
CAN_CHANGE = N_("If this computer can still sign with it, change it instead: then no studio has to be asked.")
LEFT = N_("The password store did not remove the old key. Nothing new can be signed with it; remove it there yourself.")
_PLACES: Messages[dict[str, str]] = {
    "keyring": "Your signing key is {key}. It is kept in this computer's password store.",
    "file": "Your signing key is {key}. It is in keys/signing-key.json, locked with a passphrase.",
}
NONE = N_("There is no signing key here yet. Your first signature makes it.")


def before() -> tuple[str, ...]:
    """What is read before a key is changed."""
    return _(CHANGE), _(STAYS), _(STUDIOS), _(OTHERS)


def away(takes: int) -> str:
    """What is read before that of takes that are not here; empty when all are."""
    if not takes:
        return ""
    return ngettext(
        "{number} take is not here now. If the key has signed for it, it cannot be sent after the change: connect its "
        "disk first.",
        "{number} takes are not here now. Those the key has signed for cannot be sent after the change: connect their "
        "disk first.",
        takes,
    )


def before_laying_aside() -> tuple[str, ...]:
    """What is read before a lost key is laid aside."""
    return _(CAN_CHANGE), _(LAY_ASIDE), _(ASK_STUDIOS)


def now(public_key: str | None, place: str) -> str:
    """The key in use, and where it lies."""
    return _(_PLACES[place], key=fingerprint(public_key)) if public_key else _(NONE)


def laid_aside(public_key: str) -> str:
    """A key was laid aside, and that was read back."""
    return _("{key} signs nothing more here. Your next signature makes a new key.", key=fingerprint(public_key))


def after(changed: ChangedKey) -> tuple[str, ...]:
    """What was done, as it was read back."""
    said = [_("Your new key is {key}. Your next receipt shows the same.", key=changed.fingerprint)]
    if changed.records:
        said.append(
            ngettext(
                "{number} consent signed by the old key stays valid.",
                "{number} consents signed by the old key stay valid.",
                changed.records,
            )
        )
    if changed.old_left:
        said.append(_(LEFT))
    return tuple(said)
