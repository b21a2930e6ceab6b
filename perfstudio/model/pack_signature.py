"""signature.json: a pack signed by its studio. It lies in the pack, beside pack.json."""

from __future__ import annotations

from typing import Literal

from perfstudio.model.ids import Sha256
from perfstudio.model.signed import SignedDocument


class PackSignature(SignedDocument):
    """A studio's word that these are the words of its pack. The key is that of the studio's document."""

    format: Literal["perfstudio-pack-signature/1"] = "perfstudio-pack-signature/1"
    """This format."""
    pack_sha256: Sha256
    """SHA-256 of the canonical form (RFC 8785) of pack.json, which names the hash of every file of the pack."""
