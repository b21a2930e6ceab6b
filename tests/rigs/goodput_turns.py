"""Turns of one file to one server: `curl -T`, the least a sender in Python can be, and a delivery, one after the other.

The servers are ours, with all its duties (write, hash, sync), and a drain with none. Whoever sends by hand has a place
made for it beforehand, and its time begins with its first byte. A delivery is timed so, too: from the first request
with bytes of the film to the answer to the last; and as a whole, with its own files proved before and the receiver's
proof behind.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
import random
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import requests
from receiver_process import ReceiverProcess
from take_bundles import TOKEN, write_papers

from perfstudio.delivery.bundle import Bundle
from perfstudio.delivery.deliver_now import deliver
from perfstudio.delivery.http import HttpClient
from perfstudio.delivery.outbox import Outbox
from perfstudio.delivery.policy import MIB
from perfstudio.delivery.receiver_api import ReceiverApi
from perfstudio.delivery.tus import TusClient
from perfstudio.model.clock import utc_ms, utc_now
from perfstudio.model.delivery import Studio
from perfstudio.model.ids import new_take_id
from perfstudio.model.take import FileEntry, FileRole
from rigs.waiting import until

HEAD = {
    "Tus-Resumable": "1.0.0",
    "Content-Type": "application/offset+octet-stream",
    "Upload-Offset": "0",
    "Authorization": f"Bearer {TOKEN}",
}


class Film:
    """A file of so many mebibytes, and takes whose picture it is: the same bytes under one id after the other."""

    def __init__(self, root: Path, mebibytes: int) -> None:
        self._root, self._count = root, 0
        self.path = root / "film"
        hasher = hashlib.sha256()
        with self.path.open("wb") as file:
            for number in range(mebibytes):
                data = random.Random(number).randbytes(MIB)
                file.write(data)
                hasher.update(data)
        self.size, self._sha256 = mebibytes * MIB, hasher.hexdigest()

    def take(self) -> Bundle:
        """A new one."""
        take_id = new_take_id(utc_ms(utc_now()))
        folder = self._root / take_id
        folder.mkdir()
        os.link(self.path, folder / "take.mp4")
        entry = FileEntry(role=FileRole.PICTURE, name="take.mp4", size=self.size, sha256=self._sha256)
        return write_papers(folder, take_id, (entry,))


@dataclass(frozen=True)
class Server:
    """Where it is for senders (over a line, perhaps), and the process behind it, where that is ours."""

    studio: Studio
    ours: ReceiverProcess | None = None

    def place(self, bundle: Bundle) -> str:
        """An address for the picture of a take."""
        file = bundle.file(FileRole.PICTURE)
        with contextlib.closing(HttpClient(self.studio.tus, TOKEN)) as wire:
            if self.studio.base is not None:
                calls = ReceiverApi(wire, self.studio.base)
                calls.put_consent(bundle.consent.record_id, (bundle.folder / "consent.json").read_bytes())
                calls.announce(bundle.take_id, bundle.announcement())
            return TusClient(wire, self.studio.tus).create(file.size, bundle.metadata(file)).url

    def clear(self) -> None:
        """Everything that came is checked and gone: the next turn finds the server at rest."""
        if self.ours is not None:
            until(lambda: not self.ours.parts(), "checked")  # type: ignore[union-attr]
            for place in (self.ours.folder, self.ours.folder / ".receiver" / "takes"):
                for take in place.glob("[!.]*/"):
                    shutil.rmtree(take)


def heads_for(server: Server, bundle: Bundle) -> dict[str, str]:
    """Ours has the same duties for everybody: it compares a checksum, which cost those by hand nothing."""
    digest = base64.b64encode(bytes.fromhex(bundle.file(FileRole.PICTURE).sha256)).decode()
    return HEAD | ({"Upload-Checksum": f"sha256 {digest}"} if server.ours is not None else {})


def by_curl(server: Server, bundle: Bundle, _: Path) -> tuple[float]:
    """Seconds."""
    at = server.place(bundle)
    given = heads_for(server, bundle).items()
    heads = [part for name, value in given for part in ("-H", f"{name}: {value}")] + ["-H", "Expect:"]
    film = str(bundle.folder / "take.mp4")
    began_s = time.monotonic()
    subprocess.run(["curl", "-sf", "-o", os.devnull, "-X", "PATCH", *heads, "-T", film, at], check=True)
    return (time.monotonic() - began_s,)


def by_requests(server: Server, bundle: Bundle, _: Path) -> tuple[float]:
    """Seconds: the floor of what is written in Python on the same library."""
    at = server.place(bundle)
    began_s = time.monotonic()
    with (bundle.folder / "take.mp4").open("rb") as file:
        answer = requests.patch(at, data=file, headers=heads_for(server, bundle), timeout=600)
    ended_s = time.monotonic()
    answer.raise_for_status()
    return (ended_s - began_s,)


def by_delivery(server: Server, bundle: Bundle, box: Path) -> tuple[float, float]:
    """Seconds of the film, and of the whole delivery."""
    film: list[float] = []
    send = TusClient.send

    def timed(*given: Any, **named: Any) -> int:
        began_s = time.monotonic()
        reached = send(*given, **named)
        if named["name"] == "take.mp4":
            film.extend((began_s, time.monotonic()))
        return reached

    with Outbox(box) as outbox, patch.object(TusClient, "send", timed):
        began_s = time.monotonic()
        deliver(bundle, server.studio, TOKEN, outbox=outbox, may_send=lambda: True)
        whole_s = time.monotonic() - began_s
    return film[-1] - film[0], whole_s


Hand = Callable[[Server, Bundle, Path], tuple[float, ...]]


def turns(film: Film, server: Server, rounds: int, boxes: Path) -> list[tuple[float, float, float, float]]:
    """(curl, requests, delivery, whole delivery) in seconds, round after round; the first, which warms, is left out.
    Who begins changes with each: whoever comes after another finds the disk as that one left it.
    """
    rows = []
    hands: tuple[Hand, ...] = (by_curl, by_requests, by_delivery)
    for number in range(rounds + 1):
        row: dict[Hand, tuple[float, ...]] = {}
        for hand in hands[number % len(hands) :] + hands[: number % len(hands)]:
            bundle = film.take()
            row[hand] = hand(server, bundle, boxes / f"{bundle.take_id}.db")
            server.clear()
        rows.append(tuple(second for hand in hands for second in row[hand]))
    return [(a, b, c, d) for a, b, c, d in rows[1:]]
