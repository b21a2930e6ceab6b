"""Measure how far the sound is from the picture for a camera and a microphone, and take it out of their takes.

Clap ten times in front of the camera, or let it look at the pattern film; or measure a file that was recorded so.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from perfstudio.cli import options
from perfstudio.cli.home_option import open_home
from perfstudio.cli.output import DONE, REASON, Output
from perfstudio.cli.slow_devices import say_slow
from perfstudio.cli.verbs.record import add_modes, camera_asked, cut_on_signal
from perfstudio.language.catalogue import _
from perfstudio.model.calibration import Measurement, Method, Outcome, Refusal
from perfstudio.model.clock import utc_now
from perfstudio.model.device import CameraRequest, DeviceSelection, DevicesUsed, MicrophoneRequest
from perfstudio.model.loopback import LoopbackRefusal
from perfstudio.session.headless.calibrate import measure_devices, measure_path
from perfstudio.session.headless.loopback import measure_pair
from perfstudio.session.home import Home
from perfstudio.session.scratch_beside import scratch_beside
from perfstudio.texts import calibration as words
from perfstudio.texts import loopback
from perfstudio.texts.formatting import duration

_SECONDS = {Method.CLAP: 15.0, Method.PATTERN: 45.0}


def add(parser: argparse.ArgumentParser) -> None:
    """Options of `calibrate`."""
    parser.add_argument("--camera", metavar="ID", help=_("an id as `devices` shows it, or practice"))
    parser.add_argument("--microphone", metavar="ID", help=_("an id as `devices` shows it, or practice"))
    parser.add_argument(
        "--headphones", metavar="ID",
        help=_("measure headphones instead of a camera: clicks show how late this microphone hears them"),
    )  # fmt: skip
    parser.add_argument("--method", choices=[m.value for m in Method], default=Method.CLAP.value)
    parser.add_argument("--seconds", type=options.positive, default=None, metavar="N", help=_("how long to record"))
    add_modes(parser)
    parser.add_argument("--media", type=Path, metavar="FILE", help=_("measure a recorded file or take folder instead"))
    parser.add_argument("--sound", type=Path, metavar="FILE", help=_("its sound, if that is in a separate file"))
    parser.add_argument(
        "--source-ms",
        type=options.milliseconds,
        default=None,
        metavar="MS",
        help=_("how late the player's own sound is"),
    )
    parser.add_argument("--try", dest="trial", action="store_true", help=_("measure and report, but keep nothing"))
    parser.add_argument("--forget", action="store_true", help=_("forget the calibration of this pair"))
    parser.add_argument("--list", dest="listed", action="store_true", help=_("list what has been measured"))
    parser.add_argument("--pattern-film", type=Path, metavar="FILE", help=_("write the video of flashes and clicks"))


def run(args: argparse.Namespace, out: Output) -> int:
    """Measure the offset, keep it, print it."""
    if args.pattern_film is not None:
        return _film(args.pattern_film, out)
    with open_home(args) as home:
        if args.listed:
            return _list(home, out)
        if args.media is not None:
            outcome, devices = measure_path(args.media, args.sound, Method(args.method), source_ms=args.source_ms)
            return _tell(home, outcome, devices if not args.trial else None, args, out)
        if args.headphones and args.microphone:
            return _loopback(home, args, out)
        if not args.camera or not args.microphone:
            out.warn(
                _("Say which --camera and --microphone to use; `perfstudio devices` lists them. Or give --media FILE.")
            )
            return REASON
        return _record(home, args, out)


def _loopback(home: Home, args: argparse.Namespace, out: Output) -> int:
    for line in loopback.HOW:
        out.say(_(line))
    try:
        with scratch_beside(home.paths.calibrating) as scratch, cut_on_signal() as stop:
            measured = measure_pair(
                args.headphones,
                args.microphone,
                scratch,
                stop,
                lambda done, whole: out.progress(_("{done} of {length}", done=duration(done), length=duration(whole))),
            )
    finally:
        out.progress_done()
    found = measured.outcome
    if isinstance(found, LoopbackRefusal):
        out.warn(loopback.refusal(found))
        out.document({"kept": False, "refused": {"why": found.why.value, "heard": found.heard}})
        return REASON
    out.say(loopback.result(found))
    if not args.trial:
        home.loopbacks.keep(measured.headphones, measured.microphone, found)
        out.say(_(loopback.KEPT))
    out.document({"kept": not args.trial, "measurement": found.to_json()})
    return DONE


def _record(home: Home, args: argparse.Namespace, out: Output) -> int:
    method = Method(args.method)
    camera = camera_asked(args, CameraRequest(id=args.camera))
    selection = DeviceSelection(camera=camera, microphone=MicrophoneRequest(id=args.microphone))
    seconds = args.seconds or _SECONDS[method]
    if not args.forget:
        for line in words.HOW[method]:
            out.say(_(line))
    try:
        with scratch_beside(home.paths.calibrating) as scratch, cut_on_signal() as stop:
            outcome, devices = measure_devices(
                selection,
                scratch,
                0.0 if args.forget else seconds,
                method,
                source_ms=args.source_ms,
                stop=stop,
                status=lambda done: out.progress(
                    _("{done} of {length}", done=duration(done), length=duration(seconds))
                ),
                slow=say_slow(out),
            )
    finally:
        out.progress_done()
    if args.forget:
        home.calibrations.forget(devices)
        out.say(_(words.FORGOTTEN))
        out.document({"forgotten": True})
        return DONE
    assert outcome is not None  # noqa: S101 - only forgetting measures nothing
    return _tell(home, outcome, None if args.trial else devices, args, out)


def _tell(home: Home, outcome: Outcome, devices: DevicesUsed | None, args: argparse.Namespace, out: Output) -> int:
    document: dict[str, Any] = {"method": args.method, "kept": False}
    if isinstance(outcome, Refusal):
        out.warn(words.refusal(outcome, Method(args.method)))
        facts = {"why": outcome.why.value, "heard": outcome.heard, "paired": outcome.paired, "sure_ms": outcome.sure_ms}
        out.document(document | {"refused": facts})
        return REASON
    out.say(words.result(outcome))
    if devices is not None:
        home.calibrations.keep(devices, outcome)
        out.say(_(words.KEPT))
    out.document(document | {"kept": devices is not None, "measurement": _plain(outcome)})
    return DONE


def _plain(found: Measurement) -> dict[str, Any]:
    return found.model_dump(mode="json")


def _list(home: Home, out: Output) -> int:
    pairs = home.calibrations.pairs()
    for line in pairs:
        mode = f"{line.pair.width}x{line.pair.height} {line.pair.fps} {line.pair.pixel_format}".rstrip()
        out.say(
            _(
                "{camera} ({mode}) with {microphone}",
                camera=line.camera_name,
                mode=mode,
                microphone=line.microphone_name,
            )
        )
        out.say(f"  {words.in_force(line, utc_now().astimezone())}")
    for measured in home.loopbacks.pairs():
        out.say(loopback.pair(measured))
    if not pairs:
        out.say(words.in_force(None, utc_now().astimezone()))
    out.document([line.to_json() for line in pairs])
    return DONE


def _film(path: Path, out: Output) -> int:
    from perfstudio.capture.calibration.pattern import write_pattern  # noqa: PLC0415 - the encoder loads when asked for

    length_s = write_pattern(path)
    out.say(
        _(
            "Written to {file}, {time}. Play it with the sound on and hold the screen up to the camera.",
            file=path,
            time=duration(length_s),
        )
    )
    out.document({"file": str(path), "seconds": length_s})
    return DONE
