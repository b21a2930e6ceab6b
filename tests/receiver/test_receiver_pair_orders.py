"""Orders of signing, delivering, taking back and giving again on both sides of a pair, drawn by chance: after every act
what the receiver says, to each performer and in pair.json, is what a small model says.

One take was made into a clip, two others answer it. `PERFSTUDIO_SOAK_SEED` draws another walk; what fails names the
order, which is drawn alone when its number is the seed.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from pair_guests import Guest, Studio
from take_bundles import STUDIO

from perfstudio.model.base import canonical_bytes
from perfstudio.model.consent import UseId
from perfstudio.model.pair_document import PairDocument, PairState
from perfstudio.receiver.layout import ReceiverLayout
from perfstudio.receiver.serve import Receiver, ReceiverSettings
from perfstudio.receiver.takes import ReceiverLimits
from perfstudio.receiver.tokens import Tokens
from rigs.pair_takes import KEEP, USES, Played, play
from rigs.quick_folder import quick_folder

SEED = int(os.environ.get("PERFSTUDIO_SOAK_SEED", "50"))
ORDERS = int(os.environ.get("PERFSTUDIO_SOAK", "1000"))
TOGETHER = 50
"""Orders that one receiver lives through; then it is made anew."""
S = PairState


@dataclass
class ModelSide:
    """What the model knows of one side: nothing but what its performer did."""

    standing: set[UseId] = field(default_factory=set)
    known: bool = False
    """Its record lies at the receiver."""
    here: bool = False
    gone: bool = False
    linked: bool = False
    """It answers the clip, and the receiver knows so."""


@dataclass
class Walk:
    """One order."""

    studio: Studio
    guests: list[Guest]
    chance: random.Random
    befell: Counter[str]
    model: list[ModelSide] = field(default_factory=lambda: [ModelSide(), ModelSide(), ModelSide()])
    course: list[str] = field(default_factory=list)

    # what somebody does

    def delivers(self, who: int) -> None:
        guest, side = self.guests[who], self.model[who]
        if side.here:
            return
        if KEEP not in side.standing:
            guest.visitor.bundle = guest.side.bundle
            guest.visitor.consent()
            assert guest.visitor.announce().status_code == 403, self.course
            side.known = True
            return
        guest.delivers()
        side.known = side.here = True
        side.linked = who > 0

    def signs(self, who: int) -> None:
        """The record comes, and no take."""
        self._put(who)

    def takes_back(self, who: int) -> None:
        guest, side = self.guests[who], self.model[who]
        uses = self._some()
        if not side.known or not uses & side.standing:
            return
        guest.side = guest.side.back(uses)
        side.standing -= uses
        by_itself = self.chance.random() < 0.5
        if by_itself:
            act = canonical_bytes(guest.side.record.events[-1].to_json())
            path = f"/v1/consents/{guest.side.record.record_id}/withdrawals"
            assert guest.visitor.ask("POST", path, data=act).status_code == 200, self.course
        else:
            self._put(who)
        if KEEP not in side.standing:
            side.gone |= side.here or by_itself
            side.here = False

    def gives_again(self, who: int) -> None:
        side, uses = self.model[who], self._some()
        self.guests[who].side = self.guests[who].side.again(uses)
        side.standing |= uses
        self._put(who)

    def receiver_begins_anew(self, who: int) -> None:
        """It was killed after a take had changed and before its pair was written."""
        self.studio.running.stop()
        for pair in self._of(self.studio.documents()):
            file = ReceiverLayout(self.studio.folder).pair(pair.pair_id)
            file.write_bytes(pair.model_copy(update={"state": S.WAITING, "lines": (), "here": ()}).canonical())
        self.studio.running = receiver(self.studio.folder)
        for guest in self.guests:
            guest.visitor.receiver = self.studio.running

    def _put(self, who: int) -> None:
        guest = self.guests[who]
        path = f"/v1/consents/{guest.side.record.record_id}"
        answer = guest.visitor.ask("PUT", path, data=guest.side.record.canonical())
        assert answer.status_code in (200, 201), (self.course, answer.text)
        self.model[who].known = True

    def _some(self) -> set[UseId]:
        return set(self.chance.sample(USES, self.chance.randint(1, len(USES))))

    def happens(self) -> None:
        kinds = [
            (self.delivers, 6), (self.signs, 1), (self.takes_back, 5), (self.gives_again, 3),
            (self.receiver_begins_anew, 0.2),
        ]  # fmt: skip
        ((kind, _),) = self.chance.choices(kinds, [weight for _, weight in kinds])
        who = self.chance.randrange(len(self.guests))
        self.course.append(f"{kind.__name__} {who}")
        kind(who)
        self.befell[kind.__name__] += 1
        self.same_as_the_model()

    # what must be so

    def same_as_the_model(self) -> None:
        lead = self.model[0]
        for side in self.model[1:]:
            side.linked &= side.here or lead.here
        wanted = {
            self.guests[who].take_id: self._wanted(lead, side)
            for who, side in enumerate(self.model)
            if who and side.linked
        }
        found = {pair.sides[-1].take_id if len(pair.sides) == 2 else pair.sides[0].take_id: pair
                 for pair in self._of(self.studio.documents())}  # fmt: skip
        assert {one: _said(pair) for one, pair in found.items()} == wanted, (SEED, self.course)
        for who, side in enumerate(self.model):
            told = self.guests[who].hears()
            mine = {one.partner_take_id if who == 0 else one.take_id: one for one in told}
            expected = {one: said for one, said in wanted.items() if who in (0, self._who(one))}
            said = {str(one): _said(pair) for one, pair in mine.items()}
            assert said == (expected if side.here else {}), (SEED, self.course, who)

    def _who(self, take_id: str) -> int:
        return next(who for who, guest in enumerate(self.guests) if guest.take_id == take_id)

    @staticmethod
    def _wanted(lead: ModelSide, side: ModelSide) -> tuple[PairState, frozenset[UseId]]:
        if lead.here and side.here:
            both = frozenset(lead.standing & side.standing)
            return (S.OPEN if both else S.CLOSED), both
        other = lead if side.here else side
        return (S.CLOSED if other.gone else S.WAITING), frozenset()

    def _of(self, pairs: list[PairDocument]) -> list[PairDocument]:
        mine = {guest.take_id for guest in self.guests}
        return [pair for pair in pairs if mine & set(pair.takes())]


def _said(pair: PairDocument | object) -> tuple[PairState, frozenset[UseId]]:
    return pair.state, frozenset(line.use for line in pair.lines if line.open is not None)  # type: ignore[attr-defined]


def receiver(folder: Path) -> Receiver:
    settings = ReceiverSettings(studio_id=STUDIO, limits=ReceiverLimits(idle_s=1.0, keep_free=1 << 20))
    return Receiver(folder, settings=settings)


def played(folder: Path) -> list[Played]:
    lead = play(folder, "a")
    return [lead, play(folder, "b", against=lead), play(folder, "b", against=lead, granted=(KEEP,))]


@pytest.mark.timeout(7200)
@pytest.mark.parametrize("orders", [6, pytest.param(ORDERS, marks=pytest.mark.soak, id="soak")])
def test_what_is_said_of_a_pair_is_what_its_performers_did(orders: int, tmp_path: Path) -> None:
    befell: Counter[str] = Counter()
    for first in range(0, orders, TOGETHER):
        with quick_folder(tmp_path) as place:
            inbox = place / "in"
            tokens = Tokens(ReceiverLayout(inbox))
            studio = Studio(receiver(inbox), inbox, tokens)
            try:
                for number in range(first, min(first + TOGETHER, orders)):
                    sides = played(place / f"takes-{number}")
                    guests = [studio.guest(side, f"{number} {place}") for place, side in enumerate(sides)]
                    walk = Walk(studio, guests, random.Random(SEED + number), befell)
                    for side, model in zip(sides, walk.model, strict=True):
                        model.standing = set(side.record.granted())
                    for _ in range(walk.chance.randint(6, 14)):
                        walk.happens()
            finally:
                studio.running.stop()
    print(f"\n{orders} orders, {sum(befell.values())} events {dict(befell)}: as the model says after each")
