"""Bundles for delivery tests: real folders, real files, a real consent record and a real manifest."""

from __future__ import annotations

import hashlib
import random
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache, lru_cache
from pathlib import Path

from perfstudio.delivery.bundle import Bundle, read_bundle
from perfstudio.model.clock import utc_ms, utc_now
from perfstudio.model.consent import (
    ConsentEvent,
    ConsentRecord,
    ConsentRef,
    ConsentStatus,
    FileHash,
    Notice,
    Party,
    RequestedUse,
    Subject,
    TakeBinding,
    UseId,
    Withdrawal,
)
from perfstudio.model.delivery import SignIn, Studio
from perfstudio.model.device import DeviceSelection, DevicesUsed, MicrophoneRequest
from perfstudio.model.ids import new_id, new_take_id
from perfstudio.model.jws import SigningKey
from perfstudio.model.prompt import Brief, Emotion, Prompt, StudioInfo
from perfstudio.model.take import Application, EndReason, FileEntry, FileRole, Slate, TakeManifest
from perfstudio.model.take_2 import FORMAT, PromptShown2, TakeManifest2

STUDIO = "small-lab"
TOKEN = "t0ken-of-the-small-lab"
ZERO = "0" * 64
USES = (UseId.STORE_REVIEW, UseId.HUMAN_RESEARCH)

_INFO = StudioInfo(id=STUDIO, name="Small Lab", legal_name="Small Lab e.V.", contact="post@small-lab.example")
_BRIEF = Brief(id="ana", name="Ana", age=40, who="Nurse", wants="Sleep", hides="The letter", sounds="Slow")
_PROMPT = Prompt(
    id="last-ferry",
    title="The last ferry",
    brief="ana",
    line="You were not there.",
    situation="The quay, after midnight.",
    partner="Her brother",
    objective="To be forgiven",
    obstacle="Pride",
    secret="She fell asleep",
    verbs=("soothe",),
    beats=("He asks.",),
    ends_when="The horn sounds.",
    emotions=(Emotion(term="guilt"),),
)


@lru_cache(maxsize=4)
def noise(seed: int, size: int) -> bytes:
    """The same at every call, and nothing in it twice."""
    return random.Random(seed).randbytes(size)


def make_bundle(
    root: Path,
    *,
    picture: int = 300_000,
    sound: int = 90_000,
    seed: int = 1,
    head: bytes = b"",
    studio: str = STUDIO,
    performer: str = "p",
) -> Bundle:
    """A take folder below `root` with so many bytes of picture and sound (beginning with `head`), as a bundle."""
    take_id = new_take_id(utc_ms(utc_now()))
    folder = root / take_id
    folder.mkdir(parents=True)
    left = noise(seed, picture + sound)
    media = {FileRole.PICTURE: ("take.mp4", picture), FileRole.SOUND: ("audio.flac", sound)}
    entries = []
    for role, (name, size) in media.items():
        data, left = (head + left)[:size], left[size:]
        (folder / name).write_bytes(data)
        entries.append(FileEntry(role=role, name=name, size=size, sha256=hashlib.sha256(data).hexdigest()))
    return write_papers(folder, take_id, tuple(entries), studio, performer)


def plain_bundle(root: Path) -> Bundle:
    """A take of 390 kB below `root`, made once and written anew: the same id and the same bytes at every call."""
    bundle, content = _made_once()
    folder = root / bundle.take_id
    folder.mkdir(parents=True)
    for name, data in content.items():
        (folder / name).write_bytes(data)
    return replace(bundle, folder=folder)


@cache
def _made_once() -> tuple[Bundle, dict[str, bytes]]:
    with tempfile.TemporaryDirectory() as folder:
        bundle = make_bundle(Path(folder))
        return bundle, {file.name: (bundle.folder / file.name).read_bytes() for file in bundle.files}


def write_papers(
    folder: Path, take_id: str, files: tuple[FileEntry, ...], studio: str = STUDIO, performer: str = "p"
) -> Bundle:
    """take.json and consent.json for files that lie there, and the bundle of all."""
    record = consent_record(take_id, files, performer)
    (folder / "consent.json").write_bytes(record.canonical())
    ref = ConsentRef(record_id=record.record_id, sha256=record.digest(), use_ids=USES)
    manifest = manifest_of(take_id, files).model_copy(update={"consent": ref})
    (folder / "take.json").write_bytes(manifest.canonical())
    return read_bundle(folder, studio)


def manifest_of(take_id: str, files: tuple[FileEntry, ...]) -> TakeManifest:
    """A sealed manifest."""
    shown = PromptShown2(
        studio=_INFO,
        pack_title="Harbour",
        pack_sha256=ZERO,
        language="en",
        prompt=_PROMPT,
        brief=_BRIEF,
        prompt_sha256=_PROMPT.digest(),
        brief_sha256=ZERO,
    )
    slate = Slate(
        session_id="s", performer_id="p", pack_id="harbour", pack_version="1", prompt_id=_PROMPT.id, take_number=1
    )
    microphone = MicrophoneRequest(id="practice")
    return TakeManifest2(
        format=FORMAT,
        take_id=take_id,
        slate=slate,
        prompt=shown,
        application=Application(version="0", system="test", python="3"),
        devices=DevicesUsed(asked=DeviceSelection(camera=None, microphone=microphone), camera=None, microphone=None),
        practice=True,
        started_utc=datetime(2026, 3, 1, tzinfo=UTC),
        tz_offset_min=0,
        ended=EndReason.CUT,
        duration_s=60.0,
        files=files,
    ).sealed()


def consent_record(take_id: str, files: tuple[FileEntry, ...], performer: str = "p") -> ConsentRecord:
    """A record with two uses given."""
    uses = tuple(
        RequestedUse(
            id=use, exactly="Stored.", term="P2Y", territory=("EU",), recipients=("Lab",), withdrawal_effect="Deleted."
        )
        for use in USES
    )
    return ConsentRecord(
        record_id=new_id(),
        created_at=utc_now(),
        subject=Subject(id=performer, signed_name="Ana Example"),
        take=TakeBinding(
            take_id=take_id, seal_sha256=ZERO, files=tuple(FileHash(role=f.role, sha256=f.sha256) for f in files)
        ),
        notice=Notice(id="n", version="1", language="en", sha256=ZERO, title="Terms", summary="s", text="All of it."),
        parties=(Party(id=STUDIO, name="Small Lab", legal_name="Small Lab e.V.", contact="post@small-lab.example"),),
        collection="perfstudio test",
        uses=uses,
        withdrawal=Withdrawal(contact="post@small-lab.example", effect="Deleted."),
        public_key="A" * 43,
        events=(consent_event(1, ConsentStatus.GIVEN, USES),),
    )


def consent_event(seq: int, state: ConsentStatus, uses: tuple[UseId, ...]) -> ConsentEvent:
    """One act."""
    return ConsentEvent(
        seq=seq,
        state=state,
        use_ids=uses,
        at=utc_now(),
        tz_offset_min=0,
        method="switch + typed name",
        app_version="0",
        prev_sha256=ZERO,
        jws="a..b",
    )


STUDIO_KEY = SigningKey(bytes(range(32)))
"""What the studio of these tests signs with, where no receiver of ours has made a key of its own."""


def studio_at(
    tus: str, base: str | None = None, studio: str = STUDIO, public_key: str = STUDIO_KEY.public_key
) -> Studio:
    """The document of a studio whose receiver runs here."""
    return Studio(
        id=studio,
        name="Small Lab",
        legal_name="Small Lab e.V.",
        contact="post@small-lab.example",
        tus=tus,
        base=base,
        sign_in=SignIn.TOKEN,
        public_key=public_key if base is not None else None,
    )
