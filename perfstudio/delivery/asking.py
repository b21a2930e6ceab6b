"""Asking a studio something in passing: a line of its own, soon given up, whose failures are told, not tried again."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Final

from perfstudio.delivery.attempt import Tuning
from perfstudio.delivery.failure import TransferError, TransferStoppedError
from perfstudio.delivery.http import HttpClient, Timeouts
from perfstudio.delivery.policy import told
from perfstudio.delivery.sender import open_wire
from perfstudio.model.delivery import Studio
from perfstudio.model.errors import DeliveryError, ErrorCode

ASKING: Final = Tuning(timeouts=Timeouts(connect_s=3.0, answer_s=10.0, last_answer_s=10.0, stall_s=10.0))


@contextlib.contextmanager
def asking(
    studio: Studio, token: str | None, tuning: Tuning, on_wire: Callable[[HttpClient], object]
) -> Iterator[HttpClient]:
    """A line to a studio. What goes wrong on it comes out as DeliveryError.

    `on_wire` hears of the connection before it is used, so that it can be broken off.
    """
    with told_of(studio), contextlib.closing(open_wire(studio, token, tuning)) as wire:
        on_wire(wire)
        yield wire


@contextlib.contextmanager
def told_of(studio: Studio) -> Iterator[None]:
    """What goes wrong on a line to a studio comes out as DeliveryError."""
    try:
        yield
    except TransferError as stopped:
        raise told(stopped.failure) from None
    except TransferStoppedError:
        raise DeliveryError(ErrorCode.RECEIVER_UNREACHABLE, address=studio.base or studio.tus) from None
