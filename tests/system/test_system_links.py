"""Invitation links on a real desktop's terms: registered by the verb, opened by the desktop's programs."""

from __future__ import annotations

import http.server
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from perfstudio.model.jws import SigningKey
from rigs.waiting import until

KEY, CODE = SigningKey.generate().public_key, "Zq7" * 14


class Asked(http.server.ThreadingHTTPServer):
    """A studio that has nothing to say, and notes what it was asked for."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        super().__init__(("127.0.0.1", 0), _Answer)


class _Answer(http.server.BaseHTTPRequestHandler):
    server: Asked

    def do_GET(self) -> None:
        self.server.paths.append(self.path)
        self.send_error(404)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def studio() -> Iterator[Asked]:
    with Asked() as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        yield server
        server.shutdown()
        serving.join()


@pytest.mark.soak
@pytest.mark.skipif(not all(map(shutil.which, ("xdg-open", "gio"))), reason="no desktop's programs here")
def test_the_desktop_opens_perfstudio_for_a_link_and_the_open_window_for_the_next(
    tmp_path: Path, home: Path, studio: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`xdg-open` starts the window, which shows who invites; `gio open` reaches the same window. Nothing logs the code.

    Fifteen seconds or so.
    """
    for name in ("DISPLAY", "HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    for name in ("XDG_CURRENT_DESKTOP", "BROWSER", "PERFSTUDIO_HOME"):
        monkeypatch.delenv(name, raising=False)
    verb = [sys.executable, "-m", "perfstudio", "--home", str(home), "links"]
    said = subprocess.run([*verb, "register"], capture_output=True, text=True, check=True).stdout
    assert said.startswith("Invitation links open perfstudio.")

    def link(name: str) -> str:
        address = quote(f"http://127.0.0.1:{studio.server_port}/{name}", safe="")
        return f"perfstudio://connect?at={address}&code={CODE}&key={KEY}"

    opener = subprocess.Popen(["xdg-open", link("one")])
    until(lambda: studio.paths == ["/one/studio.json"], limit_s=120)
    window = int((home / "window.lock").read_text().splitlines()[0])
    try:
        subprocess.run(["gio", "open", link("two")], check=True)
        until(lambda: studio.paths == ["/one/studio.json", "/two/studio.json"], limit_s=120)
        assert int((home / "window.lock").read_text().splitlines()[0]) == window
        kept = [file for file in home.rglob("*") if file.is_file() and CODE.encode() in file.read_bytes()]
        assert kept == [], "the code is not written down"
    finally:
        os.kill(window, signal.SIGTERM)
        opener.wait()
    removed = subprocess.run([*verb, "remove"], capture_output=True, text=True, check=True).stdout
    assert removed.startswith("No program opens invitation links, packs or clips here yet.")
    assert not list(Path(os.environ["XDG_DATA_HOME"]).rglob("*.desktop"))
