"""What checks say of picture and sound together, of the file they lie in, and of one take against another.

See `check_texts` for how a sentence is made.
"""

from __future__ import annotations

from perfstudio.language.catalogue import Messages
from perfstudio.model.checks import CheckCode
from perfstudio.texts.check_text import CheckText

_C = CheckCode

TOGETHER: Messages[dict[CheckCode, CheckText]] = {
    _C.SYNC: CheckText(
        "Sync",
        "sync",
        "Picture and sound are in sync[ within {value}].",
        "Picture and sound are[ {value}] apart. Play the take back before you keep it.",
        "Picture and sound are[ {value}] apart. Play it again, with another camera if it stays that way.",
    ),
    _C.LIP_SYNC: CheckText(
        "Lips and voice",
        "sync",
        "Lips and voice match.",
        "Lips and voice seem to be[ about {value}] apart. Watch a few words before you keep it.",
        by={
            "sound_late": "The voice seems to come[ about {value}] after the lips. "
            "Watch a few words before you keep it.",
            "sound_early": "The voice seems to come[ about {value}] before the lips. "
            "Watch a few words before you keep it.",
        },
    ),
    _C.LENGTHS: CheckText(
        "Lengths",
        "sync",
        "Picture and sound begin and end together.",
        "Picture and sound do not begin and end together[: they differ by {value}].",
        by={
            "begins_late": "The sound begins[ {begins_apart_s}] after the picture.",
            "begins_early": "The sound begins[ {begins_apart_s}] before the picture.",
            "ends_late": "The sound ends[ {ends_apart_s}] after the picture.",
            "ends_early": "The sound ends[ {ends_apart_s}] before the picture.",
            "begins_late_ends_late": "The sound begins[ {begins_apart_s}] after the picture "
            "and ends[ {ends_apart_s}] after it.",
            "begins_late_ends_early": "The sound begins[ {begins_apart_s}] after the picture "
            "and ends[ {ends_apart_s}] before it.",
            "begins_early_ends_late": "The sound begins[ {begins_apart_s}] before the picture "
            "and ends[ {ends_apart_s}] after it.",
            "begins_early_ends_early": "The sound begins[ {begins_apart_s}] before the picture "
            "and ends[ {ends_apart_s}] before it.",
            "sound": "The sound runs[ {value}] longer than the picture.",
            "picture": "The picture runs[ {value}] longer than the sound.",
        },
    ),
    _C.TRACKS: CheckText(
        "Tracks",
        "file",
        "The file has one track of each kind.",
        "One of several tracks was checked. Play the file to see whether it is the one you mean.",
        by={
            "sound": "Sound track[ {track} of {value}] was checked. Listen whether it is the one you mean.",
            "picture": "Picture track[ {track} of {value}] was checked. Watch whether it is the one you mean.",
        },
    ),
    _C.DAMAGE: CheckText(
        "Whole file",
        "file",
        "The whole file can be read.",
        "Small pieces of the file cannot be read. Play them back and decide.",
        "Many pieces of the file cannot be read. Keep it, and play it again.",
        by={
            "sound": "Some of the sound cannot be read. Listen and decide.",
            "picture": "Some of the picture cannot be read. Watch and decide.",
        },
    ),
    _C.CONTINUITY: CheckText(
        "Same as before",
        "continuity",
        "You look and sound the same as in the reference take.",
        "This take differs from the reference take[ in {what}].",
    ),
}
