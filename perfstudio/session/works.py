"""The works of others that came along with this program, and their licences.

What an installer brought lists them itself (`licences/README.txt`, written by `installer/papers.py`). Elsewhere the
packages that are installed say it (PEP 621 and PEP 639, read by importlib.metadata).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from perfstudio.frozen import is_frozen

INSIDE = {
    "PySide6-Essentials": ("Qt", "LGPL-3.0-only", "download.qt.io"),
    "pypdfium2": ("PDFium", "Apache-2.0, BSD-3-Clause", "pdfium.googlesource.com"),
    "av": (
        "FFmpeg with x264, x265, SVT-AV1, libvpx, dav1d, opus, lame",
        "GPL-2.0-or-later",
        "ffmpeg.org, videolan.org",
    ),
    "opencv-python-headless": (
        "libjpeg-turbo, Protocol Buffers and zlib; on macOS FFmpeg",
        "IJG, BSD-3-Clause, Zlib; LGPL-2.1-or-later",
        "the source of the package itself; ffmpeg.org",
    ),
    "numpy": ("OpenBLAS", "BSD-3-Clause", "openmathlib.org"),
    "soundfile": ("libsndfile", "LGPL-2.1-or-later", "libsndfile.github.io/libsndfile"),
    "sounddevice": ("PortAudio", "MIT", "portaudio.com"),
    "cryptography": ("OpenSSL", "Apache-2.0", "openssl.org"),
}
"""Works of others inside wheels whose metadata speaks of the wheel alone: what, its licence, where its source is."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_LISTED = re.compile(r"^(?P<name>\S+) (?P<version>\d\S*): (?P<licence>.+)$")
_BRINGS = re.compile(r"^ +brings (?P<name>.+?): (?P<licence>[^:]+); source: ")
_EXTRA = "extra =="


@dataclass(frozen=True, slots=True)
class Work:
    """One of them. `version` is empty where it is part of another one."""

    name: str
    version: str
    licence: str


IN_ASSETS = (
    Work("Inter", "4.0", "OFL-1.1"),
    Work("Unicode CLDR", "", "Unicode-3.0"),
)
"""What lies in `assets/`; NOTICE says where."""


def brought() -> tuple[Work, ...]:
    """All of them, by name."""
    program = Path(sys.executable).resolve().parent
    lists = (program / "licences/README.txt", program.parent / "Resources/licences/README.txt")
    for file in lists if is_frozen() else ():
        if file.is_file():
            return (*IN_ASSETS, *listed(file.read_text(encoding="utf-8")))
    return (*IN_ASSETS, *installed("perfstudio"), Work("Python", sys.version.split()[0], "PSF-2.0"))


def listed(text: str) -> tuple[Work, ...]:
    """Those of an installer's list."""
    found = []
    for line in text.splitlines():
        if named := _LISTED.match(line):
            found.append(Work(**named.groupdict()))
        elif inside := _BRINGS.match(line):
            found.append(Work(inside["name"], "", inside["licence"]))
    return tuple(found)


def installed(package: str) -> tuple[Work, ...]:
    """What a package asks for, and what that asks for, as far as it is installed; extras are somebody's own choice."""
    works: list[Work] = []
    for name in sorted(_closure(package), key=str.lower):
        found = metadata.distribution(name)
        works.append(Work(name, found.version, licence(found)))
        works += [
            Work(what, "", terms) for wheel, (what, terms, _source) in INSIDE.items() if _plain(wheel) == _plain(name)
        ]
    return tuple(works)


def licence(found: metadata.Distribution) -> str:
    """What a package says its licence is, in a few words."""
    said = found.metadata
    trove = [c.rpartition(" :: ")[2] for c in said.get_all("Classifier") or [] if c.startswith("License ::")]
    names = [(said.get_all(field) or [""])[0].strip() for field in ("License-Expression", "License")]
    short = next((name for name in names if name and "\n" not in name and len(name) < 100), "")
    return short or ", ".join(trove) or "see its text"


def _plain(name: str) -> str:
    """A package's name as every spelling of it is compared (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _closure(package: str) -> set[str]:
    """Names as the packages write them."""
    found: dict[str, str] = {}
    waiting = list(_asked_by(package))
    while waiting:
        name = waiting.pop()
        try:
            own = str(metadata.distribution(name).metadata["Name"])
        except metadata.PackageNotFoundError:
            continue  # of another system
        if own not in found:
            found[own] = name
            waiting += _asked_by(name)
    return set(found)


def _asked_by(package: str) -> Iterator[str]:
    try:
        asked = metadata.requires(package) or ()
    except metadata.PackageNotFoundError:
        return
    for line in asked:
        if _EXTRA not in line and (named := _NAME.match(line)):
            yield named[0]
