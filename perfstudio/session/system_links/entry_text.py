"""What is written for a Linux desktop: an entry, a launcher, and the types of packs and clips (freedesktop.org)."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from pathlib import Path

from perfstudio.model.links import SCHEME
from perfstudio.model.opening import CLIP_SUFFIX, CLIP_TYPE, PACK_SUFFIX, PACK_TYPE

LINK_TYPE = f"x-scheme-handler/{SCHEME}"
TYPES = (LINK_TYPE, PACK_TYPE, CLIP_TYPE)
OURS = "X-Perfstudio-Links=user"
"""By this an entry is known that was written here, and no installer's."""
_RESERVED = re.compile(r"[\s\"'\\><~|&;$*?#()`]")
"""What makes a word of Exec one to be quoted (Desktop Entry Specification)."""
TYPES_XML = f"""<?xml version="1.0" encoding="UTF-8"?>
<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">
  <mime-type type="{PACK_TYPE}">
    <comment>pack of prompts</comment>
    <sub-class-of type="application/zip"/>
    <generic-icon name="package-x-generic"/>
    <glob pattern="*{PACK_SUFFIX}"/>
  </mime-type>
  <mime-type type="{CLIP_TYPE}">
    <comment>clip for a partner</comment>
    <sub-class-of type="application/zip"/>
    <generic-icon name="package-x-generic"/>
    <glob pattern="*{CLIP_SUFFIX}"/>
  </mime-type>
</mime-info>
"""


def is_plain(word: str) -> bool:
    """Whether every program reads this word of Exec alike: `xdg-open` without a desktop knows no quotation marks."""
    return exec_word(word) == word


def exec_line(words: Sequence[str]) -> str:
    """The line that starts these words with what is opened behind them."""
    return "Exec=" + escaped(" ".join((*map(exec_word, words), "%U")))


def exec_word(word: str) -> str:
    """One word of Exec, quoted where it has to be."""
    word = word.replace("%", "%%")
    if not word or _RESERVED.search(word):
        word = '"' + re.sub(r'(["`$\\])', r"\\\1", word) + '"'
    return word


def escaped(value: str) -> str:
    """A value of a desktop entry."""
    for letter, written in (("\\", "\\\\"), ("\n", "\\n"), ("\t", "\\t"), ("\r", "\\r")):
        value = value.replace(letter, written)
    return value


def entry(program: str, started_by: str, icon: str) -> str:
    """The whole entry. It opens things and stands in no menu: a program that is installed has an entry of its own."""
    lines = (
        "[Desktop Entry]", "Type=Application", "Name=perfstudio", f"Icon={escaped(icon)}",
        f"TryExec={escaped(program)}", started_by, f"MimeType={';'.join(TYPES)};", "Terminal=false",
        "NoDisplay=true", OURS,
    )  # fmt: skip
    return "\n".join(lines) + "\n"


def launcher(words: Sequence[str]) -> str:
    """A program without odd letters in its path, in the place of one that has some."""
    return f'#!/bin/sh\n# Written by perfstudio, for entries of a desktop.\nexec {shlex.join(words)} "$@"\n'


def opens(text: str, types: Sequence[str] = TYPES) -> bool:
    """Whether an entry says that it opens all of these."""
    said = next((line for line in text.splitlines() if line.startswith("MimeType=")), "")
    return set(types) <= set(said.partition("=")[2].split(";"))


def program_of(text: str) -> Path | str:
    """What an entry starts: a path, or a name to be looked for; empty where it says nothing plain."""
    said = next((line.partition("=")[2] for line in text.splitlines() if line.startswith("Exec=")), "")
    quoted = re.match(r'"((?:[^"\\]|\\\\?.)*)"', said)
    word = re.sub(r"\\+(.)", r"\1", quoted[1]) if quoted else said.partition(" ")[0]
    return Path(word) if word.startswith("/") else word
