"""Names that stand in a record: as typed, and never longer than a line of it."""

from __future__ import annotations

import unicodedata

from perfstudio.model.errors import ConsentError, ErrorCode

LONGEST_NAME = 200
"""What a `Line` of a record holds."""


def shown_name(name: str) -> str:
    """A name as typed, without the spaces around it; marks that change how text is read are left out.

    Raises ConsentError(CONSENT_NAME_LONG, most).
    """
    shown = "".join(" " if c.isspace() else c for c in unicodedata.normalize("NFC", name))
    plain = " ".join("".join(c for c in shown if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co"}).split())
    if len(plain) > LONGEST_NAME:
        raise ConsentError(ErrorCode.CONSENT_NAME_LONG, most=LONGEST_NAME)
    return plain


def signing_name(name: str) -> str:
    """The name under a consent. Raises ConsentError: CONSENT_NAME_MISSING, CONSENT_NAME_LONG (most)."""
    plain = shown_name(name)
    if not plain:
        raise ConsentError(ErrorCode.CONSENT_NAME_MISSING)
    return plain
