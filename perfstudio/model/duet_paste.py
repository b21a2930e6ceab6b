"""What two friends hand each other by any message, in the place of a studio at which they meet: one line of text each.

In it is what a computer says of how it can be reached, made small, with a checksum, so that what was cut short or
changed on the way is noticed before anything reads it. It holds addresses and no name.
"""

from __future__ import annotations

import base64
import re
import zlib
from enum import StrEnum
from typing import Final

from perfstudio.model.duet_meeting import MOST_SAID


class HandedKind(StrEnum):
    """Which of the two texts it is."""

    OFFER = "perfstudio-duet-offer-1:"
    ANSWER = "perfstudio-duet-answer-1:"


class HandedError(ValueError):
    """It is none of the two texts, or not all of one."""


class OtherHandedError(HandedError):
    """It is the other one of the two texts."""


MOST_HANDED: Final = 40_000
"""Signs of one; an honest one has some 1,200."""
_WORDS: Final = (
    b"v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1 2\r\na=msid-semantic:WMS *\r\n"
    b"m=audio 9 UDP/TLS/RTP/SAVPF 96 0 8\r\na=sendrecv\r\na=rtcp-mux\r\na=rtpmap:96 opus/48000/2\r\n"
    b"m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 192.168.\r\na=mid:0\r\na=sctp-port:5000\r\n"
    b"a=max-message-size:262144\r\na=candidate:1 1 udp 2130706431 192.168.1. typ host\r\n typ srflx raddr  rport "
    b" typ relay raddr 0.0.0.0 rport 9\r\na=end-of-candidates\r\na=ice-ufrag:\r\na=ice-pwd:\r\n"
    b"a=fingerprint:sha-256 \r\na=fingerprint:sha-384 \r\na=fingerprint:sha-512 \r\na=setup:actpass\r\na=setup:active"
)
"""What every one of them says; not sent along. It keeps its bytes for ever: another one is another number."""
_LINES: Final = re.compile(r"([a-z]=[ -~]{0,1000}\r\n)+")


def handed(description: str, kind: HandedKind) -> str:
    """The text to hand over."""
    data = description.encode()
    small = zlib.compressobj(9, zdict=_WORDS)
    packed = small.compress(data) + small.flush()
    return kind.value + base64.urlsafe_b64encode(zlib.crc32(data).to_bytes(4) + packed).decode().rstrip("=")


def unhanded(text: str, kind: HandedKind) -> str:
    """The description in a text as it came, with the spaces and line breaks that messages put into it. Raises
    HandedError, and OtherHandedError."""
    plain = "".join(text.split())
    other = next(one for one in HandedKind if one is not kind)
    if plain.startswith(other.value):
        raise OtherHandedError(other)
    if not plain.startswith(kind.value) or len(plain) > MOST_HANDED:
        raise HandedError("none of ours")
    body = plain.removeprefix(kind.value)
    try:
        raw = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True)
        small = zlib.decompressobj(zdict=_WORDS)
        data = small.decompress(raw[4:], MOST_SAID)
    except (ValueError, zlib.error) as problem:
        raise HandedError("cut short") from problem
    if not small.eof or small.unused_data or zlib.crc32(data).to_bytes(4) != raw[:4]:
        raise HandedError("cut short")
    return _looked_at(data)


def _looked_at(data: bytes) -> str:
    """Only lines as descriptions have them."""
    said = data.decode("ascii", "replace")
    if not said.startswith("v=0") or _LINES.fullmatch(said) is None:
        raise HandedError("no description")
    return said
