"""Archives that come out the same for the same content: names sorted, one time, no owner; and what a folder weighs."""

from __future__ import annotations

import hashlib
import lzma
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Iterable
from pathlib import Path

MB = 1_000_000
_RUN_BY_ALL, _READ_BY_ALL = 0o755, 0o644


def under(folder: Path) -> list[Path]:
    """Everything in a folder, in the order of its names in every language."""
    return sorted(folder.rglob("*"), key=lambda path: path.relative_to(folder).as_posix())


def tar(target: Path, root: Path, paths: Iterable[Path], *, inside: str, epoch: int, quick: bool = False) -> Path:
    """A tar of these paths below `root`, under the folder `inside`; compressed with xz when the name ends so."""

    def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = "root"
        entry.mtime = epoch
        runs = entry.isdir() or entry.issym() or bool(entry.mode & 0o100)
        entry.mode = _RUN_BY_ALL if runs else _READ_BY_ALL
        return entry

    bare = target.with_suffix("") if target.suffix == ".xz" else target
    with tarfile.open(bare, "w", format=tarfile.GNU_FORMAT) as made:
        for path in paths:
            made.add(path, f"{inside}/{path.relative_to(root).as_posix()}", recursive=False, filter=plain)
    if target.suffix == ".xz":
        _squeeze(bare, target, quick=quick)
        bare.unlink()
    return target


def _squeeze(bare: Path, target: Path, *, quick: bool) -> None:
    if program := shutil.which("xz"):  # two cores are twice as quick, and each block is the same on any number of them
        command = [program, "--threads=2", "--block-size=200MiB", "-0" if quick else "-9e", "-c", bare]
        with target.open("wb") as out:
            subprocess.run(command, stdout=out, check=True)
        return
    preset = 0 if quick else 9 | lzma.PRESET_EXTREME
    with bare.open("rb") as given, lzma.open(target, "wb", preset=preset) as out:
        shutil.copyfileobj(given, out, MB)


def same_time(folder: Path, epoch: int, touch: Callable[[Path, int], None]) -> None:
    """Give everything in a folder one time, the folder last."""
    for path in [*under(folder), folder]:
        touch(path, epoch)


def megabytes(path: Path) -> float:
    """What a file, or everything in a folder, takes. Links count nothing."""
    files = [path] if path.is_file() else [p for p in path.rglob("*") if p.is_file() and not p.is_symlink()]
    return sum(file.stat().st_size for file in files) / MB


def sha256(path: Path) -> str:
    """The hash of a file, as in SHA256SUMS."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
