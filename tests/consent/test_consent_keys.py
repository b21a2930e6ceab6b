"""The signing key: real keyrings, no keyring, locked, hanging and plain-text ones, and the passphrase file."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend
from keyring.backends import SecretService, fail, null

from perfstudio.consent import keyfile, keys, vault
from perfstudio.consent.keys import KeyStorage, key_state, keyring_works, open_signing_key, retire_signing_key
from perfstudio.consent.vault import TimedKeyring, find_vault, within
from perfstudio.model.errors import ConsentError, ErrorCode
from perfstudio.model.jws import is_signed
from rigs.waiting import random_moment

linux = pytest.mark.skipif(sys.platform != "linux", reason="the keyrings of this test are those of Linux desktops")
SECRET = "correct horse battery"
BY_DEFAULT = keyfile.STRETCH
"""How far a passphrase is stretched where no test says otherwise."""


@pytest.fixture
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    """No back end is a real one: what a machine without a desktop looks like."""
    monkeypatch.setattr(vault, "REAL_BACKENDS", ())


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The least stretching that is accepted, so that many passphrases can be tried."""
    monkeypatch.setattr(keyfile, "STRETCH", 1 << 14)


class Backend(KeyringBackend):
    """A keyring in memory, made to look like a real one by `real`."""

    priority = 1.0  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.values.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.values[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.values[service, username]


class Hanging(Backend):
    """A keyring whose calls come back only when the test lets them."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        self.let_go.wait()
        return None

    set_password = get_password  # type: ignore[assignment]


@pytest.fixture
def real(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the test's own back ends for real ones."""
    names = tuple(f"{kind.__module__}.{kind.__qualname__}" for kind in (Backend, Hanging))
    monkeypatch.setattr(vault, "REAL_BACKENDS", names)


def problem(act: object) -> ConsentError:
    with pytest.raises(ConsentError) as caught:
        act()  # type: ignore[operator]
    return caught.value


def test_without_a_keyring_the_caller_is_told_and_nothing_is_written(tmp_path: Path, no_keyring: None) -> None:
    assert problem(lambda: open_signing_key(tmp_path)).code is ErrorCode.KEY_PASSPHRASE_NEEDED
    assert problem(lambda: open_signing_key(tmp_path, passphrase=lambda: None)).code is ErrorCode.KEY_PASSPHRASE_NEEDED
    short = problem(lambda: open_signing_key(tmp_path, passphrase=lambda: "seven77"))
    assert (short.code, short.facts["minimum"]) == (ErrorCode.KEY_PASSPHRASE_SHORT, 8)
    assert key_state(tmp_path) is KeyStorage.NONE
    assert list(tmp_path.rglob("*")) == []


def test_the_passphrase_file_opens_with_its_passphrase_only(tmp_path: Path, no_keyring: None) -> None:
    made = open_signing_key(tmp_path, passphrase=lambda: SECRET)
    assert key_state(tmp_path) is KeyStorage.FILE
    again = open_signing_key(tmp_path, passphrase=lambda: SECRET)
    assert is_signed(again.sign(b"x"), b"x", made.public_key)
    assert problem(lambda: open_signing_key(tmp_path)).code is ErrorCode.KEY_PASSPHRASE_NEEDED
    wrong = problem(lambda: open_signing_key(tmp_path, passphrase=lambda: SECRET + " "))
    assert wrong.code is ErrorCode.KEY_PASSPHRASE_WRONG


def test_the_file_is_private_and_holds_no_secret_in_the_clear(
    tmp_path: Path, no_keyring: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyfile, "STRETCH", BY_DEFAULT)
    key = open_signing_key(tmp_path, passphrase=lambda: SECRET)
    (file,) = (tmp_path / "keys").iterdir()
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    text = file.read_text()
    for secret in (SECRET, key.seed().hex(), keys.b64url(key.seed())):
        assert secret not in text
    box = json.loads(text)["box"]
    assert (box["kdf"], box["n"], box["r"]) == ("scrypt", 1 << 17, 8)


def test_every_edit_of_the_key_file_is_refused(tmp_path: Path, no_keyring: None, quick: None) -> None:
    open_signing_key(tmp_path, passphrase=lambda: SECRET)
    path = tmp_path / "keys" / "signing-key.json"
    good = json.loads(path.read_text())
    assert good["box"]["n"] == 1 << 14
    for name in ("salt", "nonce", "public_key", "box"):
        bad = json.loads(json.dumps(good))
        bad["box"][name] = ("A" if bad["box"][name][0] != "A" else "B") + bad["box"][name][1:]
        path.write_text(json.dumps(bad))
        assert problem(lambda: open_signing_key(tmp_path, passphrase=lambda: SECRET)).code in {
            ErrorCode.KEY_PASSPHRASE_WRONG,
            ErrorCode.KEY_UNAVAILABLE,
        }
    good["box"]["n"] = 1 << 30  # would take 1 TiB of memory
    path.write_text(json.dumps(good))
    assert problem(lambda: open_signing_key(tmp_path, passphrase=lambda: SECRET)).code is ErrorCode.KEY_DAMAGED
    path.write_text("{")
    assert problem(lambda: key_state(tmp_path)).code is ErrorCode.KEY_DAMAGED


def test_a_key_is_never_overwritten(tmp_path: Path, no_keyring: None, quick: None) -> None:
    """Four windows open at once: one key is made, everybody signs with it."""
    made: list[str] = []

    def work() -> None:
        made.append(open_signing_key(tmp_path, passphrase=lambda: SECRET).public_key)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 4
    assert set(made) == {open_signing_key(tmp_path, passphrase=lambda: SECRET).public_key}
    assert len(list((tmp_path / "keys").iterdir())) == 1


def test_a_retired_key_is_kept_and_the_next_one_is_new(tmp_path: Path, no_keyring: None, quick: None) -> None:
    first = open_signing_key(tmp_path, passphrase=lambda: SECRET)
    retire_signing_key(tmp_path)
    retire_signing_key(tmp_path)
    assert key_state(tmp_path) is KeyStorage.NONE
    assert open_signing_key(tmp_path, passphrase=lambda: SECRET).public_key != first.public_key
    assert len(list((tmp_path / "keys").iterdir())) == 2


def test_in_a_keyring_the_home_holds_no_secret(tmp_path: Path, real: None) -> None:
    backend = Backend()
    key = open_signing_key(tmp_path, vault=TimedKeyring(backend))
    assert key_state(tmp_path) is KeyStorage.KEYRING
    assert len(backend.values) == 1
    assert open_signing_key(tmp_path, vault=TimedKeyring(backend)).public_key == key.public_key
    for file in (f for f in tmp_path.rglob("*") if f.is_file()):
        assert keys.b64url(key.seed()) not in file.read_text()


def test_two_homes_on_one_machine_have_two_keys(tmp_path: Path, real: None) -> None:
    backend = Backend()
    one, two = (open_signing_key(tmp_path / name, vault=TimedKeyring(backend)) for name in ("one", "two"))
    assert one.public_key != two.public_key
    assert open_signing_key(tmp_path / "one", vault=TimedKeyring(backend)).public_key == one.public_key


def test_crd_4_a_keyring_that_lost_the_key_is_told_and_no_new_key_slips_in(tmp_path: Path, real: None) -> None:
    open_signing_key(tmp_path, vault=TimedKeyring(Backend()))
    other = TimedKeyring(Backend())
    error = problem(lambda: open_signing_key(tmp_path, vault=other, passphrase=lambda: SECRET))
    assert (error.code, error.facts["detail"]) == (ErrorCode.KEY_UNAVAILABLE, "not_there")
    assert key_state(tmp_path) is KeyStorage.KEYRING


def test_crd_2_a_refused_prompt_leads_to_the_passphrase(tmp_path: Path, real: None, quick: None) -> None:
    class Locked(Backend):
        __module__, __qualname__ = Backend.__module__, Backend.__qualname__

        def set_password(self, service: str, username: str, password: str) -> None:
            raise SecretService.KeyringLocked("dismissed")

    locked = TimedKeyring(Locked())
    assert problem(lambda: open_signing_key(tmp_path, vault=locked)).code is ErrorCode.KEY_PASSPHRASE_NEEDED
    open_signing_key(tmp_path, vault=locked, passphrase=lambda: SECRET)
    assert key_state(tmp_path) is KeyStorage.FILE


@pytest.fixture
def hanging(real: None) -> Iterator[Hanging]:
    """A hanging back end that is let go at the end, so that no thread stays behind."""
    backend = Hanging()
    yield backend
    backend.let_go.set()
    for thread in [t for t in threading.enumerate() if t.name == "keyring"]:
        thread.join(10)


def test_crd_3_a_hanging_keyring_is_given_up(tmp_path: Path, hanging: Hanging, quick: None) -> None:
    error = problem(lambda: TimedKeyring(hanging, 0.05).get("a", "b"))
    assert (error.code, error.facts["detail"]) == (ErrorCode.KEY_UNAVAILABLE, "timeout")
    open_signing_key(tmp_path, vault=TimedKeyring(hanging, 0.05), passphrase=lambda: SECRET)
    assert key_state(tmp_path) is KeyStorage.FILE


def test_within_gives_the_name_of_a_failure_and_nothing_more() -> None:
    error = problem(lambda: within(lambda: open("/nowhere/secret"), 5.0))  # noqa: PTH123, SIM115
    assert error.facts == {"detail": "FileNotFoundError"}


@pytest.mark.parametrize("backend", [null.Keyring, fail.Keyring, Backend])
def test_crd_7_a_back_end_that_is_not_a_real_one_is_refused(backend: type[KeyringBackend]) -> None:
    assert problem(lambda: TimedKeyring(backend())).facts["detail"] == "not_allowed"


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
    assert [line.split()[0] for line in lines] == ["file", "file"]
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


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
def test_a_kill_while_a_key_is_written_leaves_a_whole_file_or_none(tmp_path: Path) -> None:
    for turn in range(2):
        home = tmp_path / str(turn)
        child = subprocess.Popen([sys.executable, "-c", MAKE_KEYS, home], stdout=subprocess.PIPE)
        assert child.stdout is not None
        child.stdout.readline()
        random_moment(random.Random(turn), 0.1)
        child.send_signal(signal.SIGKILL)
        child.stdout.close()
        child.wait()
        written = list(home.glob("*/key.json"))
        assert written
        for file in written:
            keyfile.KeyBox.model_validate_json(file.read_bytes())


def test_asking_where_the_key_is_touches_no_keyring(tmp_path: Path, hanging: Hanging) -> None:
    assert key_state(tmp_path) is KeyStorage.NONE
    assert [t for t in threading.enumerate() if t.name == "keyring"] == []


def test_whether_a_keyring_works_is_a_question_that_ends(no_keyring: None) -> None:
    assert find_vault() is None
    assert keyring_works() is False
