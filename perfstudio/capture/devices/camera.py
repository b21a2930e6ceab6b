"""The contract of a camera: a thread of its own that grabs, stamps and hands on; opened once, tapped by takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from perfstudio.model.device import CameraGranted
from perfstudio.model.errors import DeviceError

Image = NDArray[np.uint8]
"""Height x width x 3, BGR, 8 bit."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture. A compressed camera gives `jpeg` and is decoded on demand; every other one gives `image`.
    An empty `jpeg` is a picture that came damaged: there is nothing to show, and it is counted.

    `host_ns` is read on the one clock right after the grab; `device_ns` is the driver's own stamp moved onto the same
    clock, or None where the driver has none or its clock failed the sanity test. `index` counts grabs since opening.
    """

    index: int
    host_ns: int
    device_ns: int | None
    image: Image | None
    jpeg: bytes | None = None


FrameSink = Callable[[Frame], None]
"""Called on the camera's thread; must return at once."""
LostCall = Callable[[DeviceError], None]
"""Called once, on the device's thread, when the device is gone for good."""


class CameraSource(Protocol):
    """An open camera. The constructor opens it (and raises DeviceError); `close` works always, also twice."""

    @property
    def granted(self) -> CameraGranted:
        """What was really granted, read back after opening."""
        ...

    def start(self, sink: FrameSink, lost: LostCall) -> None:
        """Begin grabbing on a thread of its own."""
        ...

    def close(self, deadline_s: float = 2.0) -> None:
        """Stop grabbing and let the device go. A driver that hangs is left behind on its daemon thread."""
        ...
