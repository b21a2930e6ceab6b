"""The tus 1.0.0 server part: core, creation, checksum, termination. For one small studio, on top of Starlette.

Why our own: of the Python tus servers that were measured, one answers OPTIONS with 405, ignores a wrong checksum,
checks the declared length only while writing and *writes the bytes of a request whose token it then refuses*; another
keeps no state per take. What is needed here is little and exact: an offset that is a file size on disk, checksums
that are verified, syncs before answers, uploads only of announced files, one writer per upload, and no way to read
anything back. That is this page.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import contextlib
import errno
from collections.abc import AsyncIterator

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from perfstudio.receiver.auth import sender_of
from perfstudio.receiver.body import Patience, pieces
from perfstudio.receiver.checksums import ALGORITHMS, BodyCheck, parse_checksum
from perfstudio.receiver.errors import RefusedError
from perfstudio.receiver.takes import ReceiverLimits, TakeStore
from perfstudio.receiver.uploads import Appender, Upload, WriteBehind
from perfstudio.receiver.verifier import Verifier

TUS = {"Tus-Resumable": "1.0.0", "Cache-Control": "no-store"}
_ABILITIES = {"Tus-Version": "1.0.0", "Tus-Extension": "creation,checksum,termination"}
_GATHERED = 2 << 20
_GATHERED_S = 1.0
"""What has come on a slow line is on the disk after so long, whatever befalls this process then."""
_STILL_COMES_S = 5.0
"""What lay in the sender's computer when it was cut off is here by then, on most lines."""
_SILENT_S = 1.0
"""A sender that is here once more has another connection. What it had begun by the old one is over as soon as that has
been silent for so long, and not only when its time is up."""
_MOST_PIECES = 512
"""A sender of many little pieces costs no more memory than others."""
_FULL = (errno.ENOSPC, errno.EDQUOT)


class TusEndpoint:
    """Endpoints. Bodies are read only in `patch`; the token was checked before (see `gate`)."""

    def __init__(self, takes: TakeStore, verifier: Verifier, limits: ReceiverLimits) -> None:
        self._takes = takes
        self._verifier = verifier
        self._limits = limits

    async def options(self, request: Request) -> Response:
        """What this server can do."""
        headers = {**TUS, **_ABILITIES, "Tus-Checksum-Algorithm": ",".join(ALGORITHMS)}
        return Response(status_code=204, headers={**headers, "Tus-Max-Size": str(self._limits.largest_file)})

    async def create(self, request: Request) -> Response:
        """POST: a place for an announced file."""
        _speaks(request)
        size = _number(request, "Upload-Length")
        metadata = parse_metadata(request.headers.get("Upload-Metadata", ""))
        take_id, file_id = metadata.get("take_id", ""), metadata.get("file_id", "")
        if not take_id or not file_id:
            raise RefusedError(422, "missing metadata: take_id, file_id")
        upload = await run_in_threadpool(self._takes.create_upload, take_id, file_id, size)
        if size == 0:
            self._verifier.verify(take_id)
        return Response(status_code=201, headers={**TUS, "Location": f"{request.url.path}/{upload.upload_id}"})

    async def head(self, request: Request) -> Response:
        """HEAD: how much is on disk."""
        _speaks(request)
        upload = self._here_again(request)
        await _at_rest(upload)
        offset = await run_in_threadpool(upload.offset)
        headers = {"Upload-Offset": str(offset), "Upload-Length": str(upload.file.size)}
        return Response(status_code=200, headers={**TUS, **headers})

    async def delete(self, request: Request) -> Response:
        """DELETE: forget the upload and its bytes."""
        _speaks(request)
        upload = self._takes.uploads.find(request.path_params["upload_id"])
        await run_in_threadpool(self._takes.uploads.drop, upload.take_id, upload.file)
        return Response(status_code=204, headers=TUS)

    async def patch(self, request: Request) -> Response:
        """PATCH: append. What has come when the sender breaks off is kept."""
        _speaks(request)
        if request.headers.get("Content-Type") != "application/offset+octet-stream":
            raise RefusedError(415, "Content-Type is not application/offset+octet-stream")
        start = _number(request, "Upload-Offset")
        expected = parse_checksum(request.headers.get("Upload-Checksum"))
        self._here_again(request)
        patience = Patience(self._limits.idle_s)
        upload = self._takes.uploads.claim(request.path_params["upload_id"], sender_of(request), patience)
        try:
            await self._append(request, upload, start, expected)
            offset = await run_in_threadpool(upload.offset)
        finally:
            upload.release()
            if upload.is_whole():
                self._verifier.verify(upload.take_id)
        return Response(status_code=204, headers={**TUS, "Upload-Offset": str(offset)})

    def _here_again(self, request: Request) -> Upload:
        """The upload; what its sender had begun by another connection may not be silent for long any more."""
        upload = self._takes.uploads.find(request.path_params["upload_id"])
        upload.hurry(sender_of(request), _SILENT_S)
        return upload

    async def _append(self, request: Request, upload: Upload, start: int, expected: tuple[str, bytes] | None) -> None:
        if start != upload.offset():
            raise RefusedError(409, "the upload is at another offset")
        room = upload.file.size - start
        if int(request.headers.get("Content-Length", "0")) > room:
            raise RefusedError(413, "more bytes than were announced")
        if room == 0:
            return
        check = BodyCheck(expected, upload.part, start, upload.known)
        appender = Appender(upload, check.hasher)
        try:
            come = await self._write(request, upload, appender, room)
            if not await check.holds(start + come):
                appender.cut_back(start)
                raise RefusedError(460, "checksum mismatch")
            await run_in_threadpool(appender.close)
        except OSError as problem:
            if problem.errno in _FULL:
                raise RefusedError(507, "the receiver's disk is full") from None
            raise
        finally:
            upload.known = check.over()
            appender.close()

    async def _write(self, request: Request, upload: Upload, appender: Appender, room: int) -> int:
        """All that comes, also when the sender breaks off; how many bytes that were."""
        behind, come = WriteBehind(appender), 0
        try:
            async for batch, size in _gathered(request, upload.patience):
                come += size
                if come > room:
                    raise RefusedError(413, "more bytes than were announced")
                self._takes.require_free_space(size)
                await behind.add(batch)
        finally:
            await behind.settle()
        return come


def parse_metadata(text: str) -> dict[str, str]:
    """Upload-Metadata as sent: keys with base64 of UTF-8. Raises RefusedError(422)."""
    if len(text) > 4096:
        raise RefusedError(422, "metadata longer than 4 KiB")
    found: dict[str, str] = {}
    for pair in filter(None, (p.strip() for p in text.split(","))):
        key, _, value = pair.partition(" ")
        try:
            found[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise RefusedError(422, "unreadable metadata") from None
    return found


async def _gathered(request: Request, patience: Patience) -> AsyncIterator[tuple[list[bytes], int]]:
    """The body, many pieces at a time; what came before the sender broke off is handed over, too."""
    clock = asyncio.get_running_loop().time
    gathered: list[bytes] = []
    size, since = 0, 0.0
    try:
        async with contextlib.aclosing(pieces(request, patience)) as stream:
            async for piece in stream:
                since = since if gathered else clock()
                gathered.append(piece)
                size += len(piece)
                if size >= _GATHERED or len(gathered) >= _MOST_PIECES or clock() - since >= _GATHERED_S:
                    yield gathered, size
                    gathered, size = [], 0
    except RefusedError:
        if gathered:
            yield gathered, size
        raise
    if gathered:
        yield gathered, size


async def _at_rest(upload: Upload) -> None:
    """A sender that was cut off asks at once where it is, while what it has sent still comes: that is waited for."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_STILL_COMES_S):
            await upload.at_rest.wait()


def _speaks(request: Request) -> None:
    if request.headers.get("Tus-Resumable") != "1.0.0":
        raise RefusedError(412, "tus 1.0.0 is spoken here")


def _number(request: Request, name: str) -> int:
    text = request.headers.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise RefusedError(400, f"{name} is not a number")
    return int(text)
