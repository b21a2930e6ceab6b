"""What is said before a take: one sentence, without numbers, so that it stands still while they move."""

from __future__ import annotations

from perfstudio.language.catalogue import N_, Messages, _
from perfstudio.model.checks import CheckCode, CheckResult, Verdict
from perfstudio.texts import checks, notices

_NOW: Messages[dict[CheckCode, str]] = {
    CheckCode.ZEROS: notices.MUTED,
    CheckCode.SILENCE: "The microphone hears almost nothing. It may be the wrong one, or turned down.",
    CheckCode.CLIPPING: "The sound touches the limit. Turn the input down, or move back a hand.",
    CheckCode.FACE: "Your face can hardly be seen. Sit in the picture, with the light on your face.",
    CheckCode.BLACK: notices.BLACK,
    CheckCode.FROZEN: "The picture has frozen. Restart the camera: unplug it, or switch it off and on.",
}
"""Where a sentence about a finished take would speak of the past or of playing it again."""
BATTERY = N_("The battery is low. Plug the computer in before you roll.")


def hint(result: CheckResult) -> str:
    """A finding of the live picture and sound before a take: nothing has to be played again yet."""
    calm = result.model_copy(update={"verdict": Verdict.LOOK, "value": None, "times": ()})
    return _(_NOW.get(result.code, "")) or checks.sentence(calm)
