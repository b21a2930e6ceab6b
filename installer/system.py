"""System packages: installed with apt where that is allowed, otherwise named in one exact command."""

from __future__ import annotations

import contextlib
import os
import platform
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence

from needs import Need

Run = Callable[[Sequence[str]], int]
Knows = Callable[[str], bool]

APT_OPTIONS = ["-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3"]


class SetupError(Exception):
    """Something only the person can do; the message says what."""


def provide(needs: Sequence[Need]) -> None:
    """Install what is missing. Raises SetupError with the exact command where this script may not do it."""
    required = [need for need in needs if not need.optional]
    if not needs:
        return
    if shutil.which("apt-get"):
        install_with_apt(needs, known_to_apt, run)
        left = [need for need in required if not need.is_there()]
        if left:
            raise SetupError("Still missing after the installation: " + ", ".join(need.what for need in left))
    elif required:
        raise SetupError(how_to(needs))


def install_with_apt(needs: Sequence[Need], knows: Knows, act: Run) -> None:
    """Install by the first name apt knows; its lists are fetched anew only when they do not help."""
    say("Missing: " + ", ".join(need.what for need in needs))
    names = apt_names(needs, knows)
    prefix = privileges(names)
    if any(not need.optional and not any(knows(name) for name in need.apt) for need in needs) or act(
        [*prefix, "apt-get", "install", *APT_OPTIONS, *names]
    ):
        act([*prefix, "apt-get", "update", "-q"])
        if act([*prefix, "apt-get", "install", *APT_OPTIONS, *apt_names(needs, knows)]):
            raise SetupError("apt-get could not install: " + " ".join(apt_names(needs, knows)))


def apt_names(needs: Iterable[Need], knows: Knows) -> list[str]:
    """The packages to ask apt for: of each need the first name that this release knows."""
    names: list[str] = []
    for need in needs:
        name = next((name for name in need.apt if knows(name)), "" if need.optional else need.apt[-1])
        if name and name not in names:
            names.append(name)
    return names


def known_to_apt(name: str) -> bool:
    """Whether apt can install a package of this very name (a virtual one does not count)."""
    command = ["apt-cache", "show", "--no-all-versions", name]
    shown = subprocess.run(command, capture_output=True, env=os.environ | {"LC_ALL": "C"}, check=False)
    return f"Package: {name}\n".encode() in shown.stdout


def privileges(names: Sequence[str]) -> list[str]:
    """What to put before a command of the administrator's. Raises SetupError with the command for who is one."""
    if os.geteuid() == 0:
        return ["env", "DEBIAN_FRONTEND=noninteractive"]
    if shutil.which("sudo") and (sys.stdin.isatty() or run(["sudo", "-n", "true"]) == 0):
        return ["sudo", "env", "DEBIAN_FRONTEND=noninteractive"]
    raise SetupError(f"As root, or with sudo, run this, then come back:\n  apt-get install {' '.join(names)}")


def how_to(needs: Sequence[Need]) -> str:
    """The exact command for the system at hand, or all of them when it is not one we know."""
    commands = {
        "dnf": ("Fedora and its family", "sudo dnf install", [need.dnf for need in needs]),
        "pacman": ("Arch and its family", "sudo pacman -S --needed", [need.pacman for need in needs]),
        "brew": ("macOS", "brew install", [need.brew for need in needs]),
        "winget": ("Windows", "winget install", [need.winget for need in needs]),
        "apt-get": ("Debian and Ubuntu", "sudo apt-get install", [need.apt[-1] for need in needs]),
    }
    here = [name for name in commands if shutil.which(name)][:1] or list(commands)
    lines = ["Missing: " + ", ".join(need.what for need in needs), "Install it with this command, then run this again:"]
    for name in here:
        system, command, names = commands[name]
        wanted = [shlex.quote(name) for name in dict.fromkeys(names) if name]
        if wanted:
            lines.append(f"  {system}:  {command} {' '.join(wanted)}")
    if platform.system() == "Darwin" and not shutil.which("brew"):
        lines.append("  (brew itself: see brew.sh)")
    return "\n".join(lines)


def run(command: Sequence[str]) -> int:
    """Run a command that speaks for itself; its exit code. Ctrl-C reaches it as well: it ends in its own time."""
    with subprocess.Popen(command) as process:
        while True:
            with contextlib.suppress(KeyboardInterrupt):
                return process.wait()


def say(text: str) -> None:
    """A line for the person, on stderr: stdout belongs to what is started. Nothing fails because it is not read."""
    with contextlib.suppress(OSError, AttributeError):
        print(text, file=sys.stderr, flush=True)


def show(text: str) -> None:
    """For the person, on stdout. Who stops reading has read enough."""
    try:
        print(text, flush=True)
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def speak_plainly() -> None:
    """What a terminal cannot show becomes a question mark."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
