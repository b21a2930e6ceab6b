"""What the doctor says about each part of the machine."""

from __future__ import annotations

from collections.abc import Mapping

from perfstudio.language.catalogue import Messages, _
from perfstudio.model.errors import ErrorCode
from perfstudio.texts import devices
from perfstudio.texts.error_permissions import in_settings
from perfstudio.texts.errors import sentence_for
from perfstudio.texts.formatting import size
from perfstudio.texts.template import sentences

Facts = Mapping[str, str | int | float]

_GOOD: Messages[dict[str, str]] = {
    "python": "Python {version}.",
    "camera": "Cameras: {names}.",
    "microphone": "Microphones: {names}.",
    "notices": "Plugging in or unplugging a camera or microphone is noticed at once.",
    "encoder": "The video encoder (H.264) works.",
    "disk": "{free} free where takes are stored.",
    "place": "Takes are stored on this computer.",
    "offset": "Picture and sound are calibrated: {names}.",
    "key": "Consents can be signed: {place}.",
    "pack": "{prompts} prompts are ready to play.",
    "screen": "There is a screen for the window.",
}
_ELSE: Messages[dict[str, str]] = {
    "python": "Python {version} has not been tried. Use 3.11 to 3.14.",
    "camera": "No camera was found. Plug one in, close other programs that use it, or use the practice camera.",
    "microphone": "No microphone was found. Plug one in, allow it in the system's settings, or use the practice "
    "microphone.",
    "notices": "{untold}",
    "encoder": "The video encoder (H.264) does not start. Set perfstudio up again.",
    "disk": "Only {free} are free where takes are stored, or the folder cannot be written to. Make room first.",
    "place": "{advice}",
    "offset": "Picture and sound are not calibrated. Ten claps are enough: use Settings, or `perfstudio calibrate`.",
    "key": "{place}",
    "pack": "No prompts were found. Set perfstudio up again, or import a pack.",
    "screen": "There is no screen. The commands work; `perfstudio demo` shows the whole job.",
}
_UNTOLD: Messages[dict[str, str]] = {
    "cameras": "The system does not report when a camera is plugged in or unplugged. perfstudio looks once a minute, "
    "and after a take.",
    "microphones": "The system does not report when a microphone is plugged in or unplugged. perfstudio looks once a "
    "minute, and after a take.",
    "cameras microphones": "The system does not report when a camera or microphone is plugged in or unplugged. "
    "perfstudio looks once a minute, and after a take.",
}
_KEY_FILE = {"file": "keys/signing-key.json"}
_PLACES: Messages[dict[str, str]] = {
    "keyring": "the key is in the system's password store",
    "keyring_later": "your first signature makes a key, which the system's password store keeps",
    "file": "the key is in the key file, locked with your passphrase",
    "none": "There is no password store (keyring) here. When you first sign, you choose a passphrase that protects "
    "your key.",
}


def sentence(part: str, health: str, facts: Facts) -> str:
    """One part in one sentence."""
    if "not_let" in facts:
        return _not_let(part, facts)
    text = (_GOOD if health == "good" else _ELSE)[part]
    where = str(facts.get("where", ""))
    place = sentence_for(ErrorCode.KEY_DAMAGED, _KEY_FILE) if where == "damaged" else _(_PLACES.get(where, ""))
    untold = _(_UNTOLD.get(str(facts.get("untold", "")), ""))
    advice = devices.place(str(facts.get("kind", "")), str(facts.get("keeper", "")))
    free = size(float(facts.get("free_bytes", 0)))
    return _(text, **{**facts, "free": free, "place": place, "advice": advice, "untold": untold})


def _not_let(part: str, facts: Facts) -> str:
    """Which devices are there, that the system does not let them be used, and where that is changed."""
    there = _(_GOOD[part], **facts) if facts["names"] else ""
    why = sentence_for(ErrorCode(str(facts["not_let"])), facts)
    return sentences(there, why, in_settings(str(facts["settings"])))
