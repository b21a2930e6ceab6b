"""A delivery that may not begin or shall not go on: no consent, no token, taken back, stopped."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from fault_sending import Send, whole
from fault_server import fault_server
from take_bundles import make_bundle

from perfstudio.delivery.bundle import Bundle
from perfstudio.delivery.failure import TransferStoppedError
from perfstudio.delivery.outbox import Outbox
from perfstudio.delivery.policy import MIB
from perfstudio.model.delivery import DeliveryState
from perfstudio.model.errors import ConsentError, DeliveryError, ErrorCode
from rigs.waiting import stays


def test_no_consent_no_byte(bundle: Bundle, send: Send) -> None:
    with fault_server() as server:
        with pytest.raises(ConsentError) as refused:
            send(server, may_send=lambda: False)
        assert refused.value.code is ErrorCode.CONSENT_WITHDRAWN
        assert server.asked == []


def test_upl_22_withdrawn_in_the_middle(tmp_path: Path, send: Send) -> None:
    bundle = make_bundle(tmp_path / "big", picture=24 * MIB)
    with fault_server(slow_s=0.004) as server:
        with pytest.raises(ConsentError):
            send(server, bundle, may_send=lambda: server.received() < 2 * MIB)
        arrived = server.received()
        asked = len(server.asked)
        stays(lambda: len(server.asked) == asked, 0.5, "asked again")
        # a little was in the server's own receive buffer; what was in ours has been thrown away
        assert server.received() - arrived < MIB // 2
        assert server.received() < 20 * MIB


@pytest.mark.usefixtures("every_piece_told")
def test_stop_ends_it_and_it_goes_on_later(tmp_path: Path, send: Send, outbox: Outbox) -> None:
    bundle = make_bundle(tmp_path / "big", picture=24 * MIB)
    stop = threading.Event()

    def progress(state: DeliveryState, sent: int) -> None:
        if sent > 17 * MIB:
            stop.set()

    with fault_server() as server:
        with pytest.raises(TransferStoppedError):
            send(server, bundle, stop=stop, progress=progress)
        assert outbox.statuses()[0].state is DeliveryState.QUEUED
        before = sum(len(a.body) for a in server.asked)
        send(server, bundle)
        again = sum(len(a.body) for a in server.asked) - before
        assert whole(server, bundle)
        assert again < 24 * MIB


def test_token_missing(bundle: Bundle, send: Send) -> None:
    with fault_server() as server:
        with pytest.raises(DeliveryError) as ended:
            send(server, token="")
        assert ended.value.code is ErrorCode.TOKEN_MISSING
        assert server.asked == []
