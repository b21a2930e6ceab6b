"""Cameras and microphones with their stable ids, names and formats."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from perfstudio.capture.open_device import list_cameras, list_microphones, list_outputs
from perfstudio.cli.home_option import say_aside
from perfstudio.cli.output import DONE, Output
from perfstudio.language.catalogue import _, ngettext
from perfstudio.model.device import CameraMode, DeviceKind, MicrophoneInfo
from perfstudio.model.device_info import OutputInfo
from perfstudio.paths import AppPaths
from perfstudio.session.offset_store import Calibrations
from perfstudio.session.permissions_found import FoundPermission, look
from perfstudio.systems.permissions import Guarded
from perfstudio.texts import calibration as words
from perfstudio.texts.error_permissions import in_settings
from perfstudio.texts.errors import sentence
from perfstudio.texts.formatting import chain
from perfstudio.texts.template import sentences


def add(parser: argparse.ArgumentParser) -> None:
    """No options of its own."""


def run(args: argparse.Namespace, out: Output) -> int:
    """Print the devices that are there."""
    cameras, microphones = list_cameras(), list_microphones()
    allowed = {
        Guarded.CAMERA: look(Guarded.CAMERA, there=any(c.kind is DeviceKind.LOCAL for c in cameras)),
        Guarded.MICROPHONE: look(Guarded.MICROPHONE, there=any(m.kind is DeviceKind.LOCAL for m in microphones)),
    }
    pairs = Calibrations(AppPaths.choose(args.home).calibration, tell=say_aside).pairs()
    out.say(_("Cameras"))
    for camera in cameras:
        out.say(f"  {camera.id}")
        out.say(f"    {camera.name}{_modes(camera.modes)}")
    _say_permission(out, allowed[Guarded.CAMERA])
    out.say(_("Microphones"))
    for microphone in microphones:
        _say_microphone(out, microphone)
    _say_permission(out, allowed[Guarded.MICROPHONE])
    heard_in = _say_outputs(out)
    out.say(_(words.TITLE))
    for pair in pairs:
        mode = f"{pair.pair.width}x{pair.pair.height} {pair.pair.fps}"
        said = _(
            "{camera} ({mode}) with {microphone}: {state}",
            camera=pair.camera_name,
            mode=mode,
            microphone=pair.microphone_name,
            state=words.corrected(pair.used),
        )
        out.say(f"  {said}")
    if not pairs:
        said = _("Not calibrated. `perfstudio calibrate` measures a pair.")
        out.say(f"  {said}")
    out.document(
        {
            "cameras": [asdict(c) for c in cameras],
            "microphones": [asdict(m) for m in microphones],
            "outputs": [asdict(o) for o in heard_in],
            "permissions": {kind.value: found.to_json() for kind, found in allowed.items()},
            "calibrated": [pair.to_json() for pair in pairs],
        }
    )
    return DONE


def _say_microphone(out: Output, microphone: MicrophoneInfo) -> None:
    channels = ngettext("{number} channel", "{number} channels", microphone.channels)
    facts = [channels] if microphone.channels else []
    facts += [_("{number} Hz", number=microphone.rate_hz)] if microphone.rate_hz else []
    facts += [_("the system's choice")] if microphone.is_default else []
    out.say(f"  {microphone.id}")
    out.say(f"    {microphone.name}" + (f": {chain(facts)}" if facts else ""))


def _say_outputs(out: Output) -> tuple[OutputInfo, ...]:
    outputs = list_outputs()
    out.say(_("Headphones and loudspeakers"))
    for output in outputs:
        out.say(f"  {output.id}")
        chosen = _("the system's choice") if output.is_default else ""
        out.say("    " + (_("{name}: {detail}", name=output.name, detail=chosen) if chosen else output.name))
    return outputs


def _say_permission(out: Output, found: FoundPermission) -> None:
    """What the system does not let be used; what it does is no news."""
    if found.problem is not None:
        out.say(f"  {sentences(sentence(found.problem), in_settings(found.page))}")


def _modes(modes: tuple[CameraMode, ...]) -> str:
    if not modes:
        return ""
    return ": " + ", ".join(f"{m.width}x{m.height} {m.fps:g} {m.pixel_format}".rstrip() for m in modes)
