"""What two friends hand each other: whole as it was said, or refused."""

from __future__ import annotations

import base64
import random
import zlib

import pytest

from perfstudio.model.duet_meeting import MOST_SAID
from perfstudio.model.duet_paste import _WORDS, MOST_HANDED, HandedError, HandedKind, OtherHandedError, handed, unhanded

OFFER, ANSWER = HandedKind
SAID = (
    "v=0\r\no=- 4005082521 4005082521 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\na=msid-semantic:WMS *\r\n"
    "m=application 33273 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 192.168.1.7\r\na=mid:0\r\na=sctp-port:5000\r\n"
    "a=max-message-size:262144\r\na=candidate:1689 1 udp 2130706431 192.168.1.7 33273 typ host\r\n"
    "a=end-of-candidates\r\na=ice-ufrag:sDF6\r\na=ice-pwd:S1Uv1gcGY1C1roVOIrWVsv\r\n"
    f"a=fingerprint:sha-256 {':'.join(['02', '2D', 'AA'] * 11)}\r\na=setup:actpass\r\n"
)


def test_what_is_handed_over_arrives_as_it_was_said() -> None:
    text = handed(SAID, OFFER)
    assert len(text) < 300
    wrapped = "\n> ".join(text[place : place + 60] for place in range(0, len(text), 60)).replace("> ", " ")
    for came in (text, f"  {text}\r\n", wrapped):
        assert unhanded(came, OFFER) == SAID
    with pytest.raises(OtherHandedError):
        unhanded(text, ANSWER)


def test_what_was_cut_changed_or_never_one_is_refused() -> None:
    text = handed(SAID, ANSWER)
    rng = random.Random(1)
    for _ in range(300):
        place = rng.randrange(len(ANSWER.value), len(text))
        for broken in (text[:place], text[:place] + text[place + 1 :], text[:place] + "A" + text[place + 1 :]):
            if broken != text:
                with pytest.raises(HandedError):
                    unhanded(broken, ANSWER)
    for none in ("", "v=0", ANSWER.value, ANSWER.value + "A" * MOST_HANDED, ANSWER.value + "é"):
        with pytest.raises(HandedError):
            unhanded(none, ANSWER)


@pytest.mark.parametrize(
    "said",
    ["v=0\r\n" + "a=x\r\n" * MOST_SAID, "no description", "v=0\r\nwhatever", "v=0\r\na=" + "x" * 2000, "v=0\x0b"],
)
def test_a_bomb_and_what_no_description_says_are_refused(said: str) -> None:
    small = zlib.compressobj(9, zdict=_WORDS)
    packed = small.compress(said.encode()) + small.flush()
    text = OFFER.value + base64.urlsafe_b64encode(zlib.crc32(said.encode()).to_bytes(4) + packed).decode()
    with pytest.raises(HandedError):
        unhanded(text, OFFER)
