"""Consent is taken back and given again: the catalogue has one word for each, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from babel.messages.pofile import read_po

from perfstudio.resources import asset

TEMPLATE = asset("locale/perfstudio.pot")
OTHER_WORDS = re.compile(
    r"withdr[ae]w|revo[ck]|retract|rescind|\bunsign\b|\bre-?give|\brenew|opt(?:ed)? out", re.IGNORECASE
)
_FACTS = re.compile(r"\{[^}]*\}")
OF_SOMETHING_ELSE = (
    "There is a token",  # of a receiver: revoked
    "Revoke",
    "revoke",
    "has to renew it",  # a certificate
    "take a pack that its studio may not have made",  # unsigned
)


def texts(template: Path) -> list[str]:
    """Everything that a person can be told, without the names of facts."""
    with template.open("rb") as file:
        messages = [message.id for message in read_po(file)]
    said = (text for found in messages for text in ((found,) if isinstance(found, str) else found))
    return [_FACTS.sub("", text) for text in said if text]


def test_consent_is_taken_back_and_given_again_in_one_word() -> None:
    found = [
        text
        for text in texts(TEMPLATE)
        if OTHER_WORDS.search(text) and not any(known in text for known in OF_SOMETHING_ELSE)
    ]
    assert found == [], "say “take back” or “give again”"
    for word in ("taken back", "take it back", "given again", "give it again"):
        assert any(word in text.casefold() for text in texts(TEMPLATE)), "the catalogue was read"
