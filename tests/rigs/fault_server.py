"""A tus server (level A and B) on a real socket that is honest until told otherwise.

A *fault* looks at every request before the honest part does: it may answer itself, break the connection, or fall
silent. Everything that came is recorded, so that a test can say what left the sender's machine.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from take_bundles import STUDIO, STUDIO_KEY

from perfstudio.model.clock import utc_now
from perfstudio.model.consent import ConsentEvent
from perfstudio.model.deletion import DeletionStatement
from perfstudio.model.delivery import FROM_START, Receipt, ReceivedFile
from perfstudio.model.jws import SigningKey
from perfstudio.model.proof import SaltedFile, TakeProof
from rigs.waiting import be_slow


@dataclass(slots=True)
class Asked:
    """One request as it came; `body` is what was read of it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytearray = field(default_factory=bytearray)


@dataclass(frozen=True, slots=True)
class Say:
    """An answer. `drip_s` sends it a byte at a time; `read` says how much of the body is read before, and `keep` how
    much of what a PATCH brought is kept although.
    """

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    read: int | None = None
    keep: int = 0
    drip_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Reset:
    """Read so many bytes of the body, keep them (or not), then reset the connection."""

    after: int = 0
    keep: bool = True


@dataclass(frozen=True, slots=True)
class Silence:
    """Read nothing, say nothing."""

    seconds: float = 30.0


Fault = Callable[[Asked], "Say | Reset | Silence | None"]


def tus(status: int, **headers: str) -> Say:
    """A tus answer; underscores become dashes."""
    plain = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Say(status, (("Tus-Resumable", "1.0.0"), *plain))


def times(count: int, answer: Say | Reset | Silence, *methods: str) -> Fault:
    """The first `count` requests with one of these methods get `answer`; afterwards the server is honest."""
    left = [count]

    def fault(asked: Asked) -> Say | Reset | Silence | None:
        if asked.method in methods and left[0] > 0:
            left[0] -= 1
            return answer
        return None

    return fault


def always(answer: Say | Reset | Silence, *methods: str) -> Fault:
    """Every request with one of these methods gets `answer`."""
    return times(1 << 30, answer, *methods)


class FaultServer:
    """Runs on loopback; `url` is its root."""

    def __init__(
        self,
        fault: Fault | None = None,
        *,
        level_b: bool = False,
        extensions: str = "creation,termination",
        algorithms: str = "sha1,sha256",
        slow_s: float = 0.0,
    ) -> None:
        """`slow_s` is how long the server takes over every 64 KiB of a body."""
        self.slow_s = slow_s
        self.fault = fault or (lambda asked: None)
        self.level_b = level_b
        self.extensions = extensions
        self.algorithms = algorithms
        self.asked: list[Asked] = []
        self.refused = 0
        """Checksums that were others than those of the bytes."""
        self.uploads: dict[str, tuple[int, bytearray, dict[str, str]]] = {}
        self.takes: dict[str, Any] = {}
        self.consents: dict[str, bytes] = {}
        self.withdrawals: list[bytes] = []
        self.mangle: Callable[[bytes], bytes] = lambda data: data
        self.lock = threading.Lock()
        self.closing = threading.Event()
        outer = self

        class Handler(_Handler):
            server_rig = outer

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if slow_s:  # or the system would take megabytes on the server's behalf
            self._server.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Root address."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def collection(self) -> str:
        """The tus collection."""
        return f"{self.url}/files"

    def close(self) -> None:
        """Stop."""
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def count(self, method: str) -> int:
        """How many requests with this method came."""
        return sum(asked.method == method for asked in self.asked)

    def received(self) -> int:
        """Bytes of all bodies so far."""
        return sum(len(asked.body) for asked in self.asked)

    def proof(self, take_id: str, salt: str, key: SigningKey = STUDIO_KEY) -> TakeProof:
        """What an honest receiver answers that has the take."""
        announced = self.takes[f"/v1/takes/{take_id}"]
        record_id = announced["consents"][0]["record_id"]
        held = {"consent.json": ("consent", self.consents[record_id])}
        for file in announced["files"]:
            came = [bytes(data) for _, data, meta in self.uploads.values() if meta.get("file_id") == file["file_id"]]
            held[file["filename"]] = (file["role"], came[-1])
        files = tuple(
            ReceivedFile(role=role, name=name, size=len(data), sha256=hashlib.sha256(data).hexdigest())
            for name, (role, data) in held.items()
        )
        receipt = Receipt(
            level="B", take_id=take_id, studio_id=STUDIO, state="accepted", files=files, at=utc_now(), receipt_id="1",
            record_id=record_id,
        )  # fmt: skip
        salted = tuple(
            SaltedFile(name=name, sha256=hashlib.sha256(bytes.fromhex(salt) + data).hexdigest())
            for name, (_, data) in held.items()
        )
        return TakeProof(receipt=receipt.signed(key), salt=salt, files=salted, at=utc_now()).signed(key)

    def deleted(self, of_record: str, body: bytes, key: SigningKey = STUDIO_KEY, **changes: Any) -> dict[str, Any]:
        """What an honest receiver answers to a withdrawal: that all of it is gone."""
        act = ConsentEvent.model_validate_json(body)
        record = json.loads(self.consents.get(of_record, b'{"take": {"take_id": ""}}'))
        statement = DeletionStatement(
            studio_id=STUDIO, take_id=record["take"]["take_id"], record_id=of_record, use_ids=act.use_ids,
            act_sha256=hashlib.sha256(body).hexdigest(), deleted_at=utc_now(), files=(),
        ).model_copy(update=changes).signed(key)  # fmt: skip
        digest = hashlib.sha256(body).hexdigest()
        return {"record_id": of_record, "sha256": digest, "state": "deleted", "statements": [statement.to_json()]}

    def files(self) -> dict[str, bytes]:
        """What arrived, by file name; the newest upload of a name wins."""
        return {meta["filename"]: bytes(data) for _, data, meta in self.uploads.values() if "filename" in meta}


@contextlib.contextmanager
def fault_server(fault: Fault | None = None, **options: Any) -> Iterator[FaultServer]:
    """Run one for a while."""
    server = FaultServer(fault, **options)
    try:
        yield server
    finally:
        server.close()


class _Handler(BaseHTTPRequestHandler):
    server_rig: FaultServer
    protocol_version = "HTTP/1.1"
    timeout = 60

    def log_message(self, *args: object) -> None:
        """Nothing."""

    def _any(self) -> None:
        rig = self.server_rig
        asked = Asked(self.command, self.path, {k.lower(): v for k, v in self.headers.items()})
        with rig.lock:
            rig.asked.append(asked)
        answer = rig.fault(asked)
        try:
            if answer is None:
                self._honest(asked)
            elif isinstance(answer, Say):
                self._read(asked, answer.read)
                if answer.keep and asked.method == "PATCH":
                    del asked.body[answer.keep :]
                    self._append(asked)
                self._say(answer)
            elif isinstance(answer, Reset):
                self._break(asked, answer)
            else:
                self.close_connection = True
                rig.closing.wait(answer.seconds)
        except OSError:
            self.close_connection = True

    def __getattr__(self, name: str) -> object:
        if name.startswith("do_"):
            return self._any
        raise AttributeError(name)

    def _length(self) -> int:
        return int(self.headers.get("Content-Length") or 0)

    def _read(self, asked: Asked, most: int | None = None) -> None:
        left = self._length() if most is None else min(most, self._length())
        while left > 0:
            piece = self.rfile.read1(min(left, 65536))  # type: ignore[attr-defined]
            if not piece:
                self.close_connection = True
                return
            asked.body += piece
            left -= len(piece)
            be_slow(self.server_rig.slow_s)
        if most is not None and most < self._length():
            self.close_connection = True

    def _break(self, asked: Asked, reset: Reset) -> None:
        self._read(asked, reset.after)
        if reset.keep and asked.method == "PATCH":
            self._append(asked)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def _say(self, say: Say) -> None:
        head = [f"HTTP/1.1 {say.status} X"]
        names = {name.lower() for name, _ in say.headers}
        head += [f"{name}: {value}" for name, value in say.headers]
        if "content-length" not in names and say.status != 204:
            head.append(f"Content-Length: {len(say.body)}")
        if self.close_connection:
            head.append("Connection: close")
        data = "\r\n".join(head).encode() + b"\r\n\r\n" + (say.body if self.command != "HEAD" else b"")
        if not say.drip_s:
            self.wfile.write(data)
            return
        for byte in data:
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            be_slow(say.drip_s)

    def _honest(self, asked: Asked) -> None:
        if asked.path.startswith("/v1/"):
            self._level_b(asked)
            return
        name = f"_tus_{asked.method.lower()}"
        if not asked.path.startswith("/files") or not hasattr(self, name):
            self._read(asked)
            self._say(Say(404))
            return
        getattr(self, name)(asked)

    def _tus_options(self, asked: Asked) -> None:
        rig = self.server_rig
        offered = {"Tus_Extension": rig.extensions, "Tus_Checksum_Algorithm": rig.algorithms}
        self._say(tus(204, Tus_Version="1.0.0", **offered))

    def _tus_post(self, asked: Asked) -> None:
        rig = self.server_rig
        pairs = [pair.split(" ") for pair in asked.headers.get("upload-metadata", "").split(",")]
        meta = {key: base64.b64decode(value).decode() for key, value in pairs}
        with rig.lock:
            path = f"/files/{len(rig.uploads)}-x"
            rig.uploads[path] = (int(asked.headers["upload-length"]), bytearray(), meta)
        self._say(tus(201, Location=path))

    def _tus_head(self, asked: Asked) -> None:
        upload = self.server_rig.uploads.get(asked.path)
        if upload is None:
            self._say(tus(404))
            return
        self._say(tus(200, Upload_Offset=str(len(upload[1])), Upload_Length=str(upload[0])))

    def _tus_patch(self, asked: Asked) -> None:
        upload = self.server_rig.uploads.get(asked.path)
        if upload is None or int(asked.headers["upload-offset"]) != len(upload[1]):
            self._read(asked)
            self._say(tus(404 if upload is None else 409))
            return
        self._read(asked)
        if len(asked.body) == self._length() and not self._is_right(asked, upload[1]):
            self.server_rig.refused += 1
            self._say(tus(460))
            return
        offset = self._append(asked)
        self._say(tus(204, Upload_Offset=str(offset)))

    def _is_right(self, asked: Asked, before: bytearray) -> bool:
        """The bytes are those of the checksum, where one came that was offered."""
        algorithm, _, digest = asked.headers.get("upload-checksum", "").partition(" ")
        if "checksum" not in self.server_rig.extensions or algorithm not in self.server_rig.algorithms.split(","):
            return True
        name, of = ("sha256", before + asked.body) if algorithm == FROM_START else (algorithm, asked.body)
        return base64.b64encode(hashlib.new(name, of).digest()).decode() == digest

    def _append(self, asked: Asked) -> int:
        data = self.server_rig.uploads[asked.path][1]
        data += self.server_rig.mangle(bytes(asked.body))
        return len(data)

    def _tus_delete(self, asked: Asked) -> None:
        found = self.server_rig.uploads.pop(asked.path, None)
        self._say(tus(204 if found else 404))

    def _level_b(self, asked: Asked) -> None:
        rig = self.server_rig
        self._read(asked)
        body = bytes(asked.body)
        if not rig.level_b:
            self._json(404, {})
        elif asked.path == "/v1/server":
            self._json(200, {"level": "B", "new_in_2030": True})
        elif asked.path.endswith("/withdrawals"):
            rig.withdrawals.append(body)
            self._json(200, rig.deleted(asked.path.split("/")[3], body))
        elif asked.path.startswith("/v1/consents/"):
            record_id = asked.path.split("/")[3]
            rig.consents[record_id] = body
            self._json(201, {"record_id": record_id, "sha256": hashlib.sha256(body).hexdigest()})
        elif asked.path.endswith("/proof"):
            self._json(200, rig.proof(asked.path.split("/")[3], json.loads(body)["salt"]).to_json())
        elif asked.method == "PUT":
            rig.takes[asked.path] = json.loads(body)
            self._json(201, {"state": "awaiting_upload"})
        else:
            self._json(200, self._report(rig.takes[asked.path]))

    def _report(self, announced: Any) -> dict[str, Any]:
        files = []
        for file in announced["files"]:
            for size, data, meta in self.server_rig.uploads.values():
                if meta.get("file_id") == file["file_id"] and len(data) == size:
                    files = [f for f in files if f["file_id"] != file["file_id"]]
                    digest = hashlib.sha256(data).hexdigest()
                    files.append({"file_id": file["file_id"], "sha256": digest, "size": size})
        state = "accepted" if len(files) == len(announced["files"]) else "uploading"
        return {"state": state, "files": files}

    def _json(self, status: int, value: object) -> None:
        data = json.dumps(value).encode()
        self._say(Say(status, (("Content-Type", "application/json"),), data))
