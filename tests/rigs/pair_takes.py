"""Two takes of one scene by two performers, signed with their own keys: one was made against a clip of the other."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from perfstudio.consent.record import renew, sign, withdraw
from perfstudio.delivery.bundle import Bundle, read_bundle
from perfstudio.model.consent import ConsentRecord, UseId
from perfstudio.model.device import DeviceSelection, DevicesUsed, MicrophoneRequest
from perfstudio.model.duet_pings import PingEvent, PingsFile, PingsHeader
from perfstudio.model.ids import new_id, new_take_id
from perfstudio.model.jws import SigningKey
from perfstudio.model.pack_2 import Pack2, as_role
from perfstudio.model.take import Application, EndReason, FileEntry, FileRole, Slate
from perfstudio.model.take_2 import FORMAT, PromptShown2, TakeManifest2
from perfstudio.model.two_in_a_scene import Duet, RecordedPartner
from rigs.duet_line import SimulatedLine
from rigs.duet_pack import pack_2
from rigs.take_bundles import STUDIO, noise

DUET_ID = "00000000-0000-4000-8000-000000000001"
KEEP, STUDY, TRAIN = UseId.STORE_REVIEW, UseId.HUMAN_RESEARCH, UseId.TRAIN_GENERATIVE
USES = (KEEP, STUDY, TRAIN)
_STUDIO = {"id": STUDIO, "name": "Small Lab", "legal_name": "Small Lab e.V.", "contact": "post@small-lab.example"}


@cache
def pack(version: str = "1.0", situation: str = "A kitchen at night.", **terms: str) -> Pack2:
    """A scene for two; of three lines the first one is needed."""
    plain = pack_2(studio=_STUDIO, version=version)
    uses = [
        {
            "id": use, "exactly": f"Exactly {use}.", "term": "P2Y", "territory": ["EU"], "recipients": ["Small Lab"],
            "withdrawal_effect": "Deleted.", "required": use is KEEP, "why": "Somebody has to see it.",
        }
        for use in USES
    ]  # fmt: skip
    plain |= {"uses": uses, "pay": {"basis": "per_use", "amount": "40", "currency": "EUR"}}
    plain["terms"] = [{"id": "t", "version": "1", "language": "en", "title": "T", "summary": "S", "text": "X", **terms}]
    plain["prompts"][0]["situation"] = situation
    return Pack2.model_validate(plain)


@dataclass(frozen=True)
class Played:
    """One side: its folder with every file, whose it is, and what they have signed."""

    folder: Path
    manifest: TakeManifest2
    key: SigningKey
    record: ConsentRecord

    @property
    def take_id(self) -> str:
        return self.manifest.take_id

    @property
    def bundle(self) -> Bundle:
        return read_bundle(self.folder, STUDIO)

    def back(self, uses: Collection[UseId] | None = None) -> Played:
        """With these lines taken back, in the papers of the folder too."""
        return self._written(withdraw(self.record, self.key, uses))

    def again(self, uses: Collection[UseId]) -> Played:
        return self._written(renew(self.record, self.key, uses))

    def _written(self, record: ConsentRecord) -> Played:
        changed = replace(self, record=record, manifest=_named(self.manifest, record))
        _write_papers(changed)
        return changed


def play(
    root: Path,
    role: str,
    *,
    against: Played | None = None,
    partner: dict[str, Any] | None = None,
    duet: Duet | None = None,
    pings: bytes | None = None,
    of: Pack2 | None = None,
    granted: Collection[UseId] = USES,
    key: SigningKey | None = None,
    performer: str = "",
    take_id: str = "",
    at: datetime | None = None,
) -> Played:
    """A take of `role` below `root`, signed. `against`: it was made against a clip of that take; `partner` changes
    what it says of it. `pings` is its duet-pings.bin."""
    of = of or pack()
    manifest = _manifest(role, of, performer or new_id(), take_id).model_copy(
        update={"partner": heard(against.manifest if against else None, **(partner or {})), "duet": duet}
    )
    folder = root / manifest.take_id
    folder.mkdir(parents=True)
    manifest = manifest.model_copy(update={"files": _media(folder, pings)}).sealed()
    key = key or SigningKey.generate()
    record = sign(manifest, pack=of, terms=of.terms[0], granted=set(granted), name="Ines", key=key, adult=True, at=at)
    made = Played(folder, _named(manifest, record), key, record)
    _write_papers(made)
    return made


def draft(role: str, of: Pack2, performer: str, against: TakeManifest2 | None = None) -> TakeManifest2:
    """A take of a home that has not rolled yet; `against`: the sealed take of which a clip was heard."""
    return _manifest(role, of, performer, "").model_copy(update={"partner": heard(against)})


def two_sides(root: Path, **answer: Any) -> tuple[Played, Played]:
    """The one that was made into a clip, and the one that answers it."""
    first = play(root, "a")
    return first, play(root, "b", against=first, **answer)


def _named(manifest: TakeManifest2, record: ConsentRecord) -> TakeManifest2:
    return manifest.model_copy(update={"consent": record.reference()})


def _write_papers(side: Played) -> None:
    (side.folder / "consent.json").write_bytes(side.record.canonical())
    (side.folder / "take.json").write_bytes(side.manifest.canonical())


def heard(against: TakeManifest2 | None, **changes: Any) -> RecordedPartner | None:
    """What a take says of a clip that was made of another one."""
    if against is None:
        return None
    told: dict[str, Any] = {
        "sha256": "c" * 64, "take_id": against.take_id, "seal_sha256": against.seal_sha256, "role": "a",
        "first_heard_sample": 0, "offset_s": 1.25, "stretch_ppm": 12.5, "until_s": 9.0, "bound_s": 0.03,
        "constant_s": 0.12, "measured_by": "reported_latency", "headphones": "Ears",
        "underruns": ({"at_s": 3.0, "length_s": 0.5},),
    }  # fmt: skip
    return RecordedPartner.model_validate(told | changes)


def live_sides(root: Path, line: SimulatedLine, seconds: float = 60.0) -> tuple[Played, Played]:
    """Two who played live over that line, from true second 0 on; the first id by alphabet is the first of them."""
    one, other = sorted((new_take_id(1_700_000_000_000), new_take_id(1_700_000_000_000)))
    names = {"a": (one, "p" * 32), "b": (other, "q" * 32)}
    made = []
    for role, peer, clock, stamps in zip("ab", "ba", (line.a, line.b), line.play(seconds), strict=True):
        zero_ns, one_s_ns = (int(at) for at in clock.at(np.array([0.0, 1.0])))
        header = PingsHeader(duet_id=DUET_ID, duet_take=3, zero_ns=str(zero_ns), ns_per_s=one_s_ns - zero_ns)
        take_id, performer = names[role]
        told = Duet(
            duet_id=DUET_ID, duet_take=3, role=role, peer_role=peer, peer_take_id=names[peer][0], peer=names[peer][1],
            pings=int((stamps["what"] == PingEvent.PING_SENT).sum()), start_s=4.0,
        )  # fmt: skip
        pings = PingsFile(header, stamps).to_bytes()
        made.append(play(root, role, duet=told, pings=pings, take_id=take_id, performer=performer))
    return made[0], made[1]


def _media(folder: Path, pings: bytes | None) -> tuple[FileEntry, ...]:
    made = []
    files = [
        (FileRole.PICTURE, "take.mp4", noise(len(folder.name), 4000)),
        (FileRole.SOUND, "audio.flac", noise(len(folder.name), 2000)),
    ]
    if pings is not None:
        files.append((FileRole.DUET_PINGS, "duet-pings.bin", pings))
    for role, name, data in files:
        (folder / name).write_bytes(data)
        made.append(FileEntry(role=role, name=name, size=len(data), sha256=hashlib.sha256(data).hexdigest()))
    return tuple(made)


def _manifest(role: str, of: Pack2, performer: str, take_id: str) -> TakeManifest2:
    prompt = as_role(of, of.prompts[0], role)
    shown = PromptShown2(
        studio=of.studio, pack_title=of.title, pack_sha256="0" * 64, language="en", prompt=prompt,
        prompt_sha256=prompt.digest(), brief_sha256=None,
    )  # fmt: skip
    asked = DeviceSelection(camera=None, microphone=MicrophoneRequest(id="practice"))
    return TakeManifest2(
        format=FORMAT,
        take_id=take_id or new_take_id(1_700_000_000_000),
        slate=Slate(
            session_id="s", performer_id=performer, pack_id=of.id, pack_version=of.version, prompt_id=prompt.id,
            take_number=1,
        ),
        prompt=shown,
        application=Application(version="0", system="test", python="3"),
        devices=DevicesUsed(asked=asked, camera=None, microphone=None),
        practice=False,
        started_utc=datetime(2026, 3, 1, tzinfo=UTC),
        tz_offset_min=0,
        ended=EndReason.CUT,
        duration_s=60.0,
    )  # fmt: skip
