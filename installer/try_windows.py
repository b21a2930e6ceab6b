"""Try the set-up of Windows: installed silently, used, removed. On Windows, or on a bench that stands in for it.

    py installer\\try_windows.py dist\\perfstudio-0.1.0-windows-x86_64-setup.exe
    python3 installer/try_windows.py dist/...-setup.exe --front BENCH/wine --local BENCH/prefix/.../AppData/Local

The installed program passes its self-test, opens its window, in which a practice scene is rolled, cut and played, and
records a practice take; the link scheme, the file types, the entry among the programs and the one in the list of
installed programs are there and go again; so do all files, but not the takes.
"""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

CLASSES = "HKCU\\Software\\Classes"
KEYS = {
    f"{CLASSES}\\perfstudio\\shell\\open\\command": "perfstudio-window.exe",
    f"{CLASSES}\\.perfpack": "perfstudio.pack",
    f"{CLASSES}\\perfstudio.pack\\shell\\open\\command": "perfstudio-window.exe",
    f"{CLASSES}\\.perfclip": "perfstudio.clip",
    f"{CLASSES}\\perfstudio.clip\\shell\\open\\command": "perfstudio-window.exe",
    "HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\perfstudio": "uninstall.exe",
}
PATIENCE_S = 120.0


def main(words: list[str]) -> int:
    """The whole trial; 0 when everything held."""
    parser = argparse.ArgumentParser(prog="try_windows.py", allow_abbrev=False)
    parser.add_argument("setup", type=Path)
    parser.add_argument("--front", type=shlex.split, default=[])
    parser.add_argument("--local", type=Path, default=Path(os.environ.get("LOCALAPPDATA", ".")))
    parser.add_argument("--no-use", action="store_true", help="install and remove only")
    args = parser.parse_args(words)
    place = args.local / "Programs" / "perfstudio"
    entry = args.local.parent / "Roaming/Microsoft/Windows/Start Menu/Programs/perfstudio.lnk"
    for _ in range(2):  # the second time over the first
        run(args.front, str(args.setup.resolve()), "/S")
        wait(lambda: (place / "uninstall.exe").exists() and entry.exists(), "the installation")
    for key, value in KEYS.items():
        said = run(args.front, "reg", "query", key, "/s")
        if value not in said:
            raise SystemExit(f"{key} does not name {value}:\n{said}")
    takes = use(args.front, place, args.local / "perfstudio-tried") if not args.no_use else 0
    own = place / "my own file.txt"
    own.write_text("left alone", encoding="utf-8")
    run(args.front, str(place / "uninstall.exe"), "/S")
    wait(lambda: not (place / "uninstall.exe").exists() and not entry.exists(), "the removal")
    left = [path for path in place.rglob("*") if path != own]
    own.unlink()
    place.rmdir()
    stay = [key for key in KEYS if run(args.front, "reg", "query", key, accept=(0, 1)).count("perfstudio") > 1]
    if left or stay:
        raise SystemExit(f"Left behind: {left} {stay}")
    print(f"{args.setup.name}: installed twice, used, removed; takes kept: {takes}.")
    return 0


def use(front: list[str], place: Path, home: Path) -> int:
    """The self-test, with a window that plays a scene by itself, and a practice take; how many takes there are."""
    program = str(place / "perfstudio.exe")
    print(run(front, program, "self-test", "--window"))
    devices = ["--camera", "practice", "--microphone", "practice"]
    record = [program, "--home", str(home), "record", "the-letter", *devices, "--seconds", "3"]
    print(run(front, *record, accept=(0, 3)))
    return len(list((home / "takes").glob("*/take.mp4")))


def run(front: list[str], *command: str, accept: tuple[int, ...] = (0,)) -> str:
    """Run it; what it said. SystemExit when it ends otherwise."""
    done = subprocess.run([*front, *command], capture_output=True, text=True, errors="replace", check=False)
    if done.returncode not in accept:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def wait(until: Callable[[], bool], what: str) -> None:
    """An installer may go on behind its first process."""
    end = time.monotonic() + PATIENCE_S
    while not until():
        if time.monotonic() > end:
            raise SystemExit(f"{what} did not end in {PATIENCE_S:.0f} s.")
        time.sleep(0.5)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
