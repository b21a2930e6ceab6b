"""The manual page and the completion of the shells, made from the very parser that reads the command line.

Run by the Python that was frozen:

    python installer/manual.py FOLDER VERSION DATE      perfstudio.1, perfstudio.bash, _perfstudio
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

BEFORE = r"""perfstudio records improvised scenes at home, keeps picture and sound on one timeline, checks them, has
them signed use by use, and delivers them to the studio that was chosen. Without a verb the window opens; a link that
begins with \fBperfstudio:\fR is an invitation, and opens the window too."""

AFTER = r""".SH "EXIT STATUS"
0 done; 1 one plain line says why not; 2 wrong usage; 3 done, and a check says "retake".
.SH ENVIRONMENT
.TP
.B PERFSTUDIO_HOME
where everything lives, as --home
.TP
.B PERFSTUDIO_LANGUAGE
a language such as de, or the file of a catalogue
.TP
.B PERFSTUDIO_PASSPHRASE_FILE
a file that holds the passphrase of the signing key, where there is no terminal
.TP
.B PERFSTUDIO_FACE_MODEL
a YuNet model file (ONNX) that finds faces
"""


def page(parser: argparse.ArgumentParser, version: str, date: str) -> str:
    """A manual page (roff, section 1) of a parser with all of its verbs."""
    lines = [f'.TH PERFSTUDIO 1 "{date}" "perfstudio {version}" "User Commands"', ".SH NAME"]
    lines += [r"perfstudio \- record improvised performances at home", ".SH SYNOPSIS"]
    lines += [r".B perfstudio", _plain("[--home DIR] [--json] [--practice] [VERB ...]"), ".SH DESCRIPTION", BEFORE]
    lines += [".SH OPTIONS", *_options(parser), ".SH VERBS"]
    for name, words, verb in _verbs(parser):
        lines += [f'.SS "{_plain(name)}"', _plain(words), *_options(verb)]
    return "\n".join(lines) + "\n" + AFTER


def _verbs(parser: argparse.ArgumentParser, before: str = "") -> Iterator[tuple[str, str, argparse.ArgumentParser]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            said = {choice.dest: choice.help or "" for choice in action._choices_actions}
            for name, verb in action.choices.items():
                yield f"{before}{name}", said.get(name, ""), verb
                yield from _verbs(verb, f"{before}{name} ")


def _options(parser: argparse.ArgumentParser) -> list[str]:
    lines: list[str] = []
    for action in parser._actions:
        if action.help == argparse.SUPPRESS or isinstance(action, (argparse._SubParsersAction, argparse._HelpAction)):
            continue
        value = action.metavar or (action.dest.upper() if action.nargs != 0 else "")
        shown = " ".join(value) if isinstance(value, tuple) else str(value or "")
        if action.choices and not action.metavar:
            shown = "|".join(map(str, action.choices))
        names = ", ".join(action.option_strings)
        head = f"{names} {shown}".strip() if action.nargs != 0 else names
        lines += [".TP", rf"\fB{_plain(head)}\fR", _plain((action.help or "").replace("%%", "%"))]
    return lines


def _plain(text: str) -> str:
    """Text that roff sets as it is."""
    safe = " ".join(text.split()).replace("\\", r"\e").replace("-", r"\-")
    return r"\&" + safe if safe.startswith((".", "'")) else safe


def write(folder: Path, version: str, date: str) -> None:
    """All three files."""
    main = importlib.import_module("perfstudio.cli.main")
    shtab = importlib.import_module("shtab")
    parser = main.whole_parser()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "perfstudio.1").write_text(page(parser, version, date), encoding="utf-8")
    for shell, name in (("bash", "perfstudio.bash"), ("zsh", "_perfstudio")):
        (folder / name).write_text(shtab.complete(parser, shell), encoding="utf-8")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    write(Path(sys.argv[1]), *sys.argv[2:4])
