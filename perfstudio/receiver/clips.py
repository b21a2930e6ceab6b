"""Clips that wait at the receiver: who left them, who alone may fetch them, and what became of every copy.

A clip comes only from its performer, under what they signed. It goes out only to the one whose token the studio has
named for it, and to nobody while it has named nobody. Whoever takes it back has it deleted at once; a partner who holds
a copy is told to delete it, until their program says that it did. Thread-safe, and over processes.
"""

from __future__ import annotations

import contextlib
import hmac
import logging
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from perfstudio.durable import put_under, remove, sha256_of, sync_file, write_durably
from perfstudio.model.clip_waiting import MOST_WAITING, ClipLeft, ClipsWaiting
from perfstudio.model.clock import utc_now
from perfstudio.model.errors import DeliveryError, ErrorCode
from perfstudio.receiver.admission import IsClip
from perfstudio.receiver.clip_record import ClipRecord, media_of
from perfstudio.receiver.consents import IsTheirs, another_performer
from perfstudio.receiver.errors import RefusedError
from perfstudio.receiver.layout import ReceiverLayout, make_folder, read_or_none
from perfstudio.receiver.ledger import DeletionLedger
from perfstudio.receiver.locking import held
from perfstudio.receiver.parsing import read_or_drop
from perfstudio.receiver.performers import Performers

log = logging.getLogger(__name__)
_NO_SUCH = "no such clip waits here"


class WaitingClips:
    """Over one receiver's folder."""

    def __init__(self, layout: ReceiverLayout, studio_id: str = "", is_clip: IsClip = lambda file, said: True) -> None:
        """`is_clip` reads a file that came, and says whether it is the clip that was announced."""
        self._layout, self.studio_id, self._is_clip = layout, studio_id, is_clip
        self._ledger, self._performers = DeletionLedger(layout), Performers(layout)

    # its performer

    def leave(self, clip_id: str, left: ClipLeft, theirs: IsTheirs, become: IsTheirs) -> ClipRecord:
        """A clip is announced; the same one again is the same. Who brings a new one may `become` its performer; one
        that is known here makes nobody of an open token, for the partner has read it, too.

        Raises RefusedError: 403 another performer, or a key that is not theirs; 409 another clip has this id, or too
        many wait; 410 it was taken back; 422 not for here.
        """
        clip = left.clip
        if clip.clip_id != clip_id or left.studio_id != self.studio_id:
            raise RefusedError(422, "not a clip for this address")
        if left.public_key is None or not left.is_signed_by(left.public_key):
            raise RefusedError(422, "not signed")
        if clip.agreed.keep_until <= utc_now():
            raise RefusedError(422, "its time is over")
        with self._alone():
            known = self._record(clip_id)
            if known is not None and not theirs(clip.performer_id):
                raise another_performer()
            if known is not None:
                return self._same(known, left)
            self._performers.keep(clip.performer_id, left.public_key)
            if not become(clip.performer_id):
                raise another_performer()
            mine = [one for one in self._all() if one.left.clip.performer_id == clip.performer_id]
            if sum(one.gone_at is None for one in mine) >= MOST_WAITING:
                raise RefusedError(409, "too many clips wait here")
            made = ClipRecord(left=left, left_at=utc_now())
            self._write(made)
            return made

    def of(self, clip_id: str, theirs: IsTheirs) -> ClipRecord:
        """How one stands. Raises RefusedError(404) for none, and for one of somebody else."""
        with self._alone():
            return self._theirs(clip_id, theirs)

    def received(self, clip_id: str) -> int:
        """Bytes of its file that lie here."""
        for file in media_of(self._layout.clip(clip_id)):
            with contextlib.suppress(FileNotFoundError):
                return file.stat().st_size
        return 0

    def append(self, clip_id: str, start: int, piece: bytes, theirs: IsTheirs) -> int:
        """The next bytes. Returns how many lie here now. Raises RefusedError: 404, 409 another offset, 410 taken back,
        413 more than was said, 422 it came to its end and is not what was said: then none of it is left."""
        with self._alone():
            record = self._theirs(clip_id, theirs)
            if record.taken_back_at is not None:
                raise RefusedError(410, "it was taken back")
            lies = self.received(clip_id)
            if record.whole or start != lies:
                raise RefusedError(409, f"{lies} bytes lie here")
            if lies + len(piece) > record.left.size:
                raise RefusedError(413, "more bytes than were announced")
            file, part = media_of(self._layout.clip(clip_id))
            with part.open("ab") as out:
                out.write(piece)
            sync_file(part)
            if lies + len(piece) == record.left.size:
                self._complete(record, part, file)
            return lies + len(piece)

    def take_back(self, clip_id: str, theirs: IsTheirs) -> ClipRecord:
        """Deleted here now. Raises RefusedError(404), OSError where something of it is left."""
        with self._alone():
            return self._gone(self._theirs(clip_id, theirs))

    # the partner

    def waiting(self, name: str) -> ClipsWaiting:
        """What waits for the one with this token, and what they have to delete."""
        with self._alone():
            records = tuple(self._all())
        mine = [one.left for one in records if one.waits and one.partner == name]
        gone = [one.clip_id for one in records if one.must_delete(name)]
        return ClipsWaiting(clips=tuple(mine[:MOST_WAITING]), gone=tuple(gone[:MOST_WAITING]))

    def read(self, clip_id: str, name: str, start: int, count: int) -> bytes:
        """Bytes of a clip for the one it waits for; each copy is noted. Raises RefusedError: 404 for everybody else,
        410 it was taken back, 416 behind its end."""
        with self._alone():
            record = self._record(clip_id)
            if record is not None and record.must_delete(name):
                raise RefusedError(410, "it was taken back")
            if record is None or not record.waits or record.partner != name:
                raise RefusedError(404, _NO_SUCH)
            if start >= record.left.size:
                raise RefusedError(416, "behind its end")
            with media_of(self._layout.clip(clip_id))[0].open("rb") as file:
                file.seek(start)
                piece = file.read(count)
            now, changed = utc_now(), record
            if start == 0:
                changed = changed.begun_by(name, now)
            if start + len(piece) >= record.left.size:
                changed = changed.begun_by(name, now).ended_by(name, now)
            if changed != record:
                self._write(changed)
                log.info("clip %s goes out to the one it waits for", clip_id)
            return piece

    def deleted(self, clip_id: str, name: str) -> None:
        """The partner's program says that nothing of its copy is left. Raises RefusedError(404)."""
        with self._alone():
            record = self._record(clip_id)
            if record is None or not any(one.name == name for one in record.fetches):
                raise RefusedError(404, _NO_SUCH)
            self._write(record.deleted_by(name, utc_now()))

    # the studio

    def all(self) -> tuple[ClipRecord, ...]:
        """Every clip that waits or has waited, the last one left first. Raises OSError."""
        with self._alone():
            return tuple(sorted(self._all(), key=lambda one: one.left_at, reverse=True))

    def match(self, text: str, name: str | None) -> ClipRecord:
        """Name the one who alone may fetch a clip, or nobody. `text` is its id or a beginning of one. Raises
        DeliveryError(CLIP_WAITS_NOT)."""
        with self._alone():
            found = [one for one in self._all() if one.clip_id.startswith(text) and one.taken_back_at is None]
            if len(found) != 1 or not text:
                raise DeliveryError(ErrorCode.CLIP_WAITS_NOT, id=text[:80])
            changed = found[0].model_copy(update={"partner": name})
            self._write(changed)
            return changed

    def _same(self, known: ClipRecord, left: ClipLeft) -> ClipRecord:
        if known.left.clip != left.clip or not hmac.compare_digest(known.left.sha256, left.sha256):
            raise RefusedError(409, "another clip has this id")
        if known.taken_back_at is not None:
            raise RefusedError(410, "it was taken back")
        return known

    def _theirs(self, clip_id: str, theirs: IsTheirs) -> ClipRecord:
        record = self._record(clip_id)
        if record is None or not theirs(record.left.clip.performer_id):
            raise RefusedError(404, _NO_SUCH)
        return record

    def _complete(self, record: ClipRecord, part: Path, file: Path) -> None:
        with part.open("rb") as come:
            same = sha256_of(come) == record.left.sha256
        if not same or not self._is_clip(part, record.left.clip):
            remove(part)
            raise RefusedError(422, "the file is not the clip that was announced")
        put_under(part, file)
        self._write(record.model_copy(update={"whole": True}))

    def _record(self, clip_id: str) -> ClipRecord | None:
        """As it is now: what was taken back, or whose time is over, goes here."""
        record = read_or_drop(read_or_none(self._layout.clip_record(clip_id)), ClipRecord)
        if record is None or record.clip_id != clip_id or record.gone_at is not None:
            return record
        clip = record.left.clip
        over = clip.agreed.keep_until <= utc_now() or self._take_gone_since(clip.take_id, record.left_at)
        return self._gone(record) if over or record.taken_back_at is not None else record

    def _take_gone_since(self, take_id: str, left_at: datetime) -> bool:
        gone_at = self._ledger.gone_at(take_id)
        return gone_at is not None and gone_at >= left_at

    def _gone(self, record: ClipRecord) -> ClipRecord:
        """Delete its file; first it is written down that it must go, so that a kill does not leave it."""
        if record.gone_at is not None:
            return record
        taken = record.model_copy(update={"taken_back_at": record.taken_back_at or utc_now()})
        self._write(taken)
        for file in media_of(self._layout.clip(record.clip_id)):
            remove(file)
            if os.path.lexists(file):
                raise OSError(f"{file.name} is left")
        gone = taken.model_copy(update={"gone_at": utc_now()})
        self._write(gone)
        return gone

    def _all(self) -> Iterator[ClipRecord]:
        if not self._layout.clips.is_dir():
            return
        for place in sorted(self._layout.clips.iterdir()):
            record = self._record(place.name)
            if record is not None:
                yield record

    def _write(self, record: ClipRecord) -> None:
        make_folder(self._layout.clip(record.clip_id))
        write_durably(self._layout.clip_record(record.clip_id), record.canonical())

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        with held(self._layout.clips_lock):
            yield
