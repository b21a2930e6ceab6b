"""GET /health: it lives, and whether it could take a take now; nothing of anybody's."""

from __future__ import annotations

import shutil
from collections import namedtuple

import pytest
import requests
from receiver_visitor import Visitor

from perfstudio.receiver.serve import Receiver
from perfstudio.receiver.verifier import Verifier

Usage = namedtuple("Usage", "total used free")


def health(receiver: Receiver) -> tuple[int, dict[str, bool]]:
    answer = requests.get(receiver.url + "/health", timeout=60)
    return answer.status_code, answer.json()


def test_it_lives_and_could_take_a_take(visitor: Visitor, receiver: Receiver) -> None:
    visitor.begin()
    assert health(receiver) == (200, {"ready": True, "room": True, "verifies": True}), "and nothing else"


def test_a_full_disk_is_said(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(1 << 40, 1 << 40, 1000))
    assert health(receiver) == (503, {"ready": False, "room": False, "verifies": True})


def test_a_disk_that_is_gone_is_said(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(folder: object) -> Usage:
        raise OSError

    monkeypatch.setattr(shutil, "disk_usage", gone)
    assert health(receiver)[0] == 503


def test_a_verifier_that_does_not_get_on_is_said(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Verifier, "works", property(lambda verifier: False))
    assert health(receiver) == (503, {"ready": False, "room": True, "verifies": False})
