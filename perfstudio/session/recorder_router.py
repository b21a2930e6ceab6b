"""Between those who ask the recorder for something and the recorder: every answer goes to the one who asked, once.

Who opens devices hears of them until somebody opens or shuts. Who rolls hears of that recording until the answer that
closes it. Of an opening that is over, of a recording that is closed and of one that nobody asked for, nobody hears.
One recording rolls at a time: the next one ends what rolls before it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from perfstudio.model.checks import FaceModel, StricterLimit
from perfstudio.model.device import DeviceSelection
from perfstudio.model.partner import PartnerWish
from perfstudio.model.take import EndReason
from perfstudio.model.timing import MarkerName
from perfstudio.session import recorder_messages as rm
from perfstudio.session.views import Pulse

HearDevices = Callable[[rm.AboutDevices], None]
HearRecording = Callable[[rm.AboutRecording], None]


class RecorderPort(Protocol):
    """The recorder as the window sees it: a process behind a link, or the fake one."""

    def send(self, command: rm.Command) -> None:
        """Ask for something. Answers come later, on the owner's thread."""
        ...

    def pulse(self) -> Pulse:
        """The newest picture and numbers."""
        ...

    def close(self) -> None:
        """Let a rolling take be closed, then end."""
        ...


class RecorderRouter:
    """Speaks to the recorder for all who use it. On the owner's thread only."""

    def __init__(self, recorder: RecorderPort) -> None:
        self._recorder = recorder
        self._opening = 0
        self._hear_devices: HearDevices | None = None
        self._hearers: dict[rm.Recording, HearRecording] = {}
        self._rolling: rm.Recording | None = None
        """Asked for, and neither cut nor ended."""

    # what is asked

    def judge(self, limits: tuple[StricterLimit, ...], pack: str) -> None:
        """Hint by these limits too."""
        self._recorder.send(rm.Judge(limits, pack))

    def partner(self, wish: PartnerWish | None) -> None:
        """Be ready to play this clip while takes roll; who opened the devices hears how it stands."""
        self._recorder.send(rm.Partner(wish))

    def open(self, selection: DeviceSelection, face_model: FaceModel | None, hear: HearDevices) -> None:
        """Open devices in place of what is open."""
        self._opening += 1
        self._hear_devices = hear
        self._recorder.send(rm.Open(self._opening, selection, face_model))

    def shut(self) -> None:
        """Let the devices go."""
        self._hear_devices = None
        self._recorder.send(rm.Shut())

    def roll(self, command: rm.Roll, hear: HearRecording) -> None:
        """Start a recording."""
        if (before := self._rolling) is not None:
            self.cut(before, EndReason.ABANDONED)
            self._hear_recording(rm.Displaced(before))
        self._hearers[command.recording] = hear
        self._rolling = command.recording
        self._recorder.send(command)

    def mark(self, recording: rm.Recording, name: MarkerName, note: str = "") -> None:
        """Mark this moment of a recording that rolls."""
        if recording == self._rolling:
            self._recorder.send(rm.Mark(recording, name, note))

    def cut(self, recording: rm.Recording, reason: EndReason = EndReason.CUT) -> None:
        """End a recording, if it has not ended yet."""
        if recording == self._rolling:
            self._rolling = None
            self._recorder.send(rm.Cut(recording, reason))

    def pulse(self) -> Pulse:
        """The newest picture and numbers."""
        return self._recorder.pulse()

    # what is answered

    def hear(self, answer: rm.Answer) -> None:
        """Hand an answer to the one who asked."""
        match answer:
            case rm.Ready() | rm.FaceModelRefused():
                pass
            case (
                rm.Opened()
                | rm.Regranted()
                | rm.OpenRefused()
                | rm.OpeningSlow()
                | rm.PartnerStands()
                | rm.RecorderNotice()
            ):
                if answer.opening == self._opening and self._hear_devices is not None:
                    self._hear_devices(answer)
            case _:
                self._hear_recording(answer)

    def died(self) -> None:
        """The process is gone, and with it every recording that it had not closed."""
        self._hear_devices = None
        for recording in tuple(self._hearers):
            self._hear_recording(rm.RecorderDied(recording))

    def _hear_recording(self, answer: rm.AboutRecording) -> None:
        recording = answer.recording
        closed = isinstance(answer, rm.CLOSING)
        hear = self._hearers.pop(recording, None) if closed else self._hearers.get(recording)
        if recording == self._rolling and (closed or isinstance(answer, rm.RecordingEnding)):
            self._rolling = None
        if hear is not None:
            hear(answer)
