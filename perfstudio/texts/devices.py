"""What a camera and a microphone can do and what they gave, where takes and keys live: one short line each."""

from __future__ import annotations

from pathlib import PurePath, PurePosixPath, PureWindowsPath

from perfstudio.language.catalogue import N_, Messages, _, ngettext
from perfstudio.model.device import (
    PRACTICE,
    CameraGranted,
    CameraInfo,
    CameraRequest,
    Encode,
    MicrophoneGranted,
    MicrophoneInfo,
)
from perfstudio.session.takes.storage import PackStorage
from perfstudio.session.views import OpeningWait
from perfstudio.texts import formatting
from perfstudio.texts.template import capital, clause, one_line, sentences

_FORMATS = {"MJPG": "MJPEG", "JPEG": "MJPEG", "YUYV": N_("uncompressed"), "NV12": N_("uncompressed"), "H264": "H.264"}
"""FourCC of a driver and what people call it; what is drawn by the program itself is not named."""
_DRAWN = "BGR3"
_MANY_HOURS_S = 10 * 3600.0
UNPLUGGED = N_("unplugged")
SYSTEM_CHOICE = N_("the system's choice")
NO_CAMERAS = N_("No camera is plugged in. When you plug one in, it appears here by itself.")
NO_MICROPHONES = N_("No microphone is plugged in. When you plug one in, it appears here by itself.")
BROKEN_OFF = N_(
    "The search for devices broke off, so only the microphone the system has chosen is offered. perfstudio looks again "
    "when you open Settings."
)
IN_PRACTICE = N_("This window was opened for practice: it uses the practice devices, whatever is chosen.")
LOOKING = N_("Looking for devices …")
SOUND_ONLY = N_("Sound only. Takes have no picture.")
ENCODES: Messages[dict[str, str]] = {Encode.LIVE: "While recording", Encode.AFTER: "After the cut"}
ENCODE_HELP = N_(
    "“After the cut” is for slow computers and long takes. Recording then needs only a few per cent of the processor, "
    "but each take needs a while before you can watch it. It works with cameras that send JPEG."
)
BAD_ADDRESS = N_("Type the full address, starting with http:// or rtsp://, as the camera's own page shows it.")
KEYRING_MADE = N_("In this computer's password store. It never leaves this computer.")
KEYRING_TO_BE = N_("Made when you first sign, and kept in the system's password store. It never leaves this computer.")
FILE_MADE = N_("In a file on this computer, locked with your passphrase. Nobody can open it without that.")
FILE_TO_BE = N_("Made when you first sign, in a file locked with a passphrase you choose then.")


_WAITS: Messages[dict[OpeningWait, str]] = {
    OpeningWait.ANSWER: "The system is asking whether the camera and microphone may be used. Answer it, and they open.",
    OpeningWait.CAMERA: "The camera is taking a while to open …",
    OpeningWait.MICROPHONE: "The microphone is taking a while to open …",
}


def waits(what: OpeningWait | None) -> str:
    """Why devices are not open yet; empty while nothing takes long."""
    return _(_WAITS[what]) if what is not None else ""


def size(width: int, height: int) -> str:
    """A picture's size, as in “1280 × 720”."""
    return _("{width} × {height}", width=width, height=height)


def away(name: str) -> str:
    """A chosen device that is not here, by the name it had."""
    return _("{name} is not here now. Plug it in and it opens by itself, or choose another.", name=name)


def spoken(device_id: str) -> str:
    """The readable end of an id whose name nobody noted: usb:046d:085e:logitech-brio is Logitech brio."""
    if device_id.partition("?")[0] == PRACTICE:
        return _("Practice device")
    end = device_id.rpartition(":")[2].partition("#")[0].partition("@")[0]
    name = end.replace("-", " ").replace("_", " ").strip()
    return capital(name) or device_id


def recording_with(camera: str, microphone: str) -> str:
    """Which devices a take is made with, where the person did not name both."""
    if camera:
        return _("Recording with {camera} and {microphone}.", camera=camera, microphone=microphone)
    return _("Recording sound only, with {microphone}.", microphone=microphone)


def camera_offers(info: CameraInfo) -> str:
    """Up to 1920 × 1080, or nothing where the system does not say."""
    best = max(info.modes, key=lambda mode: mode.width * mode.height, default=None)
    return _("up to {size}", size=size(best.width, best.height)) if best else ""


def microphone_offers(info: MicrophoneInfo) -> str:
    """Stereo, 48 kHz; nothing where the system does not say."""
    parts = [
        _channels(info.channels) if info.channels else "",
        formatting.frequency(info.rate_hz) if info.rate_hz else "",
    ]
    return formatting.chain(parts)


def camera_gives(granted: CameraGranted) -> str:
    """1280 × 720 at 30, MJPEG."""
    named = "" if granted.pixel_format == _DRAWN else _(_FORMATS.get(granted.pixel_format, granted.pixel_format))
    mode = _("{size} at {fps}", size=size(granted.width, granted.height), fps=formatting.number(granted.fps, 1))
    return formatting.chain([mode, named])


def microphone_gives(granted: MicrophoneGranted) -> str:
    """48 kHz, mono, 24 bit."""
    bits = granted.sample_format.removeprefix("int")
    parts = [
        formatting.frequency(granted.rate_hz),
        _channels(granted.channels),
        _("{number} bit", number=bits) if bits.isdigit() else "",
    ]
    return formatting.chain(parts)


def camera_gives_less(asked: CameraRequest, granted: CameraGranted) -> str:
    """A sentence when the size is not the one asked for, else nothing."""
    if not asked.width or (asked.width, asked.height) == (granted.width, granted.height):
        return ""
    return _("{size} was asked for; this is what the camera offers.", size=size(asked.width, asked.height))


def microphone_meddles(granted: MicrophoneGranted) -> str:
    """A sentence when the system changes the sound before it arrives, else nothing."""
    found = [
        words
        for flag, words in ((granted.auto_gain, _("the level")), (granted.noise_suppression, _("the noise")))
        if flag == "on"
    ]
    if not found:
        return ""
    return _("The system changes {what} by itself. Switch that off for takes.", what=formatting.listing(found))


def key_place(*, keyring: bool, made: bool) -> str:
    """Where the signing key lives."""
    if keyring:
        return _(KEYRING_MADE) if made else _(KEYRING_TO_BE)
    return _(FILE_MADE) if made else _(FILE_TO_BE)


def used(takes: int, used_bytes: int) -> str:
    """14 takes, 1.3 GB."""
    if not takes:
        return _("No takes yet")
    return formatting.chain([formatting.count(takes, "take"), formatting.size(used_bytes)])


def pack_storage(pack: PackStorage) -> str:
    """Practice room: 14 takes, 1.3 GB, of it 200 MB in the bin."""
    facts = {
        "pack": one_line(pack.title) or _("A damaged take"),
        "used": used(pack.takes, pack.used_bytes),
        "binned": formatting.size(pack.binned_bytes) if pack.binned_bytes else "",
    }
    return clause(N_("{pack}: {used}[, of it {binned} in the bin]"), facts)


def room(free_bytes: int, seconds: float) -> str:
    """41 GB free: room for about 2 h 10 min at this quality."""
    return _("{size} free: room for {length} at this quality", size=formatting.size(free_bytes), length=lasts(seconds))


def lasts(seconds: float) -> str:
    """About 2 h 10 min; about 62 h, where minutes say nothing."""
    if seconds < _MANY_HOURS_S:
        return formatting.about(seconds)
    return _("about {hours} h", hours=formatting.number(seconds / 3600))


def rebuilt(takes: int, damaged: int) -> str:
    """What a rebuilt index holds."""
    made = _("The list of takes was rebuilt: {takes}.", takes=formatting.count(takes, "take"))
    unread = ngettext(
        "{number} folder could not be read and was left as it was.",
        "{number} folders could not be read and were left as they were.",
        damaged,
    )
    return sentences(made, unread if damaged else "")


def folder(path: PurePath, home: PurePath) -> str:
    """A folder as people write it: with ~ for the person's own where that sign is known, which is not on Windows."""
    if isinstance(path, PureWindowsPath) or not path.is_relative_to(home):
        return str(path)
    return str(PurePosixPath("~") / path.relative_to(home))


def place(kind: str, keeper: str) -> str:
    """A sentence about a folder of takes that is no plain one of this computer, else nothing."""
    if kind == "network":
        return _(
            "Takes are stored in a folder on the network. If the network stops answering, a take ends; a folder on "
            "this computer is safer."
        )
    if kind == "synced":
        return _(
            "Takes are stored in a folder that {keeper} copies to other computers. They are large and private; a "
            "folder outside it is better.",
            keeper=keeper,
        )
    if kind == "open":
        return _(
            "Others who use this computer may be able to see your takes. A folder inside your own user folder is "
            "better."
        )
    return ""


def _channels(count: int) -> str:
    known = {1: _("mono"), 2: _("stereo")}
    return known.get(count) or ngettext("{number} channel", "{number} channels", count)
