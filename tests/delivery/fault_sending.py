"""Sending to a fault server: what a test calls, and whether everything arrived."""

from __future__ import annotations

from collections.abc import Callable

from fault_server import FaultServer

from perfstudio.delivery.bundle import Bundle
from perfstudio.model.delivery import Receipt

Send = Callable[..., Receipt]


def whole(server: FaultServer, bundle: Bundle) -> bool:
    """Every file arrived, byte for byte."""
    return server.files() == {f.name: (bundle.folder / f.name).read_bytes() for f in bundle.files}
