"""What was laid aside in the home because it could not be read: what happened, what is safe, what to do."""

from __future__ import annotations

from perfstudio.language.catalogue import N_, Messages, _
from perfstudio.session.set_aside import RestoredFrom, SetAside, SetAsideKind
from perfstudio.texts import formatting
from perfstudio.texts.template import quoted, say, sentences

_KEPT = N_("[The old file is kept as “{file}”.]")
_SETTINGS: Messages[dict[RestoredFrom, str]] = {
    RestoredFrom.COPY: "Your settings file was damaged. The settings last kept are back.",
    RestoredFrom.FILE: "Your settings file was damaged. Whatever can still be read in it still applies. Look through "
    "Settings once.",
    RestoredFrom.TAKES: "Your settings file was damaged. Who you are was recovered from your takes. Look through "
    "Settings once.",
    RestoredFrom.NOWHERE: "Your settings file was damaged, and nothing says who you are: takes from now on carry a new "
    "performer id. Look through Settings once.",
}
_MISSING: Messages[dict[RestoredFrom, str]] = {
    RestoredFrom.COPY: "Your settings file was gone. The settings last kept are back.",
    RestoredFrom.TAKES: "Your settings file was gone. Who you are was recovered from your takes. Look through Settings "
    "once.",
}
_OTHERS: Messages[dict[SetAsideKind, str]] = {
    SetAsideKind.CALIBRATION: "The measured delays of your cameras and microphones could not be read. Measure them "
    "again in Settings, or with `perfstudio calibrate`.",
    SetAsideKind.ROOMS: "The measurements of your rooms could not be read. The next set-up check starts from scratch.",
    SetAsideKind.SKIPS: "The list of scenes you skipped could not be read. They are offered again.",
    SetAsideKind.TIME: "The record of the time you spent in one month could not be read. A new one has begun.",
    SetAsideKind.BLOCKED: "The list of partners you blocked could not be read. Nobody is blocked now.",
    SetAsideKind.OUTBOX: "The list of deliveries could not be read. Your takes are safe; send them again.",
}
_KEYS: Messages[dict[str, str]] = {
    "camera": "the camera",
    "microphone": "the microphone",
    "camera_name": "the camera's name",
    "microphone_name": "the microphone's name",
    "signed_name": "your name",
    "theme": "the appearance",
    "text_percent": "the text size",
    "reduced_motion": "less movement",
    "keys": "your keys",
    "set_ups": "the names of your rooms",
    "break_after_min": "when a break is due",
    "cool_down": "a word after heavy scenes",
    "countdown_s": "the countdown",
    "tags_never": "what you never play",
    "tags_noted": "what you want to be told of before",
    "play_language": "the language you play in",
    "prompt_px": "the size of the prompt",
    "line_x": "where the prompt stands",
    "line_y": "where the prompt stands",
    "self_view": "seeing yourself",
    "sound_only": "sound only",
    "face_model": "the face model",
    "deliveries_paused": "pausing deliveries",
    "sending_cap": "the speed limit for sending",
    "sending_network": "the network for sending takes",
    "sending_metered": "sending by networks that cost",
}


def sentence(aside: SetAside) -> str:
    """What is said once."""
    kept = say(_KEPT, {"file": aside.kept.name if aside.kept else ""})
    match aside.what:
        case SetAsideKind.VALUES:
            keys = formatting.listing(
                dict.fromkeys(_(_KEYS[key]) if key in _KEYS else quoted(key) for key in aside.keys)
            )
            text = _("These settings could not be read in full: {keys}. Everything else is as it was.", keys=keys)
            return sentences(text, kept)
        case SetAsideKind.SETTINGS:
            return sentences(_(_SETTINGS[aside.found]), kept)
        case SetAsideKind.SETTINGS_MISSING:
            return _(_MISSING.get(aside.found, _MISSING[RestoredFrom.TAKES]))
        case what:
            return sentences(_(_OTHERS[what]), kept)
