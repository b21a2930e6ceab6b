"""Which languages wait for a reader is said by the window as their catalogues say it."""

from __future__ import annotations

from perfstudio.language.catalogue import UNREAD, available, speaking
from perfstudio.resources import asset
from perfstudio.texts import about


def test_languages_not_yet_read_are_those_whose_catalogues_say_so() -> None:
    waiting = []
    for code in available():
        head = asset("locale").joinpath(code, "LC_MESSAGES", "perfstudio.po")
        if head.is_file() and "Not yet read by a native" in head.read_text(encoding="utf-8")[:400]:
            waiting.append(code)
    assert tuple(waiting) == UNREAD
    with speaking("en"):
        assert about.unread() == "Translations that no native speaker has read yet: German and Spanish."
