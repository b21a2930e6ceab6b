"""The sound library (PortAudio through sounddevice): loaded on first use, its device list, and its open streams.

PortAudio keeps the list of devices of its start, and starting anew kills every stream. So it is restarted only while
no stream is open in this process; `hotplug` looks at the world from a process of its own.
"""

from __future__ import annotations

import ctypes
import os
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from perfstudio.capture.devices.device_names import readable, slug
from perfstudio.model.errors import DeviceError, ErrorCode

_lock = threading.RLock()
_open_streams: set[object] = set()
_quiet: list[object] = []
SERVERS = ("pulse", "pipewire")
"""ALSA's ways to a sound server, the best first: only `pulse` connects to the source that it is told."""
FINE_APIS = ("Core Audio", "Windows WASAPI")
"""Host interfaces that mix in floating point and give 24 bits of what the device has."""
_CODE_PAGE = "mbcs" if sys.platform == "win32" else "utf-8"
"""What names are in that are not in UTF-8: Windows has one code page for the whole system."""


@dataclass(frozen=True, slots=True)
class PortAudioInput:
    """One input of the sound library, as it stands now. `index` is valid until the next refresh.

    `is_default` marks what the system has chosen, as its host API tells: each of them has a choice of its own.
    """

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


def inputs(*, refresh: bool = True) -> tuple[PortAudioInput, ...]:
    """Every input device, after a refresh where that disturbs nobody."""
    sound = library()
    with _lock:
        if refresh and not _open_streams:
            sound._terminate()
            sound._initialize()
        apis = sound.query_hostapis()
        found: list[PortAudioInput] = []
        for number, device in enumerate(_devices(sound)):
            if device["max_input_channels"] < 1:
                continue
            api, name = apis[device["hostapi"]], str(device["name"])
            base = stable_id(str(api["name"]), name)
            twins = sum(1 for other in found if other.id.partition("#")[0] == base)
            found.append(
                PortAudioInput(
                    index=number,
                    id=f"{base}#{twins + 1}" if twins else base,
                    name=readable(name) or f"Microphone {number}",
                    host_api=str(api["name"]),
                    channels=int(device["max_input_channels"]),
                    rate_hz=_rate(device["default_samplerate"]),
                    is_default=number == int(api["default_input_device"]),
                )
            )
        return tuple(found)


@dataclass(frozen=True, slots=True)
class PortAudioOutput:
    """One output. `index` is valid until the next refresh."""

    index: int
    name: str
    host_api: str
    channels: int
    rate_hz: int


def outputs() -> tuple[PortAudioOutput, ...]:
    """Where the system's choice of an output may be reached, the best way first; looked for anew where that disturbs
    nobody. DeviceError SOUND_SYSTEM_MISSING without the library."""
    sound, there = library(), every_output()
    with _lock:
        apis = sound.query_hostapis()
    servers = [n for n, output in there.items() if output.name in SERVERS]
    fine = [int(api["default_output_device"]) for api in apis if api["name"] in FINE_APIS]
    others = [int(api["default_output_device"]) for api in apis]
    return tuple(there[number] for number in dict.fromkeys((*servers, *fine, *others)) if number in there)


def every_output() -> dict[int, PortAudioOutput]:
    """Every output by its index; looked for anew where that disturbs nobody. DeviceError as above."""
    sound = library()
    with _lock:
        if not _open_streams:
            sound._terminate()
            sound._initialize()
        apis = sound.query_hostapis()
        return {
            number: PortAudioOutput(
                number,
                str(device["name"]),
                str(apis[device["hostapi"]]["name"]),
                int(device["max_output_channels"]),
                _rate(device["default_samplerate"]),
            )
            for number, device in enumerate(_devices(sound))
            if device["max_output_channels"] > 0
        }


def started(stream: Any) -> Any:
    """A stream that runs; one that will not is closed before its error goes on."""
    try:
        stream.start()
    except Exception:
        stream.close()
        raise
    return stream


def claim(owner: object) -> None:
    """A stream is open: no refresh until it is given back."""
    with _lock:
        _open_streams.add(owner)
        forget_lists()


def forget_lists() -> None:
    """Free what was loaded to look at every device of the list, whole media libraries among it, and is not in use:
    11 MB where there is no sound at all."""
    if (alsa := _alsa()) is not None:
        alsa.snd_config_update_free_global()


def give_back(owner: object) -> None:
    """The stream is closed."""
    with _lock:
        _open_streams.discard(owner)


def lock() -> threading.RLock:
    """Held while a stream is opened or the list refreshed: the two must not meet."""
    return _lock


@contextmanager
def server_choice(variable: str, name: str) -> Iterator[None]:
    """The sound server's client library reads the device to connect to from the environment (PULSE_SOURCE, PULSE_SINK),
    at the connection. Without a name nothing is changed."""
    before = os.environ.get(variable)
    if name:
        os.environ[variable] = name
    try:
        yield
    finally:
        if name and before is None:
            os.environ.pop(variable, None)
        elif name and before is not None:
            os.environ[variable] = before


def stable_id(host_api: str, name: str) -> str:
    """The id of a device, which stays over restarts and replugging; twins share it."""
    return f"{slug(host_api)}:{slug(_settled(name))}"


def _settled(name: str) -> str:
    """A device's name without the number of its card, which depends on the order of plugging."""
    return re.sub(r"\(hw:\d+,(\d+)\)", r"pcm \1", name)


def _rate(told: Any) -> int:
    """Samples a second; 0 when that is no number of any."""
    rate = float(told)
    return round(rate) if 0 < rate < float("inf") else 0


def _devices(sound: Any) -> list[Any]:
    """Every device; one whose name is no UTF-8, which older Windows interfaces and odd cards have, is read by hand."""
    try:
        return list(sound.query_devices())
    except UnicodeDecodeError:
        return [_device(sound, number) for number in range(sound._lib.Pa_GetDeviceCount())]


def _device(sound: Any, number: int) -> Any:
    try:
        return sound.query_devices(number)
    except UnicodeDecodeError:
        told = sound._lib.Pa_GetDeviceInfo(number)
        return {
            "name": sound._ffi.string(told.name).decode(_CODE_PAGE, "replace"),
            "hostapi": told.hostApi,
            "max_input_channels": told.maxInputChannels,
            "max_output_channels": told.maxOutputChannels,
            "default_samplerate": told.defaultSampleRate,
        }


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
