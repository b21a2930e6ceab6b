"""The package for Debian and Ubuntu. What is the system's own is asked for by name; everything else is inside."""

from __future__ import annotations

import gzip
import os
import platform
import re
import shutil
import subprocess
from pathlib import Path

import desktop_files
import slim_linux
from archives import megabytes, same_time
from build_environment import Bench
from environment import TOP
from needs import LINUX, Need
from system import SetupError

ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
_GLIBC = re.compile(r"GLIBC_(\d+)\.(\d+)")
DESCRIPTION = """Record improvised scenes at home
 You read a brief, step in front of the camera, improvise, and do it again
 until it lives. perfstudio keeps picture and sound on one measured timeline,
 says in words what its checks found, and loses nothing.
 .
 You keep the take that has it, say what it may be used for, line by line,
 and it travels to the studio you chose, verified by hash on arrival.
 Everything up to the delivery works offline, with no account."""
COPYRIGHT = """Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: perfstudio

Files: *
Copyright: the authors of perfstudio
License: GPL-3.0-or-later
 On Debian systems, the text of the GNU General Public License, version 3, is
 in /usr/share/common-licenses/GPL-3. The works of others that come along are
 listed, with their licences, in /usr/lib/perfstudio/licences.
"""


def deb(bench: Bench, frozen: Path) -> Path:
    """`perfstudio_VERSION_ARCH.deb` from a frozen folder."""
    root = bench.work / "deb"
    shutil.rmtree(root, ignore_errors=True)
    program, share = root / "usr/lib/perfstudio", root / "usr/share"
    shutil.copytree(frozen, program, symlinks=True)
    (root / "usr/bin").mkdir(parents=True)
    (root / "usr/bin/perfstudio").symlink_to("../lib/perfstudio/perfstudio")
    desktop_files.lay(bench, share)
    papers = share / "doc/perfstudio"
    papers.mkdir(parents=True)
    (papers / "copyright").write_text(COPYRIGHT, encoding="utf-8")
    changes = (TOP / "CHANGELOG.md").read_bytes()
    (papers / "NEWS.gz").write_bytes(gzip.compress(changes, mtime=0))
    architecture = ARCHITECTURES[platform.machine()]
    (root / "DEBIAN").mkdir()
    (root / "DEBIAN/control").write_text(control(bench.version, architecture, frozen), encoding="utf-8")
    _modes(root)
    same_time(root, bench.epoch, lambda path, epoch: os.utime(path, (epoch, epoch), follow_symlinks=False))
    target = bench.target / f"perfstudio_{bench.version}_{architecture}.deb"
    options = ["--root-owner-group", "-Zxz", "-z0" if bench.quick else "-z9", "--threads-max=2"]
    options += [] if bench.quick else ["-Sextreme"]
    done = subprocess.run(["dpkg-deb", *options, "--build", root, target], env=bench.environment(), check=False)
    if done.returncode:
        raise SetupError("dpkg-deb could not build the package; why stands above.")
    return target


def control(version: str, architecture: str, frozen: Path) -> str:
    """The control file; sizes in KiB."""
    lines = [
        "Package: perfstudio",
        f"Version: {version}",
        f"Architecture: {architecture}",
        "Maintainer: the authors of perfstudio",
        "Section: sound",
        "Priority: optional",
        f"Installed-Size: {round(megabytes(frozen) * 1e6 / 1024)}",
        f"Depends: {', '.join(depends(frozen))}",
        "Recommends: xdg-utils, gnome-keyring | kwalletmanager | keepassxc",
        f"Description: {DESCRIPTION}",
    ]
    return "\n".join(lines) + "\n"


def depends(frozen: Path) -> list[str]:
    """What the system has to have: the needs that do not lie in the folder, and a C library that is new enough."""
    asked = [" | ".join(need.apt) for need in left_to_the_system(frozen)]
    return [f"libc6 (>= {glibc(frozen)})", "libstdc++6", *asked]


def left_to_the_system(frozen: Path) -> list[Need]:
    """The needs of running that the frozen folder does not meet itself."""
    inside = frozen / "_internal"
    running = (need for need in LINUX if not need.for_tests)
    return [need for need in running if not (need.library and (inside / need.library).exists())]


def glibc(frozen: Path) -> str:
    """The newest version of the C library that anything in the folder asks for."""
    found = set()
    for path in slim_linux.binaries(frozen):
        said = subprocess.run(["readelf", "-VW", path], capture_output=True, text=True, check=True).stdout
        found |= {(int(a), int(b)) for a, b in _GLIBC.findall(said)}
    return "{}.{}".format(*max(found))


def _modes(root: Path) -> None:
    """Read by all, written by root, run where it runs."""
    for path in [root, *root.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
