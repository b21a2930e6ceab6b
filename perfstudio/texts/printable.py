"""Why an address is not sent to: what is wrong with it, and whose it is to mend."""

from __future__ import annotations

from collections.abc import Mapping

from perfstudio.language.catalogue import N_, Messages, _
from perfstudio.texts.template import say

_CERTIFICATES: Messages[dict[str, str]] = {
    "expired": "The certificate of the receiver[ at {address}] has expired. Nothing was sent. The studio has to renew "
    "it; if this computer's date is wrong, set it right.",
    "not_yet_valid": "The certificate of the receiver[ at {address}] is not valid yet. Nothing was sent. Check this "
    "computer's date; if it is right, ask the studio.",
    "other_name": "The certificate of the receiver[ at {address}] is for another name. Nothing was sent. Check the "
    "address, or ask the studio for a certificate with that name.",
}
_UNTRUSTED = N_(
    "This computer does not trust the receiver's certificate[ at {address}]: {why}. Nothing was sent. Ask the studio "
    "for it as a file, for Deliveries or `deliver --trust FILE`."
)
_WHY: Messages[dict[str, str]] = {
    "self_signed": "it vouches for itself",
    "unknown_authority": "nobody known here vouches for it",
}
_TEXTS: Messages[dict[str, str]] = {
    "tls": "No secure connection could be made to the receiver[ at {address}]. Nothing was sent; the studio has to "
    "check its https settings.",
    "tls_here": "The receiver[ at {address}] accepts secure connections only: its address starts with https, not http. "
    "Nothing was sent; try that address.",
    "private_address": "The address[ {address}] leads into a private network, and a pack may not do that. Nothing was "
    "sent; ask the studio for the right one.",
    "two_places": "The studio's document names two places for one studio[: {address}][ and {elsewhere}]. "
    "Nothing was sent; the studio has to correct it.",
    "elsewhere": "The receiver[ at {address}] answered with an address elsewhere[: {elsewhere}]. Nothing was sent "
    "there. The studio can fix that: behind a proxy, a receiver has to name the address it is reached at.",
}
_CLEAR_TEXT = N_(
    "The receiver[ at {address}] answers without encryption where https is required. Nothing was sent; ask the studio "
    "for the right address."
)
_OTHER = N_("The address[ {address}] is not safe to send to. Nothing was sent; ask the studio for the right one.")


def unsafe_receiver(facts: Mapping[str, str | int | float]) -> str:
    """The sentences for RECEIVER_UNSAFE with a detail; without one it is the missing https."""
    words = {name: str(value) for name, value in facts.items()}
    detail, why = words.get("detail", ""), words.get("why", "")
    if detail == "certificate":
        text = _CERTIFICATES.get(why, _UNTRUSTED)
        return say(text, {**words, "why": _(_WHY.get(why, _WHY["unknown_authority"]))})
    if (detail, why) == ("tls", "clear_text"):
        return say(_CLEAR_TEXT, words)
    return say(_TEXTS.get(detail, _OTHER), words)
