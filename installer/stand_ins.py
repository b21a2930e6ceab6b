"""Libraries that others are linked with and the program never calls; what stands in their place on Linux.

A wheel's library is loaded whole or not at all, and with it everything that it names: FFmpeg with encoders that write
what we never write. A stand-in has the name and the functions that are asked for, and each answers as the library does
where it has nothing to offer. `tests/architecture/test_architecture_diet.py` holds the source to not asking for what is
left out, and the frozen program has to pass its self-test with them. Made by `as` and `ld`, from binutils, as `strip`
is.
"""

from __future__ import annotations

import platform
import re
import subprocess
import tempfile
from enum import Enum
from functools import cache
from pathlib import Path

from system import SetupError


class Answer(Enum):
    """What every function of a stand-in does."""

    NOTHING = "returns null: there is none"
    FAILED = "returns -1: an error by number"
    EMPTY = "returns a table of functions that return null"


CODECS = {
    "av.libs/libx265-*.so*": Answer.EMPTY,  # writes H.265; FFmpeg itself reads it
    "av.libs/libSvtAv1Enc-*.so*": Answer.FAILED,  # writes AV1; dav1d reads it
    "av.libs/libvpx-*.so*": Answer.NOTHING,  # VP8 and VP9: FFmpeg itself reads them
    "av.libs/libwebp*-*.so*": Answer.NOTHING,  # writes WebP, still and moving
    "av.libs/libmp3lame-*.so*": Answer.NOTHING,  # writes MP3
    "av.libs/libopus-*.so*": Answer.NOTHING,  # FFmpeg itself reads Opus
    "av.libs/libopencore-amr*-*.so*": Answer.NOTHING,  # FFmpeg itself reads what old telephones wrote
}
"""What FFmpeg is linked with, on Linux and on Windows, by the place below `_internal`: how a stand-in answers, and why
it is not needed. The program writes H.264, AAC and FLAC, and of what it reads FFmpeg's own decoder is found first."""

_CODE = {
    "x86_64": {
        Answer.NOTHING: "xor %eax, %eax\n ret",
        Answer.FAILED: "mov $-1, %rax\n ret",
        Answer.EMPTY: "lea table(%rip), %rax\n ret",
    },
    "aarch64": {
        Answer.NOTHING: "mov x0, #0\n ret",
        Answer.FAILED: "mov x0, #-1\n ret",
        Answer.EMPTY: "adrp x0, table\n add x0, x0, :lo12:table\n ret",
    },
}
_TABLE_SLOTS = 128
_FUNCTIONS = frozenset("TWi")
"""The letters of `nm` for what can be called."""


def put(inside: Path, binaries: list[Path]) -> list[Path]:
    """Stand-ins for what `binaries` ask of each; where they were put. Raises SetupError."""
    code = _CODE.get(platform.machine())
    found = [(answer, path) for place, answer in CODECS.items() for path in sorted(inside.glob(place))]
    if code is None:
        return []  # on another processor the libraries stay
    done = []
    for answer, path in found:
        if path.is_symlink():
            continue
        make(path, asked(path, [other for other in binaries if other != path]), code[answer])
        done.append(path)
    return done


def asked(library: Path, others: list[Path]) -> list[str]:
    """The functions of a library that others ask for. Raises SetupError for what is no function, or has a version."""
    offered = {name.partition("@")[0]: (name, kind) for kind, name in _symbols(library, "--defined-only")}
    wanted = set().union(*(_wanted(path) for path in others))
    bare = {name: found for name, found in offered.items() if name in wanted}
    strange = [name for name, kind in bare.values() if "@" in name or kind not in _FUNCTIONS]
    if strange:
        raise SetupError(f"{library.name} cannot be left out: others ask for {', '.join(sorted(strange))}.")
    return sorted(bare)


def make(library: Path, names: list[str], code: str) -> None:
    """Put a library with these functions, all of one answer, in the place of another. Raises SetupError."""
    with tempfile.TemporaryDirectory() as folder:
        link(assembly(names, code), library, soname_of(library), Path(folder))


def assembly(names: list[str], code: str) -> str:
    """Functions of these names, with one code."""
    labels = "".join(f".globl {name}\n.type {name}, %function\n{name}:\n" for name in names)
    if "table" not in code:
        return f".text\n{labels}{code}\n"
    null = _CODE[platform.machine()][Answer.NOTHING]
    slots = f".rept {_TABLE_SLOTS}\n .quad none\n.endr\n"
    return f'.text\n{labels}{code}\nnone:\n{null}\n.section .data.rel.ro, "aw"\n.balign 8\ntable:\n{slots}'


def link(assembly: str, target: Path, soname: str, folder: Path) -> None:
    """A shared library from assembly, the same from the same. Raises SetupError."""
    source, part, whole = (folder / f"made.{ending}" for ending in ("s", "o", "so"))
    source.write_text(assembly + '.section .note.GNU-stack, "", %progbits\n', encoding="ascii")
    _run("as", "-o", str(part), str(source))
    _run("ld", "-shared", "--build-id=none", "-z", "noexecstack", "-soname", soname, "-o", str(whole), str(part))
    mode = target.stat().st_mode
    target.write_bytes(whole.read_bytes())
    target.chmod(mode)


def soname_of(library: Path) -> str:
    """What a library calls itself."""
    said = _run("readelf", "-dW", str(library))
    found = re.search(r"\(SONAME\).*\[(.+)\]", said)
    return found[1] if found else library.name


@cache
def _wanted(library: Path) -> frozenset[str]:
    """The functions that a library asks others for, as it came: of a stand-in, those of what it stands in for."""
    return frozenset(name.partition("@")[0] for _kind, name in _symbols(library, "--undefined-only"))


def _symbols(path: Path, which: str) -> list[tuple[str, str]]:
    lines = (line.split() for line in _run("nm", "-D", which, str(path)).splitlines())
    return [(words[-2], words[-1]) for words in lines if len(words) >= 2]


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SetupError(f"This did not work: {' '.join(command[:4])} ...\n{done.stderr}")
    return done.stdout
