"""The rules between a take and a studio: what may leave, where it may go, and keeping what came back."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from perfstudio.consent.key_chain import OwnKeys
from perfstudio.consent.permissions import covers, needed
from perfstudio.delivery.attempt import Tuning
from perfstudio.delivery.bundle import Bundle, read_bundle
from perfstudio.delivery.deliver_now import deliver
from perfstudio.delivery.failure import TransferStoppedError
from perfstudio.delivery.how_far import HowFar
from perfstudio.delivery.origin import origin_of
from perfstudio.delivery.outbox import Outbox
from perfstudio.delivery.rate_cap import RateCap
from perfstudio.delivery.studios import Studios, read_studio
from perfstudio.delivery.tokens import StoredToken, TokenStore
from perfstudio.delivery.withdrawal_notices import NoticeOutcome, ReceiverDirectory, tell_all
from perfstudio.durable import disk_error
from perfstudio.library.library import Library
from perfstudio.library.receipts import is_over
from perfstudio.library.take_row import TakeFilter
from perfstudio.model.consent import STANDING, ConsentRecord
from perfstudio.model.delivery import Arrival, DeliveryState, Receipt, Studio
from perfstudio.model.errors import ConsentError, DeliveryError, ErrorCode, PerfstudioError
from perfstudio.model.key_change import KeyChange
from perfstudio.model.take import TakeState
from perfstudio.packs.reserved import is_bundled_studio
from perfstudio.paths import AppPaths
from perfstudio.session.consents import ConsentService
from perfstudio.session.delivery.known_keys import KnownKeys
from perfstudio.session.delivery.permits import REVIEW, Permits
from perfstudio.session.delivery.taken_back import acts_taking_back, may_have_taken_back
from perfstudio.session.known_time import KnownTime
from perfstudio.session.set_aside import SetAside, SetAsideKind, Tell, untold
from perfstudio.session.takes.earlier_consents import earlier_records
from perfstudio.session.takes.missing import STUDIOS

Progress = Callable[[DeliveryState, int], None]
_ENDS_BY_ITSELF = (
    ErrorCode.DELIVERY_BUSY,
    ErrorCode.DELIVERY_PAUSED,
    ErrorCode.DELIVERY_HELD,
    ErrorCode.DELIVERY_ROLLING,
)


class DeliveryService:
    """Owns the outbox. Joins library, consent and delivery for the window's courier and for `perfstudio deliver`."""

    def __init__(self, library: Library, paths: AppPaths, *, tell: Tell = untold) -> None:
        self._library = library
        self._time = KnownTime(paths.home, library)
        self._keys = KnownKeys(paths.home)
        self._permits = Permits(library, self._time, keys=self.own_keys)
        self.studios = Studios(paths.home / STUDIOS)
        self.outbox = Outbox(paths.outbox)
        if self.outbox.set_aside is not None:
            tell(SetAside(SetAsideKind.OUTBOX, self.outbox.set_aside))
        self.tokens = TokenStore()
        self._lent: dict[str, str] = {}

    def close(self) -> None:
        """Let the outbox go."""
        self.outbox.close()

    def connect(self, source: str | Path, trust: str | None = None, new_key: str | None = None) -> Studio:
        """Read a studio document from an address or a file, and keep it.

        `trust` is the receiver's own certificate (PEM); it is kept with the studio, and used again when that is
        connected anew without it. `new_key` is the fingerprint of another key than before, where a person has decided
        to trust it. Raises DeliveryError.
        """
        trust = trust or self.trusted_at(str(source))
        studio = read_studio(source, trust=trust)
        if trust and studio.certificate is None:
            studio = studio.model_copy(update={"certificate": trust})
        return self.keep(studio, new_key)

    def trust(self, studio: Studio, certificate: str) -> Studio:
        """Keep a studio with the certificate (PEM) that its receiver shows."""
        return self.keep(studio.model_copy(update={"certificate": certificate}))

    def keep(self, studio: Studio, new_key: str | None = None) -> Studio:
        """Keep a studio's document; `new_key` as for `connect`. Raises DeliveryError."""
        try:
            self.studios.keep(studio, new_key)
        except OSError as problem:
            raise disk_error(problem, None, DeliveryError, file=f"{studio.id}.json") from problem
        return studio

    def studio_name(self, studio_id: str) -> str:
        """What a studio is called; its id where it is known no more."""
        try:
            return self.studios.get(studio_id).name
        except DeliveryError:
            return studio_id

    def trusted_at(self, source: str) -> str | None:
        """The certificate of a receiver's own that was given for this address before."""
        if not source.lower().startswith("https://"):
            return None
        origin = origin_of(source)
        known = (s for s in self.studios.all() if s.certificate and origin_of(s.tus) == origin)
        return next((s.certificate for s in known), None)

    def sign_in(self, studio: Studio, token: str) -> StoredToken:
        """Keep a token for the studio's origin; the answer says where."""
        return self.tokens.put(origin_of(studio.tus), token)

    def lend(self, studio: Studio, token: str) -> None:
        """A token for this run of the program only."""
        self._lent[str(origin_of(studio.tus))] = token

    def lend_to(self, studio_id: str, token: str) -> None:
        """The same for a studio known by its id; an unknown one needs none."""
        with contextlib.suppress(DeliveryError):
            self.lend(self.studios.get(studio_id), token)

    def token_refused(self, studio_id: str) -> None:
        """The studio does not know the token at hand: the keyring may have a newer one by now."""
        with contextlib.suppress(DeliveryError):
            self.tokens.read_again(origin_of(self.studios.get(studio_id).tus))

    def token(self, studio: Studio) -> str | None:
        """The token at hand for a studio."""
        origin = origin_of(studio.tus)
        return self._lent.get(str(origin)) or self.tokens.get(origin)

    def may_send(self, take_id: str) -> bool:
        """Whether a signed, whole and standing consent covers this take at this moment. Cheap while nothing changes."""
        return self._permits.may_send(take_id)

    def require(self, take_id: str) -> None:
        """Raises ConsentError or LibraryError with the reason why this take may not leave."""
        self._permits.require(take_id)

    def why_not(self, take_id: str) -> ConsentError:
        """What stands in the way of a take that may not be sent: that it was taken back, if nothing else is found."""
        try:
            self.require(take_id)
        except ConsentError as problem:
            return problem
        except PerfstudioError:
            pass
        return ConsentError(ErrorCode.CONSENT_WITHDRAWN, take=take_id)

    def covered(self, record: ConsentRecord) -> bool:
        """Whether what stands of a record still lets its take be sent."""
        return covers(record, needed(record, REVIEW))

    def bundle(self, take_id: str, studio_id: str) -> Bundle:
        """What is sent now. What a studio pays and judges by is bound by hash in it, so that a later change is noticed.

        Raises what `check_way` raises, and LibraryError when the take's folder cannot be written.
        """
        self.check_way(take_id, studio_id)
        self._library.bind_for_sending(take_id)
        return read_bundle(self._library.folder(take_id), studio_id)

    def check_way(self, take_id: str, studio_id: str) -> None:
        """Whether this take may go to this studio.

        Raises DeliveryError: STUDIO_DIFFERS (signed for somebody else), PRACTICE_TAKE (a practice device made it, and a
        real studio asked for it), PRACTICE_RECEIVER (the other way round).
        """
        manifest = self._library.manifest(take_id)
        asked = manifest.prompt.studio
        bundled = is_bundled_studio(asked.id, asked.legal_name)
        for_practice = self._for_practice(studio_id)
        if manifest.practice and not (bundled or for_practice):
            raise DeliveryError(ErrorCode.PRACTICE_TAKE)
        if not bundled and asked.id != studio_id:
            raise DeliveryError(ErrorCode.STUDIO_DIFFERS, asked=asked.id)
        if for_practice and not manifest.practice:
            raise DeliveryError(ErrorCode.PRACTICE_RECEIVER, studio=studio_id)

    def goes_on(self, take_id: str, studio_id: str, problem: PerfstudioError) -> bool:
        """Whether another try may bring a take further that has just not arrived."""
        status = self.outbox.status(take_id, studio_id)
        waits = status is not None and status.state is DeliveryState.WAITING
        return waits or problem.code in _ENDS_BY_ITSELF

    def _for_practice(self, studio_id: str) -> bool:
        with contextlib.suppress(DeliveryError):
            return self.studios.get(studio_id).practice
        return False

    def ready(self) -> tuple[str, ...]:
        """Accepted takes, oldest first."""
        rows = self._library.list(TakeFilter(states=frozenset({TakeState.ACCEPTED})))
        return tuple(row.take_id for row in reversed(rows) if not row.sent)

    def withdrawn(self, take_id: str, record: ConsentRecord) -> None:
        """Something was taken back: every receiver that got the take is to be told, and when what stands no longer
        covers a delivery, no further byte leaves.

        Every act that the outbox does not know is noted, each as the record stood after it.
        """
        self._note_arrival(take_id, record)
        known, receivers = self.outbox.noted_acts(record.record_id), self.receivers_of(take_id)
        for act in acts_taking_back(record):
            if act.seq not in known:
                then = record.model_copy(update={"events": record.events[: act.seq]})
                blocks = not self.covered(then)
                self.outbox.withdraw(take_id, record.record_id, act, blocks=blocks, studio_ids=receivers)

    def given(self, take_id: str, record: ConsentRecord) -> None:
        """Lines were given (again): every receiver that got something is to be told, and what may go begins anew."""
        self.withdrawn(take_id, record)  # what a kill kept from the outbox comes first
        standing = record.granted()
        self.outbox.give(
            take_id,
            record.record_id,
            len(record.events),
            covers=self.covered(record),
            whole=standing == record.ever_given(),
            studio_ids=self.receivers_of(take_id),
        )

    def follow(self, consents: ConsentService) -> None:
        """What is signed from here on is in the outbox at once: no byte leaves any more, or it may go again."""

        def noted(note: Callable[[str, ConsentRecord], None]) -> Callable[[str], None]:
            return lambda take_id: note(take_id, consents.record(take_id))

        consents.withdrawn, consents.given = noted(self.withdrawn), noted(self.given)

    def receivers_of(self, take_id: str) -> tuple[str, ...]:
        """Who has this take, as its receipt or the note beside it says: the outbox may be younger."""
        arrival = self.arrival(take_id)
        return (arrival.studio_id,) if arrival is not None else ()

    def arrival(self, take_id: str) -> Arrival | None:
        """What lies beside a take of its arrival; None, too, where that cannot be read: the outbox knows it as well."""
        with contextlib.suppress(PerfstudioError):
            return self._library.arrival(take_id)
        return None

    def note_withdrawals(self) -> None:
        """Bring into the outbox what was taken back or given again while it could not be told so (a kill may lie
        between the two), and the lines of takes that arrived before this outbox was made.
        """
        listed = {status.take_id for status in self.outbox.statuses()}
        for row in self._library.list():
            with contextlib.suppress(PerfstudioError):  # a damaged take tells nothing
                if may_have_taken_back(self._library.folder(row.take_id)):
                    self._note_record(row.take_id)
                elif row.sent and row.take_id not in listed:
                    self._note_arrival(row.take_id, self._library.consent(row.take_id))
        for take_id in self._library.deleted_with_papers():
            with contextlib.suppress(PerfstudioError):
                self._note_record(take_id)

    def _note_record(self, take_id: str) -> None:
        record = self._library.consent(take_id)
        if record is None or not acts_taking_back(record):
            return
        last = record.events[-1]
        if last.state in STANDING and not self.outbox.knows_giving(record.record_id, last.seq):
            self.given(take_id, record)
        else:
            self.withdrawn(take_id, record)

    def _note_arrival(self, take_id: str, record: ConsentRecord | None) -> None:
        arrival = self.arrival(take_id)
        if arrival is not None and record is not None and not is_over(arrival, record):
            self.outbox.keep_arrived(arrival, record.record_id)

    def records_of(self, take_id: str) -> tuple[ConsentRecord, ...]:
        """The consent records of a take, also of a deleted one: the one that it stands on, then those whose place it
        took. Nothing where the first cannot be read, or gives something that no key of this installation has signed.
        """
        with contextlib.suppress(PerfstudioError, OSError):
            if (record := self._library.consent(take_id)) is not None:
                if record.granted():
                    self.own_keys().require(record)
                return record, *earlier_records(self._library.papers_folder(take_id))
        return ()

    def own_keys(self) -> OwnKeys:
        """The keys of this installation. Raises ConsentError(KEY_DAMAGED)."""
        return self._keys.now()

    def key_changes(self) -> tuple[KeyChange, ...]:
        """How the performer's key came in the place of earlier ones; nothing where that cannot be read."""
        with contextlib.suppress(ConsentError):  # what was taken back is told all the same
            return self.own_keys().changes
        return ()

    def tell_withdrawals(self, take_id: str | None = None) -> tuple[NoticeOutcome, ...]:
        """Tell every receiver that has not confirmed yet (of one take, or of all), and say what came of it."""
        directory = ReceiverDirectory(self.studios.get, self.token, self.records_of, self.key_changes)
        return tell_all(self.outbox, directory, take_id=take_id)

    def keep_receipt(self, arrival: Arrival) -> None:
        """Put the receipt, or the note that it was sent, beside the take: only then is the delivery over.

        A receiver says its time in a receipt.
        """
        if isinstance(arrival, Receipt):
            self._library.write_receipt(arrival.take_id, arrival)
            self._time.heard(arrival.at, arrival.studio_id)
        else:
            self._library.write_sent(arrival.take_id, arrival)

    def send(
        self,
        take_id: str,
        studio: Studio,
        *,
        progress: Progress = lambda state, sent: None,
        stop: threading.Event | None = None,
        patience_s: float = 30.0,
        quiet: Callable[[HowFar], None] = lambda now: None,
        cap: float | None = None,
    ) -> Arrival:
        """Deliver one take now; resumes where an earlier run stopped. See `delivery.deliver`.

        Raises DeliveryError(DELIVERY_ROLLING, DELIVERY_PAUSED) when a take rolls or somebody pauses meanwhile.
        """
        self.require(take_id)
        try:
            return self._deliver(
                take_id, studio, progress=progress, stop=stop, patience_s=patience_s, quiet=quiet,
                tuning=Tuning(cap=RateCap(cap)),
            )  # fmt: skip
        except TransferStoppedError:
            if stop is not None and stop.is_set():
                raise
            rolls = self.rolls()
            raise DeliveryError(ErrorCode.DELIVERY_ROLLING if rolls else ErrorCode.DELIVERY_PAUSED) from None

    def rolls(self) -> bool:
        """Whether a take is being made, by this program or another."""
        return self._library.rolls()

    def _deliver(self, take_id: str, studio: Studio, **how: Any) -> Arrival:
        return deliver(
            self.bundle(take_id, studio.id),
            studio,
            self.token(studio),
            outbox=self.outbox,
            may_send=lambda: self.may_send(take_id),
            bundle_of=self.bundle,
            on_receipt=self.keep_receipt,
            records_of=self.records_of,
            rolls=self.rolls,
            key_changes=self.key_changes,
            **how,
        )
