"""Performers who come to a receiver with one side of a scene, and its studio."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from perfstudio.model.base import canonical_bytes
from perfstudio.model.consent import UseId
from perfstudio.model.pair_document import PairDocument, PairTold
from perfstudio.receiver.serve import Receiver
from perfstudio.receiver.tokens import Tokens
from receiver.receiver_visitor import Visitor
from rigs.pair_takes import Played


@dataclass
class Studio:
    """A receiver, and who comes to it."""

    running: Receiver
    folder: Path
    tokens: Tokens

    def guest(self, side: Played, name: str) -> Guest:
        return Guest(self, side, Visitor(self.running, side.bundle, self.tokens.add(name)))

    def documents(self) -> list[PairDocument]:
        files = sorted((self.folder / "pairs").glob("*/pair.json"))
        return [PairDocument.model_validate_json(file.read_bytes()) for file in files]

    def asked(self, take_id: str) -> Any:
        desk = Visitor(self.running, None, self.tokens.add(f"desk {take_id}", decides=True))  # type: ignore[arg-type]
        return desk.ask("GET", f"/v1/takes/{take_id}/pairs")


@dataclass
class Guest:
    """One performer with a take."""

    studio: Studio
    side: Played
    visitor: Visitor

    @property
    def take_id(self) -> str:
        return self.side.take_id

    def delivers(self) -> None:
        self.visitor.bundle = self.side.bundle
        self.visitor.deliver()
        assert self.visitor.settled()["state"] == "accepted"

    def takes_back(self, *uses: UseId) -> None:
        self.side = self.side.back(uses or None)
        act = canonical_bytes(self.side.record.events[-1].to_json())
        path = f"/v1/consents/{self.side.record.record_id}/withdrawals"
        assert self.visitor.ask("POST", path, data=act).status_code == 200

    def gives_again(self, *uses: UseId) -> None:
        self.side = self.side.again(uses)
        path = f"/v1/consents/{self.side.record.record_id}"
        assert self.visitor.ask("PUT", path, data=self.side.record.canonical()).status_code == 200

    def hears(self, *take_ids: str) -> list[PairTold]:
        answer = self.visitor.ask("POST", "/v1/pairs", json={"takes": list(take_ids or (self.take_id,))})
        assert answer.status_code == 200, answer.text
        told = [PairTold.model_validate(one) for one in answer.json()["pairs"]]
        assert all(one.is_signed_by(self.studio.running.key.public_key) for one in told)
        return told
