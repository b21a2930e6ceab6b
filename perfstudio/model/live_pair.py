"""Where two takes of a live duet lie to each other: from the stamps of both sides, by whoever holds both.

A sealed take.json holds what its own side knew at its own cut; this is what only both together tell. Pure.
"""

from __future__ import annotations

from perfstudio.model.base import sha256_hex
from perfstudio.model.duet_clocks import ClocksError, lay_on
from perfstudio.model.duet_pings import PingsFile, read_pings
from perfstudio.model.pair import ClocksProblem, LiveAlignment, pair_id_of, side_of
from perfstudio.model.take import FileRole, TakeManifest
from perfstudio.model.take_2 import TakeManifest2
from perfstudio.model.two_in_a_scene import Duet


def lay_takes(takes: tuple[TakeManifest, TakeManifest], stamps: tuple[bytes | None, bytes | None]) -> LiveAlignment:
    """The alignment of a live pair, by the bytes of its two duet-pings.bin. Raises ClocksError."""
    sides = sorted(zip(takes, stamps, strict=True), key=lambda side: side[0].take_id)
    if any(data is None for _, data in sides):
        raise ClocksError(ClocksProblem.NO_STAMPS)
    (one, own), (other, theirs) = ((take, _pings_of(take, data or b"")) for take, data in sides)
    zero_ns = int(own.header.zero_ns)
    length_s = one.duration_s or 0.0
    clocks = lay_on(own.stamps, theirs.stamps, zero_ns, zero_ns + round(length_s * own.header.ns_per_s))
    offset_s = (clocks.other_at(zero_ns) - int(theirs.header.zero_ns)) / theirs.header.ns_per_s
    stretch = own.header.ns_per_s / theirs.header.ns_per_s * (1.0 + clocks.skew)
    return LiveAlignment(
        of_take_id=one.take_id,
        in_take_id=other.take_id,
        offset_s=round(offset_s, 6),
        stretch_ppm=round((stretch - 1.0) * 1e6, 3),
        bound_s=round(clocks.bound_s, 6),
        round_trip_s=round(clocks.round_trip_s, 6),
        pings=clocks.sent,
        lost=clocks.lost,
        begun_apart_s=round(_duet(other).start_s - (offset_s + _duet(one).start_s * stretch), 6),
    )


def is_live_pair(one: TakeManifest, other: TakeManifest) -> bool:
    """Whether two sealed takes say that they are of one scene at two machines."""
    live = all(isinstance(take, TakeManifest2) and take.duet is not None for take in (one, other))
    return live and pair_id_of(side_of(one)) == pair_id_of(side_of(other))


def _pings_of(take: TakeManifest, data: bytes) -> PingsFile:
    """The stamps of a take, if they are those that it was sealed with. Raises ClocksError(UNREADABLE)."""
    entry, duet = take.file(FileRole.DUET_PINGS), _duet(take)
    try:
        found = read_pings(data)
    except ValueError as problem:
        raise ClocksError(ClocksProblem.UNREADABLE) from problem
    named = found.header.duet_id == duet.duet_id and found.header.duet_take == duet.duet_take
    if entry is None or entry.sha256 != sha256_hex(data) or not named:
        raise ClocksError(ClocksProblem.UNREADABLE)
    return found


def _duet(take: TakeManifest) -> Duet:
    assert isinstance(take, TakeManifest2)  # noqa: S101 - asked only of live pairs
    assert take.duet is not None  # noqa: S101
    return take.duet
