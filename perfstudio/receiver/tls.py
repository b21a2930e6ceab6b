"""The certificate and key that a receiver serves https with, tried before it listens."""

from __future__ import annotations

import errno
import ssl
from pathlib import Path

from perfstudio.model.errors import DeliveryError, ErrorCode


def chain(certificate: Path, key: Path) -> ssl.SSLContext:
    """Both loaded, and seen to belong together. Raises DeliveryError(CERTIFICATE_UNUSABLE, file, detail)."""
    for file in (certificate, key):
        try:
            file.read_bytes()
        except OSError as problem:
            detail = (
                "missing" if isinstance(problem, FileNotFoundError) else errno.errorcode.get(problem.errno or 0, "")
            )
            raise _unusable(file, detail) from None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(certificate, key, password=_nobody_types)
    except _LockedError:
        raise _unusable(key, "key_locked") from None
    except ssl.SSLError as problem:
        mismatch = "MISMATCH" in str(problem)
        raise _unusable(key if mismatch else certificate, "key_differs_here" if mismatch else "no_chain") from None
    except (OSError, ValueError):
        raise _unusable(certificate, "no_chain") from None
    return context


class _LockedError(Exception):
    """The key asks for a passphrase, and nobody is there to type one."""


def _nobody_types() -> str:
    raise _LockedError


def _unusable(file: Path, detail: str) -> DeliveryError:
    return DeliveryError(ErrorCode.CERTIFICATE_UNUSABLE, file=file.name, detail=detail)
