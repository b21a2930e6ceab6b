"""What a studio pays and judges by, bound by hash when a take is put on its way.

The sealed part of take.json is bound by what was signed. Labels, ledger and the like change freely until the take is
sent; then the hash of each stands in `as_sent`, and the hash of take.json, which holds them all, in the announcement
and in the receipt. So a change afterwards is noticed, and named by its part.
"""

from __future__ import annotations

from collections.abc import Iterable

from perfstudio.model.base import Document, canonical_bytes, sha256_hex
from perfstudio.model.ids import Sha256
from perfstudio.model.take import JudgedPart, TakeManifest


class PartAsSent(Document):
    """One living part of take.json, as it was when the take was put on its way."""

    part: JudgedPart
    """The name of the field."""
    sha256: Sha256
    """SHA-256 of the canonical form (RFC 8785) of its value, with every field that its model has."""


def parts_as_they_are(manifest: TakeManifest) -> tuple[PartAsSent, ...]:
    """The parts that say something, in the order of `JudgedPart`. What is at its default says nothing."""
    plain = manifest.model_dump(mode="json", include={part.value for part in JudgedPart})
    return tuple(
        PartAsSent(part=part, sha256=sha256_hex(canonical_bytes(plain[part])))
        for part in JudgedPart
        if part in plain and plain[part] != _silent(manifest, part)
    )


def changed_parts(manifest: TakeManifest, before: Iterable[PartAsSent]) -> tuple[JudgedPart, ...]:
    """The parts that are not as `before` says: changed, added, or gone."""
    changed = {told.part for told in set(before) ^ set(parts_as_they_are(manifest))}
    return tuple(part for part in JudgedPart if part in changed)


def _silent(manifest: TakeManifest, part: JudgedPart) -> object:
    """What a part looks like while nobody has said anything."""
    value = type(manifest).model_fields[part].get_default(call_default_factory=True)
    if isinstance(value, Document):
        return value.model_dump(mode="json")
    return list(value) if isinstance(value, tuple) else value
