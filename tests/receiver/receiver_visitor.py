"""Somebody who speaks plain HTTP to a receiver."""

from __future__ import annotations

import base64
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests

from perfstudio.delivery.bundle import Bundle
from perfstudio.model.take import FileRole
from perfstudio.receiver.serve import Receiver
from rigs.take_bundles import TOKEN
from rigs.waiting import until

TUS = {"Tus-Resumable": "1.0.0"}
STREAM = {"Content-Type": "application/offset+octet-stream"}


@dataclass
class Visitor:
    """Speaks plain HTTP to a receiver."""

    receiver: Receiver
    bundle: Bundle
    token: str | None = TOKEN

    def ask(self, method: str, path: str, **options: Any) -> requests.Response:
        headers = {**TUS, **options.pop("headers", {})}
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        url = path if path.startswith("http") else self.receiver.url + path
        return requests.request(method, url, headers=headers, timeout=60, allow_redirects=False, **options)

    def consent(self) -> requests.Response:
        data = (self.bundle.folder / "consent.json").read_bytes()
        return self.ask("PUT", f"/v1/consents/{self.bundle.consent.record_id}", data=data)

    def announce(self, **changes: Any) -> requests.Response:
        plain = {**self.bundle.announcement().to_json(), **changes}
        return self.ask("PUT", f"/v1/takes/{self.bundle.take_id}", data=json.dumps(plain))

    def create(self, role: FileRole = FileRole.PICTURE, size: int | None = None, **meta: str) -> requests.Response:
        file = self.bundle.file(role)
        pairs = {**self.bundle.metadata(file), **meta}
        text = ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in pairs.items())
        headers = {"Upload-Length": str(file.size if size is None else size), "Upload-Metadata": text}
        return self.ask("POST", "/files", headers=headers)

    def begin(self, role: FileRole = FileRole.PICTURE) -> str:
        assert self.consent().status_code in (200, 201)
        assert self.announce().status_code in (200, 201)
        answer = self.create(role)
        assert answer.status_code == 201
        return answer.headers["Location"]

    def patch(self, url: str, data: bytes, offset: int = 0, **headers: str) -> requests.Response:
        return self.ask("PATCH", url, data=data, headers={**STREAM, "Upload-Offset": str(offset), **headers})

    @contextmanager
    def patching(self, url: str, data: bytes, sent: int, start: int = 0, **heads: str) -> Iterator[socket.socket]:
        """A PATCH of all of `data` (at `start`) of which only the first bytes have been sent; the line it goes on."""
        more = "".join(f"{name}: {value}\r\n" for name, value in heads.items())
        head = (
            f"PATCH {url} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {self.token}\r\nTus-Resumable: 1.0.0\r\n"
            f"Content-Type: application/offset+octet-stream\r\nUpload-Offset: {start}\r\n"
            f"{more}Content-Length: {len(data)}\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", self.receiver.port), timeout=60) as line:
            line.sendall(head.encode() + data[:sent])
            yield line

    def offset(self, url: str) -> int:
        return int(self.ask("HEAD", url).headers["Upload-Offset"])

    def data(self, role: FileRole = FileRole.PICTURE) -> bytes:
        return (self.bundle.folder / self.bundle.file(role).name).read_bytes()

    def report(self) -> dict[str, Any]:
        return dict(self.ask("GET", f"/v1/takes/{self.bundle.take_id}").json())

    def deliver(self) -> None:
        for role in (file.role for file in self.bundle.in_order() if file.role is not FileRole.CONSENT):
            assert self.patch(self.begin(role), self.data(role)).status_code == 204

    def settled(self) -> dict[str, Any]:
        return until(
            lambda: report if (report := self.report())["state"] not in ("verifying", "uploading") else {}, look_s=0.02
        )
