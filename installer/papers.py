"""The papers of what an installer brings along: a list of every bundled work with version and licence, and their texts.

Run by the Python that was frozen, because its packages carry their own papers:

    python installer/papers.py FOLDER [--only NAMES]
"""

from __future__ import annotations

import shutil
import sys
import sysconfig
import tomllib
from importlib import metadata
from pathlib import Path

WORKS = Path(__file__).resolve().parent.parent / "assets" / "papers" / "works.toml"
INSIDE = {
    one["name"]: (one["brings"], one["under"], one["source"])
    for one in tomllib.loads(WORKS.read_text(encoding="utf-8"))["package"]
    if "brings" in one
}
"""Works of others inside wheels whose metadata speaks of the wheel alone: what, its licence, where its source is."""

NAMES = ("licen", "copying", "notice", "authors", "copyright")
HEAD = """What this program brings along
==============================

perfstudio is free software: GNU General Public License, version 3 or later (LICENSE). It comes with the works below,
each under its own licence, whose text lies in the folder of its name. The source of perfstudio is the archive beside
the installer; it names the exact version and hash of every package. The source of each package is published by its
makers under the same version; where a package holds further works, the place of their source is named with them.

Libraries are as their makers built them, without debugging symbols and without what this program never calls: how
that was done stands in "installer" of that archive. Left out are x265, SVT-AV1 and NumPy's OpenBLAS (Linux, Windows)
and a part of ICU's data (Linux). OpenCV for Linux was built anew from its makers' source, which lies beside the
installer, without FFmpeg, OpenBLAS and whatever else the program does not call.


"""


def collect(folder: Path, names: list[str]) -> int:
    """Write the list and every text; how many works there are."""
    lines = []
    for name in sorted(names, key=str.lower):
        try:
            found = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # of another system
        copied = _copy(found, folder / name)
        lines.append(f"{name} {found.version}: {licence(found)}" + ("" if copied else " (no text in the package)"))
        if name in INSIDE:
            what, terms, source = INSIDE[name]
            lines.append(f"    brings {what}: {terms}; source: {source}")
    lines.append(f"Python {sys.version.split()[0]}: PSF-2.0")
    _copy_python(folder / "Python")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "README.txt").write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    return len(lines)


def licence(found: metadata.Distribution) -> str:
    """What a package says its licence is, in a few words."""
    said = found.metadata
    trove = [c.rpartition(" :: ")[2] for c in said.get_all("Classifier") or [] if c.startswith("License ::")]
    names = [(said.get_all(field) or [""])[0].strip() for field in ("License-Expression", "License")]
    short = next((name for name in names if name and "\n" not in name and len(name) < 100), "")
    return short or ", ".join(trove) or "see its text"


def _copy(found: metadata.Distribution, target: Path) -> int:
    texts = [
        f for f in found.files or () if any(word in f.name.lower() for word in NAMES) and not f.name.endswith(".py")
    ]
    texts = [f for f in texts if f.suffix not in {".pyc", ".pyi", ".so", ".qml"} and len(f.parts) < 6]
    for text in texts:
        target.mkdir(parents=True, exist_ok=True)
        source = Path(str(found.locate_file(text)))
        if source.is_file():
            shutil.copyfile(source, target / text.name)
    return len(texts)


def _copy_python(target: Path) -> None:
    for name in ("LICENSE.txt", "LICENSE"):
        text = Path(sysconfig.get_path("stdlib")) / name
        if text.is_file():
            target.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(text, target / "LICENSE.txt")
            return


if __name__ == "__main__":
    print(collect(Path(sys.argv[1]), sys.argv[2:]))
