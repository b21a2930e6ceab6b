"""The works of others that came along with this program, and their licences.

What an installer brought lists them itself (`licences/README.txt`, written by `installer/papers.py`). Elsewhere it is
told of which packages of `assets/papers/works.toml` are installed, and in which version.
"""

from __future__ import annotations

import re
import sys
import tomllib
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from perfstudio.frozen import is_frozen
from perfstudio.resources import asset

_LISTED = re.compile(r"^(?P<name>\S+) (?P<version>\d\S*): (?P<licence>.+)$")
_BRINGS = re.compile(r"^ +brings (?P<name>.+?): (?P<licence>[^:]+); source: ")


@dataclass(frozen=True, slots=True)
class BroughtWork:
    """One of them. `version` is empty where it is part of another one."""

    name: str
    version: str
    licence: str


IN_ASSETS = (
    BroughtWork("Inter", "4.0", "OFL-1.1"),
    BroughtWork("Unicode CLDR", "", "Unicode-3.0"),
)
"""What lies in `assets/`; NOTICE says where."""


def brought() -> tuple[BroughtWork, ...]:
    """All of them, by name."""
    program = Path(sys.executable).resolve().parent
    lists = (program / "licences/README.txt", program.parent / "Resources/licences/README.txt")
    for file in lists if is_frozen() else ():
        if file.is_file():
            return (*IN_ASSETS, *listed(file.read_text(encoding="utf-8")))
    return (*IN_ASSETS, *installed(), BroughtWork("Python", sys.version.split()[0], "PSF-2.0"))


def listed(text: str) -> tuple[BroughtWork, ...]:
    """Those of an installer's list."""
    found = []
    for line in text.splitlines():
        if named := _LISTED.match(line):
            found.append(BroughtWork(**named.groupdict()))
        elif inside := _BRINGS.match(line):
            found.append(BroughtWork(inside["name"], "", inside["licence"]))
    return tuple(found)


def installed() -> tuple[BroughtWork, ...]:
    """The packages that are here, each with what it brings."""
    works: list[BroughtWork] = []
    for package in tomllib.loads(asset("papers", "works.toml").read_text(encoding="utf-8"))["package"]:
        try:
            version = metadata.version(package["name"])
        except metadata.PackageNotFoundError:
            continue  # of another system
        works.append(BroughtWork(package["name"], version, package["licence"]))
        if "brings" in package:
            works.append(BroughtWork(package["brings"], "", package["under"]))
    return tuple(works)
