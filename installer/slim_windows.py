"""What a frozen folder for Windows does not need: what FFmpeg is linked with and the program never opens, libraries
that only these asked for, and most of NumPy's algebra (algebra.py).

As on Linux (stand_ins.py) a library with the same name and the same functions stands in for each, and answers as one
that has nothing to offer. Windows brings no linker, so the library is written here: a head, one section with the code
and the names, one for a table (PE format, docs.microsoft.com/windows/win32/debug/pe-format).
"""

from __future__ import annotations

import re
import struct
from pathlib import Path

import algebra
import stand_ins
from stand_ins import Answer
from system import SetupError

STAND_INS = {
    **{place.replace(".so*", ".dll"): answer for place, answer in stand_ins.CODECS.items()},
    "av.libs/libvpl-*.dll": Answer.NOTHING,  # Intel's coding in hardware, with all of C++ behind it; x264 writes
}
_SLOTS = 128
_EXPORT, _IMPORT, _LATE_IMPORT = 0, 1, 13
"""Rows of a library's directory."""
_ALIGNED, _PAGE, _CODE_AT, _HEAD = 0x200, 0x1000, 0x1000, 0x400
_X86_64 = 0x8664
_NULL = b"\x31\xc0\xc3"
"""xor eax, eax; ret"""
_FAILED = b"\x48\xc7\xc0\xff\xff\xff\xff\xc3"
"""mov rax, -1; ret"""


def slim(folder: Path) -> None:
    """Put the stand-ins in their places. Raises SetupError for a library of another form."""
    inside = folder / "_internal"
    for place, answer in STAND_INS.items():
        for path in sorted(inside.glob(place)):
            path.write_bytes(library(path.name, exported(path.read_bytes()), answer))
    algebra.put(inside, "win32")
    for path in sorted(inside.rglob("*.dylib")):  # of macOS; a wheel of sound brings both
        path.unlink()
    _unneeded(folder)


def _unneeded(folder: Path) -> None:
    """Take out the libraries of wheels that only what is gone has asked for; again until none is left."""
    while True:
        files = [path for path in folder.rglob("*") if path.suffix.lower() in (".dll", ".pyd", ".exe")]
        asked = {name for path in files for name in imports(path)}
        gone = [path for path in folder.glob("_internal/*.libs/*.dll") if path.name.lower() not in asked]
        if not gone:
            return
        for path in gone:
            path.unlink()


def exported(data: bytes) -> list[str]:
    """The names that a library for 64-bit Windows offers, in the order of the alphabet. Raises SetupError."""
    sections, directory = _opened(data)
    try:
        table = _place(sections, directory[_EXPORT])
        (count,), (names,) = (struct.unpack_from("<I", data, table + at) for at in (24, 32))
        places = struct.unpack_from(f"<{count}I", data, _place(sections, names))
        return sorted(_text(data, _place(sections, place)) for place in places)
    except (struct.error, StopIteration, ValueError) as broken:
        raise SetupError("A library of Windows is damaged.") from broken


def imported(data: bytes) -> set[str]:
    """The libraries that one asks for, at once or when they are first called, in small letters. Raises SetupError."""
    sections, directory = _opened(data)
    found = set()
    try:
        for row, size, name_at in ((_IMPORT, 20, 12), (_LATE_IMPORT, 32, 4)):
            at = _place(sections, directory[row]) if directory[row] else 0
            while at and (name := struct.unpack_from("<I", data, at + name_at)[0]):
                found.add(_text(data, _place(sections, name)).lower())
                at += size
    except (struct.error, StopIteration, ValueError) as broken:
        raise SetupError("A library of Windows is damaged.") from broken
    return found


def imports(path: Path) -> set[str]:
    """The same of a file; nothing where it is for another processor, and so asks for none of these."""
    data = path.read_bytes()
    (head,) = struct.unpack_from("<I", data, 0x3C)
    return imported(data) if struct.unpack_from("<H", data, head + 4)[0] == _X86_64 else set()


def _opened(data: bytes) -> tuple[list[tuple[int, ...]], list[int]]:
    """Where the sections lie (size, address, length and place in the file), and the addresses in the directory."""
    try:
        (head,) = struct.unpack_from("<I", data, 0x3C)
        machine, number, _time, _symbols, _count, size = struct.unpack_from("<HHIIIH", data, head + 4)
        if data[head : head + 4] != b"PE\0\0" or machine != _X86_64:
            raise SetupError("A library of Windows is in a form that installer/slim_windows.py does not know.")
        directory = list(struct.unpack_from("<32I", data, head + 24 + 112)[::2])
        return [struct.unpack_from("<IIII", data, head + 24 + size + 40 * at + 8) for at in range(number)], directory
    except struct.error as broken:
        raise SetupError("A library of Windows is damaged.") from broken


def library(name: str, functions: list[str], answer: Answer) -> bytes:
    """A library of that file name with these functions, all of one answer; the same from the same."""
    code = _code(answer)
    start = -(-len(code) // 16) * 16
    table = _exports(name, functions, _CODE_AT + start)
    section = code.ljust(start, b"\xcc") + table
    raw = -(-len(section) // _ALIGNED) * _ALIGNED
    table_at = _table_at(len(section))
    head = _head(
        [
            (b".text", len(section), _CODE_AT, raw, _HEAD, 0x60000020),
            (b".data", 8 * _SLOTS, table_at, 0, 0, 0xC0000080),
        ],
        export=(_CODE_AT + start, len(table)),
        size=table_at + _PAGE,
    )
    patched = section.replace(b"TABL", struct.pack("<i", table_at - _CODE_AT - 7), 1)
    return head.ljust(_HEAD, b"\0") + patched.ljust(raw, b"\0")


def _code(answer: Answer) -> bytes:
    """Machine code at the beginning of the section; TABL stands for the way to the table."""
    if answer is Answer.EMPTY:
        fill = b"\x4c\x8d\x05TABL"  # lea r8, [rip + table]
        fill += b"\x4c\x8d\x0d\x11\0\0\0"  # lea r9, [rip + null]
        fill += b"\xb9" + struct.pack("<I", _SLOTS)  # mov ecx, slots
        fill += b"\xff\xc9\x4d\x89\x0c\xc8\x75\xf8"  # again: dec ecx; mov [r8 + 8 rcx], r9; jnz again
        return fill + b"\x4c\x89\xc0\xc3" + _NULL  # mov rax, r8; ret; null
    return {Answer.NOTHING: _NULL, Answer.FAILED: _FAILED}[answer]


def _exports(name: str, functions: list[str], at: int) -> bytes:
    """The table of names; every function is the code at the beginning."""
    number = len(functions)
    addresses = at + 40
    pointers, ordinals, texts = addresses + 4 * number, addresses + 8 * number, addresses + 10 * number
    strings, places = name.encode() + b"\0", []
    for function in functions:
        places.append(texts + len(strings))
        strings += function.encode() + b"\0"
    head = struct.pack("<IIHHIIIIIII", 0, 0, 0, 0, texts, 1, number, number, addresses, pointers, ordinals)
    lists = struct.pack(f"<{number}I{number}I{number}H", *[_CODE_AT] * number, *places, *range(number))
    return head + lists + strings


def _head(sections: list[tuple[bytes, int, int, int, int, int]], export: tuple[int, int], size: int) -> bytes:
    dos = b"MZ".ljust(0x3C, b"\0") + struct.pack("<I", 0x40)
    kind = struct.pack("<4sHHIIIHH", b"PE\0\0", _X86_64, len(sections), 0, 0, 0, 240, 0x2022)  # a library, 64 bits
    standard = struct.pack("<HBBIIIII", 0x20B, 14, 0, sections[0][3], 0, 0, 0, _CODE_AT)
    windows = struct.pack(
        "<QIIHHHHHHIIIIHHQQQQII", 0x180000000, _PAGE, _ALIGNED, 6, 0, 0, 0, 6, 0, 0, size, _HEAD, 0,
        2, 0x160, 1 << 20, _PAGE, 1 << 20, _PAGE, 0, 16,
    )  # fmt: skip
    directories = struct.pack("<II", *export).ljust(128, b"\0")
    rows = [struct.pack("<8sIIIIIIHHI", *section[:5], 0, 0, 0, 0, section[5]) for section in sections]
    return dos + kind + standard + windows + directories + b"".join(rows)


def _table_at(length: int) -> int:
    return _CODE_AT + -(-length // _PAGE) * _PAGE


def _place(sections: list[tuple[int, ...]], address: int) -> int:
    """Where in the file lies what has this address in memory."""
    return next(raw + address - at for size, at, length, raw in sections if at <= address < at + max(size, length))


def _text(data: bytes, at: int) -> str:
    found = re.compile(rb"[^\0]*").match(data, at)
    return found[0].decode() if found else ""
