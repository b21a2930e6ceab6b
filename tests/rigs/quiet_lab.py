"""A studio whose receiver asks what ours asks, and plays nothing; and a home that is signed in there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from perfstudio.model.delivery import Studio
from perfstudio.receiver.serve import Receiver, ReceiverSettings
from perfstudio.session.delivery.admission import admission
from perfstudio.session.delivery.delivery_service import DeliveryService

LAB = "lab"
TOKEN = "t" * 24


def quiet_lab(inbox: Path, port: int = 0) -> Receiver:
    """The receiver, not started."""
    rules = replace(admission(LAB), bundle=lambda folder: ())
    return Receiver(inbox, port=port, token=TOKEN, admission=rules, settings=ReceiverSettings(studio_id=LAB))


@contextmanager
def signed_in(service: DeliveryService, receiver: Receiver, token: str = TOKEN) -> Iterator[Studio]:
    """The receiver runs, and the home is connected to it."""
    with receiver:
        studio = service.connect(f"{receiver.url}/studio.json")
        service.lend(studio, token)
        yield studio
