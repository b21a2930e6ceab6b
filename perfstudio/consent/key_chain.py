"""Whose key signed a record: this installation's, one that it has changed since, or a stranger's.

A record that holds in itself proves only that one key signed all of it. Before it goes anywhere it is held to what this
installation knows of its own keys: the one in use, those that were changed (each change signed by both keys), and those
that were laid aside. Who can write to the folder of the keys can add to that; a record that was put beside a take
cannot.
"""

from __future__ import annotations

from dataclasses import dataclass

from perfstudio.model.consent import ConsentRecord
from perfstudio.model.errors import ConsentError, ErrorCode
from perfstudio.model.key_change import KeyChange


@dataclass(frozen=True, slots=True)
class OwnKeys:
    """The public keys of one installation."""

    current: str | None
    changes: tuple[KeyChange, ...] = ()
    """Each behind those that led to it."""
    laid_aside: frozenset[str] = frozenset()
    """Keys that were given up without a change: they sign nothing more, and what they signed stays."""

    def require(self, record: ConsentRecord) -> None:
        """The record was signed here, and an earlier key had signed all that it gives before it was changed.

        Raises ConsentError: CONSENT_KEY_GONE (no key is left here), CONSENT_KEY_STRANGE, CONSENT_KEY_EARLIER (a key
        that was changed has signed what it had not signed until then).
        """
        if record.public_key == self.current or record.public_key in self.laid_aside:
            return
        ended = self.ended(record.public_key)
        if ended is not None and ended.vouches_for(record):
            return
        if ended is not None:
            raise ConsentError(ErrorCode.CONSENT_KEY_EARLIER)
        raise ConsentError(ErrorCode.CONSENT_KEY_GONE if self.current is None else ErrorCode.CONSENT_KEY_STRANGE)

    def ended(self, public_key: str) -> KeyChange | None:
        """The change that ended a key; None for one that is in use, was laid aside, or is a stranger's."""
        return next((change for change in self.changes if change.public_key == public_key and change.holds()), None)
