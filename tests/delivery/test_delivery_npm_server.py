"""Level A against the real @tus/server from npm: what small studios run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from killed_sender import kill_sender_at, settled
from take_bundles import STUDIO, TOKEN, USES, consent_event, make_bundle, studio_at
from tus_server import TusServer, node_tools, tus_server

from perfstudio.delivery.attempt import Tuning
from perfstudio.delivery.bundle import Bundle
from perfstudio.delivery.deliver_now import deliver
from perfstudio.delivery.http import HttpClient
from perfstudio.delivery.outbox import Outbox
from perfstudio.delivery.policy import MIB
from perfstudio.delivery.withdrawal import tell
from perfstudio.model.consent import ConsentStatus
from perfstudio.model.delivery import DeliveryState, Receipt
from perfstudio.model.errors import DeliveryError, ErrorCode

pytestmark = [
    pytest.mark.timeout(300),
]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TusServer]:
    """A running @tus/server that wants a token."""
    if node_tools() is None:  # asked here, and not by everybody who collects the tests
        pytest.skip("no Node 20.19 or newer on PATH or in the environment")
    with tus_server(tmp_path_factory.mktemp("npm"), TOKEN) as server:
        yield server


@pytest.fixture
def server(running: TusServer) -> TusServer:
    """It, with nothing in it."""
    for file in running.folder.iterdir():
        file.unlink()
    return running


@pytest.fixture
def send(server: TusServer, outbox: Outbox, quick: Tuning) -> Callable[..., Receipt]:
    """Deliver to it."""
    return sending(server, outbox, quick)


def sending(server: TusServer, outbox: Outbox, quick: Tuning) -> Callable[..., Receipt]:
    def run(bundle: Bundle, token: str = TOKEN, patience_s: float = 20.0, **options: object) -> Receipt:
        return deliver(
            bundle,
            studio_at(server.collection),
            token,
            outbox=outbox,
            may_send=lambda: True,
            tuning=quick,
            patience_s=patience_s,
            **options,
        )  # type: ignore[arg-type]

    return run


def whole(server: TusServer, bundle: Bundle) -> bool:
    """Every file, byte for byte."""
    return server.uploads() == {f.name: (bundle.folder / f.name).read_bytes() for f in bundle.files}


def test_it_arrives(bundle: Bundle, server: TusServer, send: Callable[..., Receipt]) -> None:
    receipt = send(bundle)
    assert (receipt.level, receipt.state) == ("A", "sent")
    assert whole(server, bundle)
    assert send(bundle).state == "sent"  # asked again: everything is there
    assert len(server.uploads()) == 4


def test_sender_killed_half_way(
    tmp_path: Path, server: TusServer, outbox: Outbox, send: Callable[..., Receipt]
) -> None:
    bundle = make_bundle(tmp_path / "t", picture=24 * MIB)
    url = server.collection.removesuffix("/files")
    kill_sender_at(bundle, tmp_path / "home" / "outbox.db", url, 12 * MIB, "A")
    kept = settled(lambda: sum(map(len, server.uploads().values())), 8 * MIB)
    assert kept >= 8 * MIB
    seen: list[int] = []
    send(bundle, progress=lambda state, sent: seen.append(sent))
    assert whole(server, bundle)
    assert min(n for n in seen if n > 2 * MIB) >= 8 * MIB  # went on there, and not from the start


@pytest.mark.usefixtures("every_piece_told")
@pytest.mark.usefixtures("running")
def test_server_killed_half_way(tmp_path: Path, outbox: Outbox, quick: Tuning) -> None:
    bundle = make_bundle(tmp_path / "t", picture=24 * MIB)
    killed: list[int] = []

    def progress(state: DeliveryState, sent: int) -> None:
        if sent > 17 * MIB and not killed:
            killed.append(sent)
            server.kill()
            server.start()

    with tus_server(tmp_path / "npm", TOKEN) as server:
        sending(server, outbox, quick)(bundle, progress=progress)
        assert killed
        assert whole(server, bundle)


def test_wrong_token_then_right(bundle: Bundle, server: TusServer, send: Callable[..., Receipt]) -> None:
    with pytest.raises(DeliveryError) as ended:
        send(bundle, token="guess")
    assert ended.value.code is ErrorCode.TOKEN_WRONG
    assert server.uploads() == {}
    send(bundle)
    assert whole(server, bundle)


def test_upload_deleted_there_begins_anew(
    bundle: Bundle, server: TusServer, outbox: Outbox, send: Callable[..., Receipt]
) -> None:
    send(bundle)
    for file in server.folder.iterdir():
        file.unlink()
    outbox.enqueue(bundle)
    assert send(bundle).state == "sent"
    assert whole(server, bundle)


def test_withdrawn_is_deleted_and_left_there(
    bundle: Bundle, server: TusServer, outbox: Outbox, send: Callable[..., Receipt]
) -> None:
    send(bundle)
    event = consent_event(2, ConsentStatus.WITHDRAWN, USES)
    outbox.withdraw(bundle.take_id, bundle.consent.record_id, event)
    (pending,) = outbox.untold()
    assert pending.studio_id == STUDIO
    studio = studio_at(server.collection)
    wire = HttpClient(studio.tus, TOKEN)
    tell(pending, studio, wire, outbox)
    wire.close()
    assert list(server.uploads()) == ["withdrawal.json"]
    assert outbox.untold() == ()


def test_twins(tmp_path: Path, server: TusServer, send: Callable[..., Receipt]) -> None:
    head = bytes(256 << 10)
    one, two = (make_bundle(tmp_path / "t", head=head, seed=s) for s in (1, 2))
    send(one)
    send(two)
    bodies = [f.read_bytes() for f in server.folder.iterdir() if f.suffix == ""]
    for bundle in (one, two):
        assert (bundle.folder / "take.mp4").read_bytes() in bodies
