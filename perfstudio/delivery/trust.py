"""A receiver's own certificate, trusted because the performer was given it: reading it, and trusting it alone."""

from __future__ import annotations

import errno
import re
import socket
import ssl
from pathlib import Path

from perfstudio.delivery.origin import Origin
from perfstudio.model.errors import DeliveryError, ErrorCode

LARGEST = 20_000
PROBE_S = 3.0
_BLOCK = re.compile(r"-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----")


def read_trust(file: Path) -> str:
    """The certificates of a file (PEM or DER) as PEM; a private key beside them is left alone.

    Raises DeliveryError(TRUST_UNREADABLE, file, detail).
    """
    try:
        with file.open("rb") as handle:
            data = handle.read(LARGEST + 1)
    except OSError as problem:
        detail = "missing" if isinstance(problem, FileNotFoundError) else errno.errorcode.get(problem.errno or 0, "")
        raise DeliveryError(ErrorCode.TRUST_UNREADABLE, file=file.name, detail=detail) from None
    found = certificates(data.decode("latin-1")) if b"-----BEGIN" in data else certificates(_der(data))
    if found is None or len(data) > LARGEST:
        raise DeliveryError(ErrorCode.TRUST_UNREADABLE, file=file.name, detail="no_certificate")
    return found


def certificates(text: str) -> str | None:
    """The certificates in a text, as PEM and nothing else; None when there is none or one cannot be read."""
    found = "\n".join(_BLOCK.findall(text))
    try:
        ssl.create_default_context(cadata=found or "-")
    except (ssl.SSLError, ValueError):
        return None
    return found + "\n"


def trust_only(context: ssl.SSLContext, pem: str) -> None:
    """Trust these certificates and whatever they vouch for, also when they are no authority but the receiver's own."""
    context.load_verify_locations(cadata=pem)
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT  # home-made certificates often lack what only big authorities write


def speaks_tls(origin: Origin) -> bool:
    """Whether somebody there shakes hands for a protected connection. Nothing is said to them."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        with (
            socket.create_connection((origin.host, origin.port), PROBE_S) as line,
            context.wrap_socket(line, server_hostname=origin.host),
        ):
            return True
    except (OSError, ValueError):
        return False


def _der(data: bytes) -> str:
    return ssl.DER_cert_to_PEM_cert(data) if data[:1] == b"\x30" else ""
