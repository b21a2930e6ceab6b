"""`receive pairs`: takes that are two sides of one scene, and what may be done with both together."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from perfstudio.cli.output import DONE, Output
from perfstudio.cli.receiver_folder import receiver_in
from perfstudio.cli.usage import Several
from perfstudio.language.catalogue import _
from perfstudio.model.pair_document import PairDocument, PairState
from perfstudio.receiver.arrivals import find_arrival
from perfstudio.receiver.consents import ConsentStore
from perfstudio.receiver.layout import ReceiverLayout
from perfstudio.receiver.pairs import Pairs
from perfstudio.texts import pairs as words

PARTS = ("pairs",)


def add(parts: Any) -> None:
    """The part `pairs` of `receive`."""
    part = parts.add_parser(PARTS[0], help=_("takes that are the two sides of one scene, and what both allow together"))
    part.add_argument(
        "takes",
        nargs="*",
        action=Several,
        metavar="TAKE",
        help=_("only pairs with these takes: their ids, or the first letters of them"),
    )
    part.add_argument("--folder", type=Path, required=True, metavar="DIR", help=_("the folder where takes arrive"))


def run(args: argparse.Namespace, out: Output) -> int:
    """Say what is open to both sides of each pair now. Raises DeliveryError or LibraryError."""
    with receiver_in(args.folder) as layout:
        pairs = _pairs(layout)
        found = pairs.all() if not args.takes else _of(layout, pairs, args.takes)
    for pair in found:
        for line in words.for_studio(pair):
            out.say(line)
    if not found:
        out.say(_("No take held here is one side of a scene for two."))
    out.document({"pairs": [pair.to_json() for pair in found]})
    return DONE


def say_apart(layout: ReceiverLayout, take_ids: Iterable[str], out: Output) -> list[dict[str, object]]:
    """Warn where both sides of a pair are among these takes and nothing is open to both; those pairs, for programs."""
    together = set(take_ids)
    pairs = _pairs(layout)
    found = {pair.pair_id: pair for take_id in together for pair in pairs.of(take_id)}
    apart = [
        pair
        for pair in found.values()
        if pair.state is not PairState.OPEN and len(pair.here) > 1 and set(pair.here) <= together
    ]
    for pair in apart:
        out.warn(words.not_together(pair))
    return [pair.to_json() for pair in apart]


def _of(layout: ReceiverLayout, pairs: Pairs, texts: Iterable[str]) -> tuple[PairDocument, ...]:
    named = (find_arrival(layout, text) for text in texts)
    found = {pair.pair_id: pair for take_id in named for pair in pairs.of(take_id)}
    return tuple(found.values())


def _pairs(layout: ReceiverLayout) -> Pairs:
    return Pairs(layout, ConsentStore(layout))
