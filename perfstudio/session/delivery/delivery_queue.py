"""The Deliveries room: what waits, what moves, what arrived. The courier works; this tells and is told."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from perfstudio.delivery.attempt import Tuning
from perfstudio.delivery.delivery_worker import DeliveryWorker
from perfstudio.delivery.origin import origin_of
from perfstudio.delivery.sender import DeliveryPorts
from perfstudio.delivery.tokens import StoredToken
from perfstudio.delivery.trust import read_trust
from perfstudio.library.library import Library
from perfstudio.model.consent import ConsentStatus
from perfstudio.model.deletion import DeletionWord
from perfstudio.model.delivery import DELIVERY_ENDED, Arrival, DeliveryState, DeliveryStatus, SignIn, Studio
from perfstudio.model.errors import DeliveryError, ErrorCode, PerfstudioError
from perfstudio.model.take import TakeState
from perfstudio.session.bus import Bus
from perfstudio.session.delivery.delivery_service import DeliveryService
from perfstudio.session.delivery.invitation_desk import Connected, InvitationDesk, InvitationOffer
from perfstudio.session.delivery.sending_limits import SendingLimits
from perfstudio.session.delivery.sending_plan import SendingPlan, Wait
from perfstudio.session.delivery.sending_rules import stays_here
from perfstudio.session.delivery.studio_news import NewsDesk, StudioNews
from perfstudio.session.delivery.this_network import Network, this_network
from perfstudio.session.events import DeliveryChanged, PairsChanged, SendingChanged, StudioDecided, TakeChanged
from perfstudio.session.settings import SettingsStore
from perfstudio.session.takes.rulings import is_rejected
from perfstudio.session.takes.takes import Takes
from perfstudio.session.views import DeliveryLine, StudioLine, TakeLine, TakenBack


class DeliveryQueue:
    """Owns the courier's thread. Everything it does can be asked for again."""

    def __init__(
        self,
        library: Library,
        delivery_service: DeliveryService,
        takes: Takes,
        settings: SettingsStore,
        bus: Bus,
        *,
        look: Callable[[], Network] = this_network,
    ) -> None:
        self._library = library
        self._delivery_service = delivery_service
        self._takes = takes
        self._bus = bus
        self._known: dict[str, bool] = {}
        """What each studio answered to its token since this was opened, or since another token was given."""
        self._desk = InvitationDesk(delivery_service)
        self._news = NewsDesk(library, delivery_service)
        ports = DeliveryPorts(
            bundle_of=delivery_service.bundle,
            studio_of=delivery_service.studios.get,
            token_of=delivery_service.token,
            may_send=delivery_service.may_send,
            why_not=delivery_service.why_not,
            rolls=delivery_service.rolls,
            on_status=self._heard,
            on_receipt=self._arrived,
            records_of=delivery_service.records_of,
            key_changes=delivery_service.key_changes,
        )
        delivery_service.note_withdrawals()
        self._switches = delivery_service.outbox.switches
        if settings.now.deliveries_paused:
            self._switches.rest(on=True)
            settings.change(deliveries_paused=False)
        self.limits = SendingLimits(settings, look)
        self._busy_stage = {"rolling": False, "armed": False}
        self._courier = DeliveryWorker(
            delivery_service.outbox, ports, tuning=Tuning(cap=self.limits.cap), holds=self._holds
        )
        self.limits.changed = self._limits_changed
        self._limits_changed()  # what was found before anybody heard

    def close(self) -> None:
        """Stop now; the next start goes on where this one stopped."""
        self._news.stop()
        self._courier.close()
        self.limits.close()

    # looking

    def lines(self) -> tuple[DeliveryLine, ...]:
        """Everything in the outbox."""
        names = {studio.id: studio.name for studio in self._delivery_service.studios.all()}
        return tuple(self._line(status, names) for status in self._courier.statuses())

    def studios(self) -> tuple[StudioLine, ...]:
        """Studios that takes can go to."""
        return tuple(self._studio_line(studio) for studio in self._delivery_service.studios.all())

    def known(self, studio_id: str) -> bool | None:
        """Whether a studio knows the token at hand: what it answered, never what is stored here."""
        refused = ErrorCode.TOKEN_WRONG
        if any(s.studio_id == studio_id and s.reason is refused for s in self._delivery_service.outbox.statuses()):
            return False
        return self._known.get(studio_id)

    def waiting_takes(self) -> tuple[TakeLine, ...]:
        """Accepted takes that are not on their way: not in the outbox yet, or out of its queue again."""
        queued = {s.take_id for s in self._courier.statuses() if s.state is not DeliveryState.CANCELLED}
        return tuple(self._takes.line(t) for t in self._delivery_service.ready() if t not in queued)

    def unready_takes(self) -> tuple[TakeLine, ...]:
        """Kept takes that something is still missing for."""
        return tuple(line for line in self._takes.lines({TakeState.KEPT, TakeState.ACCEPTED}) if line.missing)

    def studio_for(self, take_id: str) -> str | None:
        """The known studio a take was signed for; for practice takes the only known one, else None."""
        asked = self._library.manifest(take_id).prompt.studio.id
        known = [studio.id for studio in self._delivery_service.studios.all()]
        if asked in known:
            return asked
        return known[0] if len(known) == 1 and self._may_go(take_id, known[0]) else None

    def busy(self) -> tuple[str, ...]:
        """Takes on their way: the bin leaves them alone."""
        return tuple(s.take_id for s in self._courier.statuses() if s.state not in DELIVERY_ENDED)

    def receipt(self, take_id: str) -> Arrival | None:
        """What the receiver signed, or that it was sent to one that signs nothing."""
        return self._library.arrival(take_id)

    # asking

    def queue(self, take_id: str, studio_id: str) -> None:
        """Put a take on its way. Raises ConsentError, LibraryError, DeliveryError when it may not leave."""
        self._delivery_service.require(take_id)
        if self._courier.enqueue(self._delivery_service.bundle(take_id, studio_id)) is DeliveryState.CANCELLED:
            self._courier.retry(take_id, studio_id)  # it was taken out of the queue, and is asked for again
            if self._delivery_service.outbox.stopped(take_id, studio_id):
                raise self._delivery_service.why_not(take_id)

    def take_out(self, take_id: str, studio_id: str) -> None:
        """Out of the queue; the take stays."""
        self._courier.take_out(take_id, studio_id)

    def retry(self, take_id: str, studio_id: str) -> None:
        """Try a waiting delivery now."""
        self._courier.retry(take_id, studio_id)

    @property
    def paused(self) -> bool:
        """Whether all deliveries are paused."""
        return self._switches.resting

    def pause(self, on: bool) -> None:
        """Rest, or go on; remembered."""
        if on:
            self._courier.pause()
        else:
            self._courier.resume()

    def pause_take(self, take_id: str, studio_id: str) -> None:
        """Rest with one take until it is tried again; remembered."""
        self._courier.pause_take(take_id, studio_id)

    def plan(self, take_id: str) -> SendingPlan:
        """What sending this take would mean: where to, how much, and what it would wait for. Signed or not."""
        manifest = self._library.manifest(take_id)
        size = sum(file.size for file in manifest.files)
        studio_id = self.studio_for(take_id)
        if studio_id is None:
            return SendingPlan(manifest.prompt.studio.name, "", size, Wait.NO_STUDIO)
        studio = self._delivery_service.studios.get(studio_id)
        line = self._studio_line(studio)
        wait: Wait | None = None
        if self.paused:
            wait = Wait.PAUSED
        elif line.needs_token and not line.has_token:
            wait = Wait.TOKEN
        elif self._holds(studio_id):
            wait = Wait.NETWORK
        return SendingPlan(studio.name, origin_of(studio.tus).host, size, wait, studio_id)

    def network_changed(self, metered: bool | None) -> None:
        """Another network, or another cost of it: what waits for one is tried at once."""
        self.limits.look(metered=metered, then=self._courier.wake)

    def armed(self, on: bool) -> None:
        """The stage is open for a take (or is left): the second before the roll is in the take, so nothing is sent."""
        self._stage(armed=on)

    def rolling(self, on: bool) -> None:
        """While a take is being made nothing is sent."""
        self._stage(rolling=on)

    def withdrawn(self, take_id: str) -> None:
        """Consent was taken back: no further byte leaves once this returns; receivers will be told."""
        record = self._library.consent(take_id)
        if record is not None:
            self._delivery_service.withdrawn(take_id, record)
            self._courier.withdrawn(take_id)

    def given(self, take_id: str) -> None:
        """Lines were given again: the receivers will be told, and what may go goes on."""
        record = self._library.consent(take_id)
        if record is not None:
            self._delivery_service.given(take_id, record)
            self._courier.given(take_id)

    def connect(self, address: str, certificate: Path | None = None, new_key: str | None = None) -> StudioLine:
        """A studio by the address or file of its document; `certificate` is the file of its receiver's own, `new_key`
        the fingerprint of a key that the performer has decided to trust in place of the one known.

        Raises DeliveryError.
        """
        trust = read_trust(certificate) if certificate is not None else None
        studio = self._delivery_service.connect(address, trust, new_key)
        self._courier.wake()  # takes may have waited for another document
        return self._studio_line(studio)

    def look_at(self, link: str, certificate: Path | None = None) -> InvitationOffer:
        """Who invites; nothing of the code is said to anybody yet. Raises DeliveryError."""
        trust = read_trust(certificate) if certificate is not None else None
        return self._desk.look(link, trust)

    def accept_invitation(self, offer: InvitationOffer) -> tuple[StudioLine, Connected]:
        """The code becomes a token, and whatever waited for one goes on. Raises DeliveryError."""
        done = self._desk.agree(offer)
        self._known.pop(done.studio.id, None)
        self._courier.signed_in(done.studio.id)
        if done.known:
            self._known[done.studio.id] = True
        return self._studio_line(done.studio), done

    def hear(self) -> tuple[StudioNews, ...]:
        """What studios have decided since; it is beside the takes when this returns. May take a while."""
        news = self._news.ask()
        for one in news:
            about = (*(ruling.take_id for ruling in one.rulings), *(told.take_id for told in one.pairs))
            for take_id in dict.fromkeys(about):
                self._bus.publish(TakeChanged(take_id))
            if one.rulings:
                self._bus.publish(StudioDecided(one.studio_name, one.rulings))
            if one.pairs:
                self._bus.publish(PairsChanged(one.studio_name, one.pairs))
        return news

    def sign_in(self, studio_id: str, token: str) -> bool:
        """Keep a token. True: in the system's keyring; False: for this session only."""
        kept = self._delivery_service.sign_in(self._delivery_service.studios.get(studio_id), token)
        self._known.pop(studio_id, None)
        self._courier.signed_in(studio_id)
        return kept is StoredToken.KEYRING

    def _stage(self, **facts: bool) -> None:
        self._busy_stage |= facts
        self._courier.rolling(any(self._busy_stage.values()))

    def _holds(self, studio_id: str) -> bool:
        """Whether the network that is there is not to be used for this studio."""
        if self.limits.now.hold is None:
            return False
        with contextlib.suppress(DeliveryError):
            return not stays_here(self._delivery_service.studios.get(studio_id))
        return True

    def _limits_changed(self) -> None:
        self._courier.held()
        self._bus.publish(SendingChanged())

    def _heard(self, status: DeliveryStatus) -> None:
        if status.reason is ErrorCode.TOKEN_WRONG:
            self._known[status.studio_id] = False
            self._delivery_service.token_refused(status.studio_id)
        elif status.bytes_per_s > 0 or status.state is DeliveryState.VERIFYING:  # it takes what was sent with the token
            self._known[status.studio_id] = True
        self._bus.publish(DeliveryChanged(status))

    def _arrived(self, receipt: Arrival) -> None:
        self._known[receipt.studio_id] = True
        self._delivery_service.keep_receipt(receipt)
        self._bus.publish(TakeChanged(receipt.take_id))

    def _may_go(self, take_id: str, studio_id: str) -> bool:
        try:
            self._delivery_service.check_way(take_id, studio_id)
        except PerfstudioError:
            return False
        return True

    def _line(self, status: DeliveryStatus, names: dict[str, str]) -> DeliveryLine:
        row = self._library.row(status.take_id)
        return DeliveryLine(
            status=status,
            title=row.prompt_title,
            number=row.take_number,
            studio_name=names.get(status.studio_id, status.studio_id),
            taken_back=self._taken_back(status),
            ruling=(ruling := self._takes.ruling(status.take_id)),
            paid=self._takes.paid(status.take_id) if is_rejected(ruling) else None,
        )

    def _taken_back(self, status: DeliveryStatus) -> TakenBack | None:
        at = status.withdrawn_at or self._act_on_paper(status)
        if at is None:
            return None
        receipt = self._delivery_service.arrival(status.take_id)
        theirs = receipt if receipt is not None and receipt.studio_id == status.studio_id else None
        return TakenBack(
            at,
            theirs.at if theirs is not None else status.sent_at,
            status.told_at,
            untold=status.untold,
            partly=status.partly,
            delivered=theirs is not None and theirs.state == "accepted",
            word=DeletionWord(status.word) if status.word else None,
            deleted=status.deleted_at,
            exports=status.exports,
        )

    def _act_on_paper(self, status: DeliveryStatus) -> datetime | None:
        """When consent was taken back that the outbox has not heard of yet; None too when it was signed anew since."""
        record = None
        if status.reason is ErrorCode.CONSENT_WITHDRAWN:
            with contextlib.suppress(PerfstudioError):  # a damaged paper takes no line from the page
                record = self._library.consent(status.take_id)
        act = record.events[-1] if record is not None and record.events else None
        return act.at if act is not None and act.state is ConsentStatus.WITHDRAWN else None

    def _studio_line(self, studio: Studio) -> StudioLine:
        return StudioLine(
            id=studio.id,
            name=studio.name,
            address=studio.base or studio.tus,
            needs_token=studio.sign_in is SignIn.TOKEN,
            has_token=self._delivery_service.token(studio) is not None,
            known=self.known(studio.id),
            unopened=self._delivery_service.tokens.refusal is not None,
        )
