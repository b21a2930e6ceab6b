"""Verbs as a user types them."""

from __future__ import annotations

from rigs.verbs import passphrase, perfstudio, verb_server

__all__ = ["passphrase", "perfstudio", "verb_server"]
