"""The signing key in processes of their own: buses and keyrings of a desktop, plain-text ones, and kills."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from perfstudio.consent import keyfile
from rigs.systems import WINDOWS
from rigs.waiting import random_moment

linux = pytest.mark.skipif(sys.platform != "linux", reason="the keyrings of this test are those of Linux desktops")
SECRET = "correct horse battery"

PLAIN_TEXT_KEYRING = """
from pathlib import Path
from keyring.backend import KeyringBackend

class Keyring(KeyringBackend):
    priority = 99
    def get_password(self, service, username): return Path(__file__).with_name("leak").read_text()
    def set_password(self, service, username, password): Path(__file__).with_name("leak").write_text(password)
"""

TRY = """
import sys
from pathlib import Path
from perfstudio.consent import keyfile
from perfstudio.consent.keys import key_state, open_signing_key
from perfstudio.model.errors import ConsentError
keyfile.STRETCH = 1 << 14
home = Path(sys.argv[1])
ask = (lambda: sys.argv[3]) if sys.argv[3:] else None
for turn in range(2):
    try:
        key = open_signing_key(home, deadline_s=float(sys.argv[2]), passphrase=ask)
        print(key_state(home).value, key.public_key)
    except ConsentError as error:
        print(error.code.value, error.facts.get("detail", ""))
"""


def run(command: list[str | Path], home: Path, **variables: str) -> list[str]:
    """Run in a bare environment of its own and give back the lines it printed."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "SYSTEMROOT") if name in os.environ}
    places = {name: str(home) for name in ("HOME", "XDG_RUNTIME_DIR", "XDG_DATA_HOME", "XDG_CONFIG_HOME")}
    home.mkdir(mode=0o700, exist_ok=True)
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, env=kept | places | variables, stdout=pipe, stderr=pipe, text=True, start_new_session=True
    ) as child:
        try:
            out, errors = child.communicate(timeout=90)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            raise
    assert child.returncode == 0, errors
    return out.splitlines()


def test_crd_7_a_plain_text_keyring_chosen_by_the_environment_is_never_asked(tmp_path: Path) -> None:
    (tmp_path / "plainkeyring.py").write_text(PLAIN_TEXT_KEYRING)
    lines = run(
        [sys.executable, "-c", TRY, tmp_path / "home", "5", SECRET],
        tmp_path / "desk",
        PYTHON_KEYRING_BACKEND="plainkeyring.Keyring",
        PYTHONPATH=str(tmp_path),
        DBUS_SESSION_BUS_ADDRESS=f"unix:path={tmp_path}/none",
    )
    assert {line.split()[0] for line in lines} == {"keyring" if WINDOWS else "file"}  # Windows' own is always there
    assert not (tmp_path / "leak").exists()


BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen>{services}
<policy context="default"><allow send_destination="*" eavesdrop="true"/>
<allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>"""


def session(tmp_path: Path, services: str = "") -> list[str | Path]:
    """The command that runs another one on a private session bus with these services to start."""
    program = shutil.which("dbus-run-session")
    assert program, "dbus-run-session is needed (Debian and Ubuntu: dbus)"
    config = tmp_path / "bus.conf"
    config.write_text(BUS.format(services=services))
    return [program, f"--config-file={config}", "--"]


@linux
def test_crd_1_on_an_empty_bus_the_caller_is_told(tmp_path: Path) -> None:
    attempt: list[str | Path] = [sys.executable, "-c", TRY, tmp_path / "home", "5"]
    lines = run([*session(tmp_path), *attempt], tmp_path / "desk")
    assert lines == ["key_passphrase_needed ", "key_passphrase_needed "]


WITH_GNOME_KEYRING = """
program="$1"; shift
printf %s "$KEYRING_PASSWORD" | "$program" --unlock --foreground --components=secrets >/dev/null 2>&1 &
daemon=$!
trap 'kill -9 $daemon; wait $daemon' EXIT
for _ in $(seq 100); do
    dbus-send --session --print-reply --dest=org.freedesktop.secrets /org/freedesktop/secrets \
        org.freedesktop.Secret.Service.ReadAlias string:default 2>/dev/null | grep -q collection && break
    sleep 0.1
done
"$@"
"""


def gnome_keyring() -> str:
    program = shutil.which("gnome-keyring-daemon")
    assert program, "gnome-keyring-daemon is needed (Debian and Ubuntu: gnome-keyring)"
    return program


@linux
def test_a_real_keyring_holds_the_key_over_restarts(tmp_path: Path) -> None:
    attempt: list[str | Path] = [sys.executable, "-c", TRY, tmp_path / "home", "20"]
    seen = set()
    for _ in range(2):
        lines = run(
            [*session(tmp_path), "bash", "-c", WITH_GNOME_KEYRING, "bash", gnome_keyring(), *attempt],
            tmp_path / "desk",
            KEYRING_PASSWORD="desk password",
        )
        seen |= set(lines)
    (line,) = seen
    assert line.startswith("keyring ")
    card = (tmp_path / "home" / "keys" / "signing-key.json").read_text()
    assert json.loads(card)["backend"] == "keyring.backends.SecretService.Keyring"


@linux
def test_a_real_keyring_that_stays_locked_leads_to_the_passphrase(tmp_path: Path) -> None:
    """A service that could be started, but no one there to type its password."""
    gnome_keyring()
    services = "<standard_session_servicedirs/>"
    attempt: list[str | Path] = [sys.executable, "-c", TRY, tmp_path / "home", "3", SECRET]
    lines = run([*session(tmp_path, services), *attempt], tmp_path / "desk")
    assert [line.split()[0] for line in lines] == ["file", "file"]


MAKE_KEYS = """
import sys
from pathlib import Path
from perfstudio.consent import keyfile
home = Path(sys.argv[1])
turn = 0
while True:
    box = keyfile.KeyBox(n=1 << 14, salt="a", nonce="b", public_key="c", box="d")
    keyfile.write_once(home / str(turn) / "key.json", box)
    turn += 1
    if turn == 1:
        print("ready", flush=True)
"""


def test_a_kill_while_a_key_is_written_leaves_a_whole_file_or_none(tmp_path: Path) -> None:
    for turn in range(2):
        home = tmp_path / str(turn)
        child = subprocess.Popen([sys.executable, "-c", MAKE_KEYS, home], stdout=subprocess.PIPE)
        assert child.stdout is not None
        child.stdout.readline()
        random_moment(random.Random(turn), 0.1)
        child.kill()
        child.stdout.close()
        child.wait()
        written = list(home.glob("*/key.json"))
        assert written
        for file in written:
            keyfile.KeyBox.model_validate_json(file.read_bytes())
