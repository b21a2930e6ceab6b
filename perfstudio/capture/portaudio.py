"""The sound library (PortAudio through sounddevice): loaded on first use, its device list, and its open streams.

PortAudio keeps the list of devices of its start, and starting anew kills every stream. So it is restarted only while
no stream is open in this process; `hotplug` looks at the world from a process of its own.
"""

from __future__ import annotations

import ctypes
import re
import sys
import threading
from dataclasses import dataclass
from functools import cache
from typing import Any

from perfstudio.capture.v4l2 import slug
from perfstudio.model.errors import DeviceError, ErrorCode

_lock = threading.RLock()
_open_streams: set[object] = set()
_quiet: list[object] = []


@dataclass(frozen=True, slots=True)
class Input:
    """One input of the sound library, as it stands now. `index` is valid until the next refresh."""

    index: int
    id: str
    name: str
    host_api: str
    channels: int
    rate_hz: int
    is_default: bool


def library() -> Any:
    """The sounddevice module. DeviceError SOUND_SYSTEM_MISSING when PortAudio is not installed or does not start."""
    with _lock:
        if not _quiet:
            _quiet_alsa()
        try:
            import sounddevice  # noqa: PLC0415 - loads and starts the C library
        except (OSError, ImportError) as problem:
            raise DeviceError(ErrorCode.SOUND_SYSTEM_MISSING, detail=str(problem)) from problem
        except Exception as problem:  # PortAudioError: the library would not start
            raise DeviceError(ErrorCode.SOUND_SYSTEM_MISSING, detail=str(problem)) from problem
        return sounddevice


def inputs(*, refresh: bool = True) -> tuple[Input, ...]:
    """Every input device, after a refresh where that disturbs nobody."""
    sound = library()
    with _lock:
        if refresh and not _open_streams:
            sound._terminate()
            sound._initialize()
        apis = sound.query_hostapis()
        devices = sound.query_devices()
        default = _default_input(apis)
        found: list[Input] = []
        for number, device in enumerate(devices):
            if device["max_input_channels"] < 1:
                continue
            api = str(apis[device["hostapi"]]["name"])
            base = f"{slug(api)}:{slug(_settled(str(device['name'])))}"
            twins = sum(1 for other in found if other.id.partition("#")[0] == base)
            found.append(
                Input(
                    index=number,
                    id=f"{base}#{twins + 1}" if twins else base,
                    name=str(device["name"]),
                    host_api=api,
                    channels=int(device["max_input_channels"]),
                    rate_hz=round(float(device["default_samplerate"])),
                    is_default=number == default,
                )
            )
        return tuple(found)


def claim(owner: object) -> None:
    """A stream is open: no refresh until it is given back."""
    with _lock:
        _open_streams.add(owner)
        if (alsa := _alsa()) is not None:
            # What was loaded to look at every device of the list, whole media libraries among it, and is not in use.
            alsa.snd_config_update_free_global()


def give_back(owner: object) -> None:
    """The stream is closed."""
    with _lock:
        _open_streams.discard(owner)


def lock() -> threading.RLock:
    """Held while a stream is opened or the list refreshed: the two must not meet."""
    return _lock


def _settled(name: str) -> str:
    """A device's name without the number of its card, which depends on the order of plugging."""
    return re.sub(r"\(hw:\d+,(\d+)\)", r"pcm \1", name)


def _default_input(apis: Any) -> int:
    chosen = [int(api["default_input_device"]) for api in apis if int(api["default_input_device"]) >= 0]
    return chosen[0] if chosen else -1


def _quiet_alsa() -> None:
    """ALSA writes every guess that fails to the terminal; its handler is replaced by one that does not."""
    handler = ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p)
    silent = handler(lambda *_: None)
    _quiet.append(silent)
    if (alsa := _alsa()) is not None:
        alsa.snd_lib_error_set_handler(silent)


@cache
def _alsa() -> ctypes.CDLL | None:
    """ALSA's library, where there is one."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        return ctypes.CDLL("libasound.so.2")
    except OSError:
        return None
