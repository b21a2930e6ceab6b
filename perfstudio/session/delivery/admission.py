"""What our receiver asks before it takes anything: consent that covers the take, by its own clock, for this studio.

The performer's own app has asked the same before it sent; this is the other end, which believes nobody.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from perfstudio.consent.arrival import (
    require_act,
    require_adult,
    require_arriving,
    require_now,
    require_party,
    require_read_aloud,
    require_whole,
)
from perfstudio.consent.permissions import require
from perfstudio.consent.reading import read_record
from perfstudio.model.clock import utc_now
from perfstudio.model.consent import ConsentEvent, ConsentProblem, ConsentRecord, FileHash, UseId
from perfstudio.model.errors import ConsentError, ErrorCode, PerfstudioError
from perfstudio.model.take import FILE_NAMES, FileRole, TakeManifest
from perfstudio.model.take_reading import read_take
from perfstudio.packs.reserved import is_bundled_studio
from perfstudio.receiver.admission import Admission, IncomingTake, Problems
from perfstudio.session.clips.clip_file import is_clip
from perfstudio.session.delivery.containers import looks_right
from perfstudio.session.delivery.played import unplayable
from perfstudio.session.guarded_work import MediaGuard
from perfstudio.session.takes.verify_bundle import verify_bundle

NEEDED = (UseId.STORE_REVIEW,)
"""Nobody can keep what nobody may keep."""
_SPOKEN = FileRole.SPOKEN_CONSENT


def admission(
    studio_id: str, *, practice: bool = False, without_age: bool = False, clock: Callable[[], datetime] = utc_now
) -> Admission:
    """The questions of the studio `studio_id`; with `practice`, of its receiver for takes of practice devices.

    `without_age`: records are accepted that do not say that the performer is an adult, as older versions wrote them.
    """
    desk = _Desk(studio_id, practice, clock, MediaGuard(), without_age)
    return Admission(
        record=desk.record, act=desk.act, take=desk.take, bundle=desk.bundle, clip=is_clip, stop=desk.guard.stop
    )


@dataclass(frozen=True, slots=True)
class _Desk:
    studio_id: str
    practice: bool
    clock: Callable[[], datetime]
    guard: MediaGuard
    without_age: bool

    def record(self, record: ConsentRecord) -> Problems:
        """A record that does not hold is not even kept."""
        return _problems(lambda: require_whole(record))

    def act(
        self, record: ConsentRecord, known: tuple[ConsentEvent, ...], act: ConsentEvent, keys: frozenset[str]
    ) -> Problems:
        """An act that neither the key of the record nor one in its place (`keys`) has signed, or that is about another
        record, is nobody's yet."""
        return _problems(lambda: require_act(record, known, act, keys))

    def _require_age(self, record: ConsentRecord) -> None:
        if not self.without_age:
            require_adult(record)

    def take(self, arrival: IncomingTake) -> Problems:
        """Judge an announced take before any of its bytes is accepted."""
        files = tuple(FileHash(role=f.role.value, sha256=f.sha256) for f in arrival.files)
        return _problems(lambda: self._require_age(arrival.record)) or _problems(
            lambda: require_arriving(
                arrival.record,
                take_id=arrival.take_id,
                files=files,
                parties=self._parties(arrival.record),
                uses=NEEDED,
                at=self.clock(),
                taken_back=arrival.taken_back,
            )
        )

    def bundle(self, folder: Path) -> Problems:
        """Everything has come: hashes, seal, consent, whether it belongs here, and whether it plays.

        Raises OSError where that cannot be found out now.
        """
        try:
            report = verify_bundle(folder, consent_needed=True)
        except PerfstudioError as problem:
            return (_code(problem),)
        manifest = read_take((folder / FILE_NAMES[FileRole.MANIFEST]).read_bytes())
        if wrong := [entry.role for entry in manifest.files if not looks_right(folder / entry.name, entry.role)]:
            return tuple(f"not_a_{role.value}" for role in wrong)
        if report.problems:
            return tuple(dict.fromkeys(_code(problem) for problem in report.problems))
        record = read_record((folder / FILE_NAMES[FileRole.CONSENT]).read_bytes())
        if record.said_aloud() and not looks_right(folder / FILE_NAMES[_SPOKEN], _SPOKEN):
            return (f"not_a_{_SPOKEN.value}",)
        refused = _problems(lambda: self._covered(manifest, record)) or self._strange(folder, manifest)
        return refused or unplayable(self.guard, folder, manifest, record.said_aloud())

    def _covered(self, manifest: TakeManifest, record: ConsentRecord) -> None:
        at = self.clock()
        self._require_age(record)
        require_party(record, self._parties(record) & {manifest.prompt.studio.id})
        require_read_aloud(record)
        require_now(record, NEEDED, at=at)
        require(record, manifest, NEEDED, at=at)

    def _strange(self, folder: Path, manifest: TakeManifest) -> Problems:
        if manifest.take_id != folder.name:
            return ("other_take",)
        if self.practice and not manifest.practice:
            return ("for_practice_only",)
        asked = manifest.prompt.studio
        if manifest.practice and not self.practice and not is_bundled_studio(asked.id, asked.legal_name):
            return ("practice_take",)
        return ()

    def _parties(self, record: ConsentRecord) -> frozenset[str]:
        """This studio; and the practice room, whose takes go where the performer likes."""
        bundled = {party.id for party in record.parties if is_bundled_studio(party.id, party.legal_name)}
        return frozenset({self.studio_id, *bundled})


def _problems(ask: Callable[[], object]) -> Problems:
    try:
        ask()
    except ConsentError as problem:
        return (_code(problem),)
    return ()


def _code(problem: PerfstudioError) -> str:
    """One word for what is wrong; a line of the grid is named behind a colon."""
    if problem.code is ErrorCode.CONSENT_USE_REQUIRED:
        return f"use_not_given:{problem.facts['use']}"
    if problem.code is ErrorCode.CONSENT_WITHDRAWN:
        return "withdrawn"
    found = str(problem.facts.get("problem", problem.code.value))
    of_the_record = problem.code is ErrorCode.CONSENT_INVALID and found in set(ConsentProblem)
    return f"consent:{found}" if of_the_record else found
