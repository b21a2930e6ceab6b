"""What stands in the heads of libraries for macOS, and which of them an app could not load."""

from __future__ import annotations

import struct
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "installer"))

import lock_check  # noqa: E402
import machines  # noqa: E402
import macos_wheels  # noqa: E402

APPLE, INTEL = macos_wheels.PROCESSORS.values()


def mach_o(processor: int, *needs: str, macos: tuple[int, int] = (13, 0), signed: bool = True, kind: int = 6) -> bytes:
    """A head and its commands, as <mach-o/loader.h> has them."""
    commands = [struct.pack("<6I", 0x32, 24, 1, macos[0] << 16 | macos[1] << 8, 0, 0)]
    for need in needs:
        name = need.encode() + bytes(8 - len(need) % 8)
        commands.append(struct.pack("<6I", 0xC, 24 + len(name), 24, 0, 0, 0) + name)
    if signed:
        commands.append(struct.pack("<4I", 0x1D, 16, 0, 0))
    sizes = len(commands), sum(map(len, commands))
    return struct.pack("<8I", 0xFEEDFACF, processor, 0, kind, *sizes, 0, 0) + b"".join(commands)


def of_both(one: bytes, other: bytes) -> bytes:
    """One file for two processors, as <mach-o/fat.h> has it."""
    rows = (APPLE, 0, 48, len(one), 0, INTEL, 0, 48 + len(one), len(other), 0)
    return struct.pack(">12I", 0xCAFEBABE, 2, *rows) + one + other


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("av/.dylibs", "PySide6", "objc"):
        (tmp_path / name).mkdir(parents=True)
    return tmp_path


def test_libraries_that_find_everything_fit(folder: Path) -> None:
    coder = mach_o(APPLE, "/usr/lib/libSystem.B.dylib", "@rpath/QtCore.framework/Versions/A/QtCore")
    (folder / "av/.dylibs/libcoder.dylib").write_bytes(coder)
    asks = ("@loader_path/.dylibs/libcoder.dylib", "/System/Library/Frameworks/Cocoa.framework/Cocoa")
    (folder / "av/core.so").write_bytes(of_both(mach_o(APPLE, *asks, kind=8), mach_o(INTEL, signed=False)))
    (folder / "PySide6/QtCore").write_bytes(mach_o(APPLE, macos=(15, 0)))
    (folder / "objc/for_a_debugger.so").write_bytes(mach_o(INTEL, signed=False, kind=10))
    (folder / "objc/words.txt").write_text("words", encoding="utf-8")
    assert list(macos_wheels.unfit(folder, APPLE)) == []
    names = [path.name for path, _ in macos_wheels.libraries(folder)]
    assert names == ["QtCore", "libcoder.dylib", "core.so"]


def test_what_cannot_be_loaded_is_named(folder: Path) -> None:
    (folder / "av/core.so").write_bytes(mach_o(APPLE, "@loader_path/.dylibs/libcoder.dylib", macos=(14, 2)))
    (folder / "av/other.so").write_bytes(mach_o(INTEL, "/opt/homebrew/lib/libpq.dylib", signed=False))
    (folder / "PySide6/QtGui.so").write_bytes(mach_o(APPLE, "@rpath/QtDBus", macos=(16, 0), signed=False))
    assert list(macos_wheels.unfit(folder, APPLE)) == [
        "PySide6/QtGui.so asks for macOS 16.0",
        "PySide6/QtGui.so is not signed",
        "PySide6/QtGui.so is linked with @rpath/QtDBus, which is not there",
        "av/core.so asks for macOS 14.2",
        "av/core.so is linked with @loader_path/.dylibs/libcoder.dylib, which is not there",
        "av/other.so is of another processor",
    ]
    assert list(macos_wheels.unfit(folder, INTEL))[-1:] == [
        "av/other.so is linked with /opt/homebrew/lib/libpq.dylib, which is not there"
    ]


@pytest.mark.soak
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("name", macos_wheels.PROCESSORS)
def test_every_library_of_the_lock_can_be_loaded_on_macos(name: str, tmp_path: Path) -> None:
    assert lock_check.put(tmp_path, machines.TARGETS[name], machines.PYTHONS[-1]) == ""
    assert list(macos_wheels.unfit(tmp_path, macos_wheels.PROCESSORS[name])) == []
    assert len(list(macos_wheels.libraries(tmp_path))) > 100
