"""The signing key: where it is, what a change of it does, and what to do about one that is lost."""

from __future__ import annotations

from perfstudio.language.catalogue import N_, Messages, _, ngettext
from perfstudio.model.jws import fingerprint
from perfstudio.session.key_changing import ChangedKey

CHANGE = N_(
    "A new key is made, and the old one signs that as the last thing it does. Then the old one is removed from this "
    "computer."
)
STAYS = N_(
    "What you have signed stays good, and can be taken back as before. To give a line again that the old key signed, "
    "take back what is left of that consent and sign the take again."
)
STUDIOS = N_(
    "Each studio hears of it the next time that something is sent to it. One with a plain server only cannot be told, "
    "and sees the new key on what you sign next."
)
OTHERS = N_("On another computer with a copy of the old key, nothing new can be signed for a studio that has heard.")
WHY = N_("For when somebody else may have your key or its passphrase.")
LOST = N_("If the key is lost, lay it aside with “perfstudio keys lost”.")
LAY_ASIDE = N_(
    "A key that is laid aside signs nothing more, and the next signature makes a new one. What you have signed stays "
    "good. It can be taken back with the new key, but a studio that has the take looks at that itself first."
)
ASK_STUDIOS = N_(
    "Each studio that knows this key will turn the new one away. Ask it to accept the new key, and tell it the "
    "fingerprint that your next receipt shows."
)
CAN_CHANGE = N_("If this computer can still sign with it, change it instead: then no studio has to be asked.")
LEFT = N_("Your keyring did not let go of the old key. It is good for nothing new; remove it there yourself.")
_PLACES: Messages[dict[str, str]] = {
    "keyring": "Your signing key is {key}. It lies in this computer's keyring.",
    "file": "Your signing key is {key}. It lies in keys/signing-key.json under a passphrase.",
}
NONE = N_("There is no signing key here yet. The first signature makes it.")


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
        "{number} takes are not here now. What the key has signed for them cannot be sent after the change: connect "
        "their disk first.",
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
    return _("{key} signs nothing more here. The next signature makes a new key.", key=fingerprint(public_key))


def after(changed: ChangedKey) -> tuple[str, ...]:
    """What was done, as it was read back."""
    said = [_("Your new key is {key}. Your next receipt shows the same.", key=changed.fingerprint)]
    if changed.records:
        said.append(
            ngettext(
                "{number} consent that the old key signed stays good.",
                "{number} consents that the old key signed stay good.",
                changed.records,
            )
        )
    if changed.old_left:
        said.append(_(LEFT))
    return tuple(said)
