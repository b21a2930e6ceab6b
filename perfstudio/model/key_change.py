"""That a performer signs with another key from now on: said by the earlier key, and signed by both.

Whoever knows the earlier key needs nobody's word for the new one. What the earlier key had signed until then is named
by its hashes, so that it stays good where it has not arrived yet, and so that whoever got hold of the earlier key can
sign nothing new with it, whatever date they write.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints

from perfstudio.model.base import Document
from perfstudio.model.consent import ConsentRecord, ConsentStatus
from perfstudio.model.dates import Moment
from perfstudio.model.ids import Sha256
from perfstudio.model.jws import SigningKey, is_signed
from perfstudio.model.signed import PublicKey, SignedDocument

MOST_RECORDS = 2000
"""Named in one change: 134 kB, which is half of what a receiver reads of a message."""
MOST_CHANGES = 64
"""Of one performer: more are somebody's game."""
MOST_PERFORMERS = 64
"""Ids of one person: there is one, and another where settings were lost."""
KEY_CHANGE_BYTES = 256 << 10


class KeyChange(SignedDocument):
    """`public_key` is the earlier key. Its signature is over the whole, that of the new one over all but the two."""

    format: Literal["perfstudio-key-change/1"] = "perfstudio-key-change/1"
    performers: Annotated[
        tuple[Annotated[str, StringConstraints(min_length=1, max_length=200)], ...],
        Field(min_length=1, max_length=MOST_PERFORMERS),
    ]
    """Whose key it is: the pseudonymous ids that stand in what it has signed."""
    new_key: PublicKey
    """What they sign with from now on."""
    at: Moment
    records: Annotated[tuple[Sha256, ...], Field(max_length=MOST_RECORDS)] = ()
    """SHA-256 of the consent records that the earlier key had signed, each as it stood then."""
    new_signature: str | None = Field(default=None, max_length=1000)
    """Detached JWS of the new key: nobody can name a key that is another's."""

    @classmethod
    def made(
        cls, old: SigningKey, new: SigningKey, *, performers: tuple[str, ...], at: Moment, records: Iterable[str]
    ) -> Self:
        """The change from one key to the other, signed by both."""
        named = {"public_key": old.public_key, "new_key": new.public_key}
        draft = cls.model_validate({**named, "performers": performers, "at": at, "records": tuple(records)})
        return draft.model_copy(update={"new_signature": new.sign(draft.canonical())}).signed(old)

    def holds(self) -> bool:
        """Whether both keys have signed every word of it. Never raises."""
        if self.public_key is None or self.new_signature is None or self.new_key == self.public_key:
            return False
        draft = self.model_copy(update={"new_signature": None, "signature": None})
        return is_signed(self.new_signature, draft.canonical(), self.new_key) and self.is_signed_by(self.public_key)

    def vouches_for(self, record: ConsentRecord) -> bool:
        """Whether the earlier key had signed all that this record gives; what was taken back since changes nothing."""
        return record.public_key == self.public_key and any(seen in self.records for seen in _until_given(record))


class KeyChangeReceived(Document):
    """Answer to a change of key."""

    sha256: Sha256
    """Of the body, as it came."""
    new_key: PublicKey
    known: bool
    """The performer is known here, and signs with the new key from now on."""


def _until_given(record: ConsentRecord) -> Iterator[str]:
    """The hashes of a record with ever fewer of the acts at its end that only take back."""
    count = len(record.events)
    yield record.digest()
    while count and record.events[count - 1].state is ConsentStatus.WITHDRAWN:
        count -= 1
        yield record.model_copy(update={"events": record.events[:count]}).digest()


def successors(changes: Iterable[KeyChange], public_key: str) -> frozenset[str]:
    """The keys that came in the place of this one, by changes in their order."""
    found = {public_key}
    for change in changes:
        if change.public_key in found:
            found.add(change.new_key)
    return frozenset(found - {public_key})
