"""The recording of a statement that was read aloud: it lies beside the record for as long as anything of it stands."""

from __future__ import annotations

import contextlib
import os

from perfstudio.durable import remove, sync_folder, write_durably
from perfstudio.library.folder import SPOKEN, TakeLocation, read_consent
from perfstudio.library.locks import Locks
from perfstudio.model.base import sha256_hex
from perfstudio.model.consent import ConsentRecord
from perfstudio.model.errors import ConsentError, ErrorCode, LibraryError


def write_spoken(place: TakeLocation, record: ConsentRecord, sound: bytes | None) -> None:
    """Write the recording before the record that names it. None: it lies there already, or nothing was read.

    Raises OSError, ConsentError(CONSENT_INVALID) where the bytes are not those that the record names.
    """
    if sound is None:
        return
    named = record.said_aloud()
    if named is None or (named.size, named.sha256) != (len(sound), sha256_hex(sound)):
        raise ConsentError(ErrorCode.CONSENT_INVALID, where="spoken", problem="other_recording")
    write_durably(place.folder / SPOKEN, sound)


def lies_here(place: TakeLocation) -> bool:
    """Whether there is a recording, looked at now."""
    return os.path.lexists(place.folder / SPOKEN)


def let_go_of_spoken(place: TakeLocation, record: ConsentRecord | None) -> bool:
    """Delete a recording of which nothing stands, or that no record names; False where one is left.

    Never raises: what was taken back is so all the same, and what cannot be deleted now goes at a later look.
    """
    if not lies_here(place) or (record is not None and record.said_aloud() is not None):
        return True
    with contextlib.suppress(OSError):
        remove(place.folder / SPOKEN)
        sync_folder(place.folder)
    return not lies_here(place)


def sweep_spoken(place: TakeLocation, locks: Locks) -> bool:
    """The same for what a kill between two writes, or a busy disk, has left; False where it has to be looked at again.

    Under the lock of the take: somebody may have written the recording this moment, and not yet the record. Never
    raises. A record that cannot be read keeps what it may name.
    """
    if not place.sealed or not lies_here(place):
        return True
    try:
        with locks.hold("take", place.take_id, patience_s=0):
            return let_go_of_spoken(place, read_consent(place))
    except LibraryError as problem:
        return problem.code is not ErrorCode.LIBRARY_IN_USE
    except OSError:
        return False
