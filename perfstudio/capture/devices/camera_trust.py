"""Whom a camera at an encrypted address has to prove itself to: the system's certificates, a file, or nobody.

Many cameras carry a certificate of their own making, often in another name than the one they are reached by. A file
that holds this very certificate is enough: it is the camera that was meant, whatever it calls itself.
"""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from perfstudio.capture.devices.addresses import Address
from perfstudio.model.device import ANY_CERTIFICATE
from perfstudio.model.errors import DeviceError, ErrorCode

_OTHER_NAME: Final = (62, 64)
_WHY: Final = {9: "not_yet_valid", 10: "out_of_date", 18: "own_making", 62: "other_name", 64: "other_name"}
"""OpenSSL's answers (x509_vfy.h) that have words of their own."""
_PEM: Final = re.compile(
    r"-----BEGIN (?:TRUSTED )?CERTIFICATE-----.+?-----END (?:TRUSTED )?CERTIFICATE-----", re.DOTALL
)

Dial = Callable[[], socket.socket]
"""Opens a line to the camera."""


@dataclass(frozen=True, slots=True)
class CameraTrust:
    """`told` is the `trust` of a camera's request. `certificates` are the file's, DER."""

    told: str = ""
    certificates: tuple[bytes, ...] = ()

    @classmethod
    def of(cls, told: str) -> CameraTrust:
        """What a request says. Raises DeviceError when its file cannot be read."""
        if not told or told == ANY_CERTIFICATE:
            return cls(told)
        try:
            data = Path(told).read_bytes()
            blocks = _PEM.findall(data.decode("latin-1"))
            found = tuple(ssl.PEM_cert_to_DER_cert(block) for block in blocks) or (data,)
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=b"".join(found))
        except (OSError, ValueError) as problem:
            raise DeviceError(ErrorCode.CAMERA_TRUST_FILE, file=Path(told).name) from problem
        return cls(told, found)

    @property
    def anybody(self) -> bool:
        """Whether no certificate is looked at."""
        return self.told == ANY_CERTIFICATE

    def secured(self, dial: Dial, address: Address) -> ssl.SSLSocket:
        """An encrypted line to the one that was meant. Raises OSError, of which SSLError is one."""
        try:
            return self._wrapped(dial, address, by_name=not self.anybody)
        except ssl.SSLCertVerificationError as problem:
            if problem.verify_code not in _OTHER_NAME or not self.certificates:
                raise
            line = self._wrapped(dial, address, by_name=False)
            if line.getpeercert(binary_form=True) in self.certificates:
                return line
            line.close()
            raise

    def _wrapped(self, dial: Dial, address: Address, *, by_name: bool) -> ssl.SSLSocket:
        line = dial()
        try:
            return self._context(by_name=by_name).wrap_socket(line, server_hostname=address.host.partition("%")[0])
        except BaseException:
            line.close()
            raise

    def _context(self, *, by_name: bool) -> ssl.SSLContext:
        if not self.certificates:
            context = ssl.create_default_context()
            context.check_hostname = by_name
        else:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # which asks for no more than cameras' certificates have
            context.check_hostname = by_name
            context.load_verify_locations(cadata=b"".join(self.certificates))
            context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        if self.anybody:
            context.verify_mode = ssl.CERT_NONE
        return context


def why_untrusted(problem: ssl.SSLCertVerificationError) -> str:
    """What is wrong with a certificate, as a short code."""
    return _WHY.get(problem.verify_code, "unknown_maker")
