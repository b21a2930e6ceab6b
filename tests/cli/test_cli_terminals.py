"""Terminals and pipes of any encoding, closed, full or gone: nothing that is said ends in a traceback."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from perfstudio.cli import terminal
from perfstudio.cli.main import VERBS, run
from perfstudio.cli.output import Output
from rigs.languages import ALL, compiled, spoken
from rigs.shortened import shortened
from rigs.systems import no_wine, posix_only
from rigs.verbs import Type

TOP = Path(__file__).resolve().parents[2]
ENCODINGS = ("ascii", "iso-8859-1", "cp437", "cp850", "cp1252", "cp932", "euc-jp", "koi8-r", "utf-8", "utf-16")
KINDS = ("ascii", "cp437", "cp932", "utf-8", "utf-16")
"""One of each kind: seven bits, eight, one or two bytes a letter, one to four, always two."""
HARD = "Türen 🚪 – “größer” … 扉 \udcff"
"""A title with what one encoding or another lacks, and a byte that is no text in any."""
PLAIN = 'Turen ? - "grosser" ... ? ?'


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A pack whose title no eight-bit terminal can show."""
    readme = (TOP / "README.md").read_text("utf-8")
    written = re.search(r"```json\n(\{\n  \"format\": \"perfstudio-pack/1\".*?)\n```", readme, re.DOTALL)
    assert written is not None
    document = json.loads(written[1]) | {"title": HARD.replace("\udcff", "").strip()}
    file = tmp_path / "emoji.perfpack"
    with zipfile.ZipFile(file, "w") as out:
        out.writestr("pack.json", json.dumps(document, ensure_ascii=False))
    return file


Speak = Callable[..., tuple[int, bytes, bytes]]


@pytest.fixture
def speak(monkeypatch: pytest.MonkeyPatch) -> Speak:
    """Runs a verb here, with streams of an encoding; its exit code and what came out, as bytes."""

    def in_encoding(encoding: str, *words: str | Path) -> tuple[int, bytes, bytes]:
        out, err = io.BytesIO(), io.BytesIO()
        with monkeypatch.context() as patched:
            patched.setattr(sys, "stdout", io.TextIOWrapper(out, encoding, errors="strict", write_through=True))
            patched.setattr(sys, "stderr", io.TextIOWrapper(err, encoding, errors="strict", write_through=True))
            try:
                code = run([str(word) for word in words])
            except SystemExit as ended:
                code = int(ended.code or 0)
            said, warned = out.getvalue(), err.getvalue()
        return code, said, warned

    return in_encoding


@pytest.mark.parametrize("encoding", shortened(ENCODINGS, lambda _, encoding: encoding in KINDS))
def test_every_encoding_shows_what_it_can(speak: Speak, encoding: str, pack: Path, home: Path) -> None:
    code, said, _ = speak(encoding, "packs", "validate", pack)
    assert code == 0
    text = said.decode(encoding)
    assert text.startswith("T")
    assert "ren" in text
    code, said, _ = speak(encoding, "packs", "import", pack)
    assert code == 0
    code, said, _ = speak(encoding, "packs", "list")
    assert "Thresholds".lower() in said.decode(encoding).lower() or "ren" in said.decode(encoding)
    for words in (["--help"], *([verb, "--help"] for verb in VERBS)):
        code, said, _ = speak(encoding, *words)
        assert code == 0
        assert said.decode(encoding).startswith("usage: perfstudio")
    code, _, warned = speak(encoding, "record", "x", "--fps", HARD)
    assert code == 2
    assert "argument --fps: must be a number above zero" in warned.decode(encoding)
    code, _, warned = speak(encoding, "takes", "show", HARD)
    assert code == 1
    assert "There is no take" in warned.decode(encoding)
    code, _, warned = speak(encoding, "check", f"{HARD}.mp4")
    assert code == 1
    assert "There is no file" in warned.decode(encoding)


@pytest.mark.parametrize("encoding", shortened(ENCODINGS, lambda _, encoding: encoding in KINDS))
def test_json_is_utf_8_whatever_the_terminal(speak: Speak, encoding: str, pack: Path) -> None:
    speak("utf-8", "packs", "import", pack)
    code, said, _ = speak(encoding, "packs", "list", "--json")
    assert code == 0
    assert HARD.replace("\udcff", "").strip() in [one["title"] for one in json.loads(said.decode("utf-8"))]
    assert said.isascii() or encoding == "utf-8"


@pytest.mark.parametrize("encoding", ["ascii", "cp437", "utf-8"])
def test_a_path_that_is_no_text_can_be_said(monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding))
    terminal.prepare()
    Output(as_json=False).say(HARD)
    said = raw.getvalue().decode(encoding)
    assert said.strip() == (HARD.replace("\udcff", "?") if encoding == "utf-8" else said.strip())
    if encoding == "ascii":
        assert said.strip() == PLAIN
    Output(as_json=True).document({"path": "\udcff", "name": "Größe"})
    assert json.loads(raw.getvalue()[len(said.encode(encoding)) :])["name"] == "Größe"


def said_into(stdout: int, *words: str) -> subprocess.CompletedProcess[bytes]:
    """What came of a verb of which this is the standard output."""
    program = [sys.executable, "-m", "perfstudio", *words]
    return subprocess.run(program, stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.PIPE, check=False)


@pytest.mark.parametrize(
    "words",
    shortened([["--help"], ["packs", "list"], ["packs", "list", "--json"], ["record", "--help"]], lambda n, _: n < 2),
    ids=" ".join,
)
def test_who_stops_reading_has_read_enough(words: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = said_into(writing, *words)
    os.close(writing)
    assert done.returncode in (0, 1), "argparse, where it writes at once, does not tell"
    assert done.stderr == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_behind_the_output_is_said() -> None:
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        done = said_into(full.fileno(), "packs", "list")
    assert (done.returncode, done.stderr.decode().strip()) == (1, terminal.NOT_WRITTEN)


CLOSED = """
import os, sys
for number in map(int, sys.argv[1].split(",")):
    os.close(number)
os.execv(sys.executable, [sys.executable, "-m", "perfstudio", *sys.argv[2:]])
"""


SPOKEN_INTO = {
    (closed, words)
    for closed in ("1", "2", "1,2", "0,1,2")
    for words in ("packs list --json", "packs list", "takes show x", "--help")
}
IN_SHORT = {("1", "packs list --json"), ("2", "takes show x"), ("1,2", "takes show x"), ("0,1,2", "packs list --json")}


@posix_only("exec begins another process there, and this one ends")
@pytest.mark.parametrize("case", shortened(sorted(SPOKEN_INTO), lambda _, case: case in IN_SHORT), ids=" ".join)
def test_closed_streams_swallow_what_is_said(case: tuple[str, str]) -> None:
    closed, words = case
    program = [sys.executable, "-ISc", CLOSED, closed, *words.split()]
    done = subprocess.run(program, capture_output=True, check=False)
    assert done.returncode == (1 if words.startswith("takes") else 0), done.stderr
    assert b"Traceback" not in done.stderr + done.stdout


@no_wine("a file's name is UTF-8 there, and half a letter is none")
@pytest.mark.parametrize("around", [{"PYTHONIOENCODING": "ascii"}, {}], ids=["ascii", "utf-8"])
def test_bytes_that_are_no_text_in_an_argument(perfstudio: Type, tmp_path: Path, around: dict[str, str]) -> None:
    answer = perfstudio("check", tmp_path / "\udcff\udcfe.mp4", **around)
    assert answer.code == 1
    assert "There is no file" in answer.err
    answer = perfstudio("--json", "--home", tmp_path / "h\udcff", "rebuild", **around)
    assert answer.code == 0, answer.err
    assert answer.json


QUICK = """
import io, json, sys
from functools import cache
from perfstudio.capture.devices import scan
from perfstudio.cli.main import run

scan.scan_apart = cache(scan.scan_apart)  # one look, by a process that speaks this language, too

def say(*words):
    code, before = 0, len(sys.stdout.buffer.getvalue())
    try:
        code = run(words)
    except SystemExit as ended:
        code = ended.code
    codes.append(code)
    return sys.stdout.buffer.getvalue()[before:]

codes, out = [], sys.stdout
sys.stdout = io.TextIOWrapper(io.BytesIO(), out.encoding, out.errors, write_through=True)
for words in (["--help"], ["takes", "--help"], ["packs", "list"], ["takes", "list"], ["doctor"],
              ["calibrate", "--list"], ["packs", "validate", sys.argv[1]],
              ["packs", "import", sys.argv[1]], ["packs", "list"], ["rebuild"]):
    say(*words)
for words in (["packs", "list"], ["takes", "list"], ["devices"]):
    json.loads(say("--json", *words).decode("utf-8"))
refused = [["takes", "show", "größer \\udcff"], ["check", "gone.mp4"], ["verify", "gone"], ["record", "größer"],
           ["record", "x", "--seconds", "größer"], ["dance"]]
for words in refused:
    say(*words)
print(*codes, file=out)
"""
"""Every verb that is quick, one after another in one process; the exit codes."""


@posix_only("a language of the system is no file that a test can make")
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "languages", [("C", "de_DE.ISO-8859-1"), pytest.param(ALL, marks=pytest.mark.soak)], ids=["some", "all"]
)
def test_quick_verbs_work_in_every_language(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, pack: Path, languages: tuple[str, ...]
) -> None:
    """All these languages at once."""
    folder = compiled(tmp_path_factory.getbasetemp(), languages)
    program = tmp_path / "quick.py"
    program.write_text(QUICK, encoding="utf-8")
    begun = {
        language: subprocess.Popen(
            [sys.executable, program, pack],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=os.environ | spoken(language, folder) | {"PERFSTUDIO_HOME": str(tmp_path / language)},
        )
        for language in languages
    }
    answers = {language: process.communicate() for language, process in begun.items()}
    for language, (said, warned) in answers.items():
        assert begun[language].returncode == 0, (language, warned)
        assert b"Traceback" not in warned, (language, warned)
        codes = [int(code) for code in said.split()]
        assert (set(codes[:-6]), codes[-6:]) == ({0}, [1, 1, 1, 1, 2, 2]), (language, codes, warned)


@no_wine("a file's name is UTF-8 there, and half a letter is none")
@pytest.mark.parametrize("encoding", ["ascii", "cp437", "euc-jp"])
def test_the_installer_speaks_into_any_terminal(tmp_path: Path, encoding: str) -> None:
    folder = tmp_path / "größer 扉 \udcff"
    folder.mkdir()
    say = "import sys; sys.path.insert(0, sys.argv[1]); import system; system.speak_plainly(); system.say(sys.argv[2])"
    for command in (
        [sys.executable, TOP / "installer" / "bootstrap.py", "--help"],
        [sys.executable, "-c", say, TOP / "installer", folder],
    ):
        done = subprocess.run(
            command, capture_output=True, check=False, env=os.environ | {"PYTHONIOENCODING": encoding}
        )
        assert done.returncode == 0, done.stderr
        assert (done.stdout + done.stderr).decode(encoding)


def test_who_stops_reading_the_installer_has_read_enough() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, TOP / "installer" / "bootstrap.py"], stdout=writing, stderr=subprocess.PIPE, check=False
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (2, b"")
