"""ICU's data on Linux without what Qt never asks for: 32 MB that become six.

Qt's wheel for Linux is linked with ICU and uses of it letters' case, sorting (every language's stays: a dialog of files
sorts as its person does), calendars and the names of encodings. Names of countries, currencies, units and zones, spelt
numbers, line breaking and transliteration are Qt's own or nobody's. An item that is not there is answered with the root
of all languages, as for a language that ICU does not know.

The form is ICU's "common data" (`CmnD`): a head, a table of names and places, and the items one behind the other.
"""

from __future__ import annotations

import re
import struct
import subprocess
import tempfile
from pathlib import Path

import stand_ins
from system import SetupError

LANGUAGES = ("en", "de", "es")
_FOLDERS = ("coll/",)
_LEFT_OUT = re.compile(r".+\.(cnv|spp|cfu)|unames\.icu|uemoji\.icu")
"""Tables of old encodings, profiles of protocols, look-alikes, names of characters."""
_OF_LANGUAGE = re.compile(r"([a-z]{2,3})(_[A-Z0-9]\w*)*\.res")
_ALIGNED = 16


def is_needed(item: str) -> bool:
    """Whether an item (`coll/de.res`, `root.res`) stays."""
    if "/" in item:
        return item.startswith(_FOLDERS)
    language = _OF_LANGUAGE.fullmatch(item)
    return language[1] in LANGUAGES if language else not _LEFT_OUT.fullmatch(item)


def slim(inside: Path) -> None:
    """Put a library with less in the place of `libicudata`, where there is one. Raises SetupError."""
    for path in sorted(inside.glob("PySide6/Qt/lib/libicudata.so.*")):
        if path.is_symlink():
            continue
        symbol, data = data_of(path)
        with tempfile.TemporaryDirectory() as place:
            (Path(place) / "items").write_bytes(without(data))
            text = f".section .rodata\n.balign {_ALIGNED}\n.globl {symbol}\n.type {symbol}, %object\n{symbol}:\n"
            text += f'.incbin "{place}/items"\n.size {symbol}, .-{symbol}\n'
            stand_ins.link(text, path, stand_ins.soname_of(path), Path(place))


def data_of(library: Path) -> tuple[str, bytes]:
    """The one symbol of the library, and what lies there. Raises SetupError."""
    said = subprocess.run(["nm", "-D", "-S", library], capture_output=True, text=True, check=True).stdout.split()
    whole = library.read_bytes()
    at = whole.find(b"CmnD") - 12
    if len(said) != 4 or at < 0:
        raise SetupError(f"{library.name} holds ICU's data in a form that installer/icu.py does not know.")
    return said[3], whole[at : at + int(said[1], 16)]


def without(data: bytes) -> bytes:
    """The same data with the items that are needed."""
    (head,) = struct.unpack_from("<H", data)
    body = data[head:]
    (number,) = struct.unpack_from("<I", body)
    places = [struct.unpack_from("<II", body, 4 + 8 * index) for index in range(number)]
    ends = [start for _name, start in places[1:]] + [len(body)]
    items = [(_name(body, name), body[start:end]) for (name, start), end in zip(places, ends, strict=True)]
    return data[:head] + _joined([(name, item) for name, item in items if is_needed(name.partition(b"/")[2].decode())])


def _joined(items: list[tuple[bytes, bytes]]) -> bytes:
    names, at = b"", 4 + 8 * len(items)
    name_places = []
    for name, _item in items:
        name_places.append(at + len(names))
        names += name + b"\0"
    out = bytearray(at) + names
    struct.pack_into("<I", out, 0, len(items))
    for index, (_name, item) in enumerate(items):
        out += bytes(-len(out) % _ALIGNED)
        struct.pack_into("<II", out, 4 + 8 * index, name_places[index], len(out))
        out += item
    return bytes(out)


def _name(body: bytes, at: int) -> bytes:
    return body[at : body.index(b"\0", at)]
