"""What sound can be heard from, by stable id: outputs of the sound server by name, cards without their number."""

from __future__ import annotations

from dataclasses import dataclass

from perfstudio.capture.devices import portaudio, pulseaudio
from perfstudio.capture.devices.device_names import readable
from perfstudio.capture.devices.portaudio import PortAudioOutput
from perfstudio.model.device_info import OutputInfo

_COARSE_APIS = ("MME", "Windows DirectSound", "Windows WDM-KS", "OSS")
"""Doubles of the same devices behind older interfaces; listed only where nothing better is there."""


@dataclass(frozen=True, slots=True)
class SoundOutput:
    """One output and how PortAudio reaches it. `sink` is that of the sound server, if it is behind one."""

    id: str
    name: str
    host_api: str
    output: PortAudioOutput
    is_default: bool
    sink: pulseaudio.PulseSink | None = None

    def info(self) -> OutputInfo:
        """The output as a value."""
        return OutputInfo(self.id, self.name, self.host_api, is_default=self.is_default)


def outputs() -> tuple[SoundOutput, ...]:
    """Every output that is there now, the system's choice first. DeviceError SOUND_SYSTEM_MISSING without one."""
    there = tuple(portaudio.every_output().values())
    server = next((entry for name in portaudio.SERVERS for entry in there if entry.name == name), None)
    found = tuple(_of_server(server, sink) for sink in pulseaudio.sinks()) if server is not None else ()
    best = portaudio.outputs()[:1]
    for entry in there:
        if _is_device(entry, there, server):
            found += (_plain(entry, found, is_default=not found and entry in best),)
    return tuple(sorted(found, key=lambda output: not output.is_default))


def find(output_id: str, among: tuple[SoundOutput, ...]) -> SoundOutput | None:
    """The output of an id, or None."""
    return next((output for output in among if output.id == output_id), None)


def _of_server(server: PortAudioOutput, sink: pulseaudio.PulseSink) -> SoundOutput:
    return SoundOutput(f"pulse:{sink.name}", sink.label, "PulseAudio", server, sink.is_default, sink)


def _plain(entry: PortAudioOutput, before: tuple[SoundOutput, ...], *, is_default: bool) -> SoundOutput:
    base = portaudio.stable_id(entry.host_api, entry.name)
    twins = sum(1 for other in before if other.id.partition("#")[0] == base)
    identity = f"{base}#{twins + 1}" if twins else base
    return SoundOutput(identity, readable(entry.name) or f"Output {entry.index}", entry.host_api, entry, is_default)


def _is_device(entry: PortAudioOutput, there: tuple[PortAudioOutput, ...], server: PortAudioOutput | None) -> bool:
    """Whether it is a device of its own, not one of ALSA's plug-ins or an older interface's double."""
    if entry.host_api == "ALSA":
        return "(hw:" in entry.name or (entry.name == "default" and server is None)
    return entry.host_api not in _COARSE_APIS or all(other.host_api in _COARSE_APIS for other in there)
