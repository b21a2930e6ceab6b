"""The devices of this machine for the process of a line: the recorder's microphone through its tap, and headphones."""

from __future__ import annotations

from multiprocessing.connection import Connection

from perfstudio.call.media import Ask
from perfstudio.call.process import run_line
from perfstudio.capture.devices.headphones import Headphones, open_headphones
from perfstudio.capture.recording.sound_tap import SoundTapReader
from perfstudio.model.errors import CaptureError, ErrorCode


class MachineMedia:
    """See `call.media`."""

    def microphone(self, name: str) -> SoundTapReader:
        """The microphone that the recorder has open."""
        try:
            return SoundTapReader(name)
        except OSError:
            raise CaptureError(ErrorCode.RECORDER_DIED) from None

    def headphones(self, output_id: str, called: str, ask: Ask) -> Headphones:
        """Headphones in this process, which records nothing: when it is held up, no take is."""
        return open_headphones(output_id, lambda _: None, called, ask)


def run_line_here(pipe: Connection) -> None:
    """What the process of a line runs."""
    run_line(pipe, MachineMedia())
