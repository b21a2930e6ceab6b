"""What a line needs of the machine it runs on to carry a voice: a microphone to read, headphones to be asked by.

The call knows no device: whoever starts its process hands these in.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class TappedPiece(Protocol):
    """A piece of what a microphone gave."""

    @property
    def samples(self) -> NDArray[np.int32]:
        """Frames x channels, left-justified in 32 bits."""

    @property
    def rate_hz(self) -> int:
        """Of the samples."""

    @property
    def first_sample(self) -> int:
        """Frames since the microphone was opened: a hole in it is a hole in time."""


class TappedMicrophone(Protocol):
    """A microphone that somebody else has open."""

    def read(self) -> TappedPiece | None:
        """The next piece; None while there is none. Never waits."""

    def close(self) -> None:
        """Let go."""


class OpenHeadphones(Protocol):
    """Headphones that ask for sound until they are closed."""

    @property
    def is_well(self) -> bool:
        """Whether they still ask, and are where they were opened."""

    def close(self) -> None:
        """Ask for nothing any more; may be called twice."""


Ask = Callable[[int, int], bytes]
"""Called on a thread of the sound system: so many frames at so many a second; 16 bits, left and right."""


class Media(Protocol):
    """The devices of this machine. What cannot be opened raises PerfstudioError."""

    def microphone(self, name: str) -> TappedMicrophone:
        """The microphone behind a ring of this name."""

    def headphones(self, output_id: str, called: str, ask: Ask) -> OpenHeadphones:
        """Open headphones, which ask from then on."""
