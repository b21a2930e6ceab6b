"""Voices both ways while a line stands: one's own from the microphone's tap, the partner's into the headphones.

What of it cannot be opened or is lost is told, and costs nothing but itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from perfstudio.call.ears import Ears
from perfstudio.call.media import Media
from perfstudio.call.messages import MediaOrder, MediaTrouble, VoiceNow
from perfstudio.call.voice_in import VoiceIn
from perfstudio.call.voice_out import VoiceOut
from perfstudio.model.errors import DeviceError, ErrorCode, PerfstudioError

SPEAKS: Final = 30
"""A message of two bytes: whether its sender sends a voice. Said again and again, for it may be lost."""
_FULL: Final = 32768.0


class Talking:
    """Used on the event loop of the line; the headphones ask on a thread of their own."""

    def __init__(self, order: MediaOrder, media: Media, tell: Callable[[MediaTrouble], None]) -> None:
        self._order, self._media, self._tell = order, media, tell
        self.voice_in = VoiceIn()
        self.voice_out: VoiceOut | None = None
        self._ears = Ears(lambda: media.headphones(order.headphones, order.called, self.voice_in.ask))
        self._untold: list[MediaTrouble] = []
        self._other_is_mute = False

    def open(self) -> None:
        """Take up the microphone, and let the headphones ask."""
        try:
            self.voice_out = VoiceOut(self._media.microphone(self._order.microphone))
            self._ears.open()
        except PerfstudioError as problem:
            self._untold.append(MediaTrouble(problem))

    def speak(self, *, on: bool) -> None:
        """Be heard from now on, or be mute."""
        if self.voice_out is not None:
            self.voice_out.speaks = on

    def says(self) -> bytes:
        """To the other side: whether one speaks."""
        return bytes([SPEAKS, int(self.voice_out is not None and self.voice_out.speaks)])

    def heard(self, data: object) -> bool:
        """What the other side says of it; False: it is something else."""
        if not (isinstance(data, bytes) and len(data) == len(self.says()) and data[0] == SPEAKS):
            return False
        self._other_is_mute = not data[1]
        return True

    def arrived(self, packet: Any) -> None:
        """A packet of the partner's voice, as the library hands it on."""
        self.voice_in.arrived(bytes(packet.payload))

    def now(self) -> VoiceNow:
        """How it stands, for the meter; what is not there, or not any more, is told here, once."""
        if self._ears.gone():
            self._untold.append(MediaTrouble(DeviceError(ErrorCode.HEADPHONES_LOST, id=self._order.called)))
        while self._untold:
            self._tell(self._untold.pop())
        loudest, self.voice_in.loudest = self.voice_in.loudest, 0.0
        return VoiceNow(loudest / _FULL, self.voice_in.heard, self._other_is_mute)

    def close(self) -> None:
        """Let both go."""
        if self.voice_out is not None:
            self.voice_out.stop()
        self._ears.close()
