"""Read the head of every library in the wheels for macOS: whether an app made of them can be loaded there.

python3 installer/macos_wheels.py        needs uv, and a network; a minute, and half a gigabyte for a while

For Apple silicon and for Intel the locked packages are put into a folder; what an app leaves out (parts.py) is not
looked at. Each library has to be of that processor, ask for no newer macOS than is promised, and find what it is linked
with: in macOS, or among the others. On Apple silicon it has to be signed, for the system ends a program that loads one
that is not. None of this was run on macOS; the format is that of <mach-o/loader.h> and <mach-o/fat.h>.
"""

from __future__ import annotations

import struct
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archives import under
from lock_check import put
from machines import MACOS, PYTHONS, TARGETS
from parts import is_needed
from system import SetupError

PROCESSORS = {"macOS 14, Apple silicon": 0x0100000C, "macOS 14, Intel": 0x01000007}
"""CPU_TYPE_ARM64, CPU_TYPE_X86_64."""
NEWER = {"PySide6": (15, 0), "shiboken6": (15, 0)}
"""Packages whose libraries name a newer macOS in their heads than their makers' wheels do (13) and than is promised:
version 6.11, of which everything else fits. What macOS 14 says to them was not tried."""
SYSTEM = ("/usr/lib/", "/System/Library/")
_THIN, _FAT = b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe"
"""A library of one processor, with 64 bits; several of them in one file."""
_LOADED = (2, 6, 8)
"""Programs, libraries and modules, of all that has this form: not what a linker or a debugger reads."""
_LOAD, _REEXPORT, _SIGNATURE, _VERSION_MIN, _BUILD_VERSION = 0xC, 0x8000001F, 0x1D, 0x24, 0x32


@dataclass(frozen=True)
class Library:
    """What the head of one Mach-O file says of one processor."""

    processor: int
    needs: tuple[str, ...] = ()
    """What it is linked with and cannot do without."""
    macos: tuple[int, int] = (0, 0)
    """The oldest that it runs on."""
    signed: bool = False


def main() -> int:
    """What does not fit, by machine; 1 when anything does not."""
    bad = 0
    for name, processor in PROCESSORS.items():
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            if problem := put(folder, TARGETS[name], PYTHONS[-1]):
                raise SetupError(f"The packages for {name} cannot be had: {problem}")
            found = list(libraries(folder))
            told = list(unfit(folder, processor))
        print("\n".join([f"{name}: {len(found)} libraries, {len(told)} that do not fit", *told]), flush=True)
        bad += bool(told) or not found
    for package, (major, minor) in NEWER.items():
        print(f"Not tried on macOS {MACOS[0]}: the libraries of {package} ask for {major}.{minor}, its wheel does not.")
    return min(bad, 1)


def unfit(folder: Path, processor: int) -> Iterator[str]:
    """What is wrong with the libraries in a folder, a line each."""
    there = {path.name for path in under(folder)}
    for path, heads in libraries(folder):
        name = path.relative_to(folder).as_posix()
        head = next((head for head in heads if head.processor == processor), None)
        if head is None:
            yield f"{name} is of another processor"
            continue
        if head.macos > NEWER.get(name.partition("/")[0], MACOS):
            yield f"{name} asks for macOS {head.macos[0]}.{head.macos[1]}"
        if not head.signed and processor == PROCESSORS["macOS 14, Apple silicon"]:
            yield f"{name} is not signed"
        absent = [need for need in head.needs if not need.startswith(SYSTEM) and not _lies(need, path, there)]
        yield from (f"{name} is linked with {need}, which is not there" for need in absent)


def _lies(need: str, path: Path, there: set[str]) -> bool:
    """Whether what is asked for lies beside the library, or, looked for along its paths, anywhere in the folder."""
    start, _, rest = need.partition("/")
    if start == "@loader_path":
        return (path.parent / rest).exists()
    return start == "@rpath" and Path(rest).name in there


def libraries(folder: Path) -> Iterator[tuple[Path, list[Library]]]:
    """The Mach-O files of a folder that go into an app."""
    for path in under(folder):
        if path.is_file() and not path.is_symlink() and is_needed(path.relative_to(folder).as_posix()):
            with path.open("rb") as opened:
                begins = opened.read(4)
            if begins in (_THIN, _FAT) and (heads := read(path.read_bytes())):
                yield path, heads


def read(data: bytes) -> list[Library]:
    """What a file says of itself, for each processor that it is made for; nothing when it is no Mach-O file."""
    parts = [data]
    if data.startswith(_FAT):  # which may hold archives of a linker
        rows = struct.unpack_from(">I", data, 4)[0]
        places = (struct.unpack_from(">5I", data, 8 + 20 * row)[2:4] for row in range(rows))
        parts = [data[at : at + size] for at, size in places]
    return [_head(part) for part in parts if part.startswith(_THIN) and part[12] in _LOADED]


def _head(data: bytes) -> Library:
    processor, commands = struct.unpack_from("<I", data, 4)[0], struct.unpack_from("<I", data, 16)[0]
    needs: list[str] = []
    macos, signed, at = 0, False, 32
    for _ in range(commands):
        command, size = struct.unpack_from("<II", data, at)
        if command in (_LOAD, _REEXPORT):
            begins = at + struct.unpack_from("<I", data, at + 8)[0]
            needs.append(data[begins : at + size].partition(b"\0")[0].decode())
        elif command in (_VERSION_MIN, _BUILD_VERSION):
            macos = struct.unpack_from("<I", data, at + (8 if command == _VERSION_MIN else 12))[0]
        signed |= command == _SIGNATURE
        at += size
    return Library(processor, tuple(needs), (macos >> 16, macos >> 8 & 0xFF), signed)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except SetupError as reason:
        sys.exit(str(reason))
