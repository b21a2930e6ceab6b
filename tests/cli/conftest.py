"""Verbs as a user types them."""

from __future__ import annotations

from rigs.verbs import passphrase, perfstudio

__all__ = ["passphrase", "perfstudio"]
