"""Try an installer on a bare Debian that `debootstrap` makes: installed, used, removed. As root; minutes and a network.

    python3 installer/try_linux.py dist/perfstudio_0.1.0_amd64.deb [bookworm|trixie] [--root DIR]
    python3 installer/try_linux.py dist/perfstudio-0.1.0-linux-x86_64.run trixie

In a change of root: the package is installed with what it asks for, the program passes its self-test, opens its window
on a virtual screen (its title is asked of the X server), in which a practice scene is rolled, cut and played, records a
practice take that then verifies, is found by its manual, its link and its file types, is given the pack that a desktop
opens, and is removed: every file is gone but the takes.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from archives import under

TRIED = "/tmp/tried"  # noqa: S108 - inside the new root
PACK = Path(__file__).resolve().parents[1] / "assets/packs/two-chairs"
TOOLS = ("xvfb", "x11-utils", "xz-utils", "desktop-file-utils", "shared-mime-info", "xdg-utils", "man-db",
         "libfile-mimeinfo-perl")  # fmt: skip
"""The last one is how `xdg-open` knows a file's type where no desktop runs."""
WINDOW = """
set -e
cd {tried}; export HOME={tried} PERFSTUDIO_HOME={tried}/home LC_ALL=C.UTF-8 DISPLAY=:97 QT_QPA_PLATFORM=xcb
Xvfb :97 -screen 0 1280x800x24 -nolisten tcp >/dev/null 2>&1 & screen=$!
for i in $(seq 60); do xdpyinfo >/dev/null 2>&1 && break; sleep 1; done
perfstudio --practice >{tried}/window.txt 2>&1 & window=$!
for i in $(seq 120); do xwininfo -root -tree | grep -q '("perfstudio"' && break; sleep 1; done
xwininfo -root -tree | grep '("perfstudio"' | head -n 1
perfstudio --practice; echo "a second start ends by itself: $?"
timeout 120 xdg-open {tried}/opened.perfpack; echo "so does one that a pack has begun: $?"
kill $window; wait $window || true
perfstudio self-test --window
kill $screen; wait $screen || true
! grep -i traceback {tried}/window.txt
"""
TAKE = """
set -e
mkdir -p {tried}; cd {tried}; export HOME={tried} PERFSTUDIO_HOME={tried}/home LC_ALL=C.UTF-8
perfstudio self-test
perfstudio doctor || true
perfstudio record the-letter --camera practice --microphone practice --seconds 3 || [ $? = 3 ]  # 3: a busy computer
perfstudio verify {tried}/home/takes/*
"""


def main(words: list[str]) -> int:
    """The whole trial; 0 when everything held."""
    parser = argparse.ArgumentParser(prog="try_linux.py", allow_abbrev=False)
    parser.add_argument("installer", type=Path)
    parser.add_argument("release", nargs="?", default="bookworm", choices=["bookworm", "trixie"])
    parser.add_argument("--root", type=Path)
    args = parser.parse_args(words)
    root: Path = args.root or Path(f"/var/tmp/perfstudio-{args.release}")  # noqa: S108 - large, and kept for the next
    if not (root / "etc/debian_version").exists():
        run("debootstrap", "--variant=minbase", args.release, str(root))
    with mounted(root):
        trial(root, args.installer.resolve())
    print(f"{args.installer.name} on {args.release}: installed, used, removed.")
    return 0


def trial(root: Path, installer: Path) -> None:
    """Install, use, remove, in a root that has the tools of the trial."""
    inside(root, "apt-get update -qq && apt-get install -qq -y --no-install-recommends " + " ".join(TOOLS))
    before = everything(root)
    place = root / "tmp" / installer.name
    place.write_bytes(installer.read_bytes())
    debian = installer.suffix == ".deb"
    if debian:
        inside(root, f"apt-get install -qq -y --no-install-recommends /tmp/{installer.name}")
    else:
        install_file(root, installer.name)
    inside(root, TAKE.format(tried=TRIED))
    with zipfile.ZipFile(root / TRIED[1:] / "opened.perfpack", "w") as pack:
        for path in under(PACK):
            pack.write(path, path.relative_to(PACK))
    inside(root, WINDOW.format(tried=TRIED))
    share = "/usr/share" if debian else "/usr/local/share"
    inside(root, f"desktop-file-validate {share}/applications/perfstudio.desktop && man -w perfstudio")
    for kind in ("pack", "clip"):
        inside(root, f"grep -F 'application/vnd.perfstudio.{kind}+zip:*.perf{kind}' {share}/mime/globs2")
    types = (f"application/vnd.perfstudio.{kind}+zip" for kind in ("pack", "clip"))
    for kind in ("x-scheme-handler/perfstudio", *types):
        inside(root, f"xdg-mime query default {kind} | grep perfstudio.desktop")
    remove = "apt-get purge -qq -y perfstudio" if debian else "/usr/local/lib/perfstudio/remove.sh"
    inside(root, remove)
    place.unlink()
    left = {path for path in everything(root) - before if "perfstudio" in path and not path.startswith(TRIED)}
    takes = list((root / TRIED[1:] / "home/takes").glob("*/take.mp4"))
    if left or not takes:
        raise SystemExit(f"Left behind: {sorted(left)}; takes: {len(takes)}")
    inside(root, f"rm -rf {TRIED}")


def install_file(root: Path, name: str) -> None:
    """The single file says what is missing; that is installed by the very command that it names."""
    said = subprocess.run(["chroot", root, "sh", f"/tmp/{name}"], capture_output=True, text=True, check=False)  # noqa: S108 - as above
    print(said.stderr)
    if "sudo apt-get install" in said.stderr:
        command = said.stderr.partition("sudo ")[2].splitlines()[0]
        inside(root, command.replace("install", "install -qq -y --no-install-recommends"))
        inside(root, f"sh /tmp/{name}")


def everything(root: Path) -> set[str]:
    """The paths of all files in the new root, but those of running systems and of package managers' memory."""
    pruned = ("./proc", "./sys", "./dev", "./var/lib/apt", "./var/cache", "./var/lib/dpkg", "./var/log")
    words = ["find", ".", *(w for path in pruned for w in ("-path", path, "-prune", "-o")), "-print"]
    found = subprocess.run(words, cwd=root, capture_output=True, text=True, check=True)
    return {line[1:] for line in found.stdout.splitlines()}


@contextmanager
def mounted(root: Path) -> Iterator[None]:
    """What programs look for in a running system."""
    places = [("proc", "/proc"), ("sys", "/sys"), ("dev", "/dev")]
    done: list[Path] = []
    try:
        for name, source in places:
            run("mount", "--bind", source, str(root / name))
            done.append(root / name)
        yield
    finally:
        for place in reversed(done):
            subprocess.run(["umount", "-l", place], check=False)


def inside(root: Path, script: str) -> None:
    """Run a script of the shell in the new root; SystemExit with the script when it fails."""
    command = ["chroot", str(root), "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/bin",
               "DEBIAN_FRONTEND=noninteractive", "sh", "-ec", script]  # fmt: skip
    if subprocess.run(command, check=False).returncode:
        raise SystemExit(f"This failed in {root}:\n{script}")


def run(*command: str) -> None:
    """Run it; SystemExit when it fails."""
    if subprocess.run(command, check=False).returncode:
        raise SystemExit(f"This failed: {' '.join(command)}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
