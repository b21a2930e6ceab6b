"""What is said while the picture is live: one sentence, without numbers, so that it stands still while they move."""

from __future__ import annotations

from perfstudio.language.catalogue import N_, Messages, _
from perfstudio.model.checks import CheckCode, CheckResult, Verdict
from perfstudio.session.stage.signal_loss import Loss
from perfstudio.texts import checks

_NOW: Messages[dict[CheckCode, str]] = {
    CheckCode.ZEROS: "The microphone sends only silence. It is muted or unplugged.",
    CheckCode.SILENCE: "The microphone hears almost nothing. It may be the wrong one, or turned down.",
    CheckCode.CLIPPING: "The sound touches the limit. Turn the input down, or move back a hand.",
    CheckCode.FACE: "Your face is hardly seen. Sit in the picture, with the light on your face.",
    CheckCode.BLACK: "The picture is black. Open the lens cover, or the camera's switch.",
    CheckCode.FROZEN: "The picture stands still. Start the camera anew: unplug it, or switch it off and on.",
}
"""Where a sentence about a finished take would speak of the past or of playing it again."""
BATTERY = N_("The battery is low. Plug the computer in before you roll.")
_LOSING: Messages[dict[Loss, str]] = {
    Loss.UNWRITTEN: "Nothing is reaching the disk. What was written stays. Cut, and look at the disk.",
    Loss.SOUND_UNWRITTEN: "The sound is not reaching the disk. What was written stays. Cut, and look at the disk.",
    Loss.PICTURE_UNWRITTEN: "The picture is not reaching the disk. What was written stays. Cut, and look at the disk.",
    Loss.NO_SOUND: "Nothing comes from the microphone. Look at its plug.",
    Loss.MUTED: _NOW[CheckCode.ZEROS],
    Loss.NO_PICTURE: "Nothing comes from the camera. Look at its plug, or at its network.",
    Loss.BLACK: _NOW[CheckCode.BLACK],
    Loss.STILL: "The picture stands still. Cut, then start the camera anew: unplug it, or switch it off and on.",
    Loss.DISK: "The disk is nearly full. The take will end by itself, and all of it is kept.",
}


def hint(result: CheckResult) -> str:
    """A finding of the live picture and sound before a take: nothing has to be played again yet."""
    calm = result.model_copy(update={"verdict": Verdict.LOOK, "value": None, "times": ()})
    return _(_NOW.get(result.code, "")) or checks.sentence(calm)


def losing(loss: Loss) -> str:
    """What loses the rolling take, and what helps."""
    return _(_LOSING[loss])
