"""What a frozen folder on Linux does not need: debugging symbols, libraries that nothing calls (stand_ins.py), most of
NumPy's algebra (algebra.py) and of ICU's data (icu.py), and libraries that are the system's. The OpenCV in it is ours
by then (opencv.py).

Left to the system is what has to fit it: its sound (plugins of its own), its toolkit, its fonts, its X and the C++
runtime that its graphics drivers ask for. needs.py names the packages; an installer asks for them.
"""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
from pathlib import Path

import algebra
import icu
import stand_ins

SYSTEMS = re.compile(
    r"lib(stdc\+\+|gcc_s|asound|asyncns|pulse|pulsecommon-[\d.]+|sndfile|glib-2|gobject-2|gio-2|gmodule-2|gthread-2"
    r"|gtk-3|gdk-3|gdk_pixbuf-2|cairo|cairo-gobject|pango(cairo|ft2)?-1|harfbuzz|atk(-bridge)?-[12]|atspi|epoxy|fontconfig"
    r"|freetype|dbus-1|systemd|X11|X11-xcb|xcb|gssapi_krb5|krb5|k5crypto|krb5support|com_err|keyutils|selinux|mount|blkid|mvec"
    r")(\.\d+)?\.so"
)
_NEEDED = re.compile(r"\(NEEDED\).*\[(.+)\]")
_LOADED, _PAGE = 1, 0xFFF


def slim(folder: Path) -> None:
    """Take all of that out of a frozen folder. What is left is tried by the self-test that follows."""
    inside = folder / "_internal"
    for path in inside.glob("lib*.so*"):
        if SYSTEMS.match(path.name):
            path.unlink()
    stand_ins.put(inside, binaries(folder))
    algebra.put(inside, "linux")
    icu.slim(inside)
    _unneeded(inside)
    for path in binaries(folder):
        _strip(path)


def binaries(folder: Path) -> list[Path]:
    """The programs and libraries in it, without links."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
    return [path for path in files if path.open("rb").read(4) == b"\x7fELF"]


def needed(path: Path) -> set[str]:
    """The names of the libraries that one asks the loader for."""
    said = subprocess.run(["readelf", "-dW", path], capture_output=True, text=True, check=True).stdout
    return set(_NEEDED.findall(said))


def _unneeded(inside: Path) -> None:
    """Libraries that only what is gone has asked for; again until none is left."""
    while True:
        asked = {name for path in binaries(inside.parent) for name in needed(path)}
        of_wheels = [path for path in inside.glob("*.libs/*.so*") if not path.is_symlink()]
        beside = [path for path in inside.glob("lib*.so*") if not path.is_symlink()]
        gone = [path for path in [*of_wheels, *beside] if path.name not in asked and not _asked_by_name(path.name)]
        targets = {path.resolve() for path in inside.rglob("*.so*") if path.is_symlink() and path.name in asked}
        gone = [path for path in gone if path.resolve() not in targets]
        if not gone:
            break
        for path in gone:
            path.unlink()
    for link in [path for path in inside.rglob("*") if path.is_symlink() and not path.exists()]:
        link.unlink()


def _asked_by_name(name: str) -> bool:
    """Loaded by ctypes, cffi or the bootloader, and so named in no file."""
    return name.startswith(("libpython", "libportaudio"))


def _strip(path: Path) -> None:
    """Without debugging symbols, unless that breaks a library whose headers auditwheel has moved."""
    copy = path.with_name(path.name + ".stripped")
    shutil.copy2(path, copy)
    done = subprocess.run(["strip", "--strip-unneeded", copy], capture_output=True, check=False)
    if done.returncode == 0 and copy.stat().st_size < path.stat().st_size and is_aligned(copy.read_bytes()):
        copy.replace(path)
    else:
        copy.unlink()


def is_aligned(data: bytes) -> bool:
    """Whether the loader takes it: a segment has the same place in its page in the file and in memory (64-bit ELF)."""
    table, size, number = struct.unpack_from("<Q", data, 32)[0], *struct.unpack_from("<HH", data, 54)
    for at in range(table, table + size * number, size):
        kind, _flags, offset, address = struct.unpack_from("<IIQQ", data, at)
        if kind == _LOADED and (offset ^ address) & _PAGE:
            return False
    return True
