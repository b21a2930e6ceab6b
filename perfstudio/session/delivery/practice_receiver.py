"""The practice room: a receiver on this computer, so that a whole delivery can be played through and nothing leaves."""

from __future__ import annotations

import secrets

from perfstudio.model.jws import fingerprint
from perfstudio.paths import AppPaths
from perfstudio.receiver.serve import Receiver, ReceiverSettings
from perfstudio.session.delivery.admission import admission
from perfstudio.session.delivery.delivery_service import DeliveryService
from perfstudio.session.takes.missing import BUNDLED_STUDIO

NAME = "Practice room"


class PracticeReceiver:
    """Owns the receiver's thread. Its token lives as long as it does and goes into no keyring."""

    def __init__(self, paths: AppPaths, delivery_service: DeliveryService) -> None:
        token = secrets.token_urlsafe(24)
        settings = ReceiverSettings(studio_id=BUNDLED_STUDIO, name=NAME, legal_name=NAME)
        self._receiver = Receiver(
            paths.home / "practice-room", token=token, admission=admission(BUNDLED_STUDIO), settings=settings
        )
        own = fingerprint(self._receiver.key.public_key)  # its folder may be a new one
        studio = delivery_service.connect(f"{self._receiver.url}/studio.json", new_key=own)
        delivery_service.lend(studio, token)

    def close(self) -> None:
        """End it; what arrived stays."""
        self._receiver.stop()
