"""A performer's new key, said and signed by the key that is known: taken up without anybody's doing.

From then on the earlier key signs nothing new. What it had signed is named in the change and may still come, and what
it signed may be taken back with it and with the new one. A key that a person of the studio accepts ends all that: a
change counts while it lies on the way to the key that is good now.
"""

from __future__ import annotations

from collections.abc import Callable

from perfstudio.model.clock import utc_now
from perfstudio.model.consent import STANDING, ConsentRecord
from perfstudio.model.key_change import MOST_CHANGES, KeyChange, successors
from perfstudio.receiver.errors import RefusedError
from perfstudio.receiver.performers import MOST_KEYS, PerformerKnown, Performers, SigningKeyKnown

IsTheirs = Callable[[str], bool]


class KeyChanges:
    """The changes in the files of `Performers`, each at the key that it names."""

    def __init__(self, performers: Performers) -> None:
        self._performers = performers

    def learn(self, change: KeyChange, may_be: IsTheirs) -> bool:
        """Keep a change of every performer whom it names, who is known, and whom the sender may be; the same one twice
        is one. False when there is none: whoever comes for the first time is known by the key they come with.

        Raises RefusedError: 422 not signed by both keys, 409 another key is known or too many changes, 507.
        """
        if not change.holds():
            raise RefusedError(422, "both keys have to sign a change")
        here = [who for who in change.performers if self._performers.known(who) is not None and may_be(who)]
        now = [self._performers.update(who, lambda known: _with(known, change)) for who in here]
        led = [known for known in now if known is not None and any(key.change == change for key in known.keys)]
        if here and not led:
            raise RefusedError(409, "key_not_known")
        return bool(led)

    def require_signer(self, record: ConsentRecord, known: ConsentRecord | None = None) -> None:
        """This record may come: its performer's key has signed it, or had signed all it gives before it was changed.
        `known` is what lies here of it: that may grow by whatever takes back.

        Raises RefusedError as `Performers.require_key` does.
        """
        if known is not None and not _gives(record, known):
            return
        performer = self._performers.known(record.subject.id)
        ended = [change for change in _line(performer) if change.public_key == record.public_key]
        if not ended:
            self._performers.require_key(record.subject.id, record.public_key)
        elif not any(change.vouches_for(record) for change in ended):
            raise RefusedError(403, "key_changed")

    def keep(self, record: ConsentRecord) -> None:
        """At a performer's first take the key of its record is theirs. Raises RefusedError as above."""
        if self._performers.known(record.subject.id) is None:
            self._performers.keep(record.subject.id, record.public_key)
        self.require_signer(record)

    def successors(self, record: ConsentRecord) -> frozenset[str]:
        """Keys of the same performer that came in the place of the one that signed this record."""
        return successors(reversed(_line(self._performers.known(record.subject.id))), record.public_key)


def _with(known: PerformerKnown, change: KeyChange) -> PerformerKnown:
    """With a change that begins at the key that is good now, or leads to one of which nothing was said yet; as it is
    with any other."""
    keys, names = list(known.keys), [key.public_key for key in known.keys]
    place = names.index(change.new_key) if change.new_key in names else None
    begins = change.public_key == names[-1] if place is None else _is_open(known, place, change)
    if not begins:
        return known
    if sum(key.change is not None for key in keys) >= MOST_CHANGES:
        raise RefusedError(409, "too many changes of key")
    if place is None:
        keys.append(SigningKeyKnown(public_key=change.new_key, since=utc_now(), how="signed", change=change))
    else:
        keys[place] = keys[place].model_copy(update={"change": change})
        if change.public_key not in names:  # they came with the new key first
            keys.insert(place, SigningKeyKnown(public_key=change.public_key or "", since=utc_now(), how="signed"))
    settled = {"waiting": None, "waiting_since": None} if known.waiting == change.new_key else {}
    return known.model_copy(update={"keys": tuple(keys[-MOST_KEYS:]), **settled})


def _is_open(known: PerformerKnown, place: int, change: KeyChange) -> bool:
    """Nobody has said what came before this key, and what the change says of it is no way in a circle."""
    later = {key.public_key for key in known.keys[place:]}
    return known.keys[place].change is None and change.public_key not in later


def _line(known: PerformerKnown | None) -> list[KeyChange]:
    """The changes that lead to the key that is good now, the last one first."""
    found: list[KeyChange] = []
    keys = known.keys if known is not None else ()
    wanted = keys[-1].public_key if keys else None
    for key in reversed(keys):
        if key.public_key == wanted and key.change is not None:
            found.append(key.change)
            wanted = key.change.public_key
    return found


def _gives(record: ConsentRecord, known: ConsentRecord) -> bool:
    """Whether there is an act in it that gives something, and is not here yet."""
    return any(event.state in STANDING for event in record.events[len(known.events) :])
