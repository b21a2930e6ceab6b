"""Languages and encodings of the system, compiled into a folder; processes started with `spoken` use them."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

LANGUAGES = (
    "en_US.UTF-8", "sv_SE.UTF-8", "fi_FI.UTF-8", "de_DE.ISO-8859-1", "ja_JP.EUC-JP", "tr_TR.UTF-8", "ar_EG.UTF-8",
)  # fmt: skip
"""Translated numbers, another decimal point, eight bits, two bytes, dotless letters, another direction."""
ALL = ("C", *LANGUAGES)
SOURCES = Path("/usr/share/i18n/locales")
ORDER = b'LC_COLLATE\ncopy "POSIX"\nEND LC_COLLATE'


def compiled(base: Path, languages: Iterable[str] = ALL) -> Path:
    """The folder with these languages in it, each made once for every test of a run below `base`, pytest's base
    folder: it costs one to two seconds."""
    ready = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "languages"
    ready.mkdir(exist_ok=True)
    missing = [language for language in languages if language != "C" and not (ready / language).is_dir()]
    made = Path(tempfile.mkdtemp(dir=base))
    for language, maker in {language: _begun(made, language) for language in missing}.items():
        maker.wait()
        with contextlib.suppress(OSError):  # another process was quicker
            (made / language).rename(ready / language)
    assert {path.name for path in ready.iterdir()} >= set(missing)
    return ready


def _begun(folder: Path, language: str) -> subprocess.Popen[bytes]:
    source, _, encoding = language.partition(".")
    words = ["localedef", "-c", "-i", _unsorted(folder, source), "-f", encoding, str(folder / language)]
    return subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _unsorted(folder: Path, source: str) -> str:
    """The system's source of a language without its order of letters: nobody asks for it, and it takes most of the
    time. The name alone where the source lies elsewhere."""
    try:
        told = (SOURCES / source).read_bytes()
    except OSError:
        return source
    plain = folder / f"{source}.source"
    plain.write_bytes(re.sub(rb"(?ms)^LC_COLLATE$.*?^END LC_COLLATE$", ORDER, told))
    return str(plain)


def spoken(language: str, folder: Path) -> dict[str, str]:
    """What a process started in a language finds in its environment."""
    chosen = {"LOCPATH": str(folder), "LC_ALL": language, "LANG": language, "LANGUAGE": language.partition(".")[0]}
    if language == "C":  # in earnest: Python takes UTF-8 in its place
        chosen |= {"PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    return chosen
