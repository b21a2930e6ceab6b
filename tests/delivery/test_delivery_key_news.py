"""A studio hears of a changed key before anything else; one that is deaf to it is sent to all the same."""

from __future__ import annotations

from itertools import pairwise

import pytest
from fault_sending import Send, whole
from fault_server import Asked, FaultServer, Say, fault_server

from perfstudio.delivery.bundle import Bundle
from perfstudio.model.clock import utc_now
from perfstudio.model.errors import DeliveryError
from perfstudio.model.jws import SigningKey
from perfstudio.model.key_change import KeyChange

KEYS = [SigningKey.generate() for _ in range(4)]
CHANGES = tuple(KeyChange.made(old, new, performers=("p",), at=utc_now(), records=()) for old, new in pairwise(KEYS))
CALL = "/v1/key-changes"


def told(server: FaultServer) -> int:
    """How often, and nothing came before the first."""
    paths = [asked.path for asked in server.asked]
    assert CALL not in paths or paths.index(CALL) == 0
    return paths.count(CALL)


def saying(*statuses: int) -> FaultServer:
    """What is answered to the call, one after another; the last one from then on."""
    left = list(statuses)

    def fault(asked: Asked) -> Say | None:
        return Say(left.pop(0) if len(left) > 1 else left[0]) if asked.path == CALL else None

    return FaultServer(fault, level_b=True)


@pytest.mark.parametrize(
    ("statuses", "calls"),
    [((404,), 1), ((405,), 1), ((409,), 3), ((422, 409, 403), 3), ((503, 429, 409), 5)],
    ids=["an older one", "another program", "knows another key", "refuses", "busy at first"],
)
def test_who_does_not_follow_is_sent_to_all_the_same(send: Send, statuses: tuple[int, ...], calls: int) -> None:
    server = saying(*statuses)
    try:
        arrived = send(server, key_changes=lambda: CHANGES)
        assert (told(server), arrived.state) == (calls, "accepted")
    finally:
        server.close()


def test_who_cannot_listen_now_gets_nothing_before(send: Send) -> None:
    server = saying(503)
    try:
        with pytest.raises(DeliveryError):
            send(server, key_changes=lambda: CHANGES, patience_s=0.2)
        assert told(server) == len(server.asked) > 1
    finally:
        server.close()


def test_a_plain_server_has_no_ear_for_it(send: Send, bundle: Bundle) -> None:
    with fault_server() as server:
        send(server, key_changes=lambda: CHANGES)
        assert (told(server), whole(server, bundle)) == (0, True)
