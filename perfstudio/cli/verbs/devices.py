"""Cameras and microphones with their stable ids, names and formats."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from perfstudio.capture.open_device import list_cameras, list_microphones
from perfstudio.cli.home_option import say_aside
from perfstudio.cli.output import DONE, Output
from perfstudio.model.device import CameraMode
from perfstudio.paths import AppPaths
from perfstudio.session.offset_store import Calibrations
from perfstudio.texts import calibration as words


def add(parser: argparse.ArgumentParser) -> None:
    """No options of its own."""


def run(args: argparse.Namespace, out: Output) -> int:
    """List them."""
    cameras, microphones = list_cameras(), list_microphones()
    pairs = Calibrations(AppPaths.choose(args.home).calibration, tell=say_aside).pairs()
    out.say("Cameras")
    for camera in cameras:
        out.say(f"  {camera.id}")
        out.say(f"    {camera.name}{_modes(camera.modes)}")
    out.say("Microphones")
    for microphone in microphones:
        facts = [f"{microphone.channels} channels"] if microphone.channels else []
        facts += [f"{microphone.rate_hz} Hz"] if microphone.rate_hz else []
        facts += ["the system's choice"] if microphone.is_default else []
        out.say(f"  {microphone.id}")
        out.say(f"    {microphone.name}" + (f": {', '.join(facts)}" if facts else ""))
    out.say(words.TITLE)
    for pair in pairs:
        mode = f"{pair.pair.width}x{pair.pair.height} {pair.pair.fps}"
        out.say(f"  {pair.camera_name} ({mode}) with {pair.microphone_name}: {words.corrected(pair.used)}")
    if not pairs:
        out.say(f"  {words.NOT_CALIBRATED}. `perfstudio calibrate` measures a pair.")
    out.document(
        {
            "cameras": [asdict(c) for c in cameras],
            "microphones": [asdict(m) for m in microphones],
            "calibrated": [pair.to_json() for pair in pairs],
        }
    )
    return DONE


def _modes(modes: tuple[CameraMode, ...]) -> str:
    if not modes:
        return ""
    return ": " + ", ".join(f"{m.width}x{m.height} {m.fps:g} {m.pixel_format}".rstrip() for m in modes)
