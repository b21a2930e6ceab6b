"""What is wrong with a clip, or stands in the way of one. Part of the table in `errors`."""

from __future__ import annotations

from perfstudio.language.catalogue import Messages
from perfstudio.model.errors import ErrorCode

_E = ErrorCode
CLIPS: Messages[dict[ErrorCode, str]] = {
    _E.CLIP_UNREADABLE: "The clip[ “{file}”] cannot be read. Check that the file is there and that you may open it.",
    _E.CLIP_NOT_ONE: "The file[ “{file}”] is not a clip: perfstudio makes clips from takes that were kept. "
    "Ask your partner for one.",
    _E.CLIP_CUT_SHORT: "The clip[ “{file}”] is not complete: its end is missing. Nothing of it was imported. "
    "Ask your partner to send it again.",
    _E.CLIP_INVALID: "The clip[ “{file}”] is damaged[ at {where}][, line {line}][: {problem}]. "
    "Nothing of it was imported. Ask your partner to send it again.",
    _E.CLIP_TOO_LARGE: "The clip[ “{file}”] is larger than is safe to open. Nothing of it was imported.",
    _E.CLIP_NEWER: "The clip[ “{file}”] was made by a newer perfstudio. Update this one to open it.",
    _E.CLIP_THERE: "There is a file[ “{file}”] already, and it stays as it is. Give the clip another name.",
    _E.CLIP_NO_PICTURE: "Take[ {take}] has sound only, so there is no picture to give. No clip was made.",
    _E.CLIP_SILENT: "Nothing is heard in what the clip would hold of take[ {take}]. No clip was made.",
    _E.CLIP_LAPSED: "The clip[ “{file}”] was given until a day that is over[: {seen}]. It is not played any more. "
    "Ask your partner for a new one.",
    _E.CLIP_TAKEN_BACK: "The clip[ “{file}”] is not played any more: your partner took back the take that it was made "
    "from. What you recorded stays yours.",
    _E.CLIP_TAKE_GONE: "The clip[ “{file}”] is not played: the take of yours that it was made from was binned, "
    "deleted or taken back.",
    _E.CLIP_OTHER_SCENE: "The clip[ “{file}”] is of another scene[: “{scene}”][ in “{pack}”]. Open that scene to play "
    "to it.",
    _E.CLIP_OTHER_WORDS: "The clip[ “{file}”] belongs to another version of the pack[: {version}][, and you have "
    "{known}]; the scene has other words there. Ask the studio which version to play.",
    _E.CLIP_SAME_ROLE: "The clip[ “{file}”] plays your own part[, {role}]. Choose the other part, or ask your partner "
    "for a clip of it.",
    _E.CLIP_PACK_MISSING: "The clip[ “{file}”] is of a scene in a pack that you do not have[: “{pack}”]"
    "[, version {version}]. Import the pack first; the studio has it.",
    _E.CLIP_UNKNOWN: "No clip that is here, or more than one, begins with[ “{id}”]. `clips list` shows them all.",
    _E.CLIP_IN_USE: "The clip[ “{file}”] is not deleted yet: another program has it open. Close that, and try again.",
    _E.CLIP_WAITS_NOT: "No clip that waits begins with[ “{id}”]. `clips list` or `receive clips` says which ones do.",
    _E.CLIP_NOBODYS_TOKEN: "A clip waits for one performer, and this token[, “{id}”,] is not one performer's own, or "
    "is its own performer's.",
}
