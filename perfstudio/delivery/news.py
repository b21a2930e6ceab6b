"""Asking a studio what it says of takes that it has: what it decided, and what may be done with both sides of a scene.
Only what its key has signed is believed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from perfstudio.delivery.asking import ASKING, asking
from perfstudio.delivery.attempt import Tuning
from perfstudio.delivery.http import HttpClient
from perfstudio.delivery.receiver_api import ReceiverApi
from perfstudio.model.delivery import Studio
from perfstudio.model.errors import DeliveryError, ErrorCode
from perfstudio.model.pair_document import PairTold
from perfstudio.model.ruling import MOST_ASKED, Ruling


@dataclass(frozen=True, slots=True)
class StudioWord:
    """What a studio said of takes, each word signed by it."""

    rulings: tuple[Ruling, ...] = ()
    pairs: tuple[PairTold, ...] = ()


def ask_news(
    studio: Studio,
    token: str | None,
    take_ids: Sequence[str],
    *,
    tuning: Tuning = ASKING,
    on_wire: Callable[[HttpClient], object] = lambda wire: None,
) -> StudioWord:
    """What stands, of those of these takes that there is something to say of. Raises DeliveryError.

    `on_wire` hears of the connection before it is used, so that it can be broken off. A studio without calls, or
    without a key, says nothing that could be believed.
    """
    if studio.base is None or studio.public_key is None or not take_ids:
        return StudioWord()
    rulings: list[Ruling] = []
    pairs: list[PairTold] = []
    with asking(studio, token, tuning, on_wire) as wire:
        calls = ReceiverApi(wire, studio.base)
        for first in range(0, len(take_ids), MOST_ASKED):
            some = tuple(take_ids[first : first + MOST_ASKED])
            for ruling in calls.rulings(some):
                _require_theirs(ruling, studio, some)
                rulings.append(ruling)
            for told in calls.pairs(some):
                _require_theirs(told, studio, some)
                pairs.append(told)
    return StudioWord(tuple(rulings), tuple(pairs))


def _require_theirs(word: Ruling | PairTold, studio: Studio, asked: Sequence[str]) -> None:
    mine = word.take_id in asked and word.studio_id == studio.id
    if not mine or studio.public_key is None or not word.is_signed_by(studio.public_key):
        raise DeliveryError(ErrorCode.RULING_UNSIGNED, address=studio.base or studio.tus)
