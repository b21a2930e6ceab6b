"""A performer's new key, said and signed by the key that is known: taken up without anybody's doing.

From then on the earlier key signs nothing new. What it had signed is named in the change and may still come, and what
it signed may be taken back with it and with the new one.
"""

from __future__ import annotations

from collections.abc import Callable

from perfstudio.model.clock import utc_now
from perfstudio.model.consent import STANDING, ConsentRecord
from perfstudio.model.key_change import MOST_CHANGES, KeyChange, successors
from perfstudio.receiver.errors import RefusedError
from perfstudio.receiver.performers import PerformerKnown, Performers, SigningKeyKnown

IsTheirs = Callable[[str], bool]


class KeyChanges:
    """The changes in the files of `Performers`, each at the key that it names."""

    def __init__(self, performers: Performers) -> None:
        self._performers = performers

    def learn(self, change: KeyChange, theirs: IsTheirs) -> bool:
        """Keep a change of every performer whom it names, who is known, and whose the sender is; the same one twice is
        one. False when there is none: whoever comes for the first time is known by the key they come with.

        Raises RefusedError: 422 not signed by both keys, 409 another key is known or too many changes, 507.
        """
        if not change.holds():
            raise RefusedError(422, "both keys have to sign a change")
        here = {who: known for who in change.performers if (known := self._performers.known(who)) is not None}
        led = [who for who, known in here.items() if _is_of(known, change)]
        if here and not led:
            raise RefusedError(409, "key_not_known")
        mine = [who for who in led if theirs(who)]  # asked last: a token may become theirs by this
        for performer_id in mine:
            self._performers.update(performer_id, lambda now: _with(now, change))
        return bool(mine)

    def require_signer(self, record: ConsentRecord, known: ConsentRecord | None = None) -> None:
        """This record may come: its performer's key has signed it, or had signed all it gives before it was changed.
        `known` is what lies here of it: that may grow by whatever takes back.

        Raises RefusedError as `Performers.require_key` does.
        """
        performer = self._performers.known(record.subject.id)
        change = _after(performer, record.public_key) if performer is not None else None
        if known is None and change is None:
            self._performers.require_key(record.subject.id, record.public_key)
        elif change is not None and _gives(record, known) and not change.vouches_for(record):
            raise RefusedError(403, "key_changed")

    def keep(self, record: ConsentRecord) -> None:
        """At a performer's first take the key of its record is theirs. Raises RefusedError as above."""
        if self._performers.known(record.subject.id) is None:
            self._performers.keep(record.subject.id, record.public_key)
        self.require_signer(record)

    def successors(self, record: ConsentRecord) -> frozenset[str]:
        """Keys of the same performer that came in the place of the one that signed this record."""
        known = self._performers.known(record.subject.id)
        changes = [key.change for key in known.keys if key.change is not None] if known is not None else []
        return successors(changes, record.public_key)


def _is_of(known: PerformerKnown, change: KeyChange) -> bool:
    """Whether the change begins at the key that is good now, or leads to one that is known."""
    led = next((key for key in known.keys if key.public_key == change.new_key), None)
    if led is not None:
        return led.change in (None, change)
    return change.public_key == known.keys[-1].public_key


def _names(known: PerformerKnown) -> list[str]:
    return [key.public_key for key in known.keys]


def _with(known: PerformerKnown, change: KeyChange) -> PerformerKnown:
    keys = list(known.keys)
    names = _names(known)
    if any(key.change == change for key in keys):
        return known
    if sum(key.change is not None for key in keys) >= MOST_CHANGES:
        raise RefusedError(409, "too many changes of key")
    if change.new_key not in names:
        keys.append(SigningKeyKnown(public_key=change.new_key, since=utc_now(), how="signed", change=change))
    else:
        place = names.index(change.new_key)
        keys[place] = keys[place].model_copy(update={"change": change})
        if change.public_key not in names[:place]:  # they came with the new key first
            earlier = SigningKeyKnown(public_key=change.public_key or "", since=utc_now(), how="signed")
            keys.insert(place, earlier)
    settled = {"waiting": None, "waiting_since": None} if known.waiting == change.new_key else {}
    return known.model_copy(update={"keys": tuple(keys), **settled})


def _after(known: PerformerKnown, public_key: str) -> KeyChange | None:
    """The change that ended this key; None for one that is good, is not known, or was replaced by a person."""
    if known.keys[-1].public_key == public_key:
        return None
    return next((key.change for key in known.keys if key.change and key.change.public_key == public_key), None)


def _gives(record: ConsentRecord, known: ConsentRecord | None) -> bool:
    """Whether there is an act in it that gives something, and is not here yet."""
    before = len(known.events) if known is not None else 0
    return any(event.state in STANDING for event in record.events[before:])
