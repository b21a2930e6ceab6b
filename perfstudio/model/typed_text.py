"""Text that a person put into a file by hand, as the editors and shells of their system write it."""

from __future__ import annotations

from codecs import BOM_UTF16_BE, BOM_UTF16_LE


def typed_text(data: bytes) -> str:
    """UTF-8 with or without a mark before it, or UTF-16 with one, as `>` of Windows PowerShell and some editors write.

    Raises UnicodeDecodeError.
    """
    return data.decode("utf-16" if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8-sig")
