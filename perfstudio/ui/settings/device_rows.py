"""Cameras and microphones as rows of which one is chosen, wherever they are chosen."""

from __future__ import annotations

from dataclasses import dataclass

from perfstudio.capture.devices.addresses import hidden, is_address
from perfstudio.language.catalogue import _
from perfstudio.model.device import CameraInfo, DeviceKind, MicrophoneInfo
from perfstudio.session.devices import Devices, matching
from perfstudio.session.settings import Settings
from perfstudio.texts import devices as words
from perfstudio.ui.settings.choice_row import RowChoice

NETWORK, SOUND_ONLY = "network", "sound-only"
"""Rows that are no listed device."""


@dataclass(frozen=True, slots=True)
class DeviceRows:
    """What can be chosen, with these settings, of what is there; `devices` is None while nobody has looked."""

    settings: Settings
    devices: Devices | None

    def cameras(self) -> list[RowChoice]:
        """The listed cameras, the chosen one first where it is away; then sound alone."""
        there = self.devices[0] if self.devices else ()
        rows = [_camera_row(info) for info in there if info.kind is not DeviceKind.PRACTICE]
        camera = self.settings.camera
        if camera is not None and not is_address(camera.id) and matching(camera.id, there) is None:
            rows.insert(0, self._missing(camera.id, self.settings.camera_name))
        rows.extend(_camera_row(info) for info in there if info.kind is DeviceKind.PRACTICE)
        rows.append(RowChoice(SOUND_ONLY, _("No camera"), _("sound only")))
        return rows

    def network(self) -> RowChoice:
        """A camera at an address: which one, where one was chosen."""
        camera = self.settings.camera
        at = hidden(camera.id) if camera is not None and is_address(camera.id) else _("an http or rtsp address")
        return RowChoice(NETWORK, _("Network camera"), at)

    def microphones(self) -> list[RowChoice]:
        """The listed microphones, the chosen one first where it is away."""
        there = self.devices[1] if self.devices else ()
        rows = [_microphone_row(info) for info in there if info.kind is not DeviceKind.PRACTICE]
        microphone = self.settings.microphone
        if microphone is not None and matching(microphone.id, there) is None:
            rows.insert(0, self._missing(microphone.id, self.settings.microphone_name))
        rows.extend(_microphone_row(info) for info in there if info.kind is DeviceKind.PRACTICE)
        return rows

    def camera(self) -> str:
        """The chosen row of the cameras; empty where nothing was chosen."""
        now = self.settings
        if now.sound_only:
            return SOUND_ONLY
        if now.camera is None:
            return ""
        if is_address(now.camera.id):
            return NETWORK
        found = matching(now.camera.id, self.devices[0]) if self.devices else None
        return found.id if found else now.camera.id

    def microphone(self) -> str:
        """The chosen row of the microphones; empty where nothing was chosen."""
        microphone = self.settings.microphone
        if microphone is None:
            return ""
        found = matching(microphone.id, self.devices[1]) if self.devices else None
        return found.id if found else microphone.id

    def about_cameras(self) -> str:
        """That one looks for them, or that there is none."""
        real = self.devices is not None and any(c.kind is DeviceKind.LOCAL for c in self.devices[0])
        return self._looking() or ("" if real else _(words.NO_CAMERAS))

    def about_microphones(self) -> str:
        """As above."""
        heard = self.devices is not None and any(m.kind is DeviceKind.LOCAL for m in self.devices[1])
        return self._looking() or ("" if heard else _(words.NO_MICROPHONES))

    def _looking(self) -> str:
        return "" if self.devices is not None else _(words.LOOKING)

    def _missing(self, device_id: str, name: str) -> RowChoice:
        """A chosen device that the list does not hold; before the first look nobody knows."""
        known = self.devices is not None
        return RowChoice(
            device_id,
            name or words.spoken(device_id),
            _("not here now") if known else "",
            ((_(words.UNPLUGGED), "look"),) if known else (),
            away=known,
        )


def _practice_chip() -> tuple[tuple[str, str], ...]:
    return ((_("practice"), "info"),)


def _camera_row(info: CameraInfo) -> RowChoice:
    practice = info.kind is DeviceKind.PRACTICE
    detail = _("a drawn figure, for trying things out") if practice else words.camera_offers(info)
    return RowChoice(info.id, info.name, detail, _practice_chip() if practice else ())


def _microphone_row(info: MicrophoneInfo) -> RowChoice:
    if info.kind is DeviceKind.PRACTICE:
        return RowChoice(info.id, info.name, _("a synthetic voice, for trying things out"), _practice_chip())
    chips = ((_(words.SYSTEM_CHOICE), "plain"),) if info.is_default else ()
    return RowChoice(info.id, info.name, words.microphone_offers(info), chips)
