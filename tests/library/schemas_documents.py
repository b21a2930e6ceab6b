"""Whole documents of each published schema, the reader that the program uses for each, and a validator for each."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
from library_papers import KEY, PACK, consent_of, receipt_of, withdrawn
from library_takes import draft_of

from perfstudio import schemas
from perfstudio.consent.reading import read_record
from perfstudio.delivery.studios import parse_studio
from perfstudio.library.folder import TakeLocation, read_manifest, read_receipt
from perfstudio.model.calibration import CalibrationUsed, Method
from perfstudio.model.call_servers import CallServers
from perfstudio.model.checks import CheckCode, CheckResult, StricterLimit, Verdict
from perfstudio.model.clip import (
    ClipAgreed,
    ClipDocument,
    ClipPicture,
    ClipRole,
    ClipScene,
    ClipSound,
    ClipUse,
)
from perfstudio.model.clock import utc_now
from perfstudio.model.consent import Compensation, ReplicaTerms, RequestedUse, UseId
from perfstudio.model.delivery import OfferedPack, Studio
from perfstudio.model.errors import ConsentError, ErrorCode, PerfstudioError
from perfstudio.model.joint_uses import SideRights, joint_lines
from perfstudio.model.jws import SigningKey
from perfstudio.model.key_change import KEY_CHANGE_BYTES, KeyChange
from perfstudio.model.labels import Labels
from perfstudio.model.pack_signature import PackSignature
from perfstudio.model.pair import PairKind, PairProblem, alignment_of, side_of
from perfstudio.model.pair_document import PairDocument, PairState, SideGone
from perfstudio.model.played import Played
from perfstudio.model.prompt import Intensity, PackMedia
from perfstudio.model.reading import read_document
from perfstudio.model.strict_json import JsonProblemError
from perfstudio.model.take import (
    FILE_NAMES,
    EndReason,
    FileEntry,
    FileRole,
    LedgerEntry,
    TakeManifest,
    Trim,
)
from perfstudio.model.take_2 import CountdownSpan, RoomTone, TranscriptRef, Turn, VoiceActivity, VoiceMethod
from perfstudio.model.take_reading import take_of
from perfstudio.model.timing import (
    AudioStats,
    ClockFit,
    Gap,
    GapCause,
    Marker,
    MarkerName,
    Span,
    SyncReport,
    VideoStats,
)
from perfstudio.model.two_in_a_scene import Duet, RecordedPartner, Underrun
from perfstudio.packs.reader import parse
from perfstudio.packs.signature import signer_of
from perfstudio.resources import asset
from perfstudio.session.clips.clip_file import parse_clip

_HASH = "ab" * 32
_FORM_HOLDS = {"folder_of_another_take", "receipt_of_another_take", "seal"}
"""What the library says of a take.json or receipt.json whose form is right."""
_OTHERS_FORM_HOLDS = {"signature_of_others", "signature_wrong"}


@cache
def validator(name: str) -> jsonschema.Draft202012Validator:
    """Of the published file. Formats are left to the patterns: no validator has to know them."""
    document = json.loads(schemas.file(asset("schemas"), name).read_text(encoding="utf-8"))
    return jsonschema.Draft202012Validator(document)


@cache
def described(name: str) -> dict[str, Any]:
    """The schema that the models make; nobody changes it."""
    return schemas.schema(name)


def take_1() -> TakeManifest:
    """A take with every part that one of format 1 can have."""
    facts = take().to_json()
    for name in ("countdown", "voice", "turns", "duet", "room_tone", "played", "transcript"):
        del facts[name]
    del facts["prompt"]["content_tags"]
    facts["files"] = [entry for entry in facts["files"] if entry["role"] != "timing"]
    facts |= {"format": "perfstudio-take/1", "partner": {"media": "cue", "sha256": _HASH, "start_s": 3.5}}
    said = {"meant": ["grief", "anger"], "intensity": "light", "valence": 3, "held_character": "slipped"}
    return take_of(facts | {"labels": said}).sealed()


def take() -> TakeManifest:
    """A take with every part that a take can have."""
    used = CalibrationUsed(
        offset_ms=-12.5, sure_ms=2.0, spread_ms=3, count=9, method=Method.CLAP, measured_utc=utc_now()
    )
    hole = Gap(start_s=1.5, length_s=0.25, cause=GapCause.STALL)
    fit = ClockFit(rate_ppm=-3.25, residual_ms=0.5, support=7, observations=1200)
    found = CheckResult(
        code=CheckCode.HEADROOM, verdict=Verdict.LOOK, value=0.02, unit="share", limit=0.05, source="house",
        times=(Span(start_s=0, end_s=2.5),), facts={"direction": "little", "share": 0.5, "count": 3},
    )  # fmt: skip
    draft = draft_of()
    shown = draft.prompt.model_copy(
        update={"limits": (StricterLimit(code=CheckCode.SNR, look_low=20.0),), "content_tags": ("grief", "illness")}
    )
    span, other = Span(start_s=4.0, end_s=5.5), "0" * 26
    files = tuple(
        FileEntry(role=r, name=n, size=9, sha256=_HASH)
        for r, n in FILE_NAMES.items()
        if r in (FileRole.PICTURE, FileRole.SOUND, FileRole.TIMING)
    )
    parts: dict[str, Any] = {
        "prompt": shown,
        "ended": EndReason.CUT,
        "duration_s": 12.5,
        "markers": (Marker(name=MarkerName.ROLL, at_s=1.0), Marker(name=MarkerName.MARK, at_s=2, note="here")),
        "video": VideoStats(
            frames=300, dropped=1, missed=0, repeated=2, measured_fps=29.97, jitter_p99_ms=3, longest_hole_ms=70.5,
            gaps=(hole,),
        ),
        "audio": AudioStats(
            samples=600_000, rate_hz=48000, channels=1, sample_format="int16", overflows=0, zero_runs=0,
            longest_zero_s=0, gaps=(hole,),
        ),
        "sync": SyncReport(audio=fit, offset_ms=-12.5, calibrated=True, calibration=used, driver_agrees=True),
        "countdown": CountdownSpan(asked_s=3, start_s=1.0, end_s=4.0),
        "voice": VoiceActivity(
            method=VoiceMethod(
                name="energy-over-room", version=1, frame_s=0.05, over_room_db=8, joined_s=0.3, shortest_s=0.1
            ),
            room_dbfs=-61.5,
            spans=(span,),
        ),
        "turns": (Turn(start_s=4.0, end_s=5.5, who="performer"),),
        "partner": RecordedPartner(
            sha256=_HASH, media="cue", take_id=other, role="ana", seal_sha256=_HASH, first_heard_sample=0, offset_s=3.5,
            until_s=9.5, bound_s=0.03, constant_s=0.12, measured_by="reported_latency", headphones="Ears",
            underruns=(Underrun(at_s=4.5, length_s=0.02),),
        ),
        "duet": Duet(
            duet_id="12345678-1234-1234-1234-123456789abc", duet_take=3, role="ana", peer_role="bo", peer_take_id=other,
            peer="somebody", pings=120, start_s=4.0,
        ),
        "room_tone": RoomTone(recorded_utc=utc_now(), duration_s=8, noise_dbfs=-61.5),
        "played": Played(language="en-GB", accent="Leeds", age=40),
        "transcript": TranscriptRef(sha256=_HASH, language="en", made_by="by hand", draft=False),
        "checks": (found,),
        "files": files,
        "circled": True,
        "note": "a line\nand another",
        "trim": Trim(in_s=1, out_s=9.5),
        "intended": (CheckCode.HEADROOM,),
        "ledger": (LedgerEntry(kind="roll", seconds=12.5),),
    }  # fmt: skip
    said = Labels(meant=("grief", "anger"), intensity=Intensity.LIGHT, valence=3, held_character="slipped")
    return draft.model_copy(update=parts).labelled(said).sealed()


@cache
def documents() -> dict[str, dict[str, Any]]:
    """One valid document of each kind, as plain JSON; nobody changes them."""
    manifest = take()
    replica = RequestedUse(
        id=UseId.REPLICA_VOICE, why="To dub.", exactly="One voice.", term="P18M", territory=("EU",),
        recipients=("Attic",), compensation=Compensation(basis="flat", amount="50.00", currency="EUR"),
        withdrawal_effect="Gone.", processing=("train",), replica=ReplicaTerms(media=("radio",)),
    )  # fmt: skip
    media = PackMedia(id="cue", file="media/cue.wav", kind="sound", sha256=_HASH, about="A bell.")
    pack = PACK.model_copy(
        update={
            "uses": (*PACK.uses, replica),
            "media": (media,),
            "limits": (StricterLimit(code=CheckCode.SNR, look_low=20.0),),
        }
    )
    studio = Studio(
        id="attic", name="Attic", legal_name="Attic Ltd", contact="x", tus="https://attic.example/files",
        base="https://attic.example/", public_key="A" * 43,
        catalogue=(OfferedPack(id="evening", version="1.0", url="https://attic.example/p", sha256=_HASH),),
        calls=CallServers(stun="stun:attic.example:3478", turn="turns:attic.example:5349?transport=tcp"),
    )  # fmt: skip
    return {
        "take": manifest.to_json(),
        "take-1": take_1().to_json(),
        "pack": pack.to_json() | {"deadline": "2028-02-29"},
        "pack-2": pack_2(),
        "pack-signature": PackSignature(pack_sha256=_HASH).signed(KEY).to_json(),
        "consent": withdrawn(consent_of(manifest)).to_json(),
        "studio": studio.to_json(),
        "receipt": receipt_of(manifest).to_json(),
        "pair": pair().to_json(),
        "clip": clip().to_json(),
        "key-change": KeyChange.made(
            KEY, SigningKey.generate(), performers=("p-17",), at=utc_now(), records=(_HASH,)
        ).to_json(),
    }


def pair() -> PairDocument:
    """A pair with every part that one can have."""
    side = side_of(take().model_copy(update={"duet": None}))
    lead = side.model_copy(update={"take_id": "1" * 26, "names": None})
    record = consent_of(take())
    rights = [SideRights(one.take_id, record, record.granted()) for one in (lead, side)]
    return PairDocument(
        pair_id="12345678-1234-1234-1234-123456789abc", kind=PairKind.RECORDED, state=PairState.OPEN,
        changed_at=utc_now(), sides=(lead, side), here=(lead.take_id, side.take_id),
        gone=(SideGone(take_id="2" * 26, at=utc_now()),), problems=(PairProblem.SAME_ROLE,),
        lines=joint_lines(*rights, utc_now()), alignment=alignment_of(take()),
    )  # fmt: skip


def clip() -> ClipDocument:
    """A clip with every part that one can have."""
    role, answer = ClipRole(id="ana", name="Ana"), ClipRole(id="bo", name="Bo")
    return ClipDocument(
        clip_id="12345678-1234-1234-1234-123456789abc", made_utc=utc_now(), take_id="1" * 26, seal_sha256=_HASH,
        performer_id="somebody", called="Ines", practice=True, role=role, answer=answer,
        first_sample=144_000, go_s=-0.5,
        scene=ClipScene(
            studio_id="attic", pack_id="evening", pack_version="1.0", pack_title="Evening", prompt_id="duet",
            title="Two", sha256=_HASH, language="en-GB",
        ),
        sound=ClipSound(size=9, sha256=_HASH, rate_hz=48_000, channels=1, samples=96_000),
        picture=ClipPicture(size=9, sha256=_HASH, width=1280, height=720, fps=29.97, first_s=-0.75),
        agreed=ClipAgreed(
            at=utc_now(), language="en", text="It goes out.", may=(ClipUse.HEAR, ClipUse.SEE), keep_until=utc_now()
        ),
    )  # fmt: skip


def pair_from(data: bytes) -> PairDocument:
    """As a receiver reads it."""
    try:
        return read_document(data, PairDocument, limit=4 << 20, own_words=True)
    except JsonProblemError as found:
        raise ConsentError(ErrorCode.CONSENT_INVALID, where=found.where, problem=found.problem) from None


def pack_2() -> dict[str, Any]:
    """A pack of version 2 with every part that one can have."""
    plain = PACK.to_json()
    words = {"brief": plain["briefs"][0]["id"], "line": "Read it.", "secret": "She knows.", "verbs": ["to press"]}
    sheet = {"id": "bo", "name": "Bo"}
    duet = {
        "id": "duet", "title": "Two", "situation": "A kitchen.", "ends_when": "one laughs", "beats": ["A letter."],
        "emotions": [{"term": "grief"}], "partner_kind": "live", "languages": ["en", "de-AT"],
        "content_tags": ["grief", "death"], "content_notes": ["A death."], "group": "g", "media": ["cue"],
        "roles": [
            {"id": "ana", **words, "media": ["cue"]},
            {"id": "bo", "name": "The other", "brief": "bo", "status": "high", "objective": "To go.", "note": "Slow."},
        ],
    }  # fmt: skip
    light = {"id": "light", "situation": "A bus stops.", "ends_when": "it goes on", "content_tags": ["none"]}
    media = PackMedia(id="cue", file="media/cue.wav", kind="sound", sha256=_HASH, about="A bell.").to_json()
    return plain | {
        "format": "perfstudio-pack/2",
        "languages": ["en", "de"],
        "sections": [{"id": "first", "title": "First", "about": "Two.", "prompts": ["light", "duet"]}],
        "briefs": [*plain["briefs"], sheet],
        "terms": [terms | {"if_partner_takes_back": "You are paid."} for terms in plain["terms"]],
        "prompts": [duet, light],
        "media": [media],
    }


def change_of(data: bytes) -> KeyChange:
    """As a receiver reads it."""
    try:
        return read_document(data, KeyChange, limit=KEY_CHANGE_BYTES, own_words=True)
    except JsonProblemError as found:
        raise ConsentError(ErrorCode.CONSENT_INVALID, where=found.where, problem=found.problem) from None


def reader(name: str, folder: Path) -> Callable[[bytes], str]:
    """The program's own reader: given the bytes of a document, the code of its refusal, or nothing."""
    place = TakeLocation("0" * 26, folder, sealed=True)

    def from_disk(read: Callable[[TakeLocation], object]) -> Callable[[bytes], object]:
        def from_bytes(data: bytes) -> object:
            (folder / f"{name.removesuffix('-1')}.json").write_bytes(data)
            return read(place)

        return from_bytes

    reads: dict[str, Callable[[bytes], object]] = {
        "take": from_disk(read_manifest),
        "take-1": from_disk(read_manifest),
        "receipt": from_disk(read_receipt),
        "pack": lambda data: parse(data, "a.perfpack"),
        "pack-2": lambda data: parse(data, "a.perfpack"),
        "pack-signature": lambda data: signer_of(data, _HASH, "a.perfpack"),
        "consent": read_record,
        "studio": lambda data: parse_studio(data, "studio.json"),
        "key-change": change_of,
        "pair": pair_from,
        "clip": lambda data: parse_clip(data, "a.perfclip"),
    }

    def refusal(data: bytes) -> str:
        try:
            reads[name](data)
        except PerfstudioError as error:
            if error.code is ErrorCode.TAKE_DAMAGED and error.facts["detail"] in _FORM_HOLDS:
                return ""
            if error.facts.get("problem") in _OTHERS_FORM_HOLDS:
                return ""
            return str(error.facts.get("problem", error.code.value))
        return ""

    return refusal
