"""duet-pings.bin: when one side of a duet sent and heard each ping and each answer, by its own clock.

One line of JSON, then fixed-size records. A side writes down what it stamped itself and nothing that the other side
told it, so that nobody has to be believed: the offset between the two machines comes out of both files together. What
is in the file is written down for readers without our source in `assets/schemas/duet-pings.md`.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import Annotated, Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, StringConstraints

from perfstudio.model.base import Document
from perfstudio.model.reading import read_document
from perfstudio.model.strict_json import JsonProblemError
from perfstudio.model.two_in_a_scene import DuetId

STAMPS: Final = np.dtype([("host_ns", "<i8"), ("sequence", "<u4"), ("what", "<u4")])
Stamps = NDArray[np.void]
"""Records as in STAMPS."""
MOST_STAMPS: Final = 200_000
"""Of one side: 3.2 MB. Two pings a second either way make eight records a second: this is seven hours."""
MOST_HEADER: Final = 2000
MOST_BYTES: Final = MOST_HEADER + MOST_STAMPS * STAMPS.itemsize
"""Of a file that is read."""
_FURTHEST_NS: Final = 10**18
"""No clock that begins with its machine stands further: 31 years."""


class PingEvent(IntEnum):
    """What happened at a stamp. Each side numbers its own pings; an answer has the number of its ping."""

    PING_SENT = 1
    PING_HEARD = 2  # one of the other side's
    ANSWER_SENT = 3  # to one of the other side's
    ANSWER_HEARD = 4  # to one of our own


class PingStamp(NamedTuple):
    """One record."""

    host_ns: int
    """The side's own clock, whose zero means nothing."""
    sequence: int
    """The number of the ping."""
    event: PingEvent


class PingsHeader(Document):
    """The first line of duet-pings.bin."""

    format: Literal["perfstudio-duet-pings/1"] = "perfstudio-duet-pings/1"
    duet_id: DuetId
    """As in take.json."""
    duet_take: int = Field(ge=1)
    """As in take.json."""
    zero_ns: Annotated[str, StringConstraints(pattern=r"^(0|-?[1-9][0-9]{0,17})$")]
    """The moment of the take's first sample on the clock of the stamps, in nanoseconds, in digits: a number in JSON
    ends at 2^53. It comes out of the observations in timing.zip."""
    ns_per_s: Annotated[float, Field(gt=0.9e9, lt=1.1e9)]
    """Nanoseconds of that clock in a second of take time, out of the same: take time in seconds is
    (`host_ns` - `zero_ns`) / `ns_per_s`."""
    left_out: int = Field(default=0, ge=0)
    """Stamps beyond `MOST_STAMPS`, which were not kept."""


class PingsFile(NamedTuple):
    """One side's file."""

    header: PingsHeader
    stamps: Stamps

    def to_bytes(self) -> bytes:
        """The file."""
        return self.header.canonical() + b"\n" + self.stamps.tobytes()


def stamps_of(given: Iterable[PingStamp]) -> Stamps:
    """Records of stamps, in their order."""
    return np.array([tuple(one) for one in given], STAMPS)


def read_pings(data: bytes) -> PingsFile:
    """Read the file. Raises ValueError for what is no such file, or not all of one: it is sealed with its take."""
    if len(data) > MOST_BYTES:
        raise ValueError("too long")
    head, line, body = data.partition(b"\n")
    if not line or len(body) % STAMPS.itemsize:
        raise ValueError("cut short")
    try:
        header = read_document(head, PingsHeader, limit=MOST_HEADER)
    except JsonProblemError as problem:
        raise ValueError("header") from problem
    stamps = np.frombuffer(body, STAMPS)
    known = np.isin(stamps["what"], [event.value for event in PingEvent])
    if not (known & (stamps["host_ns"] > -_FURTHEST_NS) & (stamps["host_ns"] < _FURTHEST_NS)).all():
        raise ValueError("a record that no clock wrote")
    return PingsFile(header, stamps)
