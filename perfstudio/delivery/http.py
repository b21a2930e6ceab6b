"""What is asked of one studio over HTTP, and what comes back.

No redirects, no decompression, no answer larger than a mebibyte, a deadline for everything. Every expected failure
becomes a `TransferError` that holds no secret. The sockets are the business of `connection`.
"""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Protocol

from perfstudio import __version__
from perfstudio.delivery.deadline import DeadlineWatch
from perfstudio.delivery.failure import DeliveryStep, Failure, Fault, TransferError, TransferStoppedError
from perfstudio.delivery.origin import Origin, elsewhere, origin_of, shown
from perfstudio.model.clock import utc_now
from perfstudio.model.errors import DeliveryError, ErrorCode, PerfstudioError

USER_AGENT = f"perfstudio/{__version__} ({platform.system().lower() or 'unknown'})"
LARGEST_ANSWER = 1 << 20
VERIFIED_PER_S = 20_000_000
LONGEST_RETRY_AFTER_S = 3600.0
BACKSTOP_S = 3600.0
"""For one read of a socket: the watch ends it long before, unless a slow line is still bringing away what was sent."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds. The contract's values; tests use shorter ones."""

    connect_s: float = 10.0
    answer_s: float = 60.0
    last_answer_s: float = 180.0
    """After the last byte of a file: object stores assemble slowly."""
    stall_s: float = 30.0
    """While sending: no byte taken for this long is a stall."""
    verify_s: float = 90.0
    """A receiver may check what has arrived for so long, and a second more for every `VERIFIED_PER_S` bytes; then the
    take waits and the next one has its turn."""


class Body(Protocol):
    """What is sent: knows its length, and comes in small pieces, each good until the next one."""

    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[memoryview]: ...


@dataclass(frozen=True, slots=True)
class Reply:
    """A status, headers (case-insensitive) and at most a mebibyte of body."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    address: str

    def __repr__(self) -> str:
        return f"Reply({self.status})"


class HttpClient:
    """Owns the session and its sockets. Used from one thread at a time; `abort` may come from any."""

    def __init__(
        self,
        address: str,
        token: str | None,
        *,
        timeouts: Timeouts = Timeouts(),
        ca_file: Path | None = None,
        trust: str | None = None,
        public_only: bool = False,
    ) -> None:
        """`address` fixes the only origin that this wire talks to. `trust` is the receiver's own certificate (PEM);
        `public_only` refuses private networks.
        """
        self.origin: Origin = origin_of(address)
        self.timeouts = timeouts
        self._token = checked_token(token, address) if token is not None else None
        self._watch = DeadlineWatch()
        self.gives_up_s: float | None = None
        """When a wait over several requests ends (of `monotonic`), where one runs."""
        from perfstudio.delivery import connection  # noqa: PLC0415 - requests loads when there is somebody to talk to

        self._session = connection.session(self._watch, ca_file=ca_file, trust=trust, public_only=public_only)
        self._fault = connection.fault

    def __repr__(self) -> str:
        return f"Wire({self.origin})"

    def ask(
        self,
        step: DeliveryStep,
        method: str,
        address: str,
        headers: Mapping[str, str],
        *,
        body: Body | bytes | None = None,
        answer_s: float | None = None,
    ) -> Reply:
        """Send one request and read its whole answer. Raises TransferError, TransferStoppedError or DeliveryError.

        A status is returned, never raised; a redirect is a failure.
        """
        if origin_of(address) != self.origin:
            raise DeliveryError(ErrorCode.RECEIVER_UNSAFE, address=shown(address))
        sent = {"User-Agent": USER_AGENT, "Accept-Encoding": "identity", **headers}
        if self._token is not None:
            sent["Authorization"] = f"Bearer {self._token}"
        wait_s = answer_s or self.timeouts.answer_s
        failure: Failure
        try:
            with self._watch.limit(self.timeouts.connect_s + wait_s):
                return self._exchange(step, method, address, headers=sent, body=body)
        except (TransferError, TransferStoppedError, PerfstudioError):
            raise
        except Exception as problem:  # noqa: BLE001 - every way a connection can end becomes one value
            fault, detail, why = self._fault(problem, expired=self._watch.expired)
            failure = Failure(step, fault, detail=detail, address=shown(address), why=why)
        if self._watch.aborted:
            raise TransferStoppedError
        raise TransferError(failure)

    @property
    def left_s(self) -> float | None:
        """Seconds until what is waited for is given up; None while nothing is."""
        return self._watch.left_s if self.gives_up_s is None else max(0.0, self.gives_up_s - monotonic())

    def moved(self, *, sending: bool) -> None:
        """A piece of a body was taken: the deadline starts again."""
        self._watch.extend(self.timeouts.stall_s if sending else self.timeouts.answer_s)

    def allow(self, seconds: float) -> None:
        """Everything was sent: the answer may take so long."""
        self._watch.extend(seconds)

    def abort(self) -> None:
        """Break what runs now and refuse what comes after. Safe from any thread."""
        self._watch.abort()

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _exchange(
        self,
        step: DeliveryStep,
        method: str,
        address: str,
        *,
        headers: dict[str, str],
        body: Body | bytes | None,
    ) -> Reply:
        if self._watch.aborted:
            raise TransferStoppedError
        with self._session.request(
            method,
            address,
            headers=headers,
            data=body,  # type: ignore[arg-type]  # pieces may be of any kind that a socket takes
            timeout=(self.timeouts.connect_s, BACKSTOP_S),
            allow_redirects=False,
            stream=True,
        ) as answer:
            if 300 <= answer.status_code < 400:
                raise TransferError(_redirect(step, answer.status_code, address, answer.headers.get("Location", "")))
            data = answer.raw.read(LARGEST_ANSWER + 1, decode_content=False) if method != "HEAD" else b""
            if len(data) > LARGEST_ANSWER:
                raise TransferError(Failure(step, Fault.PROTOCOL, detail="answer_too_long", address=shown(address)))
            return Reply(answer.status_code, answer.headers, data, shown(address))


def _redirect(step: DeliveryStep, status: int, address: str, location: str) -> Failure:
    there = elsewhere(address, location)
    return Failure(step, Fault.UNSAFE, status, detail="elsewhere", address=shown(address), elsewhere=there)


def checked_token(token: str, address: str) -> str:
    """A token that can stand in a header, or DeliveryError(TOKEN_WRONG)."""
    if not token or len(token) > 8192 or not all("!" <= c <= "~" for c in token):
        raise DeliveryError(ErrorCode.TOKEN_WRONG, address=shown(address), reason="not_a_token")
    return token


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds asked for by Retry-After (a number or a date), between 0 and one hour; None when absent or unreadable."""
    text = headers.get("Retry-After", "").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), LONGEST_RETRY_AFTER_S)
    moment = http_date(text)
    return None if moment is None else min(max((moment - utc_now()).total_seconds(), 0.0), LONGEST_RETRY_AFTER_S)


def http_date(text: str) -> datetime | None:
    """A date as a header has it; None for what is none, however large its numbers are."""
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 - servers that say a date are rare

    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def words_of(reply: Reply) -> str:
    """A short, harmless form of what the other end says: one line of printable characters, no markup."""
    if "html" in reply.headers.get("Content-Type", "").lower():
        return ""
    return harmless(reply.body[:2000].decode("utf-8", "replace"))


def harmless(text: str) -> str:
    """The same of any words of the other end."""
    return " ".join("".join(c if c.isprintable() and c not in "<>" else " " for c in text).split())[:200]
