"""What can go wrong in one request, as a value. `policy` decides what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class DeliveryStep(StrEnum):
    """What was being asked."""

    OPTIONS = "options"
    CREATE = "create"
    HEAD = "head"
    PATCH = "patch"
    DELETE = "delete"
    JSON = "json"


class Fault(StrEnum):
    """What happened in place of the expected answer."""

    STATUS = "status"  # an HTTP status that says no
    NETWORK = "network"  # no route, no name, refused
    RESET = "reset"  # the connection broke in the middle
    STALLED = "stalled"  # nothing moved for too long
    CERTIFICATE = "certificate"  # TLS could not be established or trusted
    PORTAL = "portal"  # somebody else answered: a web page where tus or JSON should be
    PROTOCOL = "protocol"  # an answer that makes no sense
    NO_PROGRESS = "no_progress"  # a correct answer, but the server's offset did not move
    UNSAFE = "unsafe"  # redirect, or an address on another origin
    UNFINISHED = "unfinished"  # the receiver has everything and does not come to an end of checking it
    DIGEST = "digest"  # the receiver's own hash of a file differs from ours
    UNPROVEN = "unproven"  # the receiver says that it has the take, and its signed answer does not hold
    REJECTED = "rejected"  # the receiver has verified the take and does not accept it


@dataclass(frozen=True, slots=True)
class Failure:
    """One failed request. Holds no secret: neither token nor upload address."""

    step: DeliveryStep
    fault: Fault
    status: int = 0
    retry_after_s: float | None = None
    detail: str = ""
    """A few words of the other end, made harmless, or a short name of what was wrong."""
    address: str = ""
    """Scheme and host only."""
    why: str = ""
    """A short name of the cause, where the detail has several: what is wrong with a certificate."""
    elsewhere: str = ""
    """Where the answer pointed to, scheme and host only."""
    file: str = ""
    """The name of the file inside the take, when the failure is about one."""


class TransferError(Exception):
    """A transfer stopped at a failure. Carries the value and no other trace of the request."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(f"{failure.step}: {failure.fault} {failure.status or ''}".strip())
        self.failure = failure


class TransferStoppedError(Exception):
    """A transfer was stopped from our side: pause, rolling, close, or consent taken back."""
