"""GET /openapi.json: every call of a receiver, as an OpenAPI 3.1 document. What is said and answered comes from the
models; what is left to be written down stands in one table, and a test holds that to the routes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic.json_schema import models_json_schema

from perfstudio.model.base import Document
from perfstudio.model.clip_waiting import ClipLeft, ClipStanding, ClipsWaiting
from perfstudio.model.consent import ConsentEvent, ConsentRecord
from perfstudio.model.deletion import WithdrawalReceived
from perfstudio.model.delivery import (
    Announced,
    Announcement,
    ConsentReceived,
    ReceiverHealth,
    ServerInfo,
    Studio,
    TakeReport,
)
from perfstudio.model.duet_meeting import CODE_LENGTH, CODE_SIGNS, DuetHeard, DuetOpened, DuetSaid
from perfstudio.model.invitation import TokenGiven
from perfstudio.model.key_change import KeyChange, KeyChangeReceived
from perfstudio.model.pair_document import PairsAsked, PairsOfTake, PairsTold
from perfstudio.model.proof import ProofRequest, ProofUnderWay, TakeProof
from perfstudio.model.ruling import Ruling, RulingsAsked, RulingsTold, RulingWish

_BYTES, _PLAIN_BYTES, _ANYTHING = "application/offset+octet-stream", "application/octet-stream", "any JSON object"
_ALWAYS = (400, 405, 429, 503)
_WITH_TOKEN = (401, 403, 404, 507)
_WITH_BODY = (408, 413, 422)
_TUS = (410, 412, 415, 423)

_HEADERS: dict[str, dict[str, Any]] = {
    "Tus-Resumable": {"const": "1.0.0"},
    "Upload-Length": {"type": "integer", "minimum": 0},
    "Upload-Offset": {"type": "integer", "minimum": 0},
    "Upload-Metadata": {"type": "string", "maxLength": 4096},
    "Upload-Checksum": {"type": "string", "pattern": "^(sha1|sha256|sha256-from-start) [A-Za-z0-9+/]+=*$"},
    "Content-Digest": {"type": "string", "pattern": "^sha-256=:[A-Za-z0-9+/]{43}=:$"},
    "Idempotency-Key": {"type": "string", "pattern": "^[A-Za-z0-9_-]{16,64}$"},
    "Range": {"type": "string", "pattern": "^bytes=[0-9]{1,12}-[0-9]{1,12}$"},
    "Location": {"type": "string"},
    "Tus-Version": {"type": "string"},
    "Tus-Extension": {"type": "string"},
    "Tus-Max-Size": {"type": "integer"},
    "Tus-Checksum-Algorithm": {"type": "string"},
}
_OPTIONAL = frozenset({"Upload-Checksum", "Content-Digest"})
_IN_PATHS: dict[str, dict[str, Any]] = {
    "record_id": {"type": "string", "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"},
    "take_id": {"type": "string", "pattern": "^[0-9a-hjkmnp-tv-z]{26}$"},
    "clip_id": {"type": "string", "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"},
    "code": {"type": "string", "pattern": f"^[{CODE_SIGNS}]{{{CODE_LENGTH}}}$"},
    "upload_id": {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"},
}


@dataclass(frozen=True, slots=True)
class DescribedCall:
    """One call: what it asks, and what it may be answered by status. Refusals are a few plain words."""

    summary: str
    answers: dict[int, type[Document] | str | None]
    """The status when it is granted, and what comes with it: a document, any JSON, or nothing."""
    body: type[Document] | str | None = None
    asks: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()
    refuses: tuple[int, ...] = ()
    public: bool = False


CALLS: dict[tuple[str, str], DescribedCall] = {
    ("GET", "/studio.json"): DescribedCall(
        "The studio whose receiver this is.", {200: Studio}, refuses=(404,), public=True
    ),
    ("GET", "/openapi.json"): DescribedCall("This document.", {200: _ANYTHING}, public=True),
    ("GET", "/health"): DescribedCall(
        "The receiver lives; 503: it could not take a take now.",
        {200: ReceiverHealth, 503: ReceiverHealth},
        public=True,
    ),
    ("POST", "/v1/tokens"): DescribedCall(
        "The code of an invitation, in the place of a token, becomes a token of one's own; once. The same key again "
        "within some minutes gives another in its place.",
        {201: TokenGiven}, asks=("Idempotency-Key",), refuses=(410,),
    ),
    ("GET", "/v1/server"): DescribedCall("Level B is spoken here.", {200: ServerInfo}),
    ("POST", "/v1/key-changes"): DescribedCall(
        "A performer signs with another key from now on: both keys have signed it. Comes before anything that the new "
        "key signed. 409: another key is known.",
        {200: KeyChangeReceived}, body=KeyChange, asks=("Content-Digest",), refuses=(403, 409),
    ),
    ("PUT", "/v1/consents/{record_id}"): DescribedCall(
        "A signed consent record; the same one with more acts at its end replaces it. 409 with Retry-After: an act in "
        "it waits for a person here.",
        {200: ConsentReceived, 201: ConsentReceived}, body=ConsentRecord, asks=("Content-Digest",), refuses=(403, 409),
    ),
    ("POST", "/v1/consents/{record_id}/withdrawals"): DescribedCall(
        "An act that takes consent back. 202: it waits for a person.",
        {200: WithdrawalReceived, 202: WithdrawalReceived}, body=ConsentEvent, asks=("Content-Digest",)
    ),
    ("PUT", "/v1/takes/{take_id}"): DescribedCall(
        "What will come of a take.",
        {200: Announced, 201: Announced}, body=Announcement, asks=("Content-Digest",), refuses=(403, 409),
    ),
    ("GET", "/v1/takes/{take_id}"): DescribedCall(
        "Where a take stands, with the receiver's own hashes.", {200: TakeReport}
    ),
    ("POST", "/v1/takes/{take_id}/proof"): DescribedCall(
        "The receipt, and SHA-256(salt + file) of each file as it lies here, signed. 202: they are being read.",
        {200: TakeProof, 202: ProofUnderWay}, body=ProofRequest, asks=("Content-Digest",), refuses=(409,),
    ),
    ("PUT", "/v1/takes/{take_id}/ruling"): DescribedCall(
        "What the studio decides of a take that lies here; with a token that it keeps for itself, and no other. What "
        "it decides last stands.",
        {200: Ruling}, body=RulingWish, asks=("Content-Digest",), refuses=(403,),
    ),
    ("POST", "/v1/rulings"): DescribedCall(
        "What the studio has decided of these takes, as far as they are the sender's own and something was decided.",
        {200: RulingsTold}, body=RulingsAsked, asks=("Content-Digest",), refuses=(403,),
    ),
    ("GET", "/v1/takes/{take_id}/pairs"): DescribedCall(
        "The pairs of two that a take which lies here is of, and what may be done with both takes together; with a "
        "token that the studio keeps for itself, and no other.",
        {200: PairsOfTake}, refuses=(403,),
    ),
    ("POST", "/v1/pairs"): DescribedCall(
        "The pairs that these takes are of, as far as they are the sender's own, each signed by the studio.",
        {200: PairsTold}, body=PairsAsked, asks=("Content-Digest",), refuses=(403,),
    ),
    ("GET", "/v1/clips"): DescribedCall(
        "The clips of others that wait here for the one who asks, and those of which they may keep no copy any more.",
        {200: ClipsWaiting}, refuses=(403,),
    ),
    ("PUT", "/v1/clips/{clip_id}"): DescribedCall(
        "A clip of the sender's own is to wait for the one partner whom the studio names, under what is signed here. "
        "410: it was taken back.",
        {200: ClipStanding}, body=ClipLeft, asks=("Content-Digest",), refuses=(403, 409, 410),
    ),
    ("GET", "/v1/clips/{clip_id}"): DescribedCall(
        "How the sender's own clip stands, and every copy of it that went out, signed.", {200: ClipStanding},
        refuses=(403,),
    ),
    ("DELETE", "/v1/clips/{clip_id}"): DescribedCall(
        "Take the sender's own clip back: it is deleted here before this is answered.", {200: ClipStanding},
        refuses=(403,),
    ),
    ("PATCH", "/v1/clips/{clip_id}/file"): DescribedCall(
        "The next bytes of the clip's file, half a mebibyte at most.", {204: None}, body=_BYTES,
        asks=("Upload-Offset", "Content-Digest"), tells=("Upload-Offset",), refuses=(403, 409, 410),
    ),
    ("GET", "/v1/clips/{clip_id}/file"): DescribedCall(
        "Bytes of a clip for the one it waits for, half a mebibyte at most. 410: it was taken back.",
        {206: _PLAIN_BYTES}, asks=("Range",), refuses=(403, 410, 416),
    ),
    ("POST", "/v1/clips/{clip_id}/deleted"): DescribedCall(
        "Nothing of the sender's copy of a clip is left.", {204: None}, refuses=(403,)
    ),
    ("POST", "/v1/duets"): DescribedCall(
        "A code under which two find each other; good for ten minutes, and once both came kept until one of them "
        "leaves, four hours at most. No sound and no picture goes through here.",
        {201: DuetOpened}, refuses=(403,),
    ),
    ("POST", "/v1/duets/{code}"): DescribedCall(
        "Take a seat or keep it, say how one can be reached, and hear what the other said last. It lies in memory "
        "alone. 204: one has left, and the duet is over for both; 409: two others are in it; 410: it is over.",
        {200: DuetHeard, 204: None}, body=DuetSaid, asks=("Content-Digest",), refuses=(403, 409, 410),
    ),
    ("OPTIONS", "/files"): DescribedCall(
        "What this tus server can do.", {204: None},
        tells=("Tus-Resumable", "Tus-Version", "Tus-Extension", "Tus-Max-Size", "Tus-Checksum-Algorithm"),
    ),
    ("POST", "/files"): DescribedCall(
        "A place for an announced file (tus creation). Metadata: take_id, file_id.", {201: None},
        asks=("Tus-Resumable", "Upload-Length", "Upload-Metadata"), tells=("Location",), refuses=(403, 409, *_TUS),
    ),
    ("OPTIONS", "/files/{upload_id}"): DescribedCall("What this tus server can do.", {204: None}),
    ("HEAD", "/files/{upload_id}"): DescribedCall(
        "How much of a file is on the disk.", {200: None},
        asks=("Tus-Resumable",), tells=("Upload-Offset", "Upload-Length"), refuses=_TUS,
    ),
    ("PATCH", "/files/{upload_id}"): DescribedCall(
        "The next bytes of a file. 460: they are not those of the checksum.", {204: None}, body=_BYTES,
        asks=("Tus-Resumable", "Upload-Offset", "Upload-Checksum"), tells=("Upload-Offset",), refuses=(409, 460, *_TUS),
    ),
    ("DELETE", "/files/{upload_id}"): DescribedCall(
        "Forget a file that is on its way.", {204: None}, asks=("Tus-Resumable",), refuses=_TUS
    ),
}  # fmt: skip


@cache
def document() -> dict[str, Any]:
    """The whole document. Nothing in it is of this receiver alone."""
    named = {kind for call in CALLS.values() for kind in (*call.answers.values(), call.body) if isinstance(kind, type)}
    models: Any = [(kind, "validation") for kind in sorted(named, key=lambda kind: kind.__name__)]
    _, schemas = models_json_schema(models, ref_template="#/components/schemas/{model}")
    paths: dict[str, dict[str, Any]] = {}
    for (method, path), call in CALLS.items():
        paths.setdefault(path, {})[method.lower()] = _operation(path, call)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "perfstudio receiver",
            "version": "1",
            "description": "Takes with their consent: the record first, then what will come, then the files by tus "
            "1.0, the manifest last. A take counts as delivered when its report says accepted, with every hash, and a "
            "proof with the sender's own salt came, signed with the key in the studio's document.",
            "license": {"name": "GPL-3.0-or-later", "identifier": "GPL-3.0-or-later"},
        },
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(path: str, call: DescribedCall) -> dict[str, Any]:
    in_path = [
        {"name": name, "in": "path", "required": True, "schema": form}
        for name, form in _IN_PATHS.items()
        if f"{{{name}}}" in path
    ]
    in_head = [
        {"name": name, "in": "header", "required": name not in _OPTIONAL, "schema": _HEADERS[name]}
        for name in call.asks
    ]
    made: dict[str, Any] = {
        "summary": call.summary,
        "parameters": [*in_path, *in_head],
        "responses": {str(status): answer for status, answer in sorted(_answers(call).items())},
    }
    if call.public:
        made["security"] = []
    if call.body is not None:
        made["requestBody"] = {"required": True, "content": _content(call.body)}
    return made


def _answers(call: DescribedCall) -> dict[int, dict[str, Any]]:
    refusals = {*_ALWAYS, *call.refuses, *(() if call.public else _WITH_TOKEN), *(_WITH_BODY if call.asks else ())}
    said: dict[int, dict[str, Any]] = {
        status: {"description": "Refused, in a few plain words.", "content": {"text/plain": {}}} for status in refusals
    }
    for status, kind in call.answers.items():
        said[status] = {"description": "Granted." if status < 300 else call.summary}
        if kind is not None:
            said[status]["content"] = _content(kind)
        if call.tells:
            said[status]["headers"] = {name: {"required": True, "schema": _HEADERS[name]} for name in call.tells}
    return said


def _content(kind: type[Document] | str) -> dict[str, Any]:
    if isinstance(kind, type):
        return {"application/json": {"schema": {"$ref": f"#/components/schemas/{kind.__name__}"}}}
    return {kind: {}} if kind in (_BYTES, _PLAIN_BYTES) else {"application/json": {"schema": {"type": "object"}}}
