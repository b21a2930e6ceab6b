"""`consent sign` and `show`: everything is read before it is signed, and every state of the key has true words."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend

from perfstudio.cli import passphrase
from perfstudio.cli.main import run
from perfstudio.consent import keyfile, vault
from perfstudio.model.clock import utc_now
from perfstudio.model.consent import UseId
from perfstudio.model.device import PRACTICE, DeviceSelection, MicrophoneRequest
from perfstudio.model.labels import Labels
from perfstudio.paths import AppPaths
from perfstudio.session.headless.record import RecordingHooks, record_take
from perfstudio.session.home import Home
from rigs.asking_pack import asking_pack, example_pack, write_pack

SECRET = "three calm horses"
TAKE = "own-door/1"
THOUGHT_OVER = "store_review"
"""The line of the pack at which a performer is told to stop and think."""
NOT_YET = "There is no signing key here yet"
PROTECTED = "protected by a passphrase"


class Keyring(KeyringBackend):
    """A keyring in memory, whose `trouble` is raised instead of an answer."""

    priority = 1.0  # type: ignore[assignment]
    values: dict[tuple[str, str], str] = {}  # noqa: RUF012 - one keyring for all who open it
    trouble: Exception | None = None

    def get_password(self, service: str, username: str) -> str | None:
        self._ask()
        return self.values.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._ask()
        self.values[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self.values.pop((service, username), None)

    def _ask(self) -> None:
        if self.trouble is not None:
            raise self.trouble


class KeyringLocked(Exception):  # noqa: N818 - as the keyring library calls it
    """The desktop's prompt was put away."""


def recorded(folder: Path, pack: dict[str, object]) -> Path:
    with Home(AppPaths(folder / "home")) as home:
        home.scenes.import_pack(write_pack(folder / "p.perfpack", pack))
        pair = DeviceSelection(camera=None, microphone=MicrophoneRequest(id=PRACTICE))
        for prompt in ("thresholds/own-door", "the-letter"):
            home.takes.keep(record_take(home, prompt, pair, 1.2, RecordingHooks(threading.Event())).take_id)
    return folder / "home"


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a kept take of a pack that asks for much, and one of the practice room."""
    return recorded(tmp_path_factory.mktemp("asked"), asking_pack())


@dataclass
class Desk:
    """A performer at a computer."""

    home: Path
    capsys: pytest.CaptureFixture[str]

    def type(self, *words: str) -> tuple[int, str, str]:
        code = run(["consent", *words, "--home", str(self.home)])
        said = self.capsys.readouterr()
        return code, said.out, said.err

    def sign(self, uses: str = "store_review", name: str = "Ines Example", *more: str) -> tuple[int, str, str]:
        return self.type("sign", TAKE, "--uses", uses, "--name", name, "--adult", "--thought-over", THOUGHT_OVER, *more)

    def sign_again(self) -> tuple[int, str, str]:
        """The other take, by somebody who has signed before."""
        return self.type("sign", TAKE, "--uses", "store_review", "--name", "Ines", "--thought-over", THOUGHT_OVER)

    @property
    def key(self) -> Path:
        return self.home / "keys" / "signing-key.json"

    def signed(self) -> bool:
        return any(self.home.glob("takes/*/consent.json"))


@pytest.fixture
def desk(asked: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Desk:
    """No keyring, no terminal, no passphrase file."""
    shutil.copytree(asked, tmp_path / "home")
    monkeypatch.setattr(vault, "REAL_BACKENDS", ())
    monkeypatch.setattr(keyfile, "STRETCH", 1 << 14)
    monkeypatch.delenv(passphrase.VARIABLE, raising=False)
    monkeypatch.setattr(sys, "stdin", None)
    capsys.readouterr()
    return Desk(tmp_path / "home", capsys)


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Keyring]]:
    """A keyring that works, until its `trouble` is set."""
    monkeypatch.setattr(vault, "REAL_BACKENDS", (f"{Keyring.__module__}.{Keyring.__qualname__}",))
    yield Keyring
    Keyring.values, Keyring.trouble = {}, None


Types = Callable[..., list[str]]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Types:
    """Somebody who types these lines; the answer collects what they were asked."""

    class Terminal:
        def isatty(self) -> bool:
            return True

    def types(*lines: str) -> list[str]:
        asked, left = [], list(lines)

        def typed(prompt: str) -> str:
            asked.append(prompt)
            if not left:
                raise EOFError
            return left.pop(0)

        monkeypatch.setattr(sys, "stdin", Terminal())
        monkeypatch.setattr(passphrase.getpass, "getpass", typed)
        return asked

    return types


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that the variable names."""
    made = tmp_path / "passphrase.txt"
    made.write_text(f"{SECRET}\n")
    monkeypatch.setenv(passphrase.VARIABLE, str(made))
    return made


# what is signed is read first

WORDS = (
    "Two named reviewers watch the take and rate it.",
    "stored, watched by reviewers and published",
    "2 years",
    "EU and Norway",
    "Anyone whom North Lab names",
    "those who receive it may let others use it, too",
    "software alone may decide about you",
    "Servers in Leeds",
    "Deleted within 30 days.",
    "Nobody can study what nobody may keep.",
    "Audio drama and Trailers",
    "they need not ask you again",
    "Every script",
    "you may allow it to nobody else",
    "During a strike of your union",
    "may stay",
    "A vault that two people open together",
    "$74 an hour while rolling and labelling",
    "once for this use",
    "North Lab Ltd, 1 Example Street, Leeds",
    "takes@north-lab.example",
    "The full terms, in plain words.",
)


def test_sign_shows_everything_before_it_signs_and_in_the_receipt(desk: Desk, file: Path) -> None:
    code, out, _ = desk.sign("store_review,replica_voice", "Ines Example", "--advised-by", "union")
    assert code == 0
    before, _, receipt = out.partition("Consent of Ines Example to North Lab")
    for part in (before, " ".join(receipt.split())):
        for words in WORDS:
            assert words in part
    assert "Advised by: a union" in receipt
    assert "uses named and name typed in a terminal" in " ".join(receipt.split()), "no box was ticked"


def test_what_is_not_signed_was_shown_all_the_same(desk: Desk) -> None:
    code, out, _ = desk.sign()
    assert code == 1
    for words in WORDS:
        assert words in out


def test_show_says_the_same_before_and_the_receipt_after(desk: Desk, file: Path) -> None:
    _, before, _ = desk.type("show", TAKE)
    desk.sign("store_review,replica_voice")
    _, after, _ = desk.type("show", TAKE)
    for words in WORDS:
        assert words in before
        assert words in " ".join(after.split())
    assert after.count("The full terms, in plain words.") == 1
    code, document, _ = desk.type("show", TAKE, "--json")
    assert code == 0
    for name in ("sublicense", "storage", "processing", "automated_decisions", "deletion_on_exit", "granted"):
        assert f'"{name}"' in document


def test_the_example_of_the_readme_contradicts_itself_nowhere(desk: Desk, file: Path, tmp_path: Path) -> None:
    desk.home = recorded(tmp_path / "example", example_pack())
    code, out, _ = desk.sign()
    assert code == 0
    assert "$74 an hour while rolling and labelling" in out
    assert "no pay" not in out
    assert "Pay: none" not in out


def test_stop_and_think_is_thought_over_line_by_line(desk: Desk, file: Path) -> None:
    words = ("sign", TAKE, "--uses", "store_review,replica_voice", "--name", "Ines Example", "--adult")
    for thought in ((), ("--thought-over", "replica_voice,text"), ("--thought-over", "yes")):
        code, out, err = desk.type(*words, *thought)
        assert code == 1
        assert "add `--thought-over store_review`." in err
        assert out.index("Stop and think") > out.index("The full terms, in plain words."), "all is shown first"
        assert "SAG-AFTRA" in out, "and what it rests on"
        assert not desk.signed()
        assert not desk.key.exists()
    advised = ("--advised-by", "counsel", "--adviser", " Ada\tCounsel ")
    code, out, _ = desk.type(*words, "--thought-over", " text, store_review", *advised)
    assert code == 0
    receipt = out.partition("Consent of Ines Example to North Lab")[2]
    assert "What you were told before you signed" in receipt
    assert "Stop and think" in receipt
    assert "Advised by: a lawyer: Ada Counsel" in receipt
    code, document, _ = desk.type("show", TAKE, "--json")
    told = json.loads(document)["warnings"]
    assert {"rule", "grade", "use", "quote", "source"} <= set(told[0])
    assert {one["use"] for one in told if one["grade"] == "stop"} == {"store_review"}


def test_age_is_stated_once_before_the_first_signature(desk: Desk, file: Path) -> None:
    words = ("sign", "the-letter/1", "--uses", "store_review", "--name", "Ines")
    code, _, err = desk.type(*words)
    assert code == 1
    assert "Say first that you are 18 or older: add `--adult`." in err
    assert not desk.signed()
    assert not desk.key.exists()
    code, out, _ = desk.type(*words, "--adult")
    assert code == 0
    assert "Age: 18 or older, as you stated" in out
    code, out, _ = desk.sign_again()
    assert code == 0, "it is asked for once"
    assert "Age: 18 or older, as you stated" in out


def test_a_clock_in_doubt_signs_nothing_until_it_is_said_to_be_right(desk: Desk, file: Path) -> None:
    ahead = utc_now() + timedelta(days=400)
    known = desk.home / "known-time.json"
    known.write_text(json.dumps({"format": "perfstudio-known-time/1", "highest": ahead.isoformat(), "by": "north-lab"}))
    code, _, err = desk.sign()
    assert code == 1
    assert "but it should be about" in err
    assert "by the clock of north-lab" in err
    assert "add `--clock-is-right`" in err
    assert not desk.signed()
    code, _, _ = desk.sign("store_review", "Ines Example", "--clock-is-right")
    assert code == 0
    assert datetime.fromisoformat(json.loads(known.read_text())["highest"]) < ahead


def test_what_is_fair_asks_for_no_second_thought(desk: Desk, file: Path) -> None:
    code, out, _ = desk.type("sign", "the-letter/1", "--uses", "store_review", "--name", "Ines", "--adult")
    assert code == 0
    assert "Stop and think" not in out
    assert "You were told" not in out
    code, document, _ = desk.type("show", "the-letter/1", "--json")
    assert json.loads(document)["changed"] is None


# what a take still needs


def test_after_signing_the_next_step_is_named(desk: Desk, file: Path) -> None:
    words = ("--uses", "store_review", "--name", "Ines", "--adult")
    _, out, _ = desk.type("sign", "the-letter/1", *words)
    assert "waits for a label: `perfstudio takes label" in out
    desk.type("withdraw", "the-letter/1")
    with Home(AppPaths(desk.home)) as home:
        home.takes.label(home.takes.find("the-letter/1"), Labels(meant=("joy",)))
    _, out, _ = desk.type("sign", "the-letter/1", *words)
    assert out.rstrip().endswith("It goes with the next `perfstudio deliver`.")
    _, out, _ = desk.sign()
    assert "goes to a receiver that is for practice" in out, "a practice device made it for a real studio"


def test_signing_twice_says_that_it_stands_and_asks_for_nothing(desk: Desk, file: Path) -> None:
    desk.sign()
    file.unlink()
    code, _, err = desk.sign()
    assert code == 1
    assert "signed already" in err
    assert "sign again" not in err


@pytest.mark.parametrize(
    ("uses", "name", "said"),
    [
        ("store_review", "  ", "name is missing"),
        ("replica_voice", "Ines", "needs your yes"),
        ("store_review,wings", "Ines", "wings"),
    ],
)
def test_what_cannot_be_signed_asks_for_no_passphrase_and_makes_no_key(
    desk: Desk, terminal: Types, uses: str, name: str, said: str
) -> None:
    asked = terminal(SECRET, SECRET)
    code, _, err = desk.sign(uses, name)
    assert (code, asked, desk.key.exists()) == (1, [], False)
    assert said in err


def test_the_name_of_who_advised_is_looked_at_before_the_key_is(desk: Desk, terminal: Types) -> None:
    asked = terminal(SECRET, SECRET)
    code, _, err = desk.sign("store_review", "Ines", "--advised-by", "union", "--adviser", "E" * 201)
    assert (code, asked, desk.key.exists()) == (1, [], False)
    assert "too long: 200 letters are the most" in err


# no key yet


def test_without_key_keyring_and_terminal_it_says_what_to_do(desk: Desk) -> None:
    code, _, err = desk.sign()
    assert code == 1
    assert NOT_YET in err
    assert passphrase.VARIABLE in err
    assert PROTECTED not in err
    assert not desk.key.exists()
    assert not desk.signed()


def test_a_new_key_is_announced_and_its_passphrase_typed_twice(desk: Desk, terminal: Types) -> None:
    asked = terminal("short", SECRET, "another one", SECRET, SECRET)
    code, out, err = desk.sign()
    assert code == 0
    assert NOT_YET in err
    assert [prompt.startswith("New passphrase") for prompt in asked] == [True, True, False, True, False]
    assert "at least 8" in err
    assert "differ" in err
    assert "Your signing key was made" in out
    assert desk.signed()


@pytest.mark.parametrize("lines", [(), ("",), (SECRET, "")])
def test_who_would_rather_not_has_changed_nothing(desk: Desk, terminal: Types, lines: tuple[str, ...]) -> None:
    terminal(*lines)
    code, _, err = desk.sign()
    assert code == 1
    assert "Nothing was changed" in err
    assert not desk.key.exists()


def test_a_keyring_takes_the_new_key_and_nothing_is_asked(desk: Desk, keyring: object, terminal: Types) -> None:
    asked = terminal()
    code, out, err = desk.sign()
    assert (code, asked, err) == (0, [], "")
    assert "It lies in this computer's keyring." in out


def test_a_keyring_that_refuses_leads_to_a_new_passphrase(desk: Desk, keyring: type[Keyring], terminal: Types) -> None:
    keyring.trouble = KeyringLocked()
    asked = terminal(SECRET, SECRET)
    code, out, err = desk.sign()
    assert code == 0
    assert len(asked) == 2
    assert NOT_YET in err
    assert "under your passphrase" in out


# a key in a file


def test_a_locked_key_without_a_terminal_says_what_to_do(
    desk: Desk, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.sign()
    monkeypatch.delenv(passphrase.VARIABLE)
    code, _, err = desk.type("withdraw", TAKE)
    assert code == 1
    assert PROTECTED in err
    assert passphrase.VARIABLE in err
    assert NOT_YET not in err


def test_a_locked_key_asks_once_and_a_wrong_passphrase_changes_nothing(desk: Desk, terminal: Types) -> None:
    terminal(SECRET, SECRET)
    desk.sign()
    asked = terminal("three wild horses")
    code, _, err = desk.type("withdraw", TAKE)
    assert (code, asked) == (1, ["The passphrase of your signing key: "])
    assert "not the passphrase" in err
    assert "Nothing was changed" in err
    asked = terminal(SECRET)
    assert desk.type("withdraw", TAKE)[0] == 0
    assert len(asked) == 1


def test_a_wrong_passphrase_names_the_file_it_came_from(desk: Desk, file: Path) -> None:
    desk.sign()
    file.write_text("three wild horses")
    code, _, err = desk.type("withdraw", TAKE)
    assert code == 1
    assert str(file) in err
    assert "not the passphrase" in err


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda file: file.unlink(), "missing"),
        (lambda file: (file.unlink(), file.mkdir()), "cannot be read"),
        (lambda file: file.write_bytes(b" \r\n"), "empty"),
        (lambda file: file.write_bytes(b"\xff\xfe\x00"), "not UTF-8"),
    ],
)
def test_a_file_that_gives_no_passphrase_is_named(
    desk: Desk, file: Path, spoil: Callable[[Path], object], said: str
) -> None:
    spoil(file)
    code, _, err = desk.sign()
    assert code == 1
    assert str(file) in err
    assert said in err
    assert len(err.strip().splitlines()) == 1
    assert not desk.key.exists()


@pytest.mark.parametrize("written", [f"{SECRET}\r\n", f"\ufeff{SECRET}\n", SECRET])
def test_the_file_may_come_from_any_editor(desk: Desk, file: Path, written: str) -> None:
    desk.sign()
    file.write_bytes(written.encode())
    assert desk.type("withdraw", TAKE)[0] == 0


def test_a_damaged_key_is_said_and_hides_nothing(desk: Desk, file: Path) -> None:
    desk.key.write_text("{")
    assert desk.type("show", TAKE)[0] == 0
    code, _, err = desk.sign()
    assert code == 1
    assert "keys/signing-key.json" in err
    assert "move it" in err
    desk.key.rename(desk.key.with_name("old.json"))
    assert desk.sign()[0] == 0, "as the sentence said"


# a key in a keyring


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (lambda keyring, patch: setattr(keyring, "trouble", KeyringLocked()), "locked"),
        (lambda keyring, patch: setattr(keyring, "values", {}), "no longer has it"),
        (lambda keyring, patch: patch.setattr(vault, "REAL_BACKENDS", ()), "none answers here"),
    ],
)
def test_a_keyring_without_the_key_says_why_and_asks_for_no_passphrase(
    desk: Desk,
    keyring: type[Keyring],
    terminal: Types,
    *,
    monkeypatch: pytest.MonkeyPatch,
    trouble: Callable[[type[Keyring], pytest.MonkeyPatch], object],
    said: str,
) -> None:
    assert desk.sign()[0] == 0
    trouble(keyring, monkeypatch)
    asked = terminal(SECRET, SECRET)
    code, _, err = desk.type("withdraw", TAKE)
    assert (code, asked) == (1, [])
    assert said in err
    assert "passphrase" not in err
    keyring.trouble = None


# as it is typed


@pytest.mark.skipif(os.name != "posix", reason="a terminal of its own is a thing of posix")
def test_a_whole_signature_at_a_real_terminal(desk: Desk) -> None:
    import pty

    ours, theirs = pty.openpty()
    words = [sys.executable, "-m", "perfstudio", "consent", "sign", TAKE, "--uses", "store_review", "--name", "Ines"]
    words += ["--adult", "--thought-over", THOUGHT_OVER]
    env = {**os.environ, "PERFSTUDIO_HOME": str(desk.home), "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"}
    with subprocess.Popen(
        words, stdin=theirs, stdout=subprocess.DEVNULL, stderr=theirs, env=env, start_new_session=True
    ) as signing:
        os.close(theirs)
        seen = _until(ours, b"New passphrase")
        os.write(ours, f"{SECRET}\n".encode())
        seen += _until(ours, b"again")
        os.write(ours, f"{SECRET}\n".encode())
        _until(ours, None)
        assert signing.wait(timeout=100) == 0
    os.close(ours)
    assert NOT_YET.encode() in seen
    with Home(AppPaths(desk.home)) as home:
        assert home.consents.record(home.takes.find(TAKE)).granted() == {UseId.STORE_REVIEW}


def _until(terminal: int, words: bytes | None) -> bytes:
    seen = b""
    while words is None or words not in seen:
        try:
            more = os.read(terminal, 4096)
        except OSError:  # the other end is closed
            break
        if not more:
            break
        seen += more
    return seen


def test_settings_that_were_damaged_are_said_once_on_stderr(desk: Desk) -> None:
    (desk.home / "settings.json").write_bytes(b"{")
    _, _, err = desk.type("show", TAKE)
    assert "settings.unreadable.json" in err
    assert desk.type("show", TAKE)[2] == ""


# the receipt as a file


@pytest.mark.usefixtures("qapp")
def test_a_receipt_is_saved_as_three_kinds_and_each_is_found_again(
    desk: Desk, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.sign()
    monkeypatch.chdir(tmp_path)
    for kind, suffix in (("html", "html"), ("json-ld", "jsonld"), ("pdf", "pdf")):
        code, out, err = desk.type("export", TAKE, "--as", kind, "--json")
        told = json.loads(out)
        assert (code, err, Path(told["file"]).suffix) == (0, "", f".{suffix}")
        assert Path(told["file"]).stat().st_size > 5_000
        for paper in (told["file"], told["verification_code"], told["verification_code"].lower().replace("-", " ")):
            code, out, err = desk.type("verify", paper)
            assert (code, err) == (0, "")
            assert "as it stands now" in out
        assert desk.type("export", TAKE, "--as", kind)[0] == 1, "a file that is there stays"
    desk.type("withdraw", TAKE)
    code, out, err = desk.type("verify", told["file"])
    assert (code, out) == (1, "")
    assert "It says what was, not what is." in err
    assert "Taken back: Keep this take" in err
    assert "Word for word" in err
    code, out, _ = desk.type("verify", told["verification_code"], "--json", "--in", str(desk.home / "takes"))
    found = json.loads(out)
    assert (code, found["match"], found["holds"], found["stands"]) == (1, "earlier", False, [])
    assert (found["acts_then"], found["acts_now"]) == (2, 3)


def test_without_a_screen_a_pdf_is_saved_too(desk: Desk, file: Path, tmp_path: Path) -> None:
    desk.sign()
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "perfstudio",
            "consent",
            "export",
            TAKE,
            "--home",
            desk.home,
            "--to",
            tmp_path / "r.pdf",
        ],
        env={name: value for name, value in os.environ.items() if name not in screens},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "The receipt is saved as" in done.stdout
    assert (tmp_path / "r.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("export", TAKE), "No consent has been signed"),
        (("verify", "K7QF"), "neither a file nor a verification code"),
        (("verify", "K7QF-4M2K-D9XT-AB1V-E3C6-90ZH"), "No consent record here has the code K7QF-4M2K"),
        (("verify", "K7QF-4M2K-D9XT-AB1V-E3C6-90ZH", "--in", "nowhere"), "There is no consent record in “nowhere”"),
        (("verify", __file__), "is no receipt that can be read here"),
    ],
)
def test_what_cannot_be_saved_or_found_is_told(desk: Desk, words: tuple[str, ...], said: str) -> None:
    code, out, err = desk.type(*words)
    assert (code, out) == (1, "")
    assert said in err
