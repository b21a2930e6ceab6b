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
STUDIOS = N_("Each studio hears of it the next time that something is sent to it, before anything else.")
PLAIN = N_("A studio with a plain server only cannot be told. It sees the new key on what you sign next.")
OTHERS = N_("On another computer with a copy of the old key, nothing new can be signed for a studio that has heard.")
LOST = N_("If the key is lost, lay it aside with “perfstudio keys lost”.")
LAY_ASIDE = N_(
    "This key is laid aside. The next signature makes a new one. What you have signed stays good and can be taken back "
    "with the new key, but a studio that you have sent a take to has to look at that itself."
)
ASK_STUDIOS = N_(
    "Each studio that knows this key will turn the new one away. Ask it to accept the new key, and tell it the "
    "fingerprint that your next receipt shows."
)
CAN_CHANGE = N_("If you still have its passphrase, change the key instead: then no studio has to be asked.")
_PLACES: Messages[dict[str, str]] = {
    "keyring": "{key}, in this computer's keyring",
    "file": "{key}, in keys/signing-key.json under a passphrase",
}
NONE = N_("There is no signing key here yet. The first signature makes it.")


def before() -> tuple[str, ...]:
    """What is read before a key is changed."""
    return _(CHANGE), _(STAYS), _(STUDIOS), _(PLAIN), _(OTHERS)


def before_laying_aside() -> tuple[str, ...]:
    """What is read before a lost key is laid aside."""
    return _(LAY_ASIDE), _(ASK_STUDIOS), _(CAN_CHANGE)


def now(public_key: str | None, place: str) -> str:
    """The key in use, and where it lies."""
    return _(_PLACES[place], key=fingerprint(public_key)) if public_key else _(NONE)


def after(changed: ChangedKey) -> tuple[str, ...]:
    """What was done, as it was read back."""
    made = _("Your new key is {key}. Your next receipt shows the same.", key=changed.fingerprint)
    if not changed.records:
        return (made,)
    stays = ngettext(
        "{number} consent that the old key signed stays good.",
        "{number} consents that the old key signed stay good.",
        changed.records,
    )
    return made, stays
