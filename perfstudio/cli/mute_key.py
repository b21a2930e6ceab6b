"""One key of the terminal while two play: M, to be mute to the partner and to be heard again."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator

from perfstudio.systems.key_presses import KeyPresses

LOOK_S = 0.1


@contextlib.contextmanager
def mute_key(speak: Callable[[bool], None], keys: KeyPresses, told: Callable[[bool], None]) -> Iterator[None]:
    """Meanwhile each M turns one's own voice off or on: `speak` does, and `told` hears which, on another thread."""
    over = threading.Event()

    def listen() -> None:
        speaks = True
        while not over.wait(LOOK_S):
            for key in keys.pressed():
                if key in "mM":
                    speaks = not speaks
                    speak(speaks)
                    told(speaks)

    with keys:
        listener = threading.Thread(target=listen, name="perfstudio-mute-key", daemon=True)
        listener.start()
        try:
            yield
        finally:
            over.set()
            listener.join()
