"""Record one take without a window.

Ctrl-C is a clean cut: the take is closed, checked and kept.
"""

from __future__ import annotations

import argparse
import contextlib
import signal
import threading
from collections.abc import Iterator

from perfstudio.capture.messages import Notice, RecorderStatus
from perfstudio.cli.homes import open_home
from perfstudio.cli.output import Output
from perfstudio.cli.reports import exit_code, say_checks, take_document
from perfstudio.model.device import NO_CAMERA, CameraRequest, DeviceSelection, Encode, MicrophoneRequest
from perfstudio.session.recording import Watch, record_take
from perfstudio.words import notices
from perfstudio.words.numbers import count, duration, size


def add(parser: argparse.ArgumentParser) -> None:
    """Options of `record`."""
    parser.add_argument("prompt", help="a prompt, or pack/prompt")
    parser.add_argument("--camera", required=True, metavar="ID", help="an id, an http or rtsp address, practice, none")
    parser.add_argument("--microphone", required=True, metavar="ID", help="an id, or practice")
    parser.add_argument(
        "--seconds", type=_positive, default=None, metavar="N", help="how long; without it, until Ctrl-C"
    )
    add_modes(parser)


def add_modes(parser: argparse.ArgumentParser) -> None:
    """Options for the camera's mode."""
    parser.add_argument("--size", type=_size, default=(1280, 720), metavar="WxH")
    parser.add_argument("--fps", type=_positive, default=30.0, metavar="N")
    parser.add_argument(
        "--encode", type=Encode, choices=tuple(Encode), default=Encode.LIVE,
        help="make the film while recording, or after the cut from a camera that sends JPEG (for slow computers)",
    )  # fmt: skip


def camera_asked(args: argparse.Namespace) -> CameraRequest:
    """The camera and its mode, as the options say."""
    return CameraRequest(
        id=args.camera, width=args.size[0], height=args.size[1], fps=args.fps, encode=args.encode
    )  # fmt: skip


def run(args: argparse.Namespace, out: Output) -> int:
    """Record, check, seal, say."""
    camera = None
    if args.camera != NO_CAMERA:
        camera = camera_asked(args)
    selection = DeviceSelection(camera=camera, microphone=MicrophoneRequest(id=args.microphone))

    def told(notice: Notice) -> None:
        out.progress_done()
        out.warn(notices.sentence(notice))

    def status(now: RecorderStatus) -> None:
        landed = f"{count(now.frames, 'frame')}, {size(now.picture_bytes + now.sound_bytes)} on disk"
        out.progress(f"{duration(now.elapsed_s)}  {landed}")

    def made(done: float) -> None:
        out.progress(f"Making the film of what the camera sent: {done:.0%}")

    with open_home(args) as home, cut_on_signal() as stop:
        watch = Watch(stop, told, status, made)
        seconds = args.seconds if args.seconds is not None else float("inf")
        manifest = record_take(home, args.prompt, selection, seconds, watch)
        out.progress_done()
        line = home.takes.line(manifest.take_id)
        out.say(f"{line.title}, take {line.number}: {duration(line.duration_s or 0.0)}, safe on disk.")
        say_checks(manifest.checks, out)
        out.say(f"Files: {home.library.folder(manifest.take_id)}")
        out.document(take_document(manifest, line))
    return exit_code(manifest.checks)


@contextlib.contextmanager
def cut_on_signal() -> Iterator[threading.Event]:
    """An event that Ctrl-C and a polite request to end set."""
    stop = threading.Event()
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _positive(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError("must be a number above zero")
    return number


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.lower().partition("x")
    if not (width.isdigit() and height.isdigit()):
        raise argparse.ArgumentTypeError("must look like 1280x720")
    return int(width), int(height)
