"""From an address to an answer that may hold pictures: name and password, addresses that point on, plain refusals."""

from __future__ import annotations

import contextlib
from typing import Final
from urllib.parse import urljoin

from perfstudio.capture.devices.addresses import Address, parted
from perfstudio.capture.devices.camera_problems import other_answer, problem_of, refusal, shown
from perfstudio.capture.devices.camera_trust import CameraTrust
from perfstudio.capture.devices.http_line import Deadline, HttpLine, NotHttpError, dial
from perfstudio.capture.devices.http_login import answer
from perfstudio.model.device import ANY_CERTIFICATE
from perfstudio.model.errors import DeviceError, ErrorCode

_MOST_MOVES: Final = 5
_PROBE_S: Final = 1.0
_TLS_ALERT: Final = b"\x15\x03"


def open_stream(address: Address, trust: CameraTrust, limit_s: float) -> HttpLine:
    """An answer of success, however many steps away, within `limit_s`. Raises DeviceError."""
    deadline = Deadline(limit_s)
    for _ in range(_MOST_MOVES + 1):
        try:
            line = _logged_in(address, trust, deadline)
        except OSError as cause:
            raise _named(cause, address, limit_s) from cause
        if line.status // 100 == 2:
            return line
        line.release()
        if line.status // 100 != 3 or "location" not in line.headers:
            raise _refused(line)
        address = _moved(address, line.headers["location"])
    raise other_answer(address, "points_on")


def _logged_in(address: Address, trust: CameraTrust, deadline: Deadline) -> HttpLine:
    """The answer once who asks has been said, where it is asked. A second question brings a fresh number to answer."""
    line = HttpLine(address, trust, deadline)
    for _ in range(2):
        if line.status != 401 or not (address.user or address.password):
            break
        asked = line.headers.get("www-authenticate", "")
        line.release()
        line = HttpLine(address, trust, deadline, answer(asked, address))
    return line


def _moved(address: Address, location: str) -> Address:
    """Where an address points on to. Name and password go along to the same place only, and never out of encryption."""
    there = parted(urljoin(f"{address.scheme}://{address.netloc}{address.path}", location))
    if there is None or not there.scheme.startswith("http"):
        raise other_answer(address, "points_elsewhere")
    same = there.host == address.host and (there.encrypted or not address.encrypted)
    if there.user or not same:
        return there
    return Address(there.scheme, there.host, there.port, there.path, address.user, address.password)


def _named(cause: OSError, address: Address, limit_s: float) -> DeviceError:
    """The cause in our own codes. A line that ends without a word may have waited for encryption."""
    silent = isinstance(cause, ConnectionResetError | BrokenPipeError) or (
        isinstance(cause, NotHttpError) and (not cause.first or cause.first.startswith(_TLS_ALERT))
    )
    if silent and not address.encrypted and _is_encrypted(address):
        return DeviceError(ErrorCode.CAMERA_ENCRYPTED, address=shown(address))
    return problem_of(cause, address, limit_s)


def _refused(line: HttpLine) -> DeviceError:
    if line.status == 400 and not line.address.encrypted and _is_encrypted(line.address):
        return DeviceError(ErrorCode.CAMERA_ENCRYPTED, address=shown(line.address))
    return refusal(line.address, line.status)


def _is_encrypted(address: Address) -> bool:
    """Whether TLS is spoken there, whoever answers."""
    deadline = Deadline(_PROBE_S)
    with contextlib.suppress(OSError):
        CameraTrust(ANY_CERTIFICATE).secured(lambda: dial(address, deadline), address).close()
        return True
    return False
