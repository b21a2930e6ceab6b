"""The single file for every other Linux: a shell script with an archive behind it; for one person, or for all."""

from __future__ import annotations

import os
import platform
import shutil
import stat
from pathlib import Path

import archives
import desktop_files
from build_environment import Bench
from debian import glibc, left_to_the_system
from system import SetupError

SCRIPT = desktop_files.LINUX / "install.sh"


def runfile(bench: Bench, frozen: Path) -> Path:
    """`perfstudio-VERSION-linux-ARCH.run` from a frozen folder. Raises SetupError where there is no xz."""
    if not shutil.which("xz"):
        raise SetupError("xz is missing (package xz-utils): it makes the archive.")
    root = bench.work / "run"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(frozen, root / "program", symlinks=True)
    desktop_files.lay(bench, root / "share")
    shutil.copyfile(desktop_files.LINUX / "remove.sh", root / "remove.sh")
    packed, paths = bench.work / "run.tar.xz", archives.under(root)
    archives.tar(packed, root, paths, inside="perfstudio", epoch=bench.epoch, quick=bench.quick)
    head = script(bench, frozen, archives.sha256(packed), packed.stat().st_size)
    target = bench.target / f"perfstudio-{bench.version}-linux-{platform.machine()}.run"
    with target.open("wb") as out, packed.open("rb") as payload:
        out.write(head)
        shutil.copyfileobj(payload, out, archives.MB)
    target.chmod(target.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    os.utime(target, (bench.epoch, bench.epoch))
    return target


def script(bench: Bench, frozen: Path, sha256: str, size: int) -> bytes:
    """The script in front of the archive. It says where the archive begins."""
    needs = [need for need in left_to_the_system(frozen) if need.library]
    lines = "\n".join(f"{need.library} {need.apt[-1]} {need.dnf or '-'} {need.pacman or '-'}" for need in needs)
    text = SCRIPT.read_text(encoding="utf-8")
    facts = {"VERSION": bench.version, "SHA256": sha256, "SIZE": str(size), "GLIBC": glibc(frozen), "NEEDS": lines}
    facts |= {"MACHINE": platform.machine(), "MB": str(round(archives.megabytes(frozen)))}
    for name, fact in facts.items():
        text = text.replace(f"@{name}@", fact)
    return text.replace("@BYTES@", f"{len(text.encode()):07d}").encode()  # seven signs for seven
