"""What a camera and a microphone can do and what they gave, where takes and keys live: one short line each."""

from __future__ import annotations

from pathlib import PurePath

from perfstudio.model.device import (
    PRACTICE,
    CameraGranted,
    CameraInfo,
    CameraRequest,
    Encode,
    MicrophoneGranted,
    MicrophoneInfo,
)
from perfstudio.texts import formatting

_FORMATS = {"MJPG": "MJPEG", "JPEG": "MJPEG", "YUYV": "uncompressed", "NV12": "uncompressed", "H264": "H.264"}
"""FourCC of a driver and what people call it; what is drawn by the program itself is not named."""
_DRAWN = "BGR3"
_MANY_HOURS_S = 10 * 3600.0
UNPLUGGED = "unplugged"
SYSTEM_CHOICE = "system's choice"
NO_CAMERAS = "No camera is plugged in. One that you plug in now appears here by itself."
NO_MICROPHONES = "No microphone is plugged in. One that you plug in now appears here by itself."
LOOKING = "Looking for devices …"
SOUND_ONLY = "Sound only. Takes have no picture."
ENCODES: dict[str, str] = {Encode.LIVE: "While recording", Encode.AFTER: "After the cut"}
ENCODE_HELP = (
    "After the cut is for slow computers and long takes. Recording then costs a few per cent, and each take needs a "
    "while before you can see it. Cameras that send JPEG pictures can do it."
)
BAD_ADDRESS = "Type the whole address, beginning with http:// or rtsp://, as the camera's own page shows it."
KEYRING_MADE = "In the system's keyring of this computer. It never leaves it."
KEYRING_TO_BE = "Made when you first sign, and kept in the system's keyring. It never leaves this computer."
FILE_MADE = "In a file on this computer, locked with your passphrase. Nobody can open it without."
FILE_TO_BE = "Made when you first sign, in a file locked with a passphrase that you choose then."


def size(width: int, height: int) -> str:
    """1280 × 720."""
    return f"{width} × {height}"


def away(name: str) -> str:
    """A chosen device that is not here, by the name it had."""
    return f"{name} is not here now. Plug it in and it opens by itself, or choose another."


def spoken(device_id: str) -> str:
    """The readable end of an id whose name nobody noted: usb:046d:085e:logitech-brio is Logitech brio."""
    if device_id.partition("?")[0] == PRACTICE:
        return "Practice device"
    end = device_id.rpartition(":")[2].partition("#")[0].partition("@")[0]
    name = end.replace("-", " ").replace("_", " ").strip()
    return name[:1].upper() + name[1:] or device_id


def recording_with(camera: str, microphone: str) -> str:
    """Which devices a take is made with, where the person did not name both."""
    return f"Recording with {camera} and {microphone}." if camera else f"Recording sound only, with {microphone}."


def camera_offers(info: CameraInfo) -> str:
    """Up to 1920 × 1080, or nothing where the system does not say."""
    best = max(info.modes, key=lambda mode: mode.width * mode.height, default=None)
    return f"up to {size(best.width, best.height)}" if best else ""


def microphone_offers(info: MicrophoneInfo) -> str:
    """Stereo, 48 kHz; nothing where the system does not say."""
    parts = [
        _channels(info.channels) if info.channels else "",
        formatting.frequency(info.rate_hz) if info.rate_hz else "",
    ]
    return ", ".join(part for part in parts if part)


def camera_gives(granted: CameraGranted) -> str:
    """1280 × 720 at 30, MJPEG."""
    named = "" if granted.pixel_format == _DRAWN else _FORMATS.get(granted.pixel_format, granted.pixel_format)
    return f"{size(granted.width, granted.height)} at {formatting.number(granted.fps, 1)}" + (
        f", {named}" if named else ""
    )


def microphone_gives(granted: MicrophoneGranted) -> str:
    """48 kHz, mono, 24 bit."""
    bits = granted.sample_format.removeprefix("int")
    parts = [
        formatting.frequency(granted.rate_hz),
        _channels(granted.channels),
        f"{bits} bit" if bits.isdigit() else "",
    ]
    return ", ".join(part for part in parts if part)


def camera_gives_less(asked: CameraRequest, granted: CameraGranted) -> str:
    """A sentence when the size is not the one asked for, else nothing."""
    if not asked.width or (asked.width, asked.height) == (granted.width, granted.height):
        return ""
    return f"{size(asked.width, asked.height)} was asked for; this is what the camera has."


def microphone_meddles(granted: MicrophoneGranted) -> str:
    """A sentence when the system changes the sound before it arrives, else nothing."""
    found = [
        words
        for flag, words in ((granted.auto_gain, "the level"), (granted.noise_suppression, "the noise"))
        if flag == "on"
    ]
    return f"The system changes {formatting.listing(found)} by itself. Switch that off for takes." if found else ""


def key_place(*, keyring: bool, made: bool) -> str:
    """Where the signing key lives."""
    if keyring:
        return KEYRING_MADE if made else KEYRING_TO_BE
    return FILE_MADE if made else FILE_TO_BE


def used(takes: int, used_bytes: int) -> str:
    """14 takes, 1.3 GB."""
    return f"{formatting.count(takes, 'take')}, {formatting.size(used_bytes)}" if takes else "No takes yet"


def room(free_bytes: int, seconds: float) -> str:
    """41 GB free: room for about 2 h 10 min at this quality."""
    return f"{formatting.size(free_bytes)} free: room for {lasts(seconds)} at this quality"


def lasts(seconds: float) -> str:
    """About 2 h 10 min; about 62 h, where minutes say nothing."""
    return formatting.about(seconds) if seconds < _MANY_HOURS_S else f"about {formatting.number(seconds / 3600)} h"


def rebuilt(takes: int, damaged: int) -> str:
    """What a rebuilt index holds."""
    words = f"The index was made anew: {formatting.count(takes, 'take')}."
    return words + (f" {formatting.count(damaged, 'folder')} could not be read and stayed as found." if damaged else "")


def folder(path: PurePath, home: PurePath) -> str:
    """A folder as people write it, with ~ for the person's own."""
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)


def place(kind: str, keeper: str) -> str:
    """A sentence about a folder of takes that is no plain one of this computer, else nothing."""
    if kind == "network":
        return (
            "Takes live in a folder on the network. When it does not answer, a take ends; "
            "a folder on this computer is safer."
        )
    if kind == "synced":
        return (
            f"Takes live in a folder that {keeper} copies to other computers. "
            "They are large and yours alone; a folder outside of it is better."
        )
    return ""


def _channels(count: int) -> str:
    return {1: "mono", 2: "stereo"}.get(count, f"{count} channels")
