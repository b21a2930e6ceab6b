"""Build an installer. Standard library only; one command each, on the system that it is for.

    python3 installer/build.py deb        the package for Debian and Ubuntu
    python3 installer/build.py run        one file for every other Linux
    python3 installer/build.py windows    the set-up for Windows (needs NSIS: makensis)
    python3 installer/build.py macos      the app in a disk image for macOS
    python3 installer/build.py source     the source archive, which comes beside each of them

    --to DIR         where it comes to lie (dist)
    --work DIR       where it is made (build)
    --frozen DIR     use what was frozen there by an earlier build
    --python WORDS   a Python with everything of requirements.lock and installer/build.lock, instead of an environment
                     that is made from them
    --quick          pack quickly and large, to try it
    --front WORDS    what runs the frozen program, where this is not the system that it is for (such as wine)

Every build freezes the program, tries the frozen one with its own self-test, and fails when that fails, or when it is
heavier than its goal (goals.py). The time inside is that of the last commit, or SOURCE_DATE_EPOCH: one commit gives one
package (alike.py compares two folders).
"""

from __future__ import annotations

import argparse
import shlex
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import build_environment
import debian
import freezing
import goals
import macos
import opencv
import runfile
import source
import windows
from archives import megabytes, sha256
from build_environment import Bench
from environment import TOP
from system import SetupError, say, show, speak_plainly

INSTALLERS: dict[str, Callable[[Bench, Path], Path]] = {
    "deb": debian.deb,
    "run": runfile.runfile,
    "windows": windows.setup,
    "macos": macos.image,
}

SYSTEMS = {"windows": "win32", "macos": "darwin"}


def main(words: list[str]) -> int:
    """Build what is asked for; the exit code."""
    speak_plainly()
    parser = argparse.ArgumentParser(prog="build.py", allow_abbrev=False, usage=(__doc__ or "").strip())
    parser.add_argument("what", choices=[*INSTALLERS, "source"])
    parser.add_argument("--to", type=Path, default=TOP / "dist")
    parser.add_argument("--work", type=Path, default=TOP / "build")
    parser.add_argument("--frozen", type=Path)
    parser.add_argument("--python", type=shlex.split)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--front", type=shlex.split, default=[])
    try:
        return build(parser.parse_args(words))
    except SetupError as reason:
        say(str(reason))
        return 1
    except KeyboardInterrupt:
        return 130


def build(args: argparse.Namespace) -> int:
    """Freeze, pack, print what came of it. Raises SetupError."""
    for folder in (args.to, args.work):
        folder.mkdir(parents=True, exist_ok=True)
    if not source.is_clean():
        say("The tree is not as it was committed: what is built now is nobody's release.")
    python = [] if args.what == "source" else args.python or build_environment.provide(args.work.resolve())
    bench = Bench(
        python=python,
        work=args.work.resolve(),
        target=args.to.resolve(),
        version=build_environment.version(),
        epoch=build_environment.epoch(),
        system=SYSTEMS.get(args.what, "linux"),
        quick=args.quick,
        front=tuple(args.front),
    )
    made = [source.source(bench)]
    if args.what != "source":
        frozen = args.frozen or freezing.freeze(bench)
        made.insert(0, INSTALLERS[args.what](bench, frozen.resolve()))
        if not args.quick:
            goals.hold_download(made[0])
        show(f"{megabytes(frozen):7.1f} MB  installed")
        if bench.system == "linux":
            made.append(shutil.copyfile(opencv.source(bench), bench.target / opencv.source(bench).name))
    for path in made:
        show(f"{megabytes(path):7.1f} MB  {path}\n            sha256 {sha256(path)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
