"""Verbs as a user types them, and a desk at which consent is signed."""

from __future__ import annotations

from consent_desk import asked, desk, keyring, passphrase_file, terminal

from rigs.verbs import passphrase, perfstudio, verb_server

__all__ = ["asked", "desk", "keyring", "passphrase", "passphrase_file", "perfstudio", "terminal", "verb_server"]
