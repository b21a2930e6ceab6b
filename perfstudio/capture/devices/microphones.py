"""The microphones of this machine by stable id: sources of the sound server by name, cards without their number."""

from __future__ import annotations

from dataclasses import dataclass

from perfstudio.capture.devices import portaudio, pulseaudio
from perfstudio.capture.devices.portaudio import PortAudioInput
from perfstudio.model.device_info import DeviceKind, MicrophoneInfo

DEFAULT = "default"
"""The id that means: the microphone the system has chosen."""
_PLUGIN_CHANNELS = 16
"""More input channels than this is a plug-in that says yes to everything, not a microphone."""
_COARSE_APIS = ("MME", "Windows DirectSound", "Windows WDM-KS", "OSS")
"""Doubles of the same devices behind older interfaces; listed only where nothing better is there."""


@dataclass(frozen=True, slots=True)
class Microphone:
    """One microphone and how PortAudio reaches it. `source` is that of the sound server, if it is behind one."""

    id: str
    name: str
    host_api: str
    input: PortAudioInput
    channels: int
    rate_hz: int
    bits: int
    is_default: bool
    source: pulseaudio.PulseSource | None = None

    @property
    def is_bare(self) -> bool:
        """A card without a sound server between."""
        return "(hw:" in self.input.name

    def info(self) -> MicrophoneInfo:
        """The microphone as a value."""
        return MicrophoneInfo(
            id=self.id,
            name=self.name,
            kind=DeviceKind.LOCAL,
            host_api=self.host_api,
            channels=self.channels,
            rate_hz=self.rate_hz,
            is_default=self.is_default,
        )


def microphones(*, refresh: bool = True) -> tuple[Microphone, ...]:
    """Every microphone that is there now, the system's choice first. DeviceError SOUND_SYSTEM_MISSING without one."""
    inputs = portaudio.inputs(refresh=refresh)
    server = _server(inputs)
    found = _of_server(server) if server else ()
    listed = tuple(entry for entry in inputs if _is_device(entry, inputs, server))
    chosen = None if found else _system_choice(listed, inputs)
    found += tuple(_plain(entry, is_default=entry is chosen) for entry in listed)
    return tuple(sorted(found, key=lambda microphone: not microphone.is_default))


def find(device_id: str, among: tuple[Microphone, ...]) -> Microphone | None:
    """The microphone of an id, of "default", or (not listed) the monitor of an output by "pulse:" and its name."""
    if device_id == DEFAULT:
        return next((m for m in among if m.is_default), among[0] if among else None)
    exact = next((m for m in among if m.id == device_id), None)
    if exact is None and device_id.startswith("pulse:"):
        server = _server(tuple(m.input for m in among)) or _server(portaudio.inputs(refresh=False))
        source = pulseaudio.find(device_id.removeprefix("pulse:"))
        return _of_source(server, source) if server and source else None
    return exact


def _server(inputs: tuple[PortAudioInput, ...]) -> PortAudioInput | None:
    ways = {entry.name: entry for entry in reversed(inputs) if entry.host_api == "ALSA"}
    return next((ways[name] for name in portaudio.SERVERS if name in ways), None)


def _of_server(server: PortAudioInput) -> tuple[Microphone, ...]:
    """The server's microphones; the server itself where its sources cannot be asked for."""
    sources = pulseaudio.sources()
    if not sources:
        return (_plain(server, is_default=True),)
    return tuple(_of_source(server, source) for source in sources if not source.is_monitor)


def _of_source(server: PortAudioInput, source: pulseaudio.PulseSource) -> Microphone:
    return Microphone(
        id=f"pulse:{source.name}",
        name=source.label,
        host_api="PulseAudio",
        input=server,
        channels=min(2, source.channels),
        rate_hz=source.rate_hz,
        bits=source.bits,
        is_default=source.is_default,
        source=source,
    )


def _plain(entry: PortAudioInput, *, is_default: bool) -> Microphone:
    return Microphone(
        id=entry.id,
        name=entry.name,
        host_api=entry.host_api,
        input=entry,
        channels=1 if entry.channels > _PLUGIN_CHANNELS else min(2, entry.channels),
        rate_hz=entry.rate_hz,
        bits=24 if entry.host_api in portaudio.FINE_APIS else 16,
        is_default=is_default,
    )


def _system_choice(listed: tuple[PortAudioInput, ...], inputs: tuple[PortAudioInput, ...]) -> PortAudioInput | None:
    """The listed microphone that the system has chosen: as its own interface tells, else as the older one's double.

    The older interfaces of Windows come first in PortAudio's list, are not listed themselves, and cut names short.
    """
    choices = [entry for entry in inputs if entry.is_default]
    own = next((entry for entry in choices if entry in listed), None)
    doubles = (entry for choice in choices for entry in listed if entry.name.startswith(choice.name))
    return own or next(doubles, None)


def _is_device(entry: PortAudioInput, inputs: tuple[PortAudioInput, ...], server: PortAudioInput | None) -> bool:
    """Whether an input is a microphone of its own, not one of ALSA's plug-ins or an older interface's double."""
    if entry.host_api == "ALSA":
        return "(hw:" in entry.name or (entry.name == "default" and server is None)
    return entry.host_api not in _COARSE_APIS or all(other.host_api in _COARSE_APIS for other in inputs)
