"""Which network this computer is on, as far as its system tells: a name, and whether what is sent over it costs.

Asked of the system's own tools, so that the verbs know it as the window does. Where a tool is missing or says nothing,
the name is empty and the cost unknown; nothing is guessed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PATIENCE_S: Final = 5.0
ROUTES: Final = Path("/proc/net/route")
_PROFILE: Final = (
    "[Console]::OutputEncoding=[Text.Encoding]::UTF8;"
    "$p=[Windows.Networking.Connectivity.NetworkInformation,Windows.Networking.Connectivity,ContentType=WindowsRuntime]"
    "::GetInternetConnectionProfile();"
    "if($p){@{name=$p.ProfileName;cost=[int]$p.GetConnectionCost().NetworkCostType}|ConvertTo-Json -Compress}"
)
_FREE, _COSTS = 1, (2, 3)
"""NetworkCostType of Windows: unrestricted; fixed and variable."""

Ask = Callable[[Sequence[str]], str]
"""Runs a tool of the system and returns what it prints."""


@dataclass(frozen=True, slots=True)
class Network:
    """The network that leads out; an empty name where the system does not say."""

    name: str = ""
    metered: bool | None = None
    """Whether it is paid for by what is sent; None where the system does not say."""


def this_network() -> Network:
    """Look now. Takes up to a second or two; never raises."""
    return network_of(sys.platform, asked)


def network_of(system: str, ask: Ask, routes: Path = ROUTES) -> Network:
    """The network as the tools of `system` (`sys.platform`) tell it through `ask`."""
    try:
        match system:
            case "linux":
                return _linux(ask, routes)
            case "darwin":
                return _mac(ask)
            case "win32":
                return _windows(ask)
    except (OSError, subprocess.SubprocessError, ValueError, KeyError, TypeError):
        pass
    return Network()


def asked(command: Sequence[str]) -> str:
    """What a tool prints, in the plain language of tools. Raises OSError and subprocess.SubprocessError."""
    done = subprocess.run(
        command,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=PATIENCE_S,
        check=True,
        env={**os.environ, "LC_ALL": "C"},
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    return done.stdout.decode("utf-8", "replace")


def _linux(ask: Ask, routes: Path) -> Network:
    device = _way_out(routes)
    if not device:
        return Network()
    said = ask(("nmcli", "-t", "-f", "GENERAL.CONNECTION,GENERAL.METERED", "device", "show", device))
    facts = dict(line.partition(":")[::2] for line in said.splitlines())
    name = facts.get("GENERAL.CONNECTION", "").replace("\\:", ":").replace("\\\\", "\\")
    metered = {"yes": True, "no": False}.get(facts.get("GENERAL.METERED", "").split(" ")[0])
    return Network("" if name == "--" else name, metered)


def _way_out(routes: Path) -> str:
    """The device of the default route with the least cost."""
    found = []
    for line in routes.read_text().splitlines()[1:]:
        parts = line.split()
        if len(parts) > 7 and int(parts[1], 16) == 0 and int(parts[7], 16) == 0:
            found.append((int(parts[6]), parts[0]))
    return min(found)[1] if found else ""


def _mac(ask: Ask) -> Network:
    device = _after(ask(("route", "-n", "get", "default")), "interface:")
    if not device:
        return Network()
    name = _after(ask(("networksetup", "-getairportnetwork", device)), "Current Wi-Fi Network:")
    if not name:
        name = _after(ask(("ipconfig", "getsummary", device)), "SSID :")
    return Network("" if name == "<redacted>" else name)


def _windows(ask: Ask) -> Network:
    said = json.loads(ask(("powershell", "-NoProfile", "-NonInteractive", "-Command", _PROFILE)))
    cost = said["cost"]
    metered = True if cost in _COSTS else False if cost == _FREE else None
    return Network(str(said["name"] or ""), metered)


def _after(text: str, mark: str) -> str:
    lines = (line.strip() for line in text.splitlines())
    return next((line.removeprefix(mark).strip() for line in lines if line.startswith(mark)), "")
