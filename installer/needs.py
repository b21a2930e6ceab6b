"""What perfstudio needs from the system, how to see whether it is there, and what it is called by each package manager.

A need is looked for by what it does (a library that loads, a program that is found), not by asking a package
manager, so that anything the person installed in their own way counts.
"""

from __future__ import annotations

import ctypes
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Need:
    """One thing from the system. `apt` names are alternatives in order; an empty name: not needed there."""

    what: str
    apt: tuple[str, ...]
    dnf: str = ""
    pacman: str = ""
    brew: str = ""
    winget: str = ""
    library: str = ""
    program: str = ""
    file: tuple[str, ...] = ()
    """Patterns below the root, any of which will do."""
    for_tests: bool = False
    optional: bool = False
    """Go on without it when the system does not offer it."""

    def is_there(self) -> bool:
        """Whether this machine has it."""
        if self.library:
            return _loads(self.library)
        if self.program:
            return shutil.which(self.program) is not None
        return any(any(Path("/").glob(pattern)) for pattern in self.file)


def missing(tests: bool) -> list[Need]:
    """The needs of this system that are not met, for running or for testing too."""
    return [need for need in needs(sys.platform) if (tests or not need.for_tests) and not need.is_there()]


def needs(platform: str) -> tuple[Need, ...]:
    """The needs of a system by its `sys.platform`. Wheels bring everything that is not here."""
    if platform.startswith("linux"):
        return LINUX
    return tuple(need for need in LINUX if need.program in ("ffmpeg", "espeak-ng"))


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


PULSE_PLUGIN = tuple(
    f"{folder}/alsa-lib/libasound_module_pcm_pulse.so" for folder in ("usr/lib/*", "usr/lib64", "usr/lib")
)

LINUX = (
    Need("PortAudio", ("libportaudio2",), "portaudio", "portaudio", library="libportaudio.so.2"),
    Need("ALSA", ("libasound2t64", "libasound2"), "alsa-lib", "alsa-lib", library="libasound.so.2"),
    Need("ALSA's way to the sound server", ("libasound2-plugins",), "alsa-plugins-pulseaudio", "alsa-plugins",
         file=PULSE_PLUGIN),
    Need("PulseAudio's library", ("libpulse0",), "pulseaudio-libs", "libpulse", library="libpulse.so.0"),
    Need("EGL", ("libegl1",), "libglvnd-egl", "libglvnd", library="libEGL.so.1"),
    Need("OpenGL", ("libgl1",), "libglvnd-glx", "libglvnd", library="libGL.so.1"),
    Need("GLib", ("libglib2.0-0t64", "libglib2.0-0"), "glib2", "glib2", library="libgthread-2.0.so.0"),
    Need("D-Bus", ("libdbus-1-3",), "dbus-libs", "dbus", library="libdbus-1.so.3"),
    Need("Fontconfig", ("libfontconfig1",), "fontconfig", "fontconfig", library="libfontconfig.so.1"),
    Need("Kerberos", ("libgssapi-krb5-2",), "krb5-libs", "krb5", library="libgssapi_krb5.so.2"),
    Need("keyboard maps", ("libxkbcommon0",), "libxkbcommon", "libxkbcommon", library="libxkbcommon.so.0"),
    Need("keyboard maps of X", ("libxkbcommon-x11-0",), "libxkbcommon-x11", "libxkbcommon-x11",
         library="libxkbcommon-x11.so.0"),
    Need("X", ("libx11-xcb1",), "libX11-xcb", "libx11", library="libX11-xcb.so.1"),
    Need("X cursors", ("libxcb-cursor0",), "xcb-util-cursor", "xcb-util-cursor", library="libxcb-cursor.so.0"),
    Need("X window hints", ("libxcb-icccm4",), "xcb-util-wm", "xcb-util-wm", library="libxcb-icccm.so.4"),
    Need("X images", ("libxcb-image0",), "xcb-util-image", "xcb-util-image", library="libxcb-image.so.0"),
    Need("X keys", ("libxcb-keysyms1",), "xcb-util-keysyms", "xcb-util-keysyms", library="libxcb-keysyms.so.1"),
    Need("X drawing", ("libxcb-render-util0",), "xcb-util-renderutil", "xcb-util-renderutil",
         library="libxcb-render-util.so.0"),
    Need("X screens", ("libxcb-randr0",), "libxcb", "libxcb", library="libxcb-randr.so.0"),
    Need("X shapes", ("libxcb-shape0",), "libxcb", "libxcb", library="libxcb-shape.so.0"),
    Need("X shared memory", ("libxcb-shm0",), "libxcb", "libxcb", library="libxcb-shm.so.0"),
    Need("X synchronisation", ("libxcb-sync1",), "libxcb", "libxcb", library="libxcb-sync.so.1"),
    Need("X regions", ("libxcb-xfixes0",), "libxcb", "libxcb", library="libxcb-xfixes.so.0"),
    Need("X keyboards", ("libxcb-xkb1",), "libxcb", "libxcb", library="libxcb-xkb.so.1"),
    Need("a virtual screen", ("xvfb",), "xorg-x11-server-Xvfb", "xorg-server-xvfb", program="Xvfb", for_tests=True),
    Need("the PulseAudio server", ("pulseaudio",), "pulseaudio", "pulseaudio", program="pulseaudio", for_tests=True),
    Need("PulseAudio's tools", ("pulseaudio-utils",), "pulseaudio-utils", "libpulse", program="pactl", for_tests=True),
    Need("a compiler of languages", ("libc-bin",), "glibc-common", "glibc", program="localedef", for_tests=True),
    Need("the sources of languages", ("locales",), "glibc-locale-source", "glibc",
         file=("usr/share/i18n/locales/sv_SE",), for_tests=True),
    Need("a private session bus", ("dbus-daemon", "dbus"), "dbus-daemon", "dbus", program="dbus-run-session",
         for_tests=True),
    Need("D-Bus tools", ("dbus-bin", "dbus"), "dbus-tools", "dbus", program="dbus-send", for_tests=True),
    Need("a real keyring", ("gnome-keyring",), "gnome-keyring", "gnome-keyring", program="gnome-keyring-daemon",
         for_tests=True),
    Need("FFmpeg, to compare with", ("ffmpeg",), "ffmpeg-free", "ffmpeg", "ffmpeg", "Gyan.FFmpeg", program="ffmpeg",
         for_tests=True),
    Need("a speaking voice", ("espeak-ng",), "espeak-ng", "espeak-ng", "espeak-ng", "eSpeak-NG.eSpeak-NG",
         program="espeak-ng", for_tests=True, optional=True),
    Need("an rtsp server", ("gir1.2-gst-rtsp-server-1.0",), "gstreamer1-rtsp-server", "gst-rtsp-server",
         file=("usr/lib/*/girepository-1.0/GstRtspServer-1.0.typelib",
               "usr/lib*/girepository-1.0/GstRtspServer-1.0.typelib"), for_tests=True, optional=True),
    Need("the system's Python for it", ("python3-gi",), "python3-gobject", "python-gobject",
         file=("usr/lib/python3/dist-packages/gi", "usr/lib*/python3*/site-packages/gi"), for_tests=True,
         optional=True),
    Need("GStreamer's H.264", ("gstreamer1.0-plugins-ugly",), "gstreamer1-plugins-ugly", "gst-plugins-ugly",
         file=("usr/lib*/*/gstreamer-1.0/libgstx264.so", "usr/lib*/gstreamer-1.0/libgstx264.so"), for_tests=True,
         optional=True),
    Need("GStreamer's rtp", ("gstreamer1.0-plugins-good",), "gstreamer1-plugins-good", "gst-plugins-good",
         file=("usr/lib*/*/gstreamer-1.0/libgstrtp.so", "usr/lib*/gstreamer-1.0/libgstrtp.so"), for_tests=True,
         optional=True),
    Need("a tracer of system calls", ("strace",), "strace", "strace", program="strace", for_tests=True, optional=True),
)  # fmt: skip
