"""What was laid aside in the home because it could not be read: what happened, what is safe, what to do."""

from __future__ import annotations

from perfstudio.language.catalogue import N_, Messages, _
from perfstudio.session.set_aside import RestoredFrom, SetAside, SetAsideKind
from perfstudio.texts import formatting
from perfstudio.texts.template import quoted, say, sentences

_KEPT = N_("[The old file is kept as “{file}”.]")
_SETTINGS: Messages[dict[RestoredFrom, str]] = {
    RestoredFrom.COPY: "The file of your settings was damaged. They are back as they were last kept.",
    RestoredFrom.FILE: "The file of your settings was damaged. What can still be read in it holds. "
    "Look through Settings once.",
    RestoredFrom.TAKES: "The file of your settings was damaged. Who you are was found again in your takes. "
    "Look through Settings once.",
    RestoredFrom.NOWHERE: "The file of your settings was damaged, and nothing says who you are: "
    "takes from now on carry a new performer id. Look through Settings once.",
}
_MISSING: Messages[dict[RestoredFrom, str]] = {
    RestoredFrom.COPY: "The file of your settings was gone. They are back as they were last kept.",
    RestoredFrom.TAKES: "The file of your settings was gone. Who you are was found again in your takes. "
    "Look through Settings once.",
}
_OTHERS: Messages[dict[SetAsideKind, str]] = {
    SetAsideKind.CALIBRATION: "The measured delays of your cameras and microphones could not be read. "
    "Measure them again under Settings, or with `perfstudio calibrate`.",
    SetAsideKind.ROOMS: "What was measured in your rooms could not be read. The next check of the set-up begins anew.",
    SetAsideKind.SKIPS: "The list of the scenes that you skipped could not be read. They are offered again.",
    SetAsideKind.OUTBOX: "The list of what is to be sent could not be read. Your takes are safe; send them again.",
}
_KEYS: Messages[dict[str, str]] = {
    "camera": "the camera",
    "microphone": "the microphone",
    "camera_name": "the camera's name",
    "microphone_name": "the microphone's name",
    "signed_name": "your name",
    "theme": "the look",
    "text_percent": "the size of text",
    "reduced_motion": "less movement",
    "countdown_s": "the countdown",
    "tags_never": "what you never play",
    "tags_noted": "what you want to be told of before",
    "play_language": "the language you play in",
    "prompt_px": "the size of the line",
    "self_view": "seeing yourself",
    "sound_only": "sound alone",
    "face_model": "the face model",
    "deliveries_paused": "pausing deliveries",
    "sending_cap": "how fast takes are sent",
    "sending_network": "the network that takes are sent by",
    "sending_metered": "sending by metered networks",
}


def sentence(aside: SetAside) -> str:
    """What is said once."""
    kept = say(_KEPT, {"file": aside.kept.name if aside.kept else ""})
    match aside.what:
        case SetAsideKind.VALUES:
            keys = formatting.listing(
                dict.fromkeys(_(_KEYS[key]) if key in _KEYS else quoted(key) for key in aside.keys)
            )
            text = _("Of your settings this could not be read whole: {keys}. All else is as it was.", keys=keys)
            return sentences(text, kept)
        case SetAsideKind.SETTINGS:
            return sentences(_(_SETTINGS[aside.found]), kept)
        case SetAsideKind.SETTINGS_MISSING:
            return _(_MISSING.get(aside.found, _MISSING[RestoredFrom.TAKES]))
        case what:
            return sentences(_(_OTHERS[what]), kept)
