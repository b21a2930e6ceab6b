"""The names of states, kinds and uses as they stand on chips, in lists and beside marks."""

from __future__ import annotations

from collections.abc import Iterable

from perfstudio.language.catalogue import C_, N_, Messages, _
from perfstudio.model.checks import Verdict
from perfstudio.model.consent import USE_LABELS, UseId
from perfstudio.model.delivery import DeliveryState
from perfstudio.model.errors import ErrorCode
from perfstudio.model.prompt import Intensity, PromptKind, Status
from perfstudio.model.ruling import Ruling, RulingWord
from perfstudio.model.take import Decision, EndReason, TakeState
from perfstudio.model.timing import MarkerName
from perfstudio.session.takes.missing import MissingLabel
from perfstudio.session.views import SceneState, TakeLine
from perfstudio.texts import formatting

NOTED = N_("Noted. It will be done as soon as the checks have finished.")
"""Something was decided about a take that is not sealed yet."""
SAY_MEANT = N_("Say what you meant")
UNLABELLED = N_("Signed. One thing is missing before this take can be sent: what you meant. One word is enough.")

_TAKES: Messages[dict[TakeState, str]] = {
    TakeState.ROLLING: "rolling",
    TakeState.UNDECIDED: "to decide",
    TakeState.KEPT: "kept",
    TakeState.BINNED: "in the bin",
    TakeState.ACCEPTED: "ready to send",
    TakeState.DELIVERED: "delivered",
    TakeState.WITHDRAWN: "taken back",
    TakeState.DAMAGED: "needs attention",
}
_DELIVERIES: Messages[dict[DeliveryState, str]] = {
    DeliveryState.QUEUED: "waiting its turn",
    DeliveryState.SENDING: "sending",
    DeliveryState.VERIFYING: "being checked by the receiver",
    DeliveryState.WAITING: "will try again automatically",
    DeliveryState.PAUSED: "paused",
    DeliveryState.SENT: "sent",
    DeliveryState.DELIVERED: "delivered",
    DeliveryState.REFUSED: "not accepted",
    DeliveryState.CANCELLED: "removed",
}
_PAUSED: Messages[dict[ErrorCode, str]] = {
    ErrorCode.TOKEN_MISSING: "needs a token",
    ErrorCode.TOKEN_WRONG: "needs another token",
}
"""A delivery that rests for a reason was not paused by anybody."""
_MISSING: Messages[dict[MissingLabel, str]] = {
    MissingLabel.OWN_DEVICES: "your own camera and microphone",
    MissingLabel.LABEL: "a label",
    MissingLabel.CONSENT: "your signature",
}
_TO_BE: Messages[dict[MissingLabel, str]] = {
    MissingLabel.OWN_DEVICES: "stays here",
    MissingLabel.LABEL: "to be labelled",
    MissingLabel.CONSENT: "to be signed",
}
_ENDINGS: Messages[dict[EndReason, str]] = {
    EndReason.CUT: "Cut by you.",
    EndReason.ABANDONED: "Abandoned by you, and kept.",
    EndReason.CAMERA_LOST: "The camera sent no more pictures. Everything before that is here.",
    EndReason.MICROPHONE_LOST: "The microphone sent no more sound. Everything before that is here.",
    EndReason.DISK_FULL: "The disk was full. Everything before that is here.",
    EndReason.DISK_FAILED: "The disk could no longer be written to. What had reached it is here.",
    EndReason.ENCODER_FAILED: "The encoder stopped. Everything before that is here.",
    EndReason.RECORDER_DIED: "The recorder stopped by itself. What had reached the disk is here.",
    EndReason.APP_CLOSED: "The window was closed. The take was closed properly first.",
    EndReason.SUSPENDED: "The computer went to sleep. Everything before that is here.",
    EndReason.RECOVERED: "Cut short, and recovered at the next start.",
}
_DECISIONS: Messages[dict[Decision, str]] = {
    Decision.UNDECIDED: "to decide",
    Decision.KEPT: "kept",
    Decision.BINNED: "in the bin",
}
_SCENES: Messages[dict[SceneState, str]] = {
    SceneState.UNTOUCHED: "not played yet",
    SceneState.TRIED: "tried",
    SceneState.CIRCLED: "circled",
    SceneState.DELIVERED: "delivered",
    SceneState.AGAIN: "to redo",
    SceneState.SKIPPED: "skipped",
}
_VERDICTS: Messages[dict[Verdict, str]] = {
    Verdict.GOOD: "good",
    Verdict.LOOK: "have a look",
    Verdict.RETAKE: "worth a retake",
}
_INTENSITIES = {
    Intensity.LIGHT: C_("how strong", "light"),
    Intensity.MEDIUM: C_("how strong", "medium"),
    Intensity.STRONG: C_("how strong", "strong"),
}
_STATUSES: Messages[dict[Status, str]] = {
    Status.HIGH: "you have the upper hand",
    Status.LOW: "the other has the upper hand",
    Status.EQUAL: "as equals",
    Status.SHIFTING: "the upper hand changes",
}
_KINDS: Messages[dict[PromptKind, str]] = {
    PromptKind.SCENE: "scene",
    PromptKind.TURN: "scene with a turn",
    PromptKind.LADDER: "one rung of a ladder",
    PromptKind.PAIR: "one of a pair",
}
_MARKERS: Messages[dict[MarkerName, str]] = {
    MarkerName.ROLL: "roll",
    MarkerName.GO: "go",
    MarkerName.CUT: "cut",
    MarkerName.MARK: "marked",
    MarkerName.BROKE: "broke character",
}


def take_state(state: TakeState, *, sent: bool = False, delivered: bool = False) -> str:
    """The one word or two of a take's chip. One that a studio had and that was taken back says both."""
    if state is TakeState.WITHDRAWN and (sent or delivered):
        return _("delivered, taken back") if delivered else _("sent, taken back")
    return _(_TAKES[state])


def state_of(line: TakeLine) -> str:
    """The same for a take as it stands; where the studio has decided, its decision."""
    if line.state is TakeState.DELIVERED and line.ruling is not None:
        return ruling(line.ruling)[0]
    return take_state(line.state, sent=line.sent, delivered=line.delivered)


def standing(line: TakeLine) -> tuple[str, str]:
    """The same, and its tone."""
    if line.state is TakeState.DELIVERED and line.ruling is not None:
        return ruling(line.ruling)
    return state_of(line), "good" if line.state is TakeState.DELIVERED else "plain"


def ruling(decided: Ruling) -> tuple[str, str]:
    """What the studio decided, as short as a chip, and its tone."""
    return (_("accepted"), "good") if decided.word is RulingWord.ACCEPTED else (_("to redo"), "look")


def delivery_state(state: DeliveryState, reason: ErrorCode | None = None) -> str:
    """Where a take is on its way, and what it rests for."""
    if state is DeliveryState.PAUSED and reason is not None:
        return _(_PAUSED[reason]) if reason in _PAUSED else _("held up")
    if state is DeliveryState.CANCELLED and reason is ErrorCode.CONSENT_WITHDRAWN:
        return _("taken back")
    return _(_DELIVERIES[state])


def end_reason(reason: EndReason) -> str:
    """Why a take ended, as a sentence."""
    return _(_ENDINGS[reason])


def waits_for(missing: Iterable[MissingLabel]) -> str:
    """What a kept take waits for, behind a verb: "a label and your signature"; empty when it waits for nothing."""
    return formatting.listing(_(_MISSING[one]) for one in missing)


def to_be(missing: MissingLabel) -> str:
    """The first thing that a take waits for, as short as a chip."""
    return _(_TO_BE[missing])


def decision(value: Decision) -> str:
    """The word for a decision."""
    return _(_DECISIONS[value])


def scene_state(state: SceneState) -> str:
    """What became of a scene."""
    return _(_SCENES[state])


def verdict(value: Verdict) -> str:
    """What a check advises."""
    return _(_VERDICTS[value])


def intensity(value: Intensity) -> str:
    """The word for an intensity."""
    return _(_INTENSITIES[value])


def status(value: Status) -> str:
    """Who stands higher, said to the performer."""
    return _(_STATUSES[value])


def prompt_kind(value: PromptKind) -> str:
    """What a prompt exercises."""
    return _(_KINDS[value])


def marker(name: MarkerName) -> str:
    """The label of a mark on the timeline."""
    return _(_MARKERS[name])


def use_label(use: UseId) -> str:
    """The plain label of one line of the use grid. No full stop: it labels a switch."""
    return _(USE_LABELS[use])
