"""Why no pictures come from an address, in our own codes: each cause has words of its own."""

from __future__ import annotations

import errno
import socket
import ssl
from typing import Final

from perfstudio.capture.devices.addresses import Address, public_address
from perfstudio.capture.devices.camera_trust import why_untrusted
from perfstudio.capture.devices.http_line import NotHttpError
from perfstudio.model.errors import DeviceError, ErrorCode

_NO_WAY: Final = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN})
_PLAIN: Final = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG")
"""What OpenSSL calls an answer that is not encrypted."""
_BUSY_FROM, _TOO_MANY = 500, 429
_STATUS: Final = {
    403: ErrorCode.CAMERA_FORBIDDEN, 404: ErrorCode.CAMERA_NO_SUCH_PATH, 410: ErrorCode.CAMERA_NO_SUCH_PATH,
}  # fmt: skip
_KINDS: Final = (
    ("text/html", "gives_page"), ("application/xhtml", "gives_page"), ("application/json", "gives_data"),
    ("text/json", "gives_data"), ("application/xml", "gives_data"), ("text/xml", "gives_data"),
    ("text/", "gives_text"), ("audio/", "gives_sound"), ("image/jp", "gives_one_picture"),
    ("image/", "gives_other_picture"),
)  # fmt: skip


def problem_of(cause: OSError, address: Address, limit_s: float) -> DeviceError:
    """What an attempt to reach an address came to. `limit_s` is how long it was waited for."""
    where = shown(address)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return DeviceError(ErrorCode.CAMERA_UNTRUSTED, address=where, detail=why_untrusted(cause))
    if isinstance(cause, TimeoutError):
        return DeviceError(ErrorCode.CAMERA_NO_ANSWER, address=where, seconds=round(limit_s))
    if isinstance(cause, socket.gaierror):
        return DeviceError(ErrorCode.CAMERA_NAME_UNKNOWN, host=address.host)
    found = _code_of(cause)
    if isinstance(found, ErrorCode):
        return DeviceError(found, address=where)
    return other_answer(address, found)


def _code_of(cause: OSError) -> ErrorCode | str:
    """A code, or what the other answer is."""
    if isinstance(cause, ssl.SSLError):
        return ErrorCode.CAMERA_NOT_ENCRYPTED if cause.reason in _PLAIN else "tls"
    if isinstance(cause, ConnectionRefusedError):
        return ErrorCode.CAMERA_NOT_LISTENING
    if isinstance(cause, NotHttpError) and cause.first:
        return "not_http"
    return ErrorCode.CAMERA_NO_WAY if cause.errno in _NO_WAY else "breaks_off"


def refusal(address: Address, status: int) -> DeviceError:
    """What a status means that is no success."""
    where = shown(address)
    if status == 401:
        known = address.user or address.password
        return DeviceError(ErrorCode.CAMERA_LOGIN_WRONG if known else ErrorCode.CAMERA_LOGIN_NEEDED, address=where)
    if status >= _BUSY_FROM or status == _TOO_MANY:
        return DeviceError(ErrorCode.CAMERA_TROUBLED, address=where)
    if status in _STATUS:
        return DeviceError(_STATUS[status], address=where)
    return other_answer(address, "declines")


def no_stream(address: Address, kind: str) -> DeviceError:
    """An answer of a kind that holds no moving picture."""
    return other_answer(address, next((code for begin, code in _KINDS if kind.startswith(begin)), "no_pictures"))


def other_answer(address: Address, detail: str) -> DeviceError:
    """Something answers, and it is no stream of pictures."""
    return DeviceError(ErrorCode.CAMERA_OTHER_ANSWER, address=shown(address), detail=detail)


def shown(address: Address) -> str:
    """The address as people may see it."""
    return public_address(f"{address.scheme}://{address.netloc}{address.path}")
