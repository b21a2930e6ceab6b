"""Two takes of one scene: how they are known to be a pair, and what speaks against it.

A take that was made against a clip names the take that the clip was made of, by its id and its seal; two that were
played live at two machines have one duet id and one duet take. Nothing else makes a pair: not the scene, not the hour.
"""

from __future__ import annotations

import uuid
from enum import StrEnum
from typing import Final

from perfstudio.model.base import Document, canonical_bytes, sha256_hex
from perfstudio.model.ids import Sha256, Slug
from perfstudio.model.prompt_2 import RolePrompt, SceneWords, ShownPrompt, role_in
from perfstudio.model.spoken import only_when_said
from perfstudio.model.take import TakeManifest
from perfstudio.model.take_2 import TakeManifest2
from perfstudio.model.two_in_a_scene import RecordedPartner, TakeRef

_NAMESPACE: Final = uuid.UUID("5c1c2f0e-0d1b-4c65-9f0a-2a5a4b8d7e31")
_BOTH_READ: Final = tuple(sorted(set(SceneWords.model_fields) - {"media"}))
"""What of a scene both roles read in the same words; each may hear media of its own."""


class PairKind(StrEnum):
    """How two came to be in one scene."""

    RECORDED = "recorded"  # one answered a clip that was made of the other's take
    LIVE = "live"  # both played at once, at two machines


class PairProblem(StrEnum):
    """Why two takes that name each other are no pair. Sentences live in `perfstudio.texts`."""

    SAME_TAKE = "same_take"  # it names itself
    SAME_ROLE = "same_role"  # both play one role
    ROLE_DIFFERS = "role_differs"  # one says that the other played another role than it did
    OTHER_SCENE = "other_scene"  # two packs, or two scenes
    OTHER_WORDS = "other_words"  # two versions of the pack, in which the scene reads differently
    SEAL_DIFFERS = "seal_differs"  # the take that was named by its seal is not the one with its id
    TAKE_DIFFERS = "take_differs"  # one names another take than this
    PERFORMER_DIFFERS = "performer_differs"  # one names another performer than this
    TOO_MANY = "too_many"  # more than two takes say that they are of it


class ClocksProblem(StrEnum):
    """Why two machines' clocks cannot be laid on each other. Sentences live in `perfstudio.texts`."""

    NO_STAMPS = "no_stamps"  # one of the two takes has no stamps with it
    UNREADABLE = "unreadable"  # its stamps are not those of its take, or no stamps
    TOO_FEW = "too_few"  # hardly anything was heard of the other side
    JUMPED = "jumped"  # no straight line fits: one of the two slept, or its clock was set


class NamedSide(Document):
    """What a take says of the other side."""

    kind: PairKind
    """How the two came together."""
    take_id: TakeRef | None = only_when_said()
    """The other take; absent where the line was down before it was told."""
    seal_sha256: Sha256 | None = only_when_said()
    """Its seal, where it was told."""
    role: Slug | None = only_when_said()
    """The role that was played there, where the scene names roles."""
    performer_id: str | None = only_when_said()
    """The pseudonym of whoever played it, where it was told."""
    duet_id: str | None = only_when_said()
    """Of two who played live: the same in both takes, and so is `duet_take`."""
    duet_take: int | None = only_when_said(ge=1)
    """Counted by both sides together."""


class PairSide(Document):
    """One take of a pair, by what its sealed take.json says."""

    take_id: TakeRef
    """Its id."""
    seal_sha256: Sha256
    """Its seal."""
    performer_id: str
    """The pseudonym of whoever played it."""
    role: Slug | None = only_when_said()
    """The role that was played, where the scene names roles."""
    pack_id: Slug
    """The pack."""
    pack_version: str
    """Its version."""
    prompt_id: Slug
    """The scene in it."""
    scene_sha256: Sha256
    """SHA-256 of what both roles read of the scene: the same words have the same hash."""
    names: NamedSide | None = only_when_said()
    """What it says of the other; absent of a take that was made into a clip, which knows of none."""


class PairAlignment(Document):
    """Where the two takes lie to each other in time, as the sealed take.json of the answering side has it.

    Second s of the clip was heard at take time `offset_s` + s * (1 + `stretch_ppm` / 1e6) of the answer, later by the
    length of every hole before it, give or take `bound_s`.
    """

    clip_sha256: Sha256
    """The clip, by the hash of its file."""
    of_take_id: TakeRef
    """The take that it was made of."""
    heard_in_take_id: TakeRef
    """The take in which it was heard."""
    offset_s: float
    """In seconds."""
    stretch_ppm: float
    """How much longer a second of the clip lasted there, in millionths."""
    bound_s: float
    """In seconds."""
    measured_by: str
    """How the constant of the devices is known: `loopback` or `reported_latency`."""
    take_sample: int | None = only_when_said(ge=0)
    """The sample of the first take's sound that is sample 0 of the clip, where that is said; else the clip is that
    sound itself, or a part that nobody told of."""
    underruns: int
    """Holes in what was heard; each stands with its place in the take.json of the answer."""
    lost_s: float
    """How long they are together, in seconds."""


class LiveAlignment(Document):
    """Where two takes lie to each other that were played live at two machines.

    Second s of the one was played at take time `offset_s` + s * (1 + `stretch_ppm` / 1e6) of the other, give or take
    `bound_s`. What each heard of the other came later, by the way through the network.
    """

    of_take_id: TakeRef
    """The one: of the two ids, the first by alphabet."""
    in_take_id: TakeRef
    """The other."""
    offset_s: float
    """In seconds."""
    stretch_ppm: float
    """How much longer a second of the one lasted on the other's time line, in millionths."""
    bound_s: float
    """The truth lies no further away than this, in seconds, anywhere in the one take: half of the shortest way there
    and back, and what its delays left open. Nobody can see how a round trip is shared between its two ways."""
    round_trip_s: float
    """The least that a message took there and back, in seconds."""
    pings: int
    """Pings and answers that both sides sent."""
    lost: int
    """How many of them were not heard."""
    begun_apart_s: float
    """Both takes name the moment that they agreed to begin at: how much later the other's lies, in seconds."""


def side_of(manifest: TakeManifest) -> PairSide:
    """What a sealed take says of itself and of its partner. A draft has no seal: ValueError."""
    if manifest.seal_sha256 is None:
        raise ValueError("not sealed")
    slate = manifest.slate
    return PairSide(
        take_id=manifest.take_id,
        seal_sha256=manifest.seal_sha256,
        performer_id=slate.performer_id,
        role=_role(manifest),
        pack_id=slate.pack_id,
        pack_version=slate.pack_version,
        prompt_id=slate.prompt_id,
        scene_sha256=scene_digest(manifest.prompt.prompt),
        names=_names(manifest),
    )


def is_for_two(manifest: TakeManifest) -> bool:
    """Whether a take names a partner's take, or plays one of two roles, so that another may name it later."""
    shown = manifest.prompt.prompt
    return _names(manifest) is not None or (isinstance(shown, RolePrompt) and shown.opposite is not None)


def pair_id_of(side: PairSide) -> str | None:
    """The pair that a take says it is of; the same for both sides. None: it names no partner."""
    named = side.names
    if named is None:
        return None
    if named.kind is PairKind.LIVE:
        return str(uuid.uuid5(_NAMESPACE, f"duet/{named.duet_id}/{named.duet_take}"))
    return str(uuid.uuid5(_NAMESPACE, f"clip/{named.take_id}/{side.take_id}"))


def alignment_of(manifest: TakeManifest) -> PairAlignment | None:
    """What the answering side knows of the two time lines; None of a take that heard no clip of another take."""
    heard = _heard(manifest)
    if heard is None or heard.take_id is None:
        return None
    return PairAlignment(
        clip_sha256=heard.sha256,
        of_take_id=heard.take_id,
        heard_in_take_id=manifest.take_id,
        offset_s=heard.offset_s,
        stretch_ppm=heard.stretch_ppm,
        bound_s=heard.bound_s,
        measured_by=heard.measured_by,
        take_sample=heard.take_sample,
        underruns=len(heard.underruns),
        lost_s=sum(hole.length_s for hole in heard.underruns),
    )


def problems(one: PairSide, other: PairSide) -> tuple[PairProblem, ...]:
    """What speaks against two takes being a pair, gravest first; empty: they are one."""
    if one.take_id == other.take_id:
        return (PairProblem.SAME_TAKE,)
    found = {*_strange(one, other), *_misnamed(one, other), *_misnamed(other, one)}
    return tuple(problem for problem in PairProblem if problem in found)


def _strange(one: PairSide, other: PairSide) -> set[PairProblem]:
    found = set()
    if (one.pack_id, one.prompt_id) != (other.pack_id, other.prompt_id):
        found.add(PairProblem.OTHER_SCENE)
    elif one.scene_sha256 != other.scene_sha256:
        found.add(PairProblem.OTHER_WORDS)
    if one.role is not None and one.role == other.role:
        found.add(PairProblem.SAME_ROLE)
    return found


def _misnamed(side: PairSide, other: PairSide) -> set[PairProblem]:
    """What `side` says of the other that is not so; what it does not say is not wrong."""
    named = side.names
    if named is None:
        return set()
    said = {
        PairProblem.TAKE_DIFFERS: (named.take_id, other.take_id),
        PairProblem.SEAL_DIFFERS: (named.seal_sha256, other.seal_sha256),
        PairProblem.ROLE_DIFFERS: (named.role, other.role),
        PairProblem.PERFORMER_DIFFERS: (named.performer_id, other.performer_id),
    }
    return {problem for problem, (told, true) in said.items() if told is not None and told != true}


def _role(manifest: TakeManifest) -> str | None:
    if isinstance(manifest, TakeManifest2) and manifest.duet is not None:
        return manifest.duet.role
    return role_in(manifest.prompt.prompt)


def _names(manifest: TakeManifest) -> NamedSide | None:
    if isinstance(manifest, TakeManifest2) and (duet := manifest.duet) is not None:
        return NamedSide(
            kind=PairKind.LIVE,
            take_id=duet.peer_take_id,
            role=duet.peer_role,
            performer_id=duet.peer,
            duet_id=duet.duet_id,
            duet_take=duet.duet_take,
        )
    heard = _heard(manifest)
    if heard is None or heard.take_id is None:
        return None
    return NamedSide(
        kind=PairKind.RECORDED, take_id=heard.take_id, seal_sha256=heard.seal_sha256, role=heard.role,
        performer_id=heard.performer_id,
    )  # fmt: skip


def _heard(manifest: TakeManifest) -> RecordedPartner | None:
    return manifest.partner if isinstance(manifest, TakeManifest2) else None


def scene_digest(prompt: ShownPrompt) -> str:
    """SHA-256 of what both roles read of a scene: the same words have the same hash."""
    words = prompt.to_json()
    return sha256_hex(canonical_bytes({name: words.get(name) for name in _BOTH_READ}))
