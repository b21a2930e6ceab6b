"""What a Linux desktop and its shells want to know of a program: entry, mark, file type, manual, completion."""

from __future__ import annotations

import gzip
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import icons
from build_environment import Bench
from environment import TOP
from system import SetupError

LINUX = Path(__file__).resolve().parent / "linux"


def day(bench: Bench) -> str:
    """The day of the release, as in 2026-11-30."""
    return datetime.fromtimestamp(bench.epoch, UTC).date().isoformat()


def lay(bench: Bench, share: Path) -> None:
    """Everything below a `share` folder, such as /usr/share."""
    for name, folder in (("perfstudio.desktop", "applications"), ("perfstudio.xml", "mime/packages")):
        (share / folder).mkdir(parents=True)
        shutil.copyfile(LINUX / name, share / folder / name)
    _metadata(bench, share / "metainfo")
    _marks(bench, share / "icons/hicolor")
    _manual(bench, share)


def _metadata(bench: Bench, folder: Path) -> None:
    text = (LINUX / "perfstudio.metainfo.xml").read_text(encoding="utf-8")
    folder.mkdir(parents=True)
    filled = text.replace("@VERSION@", bench.version).replace("@DATE@", day(bench))
    (folder / "perfstudio.metainfo.xml").write_text(filled, encoding="utf-8")


def _marks(bench: Bench, theme: Path) -> None:
    drawn = icons.draw(bench.python, bench.work / "icons")
    for size in icons.THEME_SIZES:
        folder = theme / f"{size}x{size}" / "apps"
        folder.mkdir(parents=True)
        shutil.copyfile(drawn[size], folder / "perfstudio.png")
    (theme / "scalable/apps").mkdir(parents=True)
    shutil.copyfile(icons.MARK, theme / "scalable/apps/perfstudio.svg")


def _manual(bench: Bench, share: Path) -> None:
    made = bench.work / "manual"
    command = [*bench.python, str(LINUX.parent / "manual.py"), str(made), bench.version, day(bench)]
    if subprocess.run(command, cwd=TOP, env=bench.environment(), check=False).returncode:
        raise SetupError("The manual page could not be made; why stands above.")
    for name, target in (("perfstudio.bash", "bash-completion/completions/perfstudio"),
                         ("_perfstudio", "zsh/vendor-completions/_perfstudio")):  # fmt: skip
        (share / target).parent.mkdir(parents=True)
        shutil.copyfile(made / name, share / target)
    (share / "man/man1").mkdir(parents=True)
    (share / "man/man1/perfstudio.1.gz").write_bytes(gzip.compress((made / "perfstudio.1").read_bytes(), mtime=0))
