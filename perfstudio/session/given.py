"""What have I given to whom: one line a use of every signed take, read from the records themselves."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from perfstudio.consent.permissions import expires
from perfstudio.delivery.studios import Studios
from perfstudio.library.folder import RECEIPT, RULING, SENT, Stamp
from perfstudio.library.library import Library
from perfstudio.library.receipts import is_over
from perfstudio.library.take_row import TakeRow, is_withdrawn, lost_a_needed_line
from perfstudio.model.clip_given import ClipGiven
from perfstudio.model.clock import utc_now
from perfstudio.model.consent import STANDING, Compensation, ConsentRecord, ConsentStatus, RequestedUse, UseId
from perfstudio.model.delivery import Arrival, DeliveryState, DeliveryStatus, Receipt
from perfstudio.model.errors import ErrorCode, LibraryError, PerfstudioError
from perfstudio.model.others import Others
from perfstudio.model.pair_document import PairTold
from perfstudio.model.ruling import Ruling
from perfstudio.model.take import TakeState
from perfstudio.packs.pack_store import PackStore
from perfstudio.session.given_names import TakeName, name_in, name_of, named_paper, tried
from perfstudio.session.given_pairs import pairs_now
from perfstudio.session.takes.missing import STUDIOS
from perfstudio.session.unread_papers import CONSENT_MISSING, RECEIPT_MISSING, UnreadPaper, missing

_SIGNED = frozenset({TakeState.ACCEPTED, TakeState.DELIVERED, TakeState.WITHDRAWN})


class UseStanding(StrEnum):
    """What holds of one line now."""

    STANDS = "stands"
    TAKEN_BACK = "taken_back"
    RUN_OUT = "run_out"  # its term has ended
    NOT_GIVEN = "not_given"


@dataclass(frozen=True, slots=True)
class GivenLine:
    """One use of one signed take."""

    asked: RequestedUse
    """The line as it was signed."""
    standing: UseStanding
    since: datetime | None
    """When it was last given; None when it never was."""
    until: datetime | None
    """When its term ends or ended, counted from `since`; None when it was taken back or never given."""
    taken_back: datetime | None
    """When it was taken back, if it is."""

    @property
    def use(self) -> UseId:
        """Which line it is."""
        return self.asked.id


@dataclass(frozen=True, slots=True)
class GivenTake:
    """One signed take."""

    take_id: str
    record_id: str
    title: str
    number: int
    studio_id: str
    studio_name: str
    pack_id: str
    pack_version: str
    pack_title: str
    practice: bool
    here: bool
    """The take lies on this computer; False: it was deleted here, and its papers were kept."""
    signed: datetime
    pay: Compensation
    """For the work."""
    lines: tuple[GivenLine, ...]
    delivered: datetime | None = None
    """When a receiver confirmed every hash (and who it was, with the name that it is known by here):"""
    delivered_to: str = ""
    receiver_name: str = ""
    sent: datetime | None = None
    """When every byte had left, for a receiver that confirms nothing."""
    others: Others | None = None
    """Who else is in it, as stated when it was signed (and the partner's name):"""
    partner: str = ""
    read_aloud: bool = False
    """Its statement was read aloud: once nothing stands any more, a new signature needs a new reading."""
    untold: bool = False
    """A receiver has not confirmed yet that something was taken back."""
    ruling: Ruling | None = None
    """What the studio decided of the delivery that stands; None: nothing that is known here."""
    pairs: tuple[PairTold, ...] = ()
    """What studios told of each scene for two that it is one side of, the one that changed last first."""
    if_partner_takes_back: str = ""
    """What was signed of the pay then, in the words of the terms; empty: they do not say."""
    taken_back: datetime | None = None
    """Since when the studio may not have it any more: all was taken back, or a line without which it may not."""
    told: datetime | None = None
    """When the receiver confirmed that it heard of that."""
    deleted: datetime | None = None
    """When nothing of it was left there, by the receiver's signed statement."""
    clips: tuple[ClipGiven, ...] = ()
    """Which clips of it went out as files, the last one first."""
    unread: tuple[UnreadPaper, ...] = ()
    """Papers of it that cannot be read; what they say is not in the other fields."""

    @property
    def receipt_unread(self) -> bool:
        """Something is known here of an arrival, and not what."""
        return any(paper.file in (RECEIPT, SENT) for paper in self.unread)

    @property
    def ruling_unread(self) -> bool:
        """The studio decided something, and what lies here of that cannot be read."""
        return any(paper.file == RULING for paper in self.unread)

    def pairs_now(self) -> tuple[PairTold, ...]:
        """What was told of each scene for two, without what was taken back here since."""
        return pairs_now(self.pairs, self.standing())

    def standing(self) -> frozenset[UseId]:
        """The lines that stand now."""
        return frozenset(line.use for line in self.lines if line.standing is UseStanding.STANDS)

    def once_given(self) -> frozenset[UseId]:
        """The lines that were given and do not stand any more."""
        return frozenset(
            line.use for line in self.lines if line.standing in (UseStanding.TAKEN_BACK, UseStanding.RUN_OUT)
        )


@dataclass(frozen=True, slots=True)
class Given:
    """Everything that was signed here, newest take first within a pack; and what could not be read."""

    takes: tuple[GivenTake, ...]
    unread: tuple[UnreadPaper, ...] = ()
    """Of the takes above, and of those of which not even that is known what was given."""

    @property
    def unknown(self) -> tuple[UnreadPaper, ...]:
        """Papers of signed takes that are not among `takes`: what was given cannot be read."""
        known = {take.take_id for take in self.takes}
        return tuple(paper for paper in self.unread if paper.take_id not in known)

    def only(self, *, studio_id: str | None = None, pack_id: str | None = None) -> Given:
        """What is of one studio or one pack, and what may be. Raises as `of`, where there is nothing at all."""
        unread = tuple(
            paper
            for paper in self.unread
            if (studio_id is None or paper.studio_id in ("", studio_id))
            and (pack_id is None or paper.pack_id in ("", pack_id))
        )
        try:
            return Given(self.of(studio_id=studio_id, pack_id=pack_id), unread)
        except LibraryError:
            if not unread:
                raise
            return Given((), unread)

    def of(self, *, studio_id: str | None = None, pack_id: str | None = None) -> tuple[GivenTake, ...]:
        """The takes of one studio or one pack. Raises LibraryError(GIVEN_NOTHING) when there is none."""
        found = tuple(
            take for take in self.takes if studio_id in (None, take.studio_id) and pack_id in (None, take.pack_id)
        )
        if not found:
            facts = {"studio": studio_id, "pack": pack_id}
            raise LibraryError(ErrorCode.GIVEN_NOTHING, **{name: value for name, value in facts.items() if value})
        return found


@dataclass(frozen=True, slots=True)
class _Read:
    stamp: Stamp
    record: ConsentRecord
    arrival: Arrival | None
    ruling: Ruling | None
    pairs: tuple[PairTold, ...]
    clips: tuple[ClipGiven, ...]
    unread: tuple[UnreadPaper, ...]
    named: TakeName


@dataclass(frozen=True, slots=True)
class _Back:
    since: datetime | None = None
    told: datetime | None = None
    deleted: datetime | None = None


class GivenService:
    """Reads a record once, and again when it changed: a thousand takes are looked at, not parsed, at each opening."""

    def __init__(
        self, library: Library, shelf: PackStore, statuses: Callable[[], Iterable[DeliveryStatus]] = tuple
    ) -> None:
        """`statuses` is what the outbox knows of each delivery."""
        self._library = library
        self._shelf = shelf
        self._statuses = statuses
        self._known: dict[str, _Read] = {}
        self._unsigned: dict[str, Stamp] = {}
        self._titles: dict[tuple[str, str], str] = {}
        self._receivers: dict[str, str] = {}

    def read(self, *, at: datetime | None = None) -> Given:
        """Everything signed, as it stands at `at` (now by default)."""
        moment = at or utc_now()
        self._receivers = {studio.id: studio.name for studio in Studios(self._library.takes.parent / STUDIOS).all()}
        sent: dict[str, list[DeliveryStatus]] = {}
        for status in self._statuses():
            sent.setdefault(status.take_id, []).append(status)
        takes: list[GivenTake] = []
        unread: list[UnreadPaper] = []
        for take_id, row in self._found():
            try:
                known = self._read(take_id, row)
            except PerfstudioError as problem:
                unread.append(named_paper(take_id, problem, name_of(row) if row is not None else None))
                continue
            if known is not None:
                takes.append(self._take(known, sent.get(take_id, []), moment, here=row is not None))
                unread += takes[-1].unread
        takes.sort(key=lambda t: (t.studio_name.casefold(), t.studio_id, t.pack_title.casefold(), t.pack_id))
        return Given(tuple(takes), tuple(unread))

    def _found(self) -> list[tuple[str, TakeRow | None]]:
        """Every take that may be signed; without a row those that were deleted here. A folder that is not there now is
        asked for only when something was signed in it: its disk may not be connected.
        """
        here = [row for row in self._library.list() if row.sealed and (not row.missing or row.state in _SIGNED)]
        deleted = reversed(self._library.deleted_with_papers())
        return [*((row.take_id, row) for row in here), *((take_id, None) for take_id in deleted)]

    def _read(self, take_id: str, row: TakeRow | None) -> _Read | None:
        stamp = self._library.stamp(take_id)
        known = self._known.get(take_id)
        if known is not None and known.stamp == stamp:
            return known
        if self._unsigned.get(take_id) == stamp:
            return None
        record = self._library.consent(take_id)
        if record is None and self._was_signed(take_id):
            raise missing(take_id, CONSENT_MISSING)
        if record is None:
            self._unsigned[take_id] = stamp
            return None
        named, unread = self._named(record, row)
        papers: list[PerfstudioError] = [unread] if unread is not None else []
        arrival = tried(lambda: self._library.arrival(take_id), papers)
        ruling = tried(lambda: self._library.ruling(take_id), papers)
        pairs = tried(lambda: self._library.pairs.of(take_id), papers) or ()
        clips = tried(lambda: self._library.clips.of(take_id), papers) or ()
        found = tuple(named_paper(take_id, problem, named) for problem in papers)
        self._known[take_id] = _Read(stamp, record, arrival, ruling, pairs, clips, found, named)
        return self._known[take_id]

    def _was_signed(self, take_id: str) -> bool:
        """Whether other papers of a take say that it was, where no consent.json is there."""
        with contextlib.suppress(PerfstudioError):
            return self._library.papers(take_id).consent is not None
        try:
            return self._library.arrival(take_id) is not None
        except PerfstudioError:
            return True

    def _named(self, record: ConsentRecord, row: TakeRow | None) -> tuple[TakeName, PerfstudioError | None]:
        """By the list, or by the papers of a deleted take; and what is wrong with its take.json."""
        take_id, problem = record.take.take_id, None
        if row is None or row.state is TakeState.DAMAGED:
            try:
                return name_in(self._library.papers(take_id)), None
            except PerfstudioError as unreadable:
                problem = unreadable
        if row is not None and row.prompt_title:
            return name_of(row), problem
        return TakeName(record.parties[0].id, take_id, 0, record.notice.id, record.notice.version, False), problem

    def _take(self, known: _Read, statuses: list[DeliveryStatus], moment: datetime, *, here: bool) -> GivenTake:
        record, named, unread, studio = known.record, known.named, known.unread, known.record.parties[0]
        over = known.arrival is not None and is_over(known.arrival, record)  # the studio had to let go of it since
        receipt = None if over else known.arrival
        accepted = receipt is not None and receipt.state == "accepted"
        sent = next((s.sent_at for s in statuses if s.state is DeliveryState.SENT), None)
        back = _taken_back(record, statuses, receipt)
        if known.arrival is None and not unread and any(s.state is DeliveryState.DELIVERED for s in statuses):
            unread = (named_paper(record.take.take_id, missing(record.take.take_id, RECEIPT_MISSING), named),)
        return GivenTake(
            take_id=record.take.take_id,
            record_id=record.record_id,
            title=named.title,
            number=named.number,
            studio_id=studio.id,
            studio_name=studio.name,
            pack_id=named.pack_id,
            pack_version=named.pack_version,
            pack_title=self._pack_title((named.pack_id, named.pack_version)),
            practice=named.practice,
            here=here,
            signed=record.events[0].at if record.events else record.created_at,
            pay=record.pay,
            lines=tuple(_line(record, use, moment) for use in sorted(record.uses, key=_grid_place)),
            delivered=receipt.at if receipt is not None and accepted else None,
            delivered_to=receipt.studio_id if receipt is not None and accepted else "",
            receiver_name=self._receivers.get(receipt.studio_id, "") if receipt is not None and accepted else "",
            sent=receipt.at if receipt is not None and not accepted else sent,
            others=record.others,
            partner=record.partner or "",
            read_aloud=record.spoken is not None,
            untold=any(status.untold for status in statuses),
            ruling=known.ruling if _is_of(known.ruling, receipt) else None,
            pairs=known.pairs if accepted and back.since is None else (),
            if_partner_takes_back=record.notice.of_partner,
            taken_back=back.since,
            told=back.told,
            deleted=back.deleted,
            clips=known.clips,
            unread=unread,
        )

    def _pack_title(self, pack: tuple[str, str]) -> str:
        if pack not in self._titles:
            try:
                self._titles[pack] = self._shelf.pack(*pack).pack.title
            except PerfstudioError:  # it is no longer on the shelf
                self._titles[pack] = pack[0]
        return self._titles[pack]


def _is_of(ruling: Ruling | None, arrival: Arrival | None) -> bool:
    """Whether it is about the delivery that stands: what was sent once more is a new take to the studio."""
    return ruling is not None and isinstance(arrival, Receipt) and ruling.receipt_id == arrival.receipt_id


def _taken_back(record: ConsentRecord, statuses: list[DeliveryStatus], arrival: Arrival | None) -> _Back:
    arrived = arrival is not None or any(status.sent_at is not None for status in statuses)
    since = None
    for place, act in enumerate(record.events, start=1):
        then = record.model_copy(update={"events": record.events[:place]})
        gone = is_withdrawn(then) or (arrived and lost_a_needed_line(then))
        since = (since or act.at) if gone else None
    if since is None:
        return _Back()
    there = arrival.studio_id if arrival is not None else ""
    asked = max(statuses, key=lambda status: (status.studio_id == there, status.withdrawn_at is not None), default=None)
    return _Back(since, asked.told_at, asked.deleted_at) if asked is not None else _Back(since)


def _grid_place(use: RequestedUse) -> int:
    return list(UseId).index(use.id)


def _line(record: ConsentRecord, use: RequestedUse, moment: datetime) -> GivenLine:
    act, until = record.last_act(use.id), expires(record, use.id)
    given = next((e for e in reversed(record.events) if e.state in STANDING and use.id in e.use_ids), None)
    standing = UseStanding.NOT_GIVEN
    if until is not None:
        standing = UseStanding.STANDS if moment < until else UseStanding.RUN_OUT
    elif given is not None and act is not None and act.state is ConsentStatus.WITHDRAWN:
        standing = UseStanding.TAKEN_BACK
    return GivenLine(
        asked=use,
        standing=standing,
        since=given.at if given is not None else None,
        until=until,
        taken_back=act.at if act is not None and standing is UseStanding.TAKEN_BACK else None,
    )
