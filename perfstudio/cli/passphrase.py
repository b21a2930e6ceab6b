"""The passphrase of the signing key: from a file that a variable names, or from the terminal; a new one twice."""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path

from perfstudio.consent.keyfile import MIN_PASSPHRASE
from perfstudio.language.catalogue import N_, _
from perfstudio.model.errors import ConsentError, ErrorCode
from perfstudio.model.typed_text import typed_text
from perfstudio.systems.consoles import is_terminal
from perfstudio.texts.errors import sentence

VARIABLE = "PERFSTUDIO_PASSPHRASE_FILE"
_MOST_BYTES = 10_000
_NEW = N_(
    "There is no signing key here yet, and no password store (keyring) to hold one. A key will be made now.\nChoose a "
    "passphrase to protect it, and keep it somewhere safe: nobody can recover it for you."
)
_ANOTHER = N_("Choose a passphrase for the new key, and keep it somewhere safe: nobody can recover it for you.")


def passphrase(*, new: bool) -> str:
    """The passphrase, asked for when it is needed. `new`: for a key that is about to be made.

    Raises ConsentError: KEY_PASSPHRASE_NEEDED (no file is named and nobody sits at a terminal),
    KEY_PASSPHRASE_FILE (file, detail).
    """
    named = named_file()
    if named:
        return _from_file(named)
    if not is_terminal(sys.stdin):
        raise _needed(new=new)
    try:
        return _chosen() if new else _typed(_("Passphrase of your signing key: "), new=False)
    except EOFError:
        raise _needed(new=new) from None


def another(file: Path | None) -> str:
    """The passphrase of a key that comes in the place of one: from `file`, else as `passphrase` has it, and raises."""
    named = str(file) if file is not None else named_file()
    if named:
        return _from_file(named)
    if not is_terminal(sys.stdin):
        raise _needed(new=True)
    try:
        return _chosen(_ANOTHER)
    except EOFError:
        raise _needed(new=True) from None


def named_file() -> str:
    """The file that the variable names; empty when it names none."""
    return os.environ.get(VARIABLE, "")


def _from_file(named: str) -> str:
    try:
        with Path(named).expanduser().open("rb") as file:  # may be a pipe of the shell
            text = typed_text(file.read(_MOST_BYTES)).strip()
    except FileNotFoundError:
        raise _unusable(named, "missing") from None
    except UnicodeDecodeError:
        raise _unusable(named, "not_utf8") from None
    except (OSError, ValueError, RuntimeError):  # a folder, no permission, no name, no home to expand
        raise _unusable(named, "unreadable") from None
    if not text:
        raise _unusable(named, "empty")
    return text


def _chosen(words: str = _NEW) -> str:
    """A new passphrase, typed twice; asked again for as long as it cannot be taken."""
    print(_(words), file=sys.stderr)
    while True:
        first = _typed(_("New passphrase, at least {number} characters: ", number=MIN_PASSPHRASE), new=True)
        if len(first) < MIN_PASSPHRASE:
            print(sentence(ConsentError(ErrorCode.KEY_PASSPHRASE_SHORT, minimum=MIN_PASSPHRASE)), file=sys.stderr)
        elif _typed(_("The same passphrase again: "), new=True) != first:
            print(_("The two do not match. Type the same one twice."), file=sys.stderr)
        else:
            return first


def _typed(prompt: str, *, new: bool) -> str:
    """What is typed, unseen. An empty line means that the person would rather not."""
    typed = getpass.getpass(prompt)
    if not typed:
        raise _needed(new=new)
    return typed


def _needed(*, new: bool) -> ConsentError:
    facts: dict[str, str | int] = {"minimum": MIN_PASSPHRASE} if new else {}
    return ConsentError(ErrorCode.KEY_PASSPHRASE_NEEDED, variable=VARIABLE, **facts)


def _unusable(file: str, detail: str) -> ConsentError:
    return ConsentError(ErrorCode.KEY_PASSPHRASE_FILE, file=file, detail=detail, variable=VARIABLE)
