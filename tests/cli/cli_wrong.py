"""Wrong values for the command line: of every kind that a person, a script or a broken disk may bring."""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from perfstudio.cli import main
from rigs.systems import WINDOWS

WORDS = (
    "", " ", "x", "-", "--", "---", "-1", "--seconds", "-h1", "--home=", "@file", "=", "a=b", "a b", "a\nb", "a\tb",
    "a\rb", "\x00", "a\x00b", "\x1b[31mred\x1b[0m", "\x07", "\x7f", "\x85", "\u2028", "\u202e", "\ufeff", "\udcff",
    "a\udc80b", "é", "e\u0301", "日本", "😀", "x" * 300, "x" * 5000, "é" * 200, "%s", "%n%n", "{}", "{0}", "{file}",
    "[x|y]", "$HOME", "~", "~nobody-here", "~root", "*", "?", "'", '"', "`", "\\", ";", "|", "null", "None", "true",
)  # fmt: skip
NUMBERS = (
    "0", "-0", "1", "-5", "0.5", "60.5", "1e3", "1e400", "-1e400", "nan", "NaN", "inf", "-inf", "1_000", "1,5", "1.",
    ".5", "0x10", "٣", "³", "½", "9" * 30, "9" * 5000, "1" * 400 + ".0", "65535", "65536", "99999", "-1", "1x1", "0x0",
    "1280x", "x720", "1280x720x2", "１２８０x720", "³x²", "99999999999x1", "+5", "1e-400", "5 s", "1:30",
)  # fmt: skip
IDS = (
    "the-letter", "practice/the-letter", "the-letter/1", "the-letter/999", "the-letter/-1", "the-letter/x", "/", "//",
    "a/b/c/d", "0" * 26, "z" * 26, "01jdabc", "01", "..", "../takes", "practice", "none", "practice?fail=busy",
    "practice?x", "practice?", "store_review", "store_review,", ",", "replica_voice", "performer", "clap", "live",
    "http://127.0.0.1:9/", "https://127.0.0.1:9/studio.json", "http://", "https://", "http://[::1", "http://[::1]:x/",
    "http://a:99999/", "ftp://a/", "file:///etc/passwd", "http://user:pass@127.0.0.1:9/", "HTTP://127.0.0.1:9",
    "rtsp://127.0.0.1:9/", "http://127.0.0.1:9/\n", "https://é.example:9/", "http://127.0.0.1:0/", "//a", "a.json",
)  # fmt: skip


def files(folder: Path) -> list[str]:
    """Paths that are there and are not what is asked for, and some that are not there."""
    made: dict[str, bytes] = {
        "empty": b"",
        "empty.json": b"",
        "binary": bytes(range(256)) * 40,
        "text.txt": b"these are notes\n",
        "latin.txt": b"caf\xe9\n",
        "utf16.json": '{"a": 1}'.encode("utf-16"),
        "number.json": b"5",
        "list.json": b"[]",
        "comma.json": b'{"a": 1,}',
        "deep.json": b"[" * 100_000,
        "zip.perfpack": b"PK\x03\x04" + b"\x00" * 40,
        "end.perfpack": b"PK\x05\x06" + b"\x00" * 18,
        "film.mp4": b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 100,
        "sound.wav": b"RIFF\xff\xff\xff\xffWAVEfmt ",
        "model.onnx": b"\x08\x07",
        "-dash.mp4": b"x",
        "é.json": b"{}",
        **({} if WINDOWS else {"long" * 60: b"x", "line\nbreak.mp4": b"x", os.fsdecode(b"na\xefve.mp4"): b"x"}),
    }
    for name, data in made.items():
        (folder / name).write_bytes(data)
    with zipfile.ZipFile(folder / "other.perfpack", "w") as archive:
        archive.writestr("pack.json", json.dumps({"format": "perfstudio-pack/9"}))
    (folder / "folder").mkdir()
    (folder / "folder.perfpack").mkdir()
    if not WINDOWS:
        (folder / "dangling").symlink_to(folder / "nowhere")
        (folder / "circle").symlink_to(folder / "circle")
        os.mkfifo(folder / "pipe")
    (folder / "hidden").mkdir()
    paths = [str(folder / name) for name in (*made, "other.perfpack", "folder", "folder.perfpack")]
    paths += [str(folder / name) for name in ("dangling", "circle", "pipe", "gone", "gone/deeper", "text.txt/below")]
    paths += [
        str(folder / ("x" * 300)),
        str(folder) + "/",
        f"{folder}/./folder/..",
        f"{folder}//folder",
        f"{folder}/a\x00b",
        str(folder) + "/d" * 400,
    ]
    return [*paths, *(OF_WINDOWS if WINDOWS else OF_LINUX), "/", ".", "..", "/root" * 300]


OF_LINUX = ("/dev/null", "/dev/full", "/proc/self/mem", "/proc/1/root/x", "/proc/nothing")
OF_WINDOWS = (
    "NUL", "nul.json", "CON.perfpack", "aux.mp4", "COM1", "lpt9.txt", "a.json.", "text.txt ", "text.txt:stream", "C:",
    "c:x", "Q:\\nothing", "\\\\nobody\\share\\take", "\\\\.\\NUL", "\\\\?\\C:\\nothing", "folder\\..\\text.txt",
    "a<b", "a|b", "a?b",
)  # fmt: skip
"""Names that lead to devices, or mean another thing than they say."""


GOOD = {"prompt": "the-letter", "camera": "none", "microphone": "practice", "take": "the-letter/1", "folder": "."}
GOOD |= {"uses": "store_review", "name": "A. Performer", "text": "a note", "meant": "grief", "path": ".", "file": "."}
"""What an argument would be when another one is wrong."""


@dataclass(frozen=True)
class Leaf:
    """One verb (with its sub-verb) and the arguments it takes."""

    words: tuple[str, ...]
    actions: tuple[argparse.Action, ...]

    def needed(self, but: argparse.Action | None = None) -> Iterator[str]:
        """The least that the verb asks for, besides one argument: harmless values of the right kind."""
        for action in self.actions:
            if action is not but and action.required:
                yield from (*action.option_strings[-1:], GOOD.get(action.dest, "nothing-here"))

    def with_value(self, action: argparse.Action, value: str) -> list[str]:
        """The verb typed with this value for this argument."""
        own = [f"{action.option_strings[-1]}={value}"] if action.option_strings else [value]
        return [*self.words, *own, *self.needed(action)]


def leaves() -> list[Leaf]:
    """Every verb and sub-verb that there is: a new one is found by itself."""
    found: list[Leaf] = []
    for verb in main.VERBS:
        parser = main._parser([verb], main._shared())
        below = next(a for a in parser._actions if isinstance(a, argparse._SubParsersAction))
        found += walk(below.choices[verb], (verb,))
    window = [a for a in main._parser([], main._shared())._actions if a.option_strings]
    return [*found, Leaf((), own(window))]


def walk(parser: argparse.ArgumentParser, words: tuple[str, ...]) -> list[Leaf]:
    below = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    if below:
        return [leaf for name, sub in below[0].choices.items() for leaf in walk(sub, (*words, name))]
    return [Leaf(words, (*own(parser._actions), *own(main._shared()._actions)))]


def own(actions: list[argparse.Action]) -> tuple[argparse.Action, ...]:
    """Those that take a value."""
    return tuple(
        a for a in actions if a.nargs != 0 and not isinstance(a, argparse._HelpAction | argparse._VersionAction)
    )


@dataclass(frozen=True)
class Said:
    """What came of typing something."""

    words: list[str]
    code: int
    out: str
    err: str


def typed(words: list[str], run: Callable[[list[str]], int] = main.run) -> Said:
    """Type it, in this process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = run(words)
        except SystemExit as end:
            code = int(end.code or 0)
    return Said(words, code, out.getvalue(), err.getvalue())


MACHINE_TALK = (
    "Traceback", "Errno", "errno", "sqlite3", "pydantic", "argparse", "Exception", "Error:", "_positive", "_finite",
    "invalid literal", "invalid float", "invalid int", "codec can", "NoneType", "object at 0x", "Invalid argument",
    "No such file", "ENOTDIR", "ENOENT", "EACCES", "ENAMETOOLONG", "EINVAL", "ELOOP", "EISDIR", "EEXIST", "PosixPath",
    "<class", "lambda", "WinError", "WindowsPath",
)  # fmt: skip


def plainness(said: Said) -> str:
    """What is wrong with an answer, or nothing."""
    lines = [line for line in said.err.split("\n") if line.strip()]
    shown = said.err
    for value in sorted(said.words, key=len, reverse=True):  # what was typed may be shown again
        shown = shown.replace(value, "…") if len(value) > 3 else shown
    talk = [word for word in MACHINE_TALK if word in shown]
    if said.code not in (0, 1, 2, 3):
        return f"ends with {said.code}"
    if said.code in (1, 2) and not 1 <= len(lines) <= 2:
        return f"says {len(lines)} lines"
    if talk:
        return f"talks like a machine: {talk}"
    if any(ord(letter) < 32 and letter != "\n" for letter in said.err):
        return "lets a terminal obey"
    return ""


FILES = (
    "settings.json", "calibration.json", "rooms.json", "outbox.sqlite", "index.sqlite", "counters.json",
    "take/take.json", "take/consent.json", "take/receipt.json",
)  # fmt: skip
CONTENTS = {
    "is empty": b"",
    "is zeros": bytes(5000),
    "is half a list": b"[1, {",
    "is a list": b"[]",
    "is a number": b"5",
    "is UTF-16": "{}".encode("utf-16"),
    "is deep": b"[" * 50_000,
    "is of other types": b'{"format": 5, "pairs": {"a": 1}, "profiles": 7, "prompts": []}',
}
NAMES = (
    "settings.json", "calibration.json", "outbox.sqlite", "index.sqlite", "counters.json", "takes", "packs", "locks",
    "logs", "studios", "keys", "records", "trash",
)  # fmt: skip
SHAPES = ("is a folder", "is a file", "leads nowhere")


def breakages() -> list[str]:
    """The names of all ways to break a home."""
    contents = [f"{file} {content}" for file in FILES for content in CONTENTS]
    return contents + [f"{name} {shape}" for name in NAMES for shape in SHAPES]


def broken_home(good: Path, made: Path, what: str) -> Path:
    """A copy of a home in which one thing is not as it should be."""
    shutil.copytree(good, made, symlinks=True)
    name, how = what.split(" ", 1)
    file = made / name
    if name.startswith("take/"):
        file = next((made / "takes").iterdir()) / name.removeprefix("take/")
    if how in CONTENTS:
        file.write_bytes(CONTENTS[how])
        return made
    remove(file)
    if how == "is a folder":
        (file / "x").mkdir(parents=True)
    elif how == "is a file":
        file.write_bytes(b"x")
    else:
        file.symlink_to("/nowhere/x")
    return made


def remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
