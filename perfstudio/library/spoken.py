"""The recording of a statement that was read aloud: it lies beside the record for as long as anything of it stands."""

from __future__ import annotations

import contextlib

from perfstudio.durable import sync_folder, write_durably
from perfstudio.library.folder import SPOKEN, TakeLocation, read_consent
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


def let_go_of_spoken(place: TakeLocation, record: ConsentRecord | None) -> None:
    """Delete a recording of which nothing stands, or that the record does not name. Raises OSError."""
    file = place.folder / SPOKEN
    if (record is None or record.said_aloud() is None) and (file.is_symlink() or file.exists()):
        file.unlink()
        sync_folder(place.folder)


def sweep_spoken(place: TakeLocation) -> None:
    """The same for what a kill between two writes has left. Never raises: it is tried again at the next look."""
    file = place.folder / SPOKEN
    if place.sealed and (file.is_symlink() or file.exists()):
        with contextlib.suppress(OSError, LibraryError):
            let_go_of_spoken(place, read_consent(place))
