"""Two bundles as two sides of one scene: whether they are a pair, what both records allow, where they lie in time.

For whoever holds both: a studio without a receiver of ours, or the two performers themselves. What is found is what a
receiver writes into pair.json.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from perfstudio.consent.reading import read_record
from perfstudio.library.folder import MANIFEST
from perfstudio.model.clock import utc_now
from perfstudio.model.consent import ConsentRecord
from perfstudio.model.errors import ConsentError
from perfstudio.model.pair import PairSide, alignment_of, pair_id_of, side_of
from perfstudio.model.pair_document import PairDocument, PairState
from perfstudio.model.strict_json import JsonProblemError
from perfstudio.model.take import FileRole, TakeManifest
from perfstudio.model.take_reading import read_take
from perfstudio.receiver.pair_rule import Found, found_with, pair_as_it_is
from perfstudio.session.takes.bundle_files import not_json, problem, read_paper
from perfstudio.session.takes.taken_back import holds_now


def pair_of_bundles(one: Path, other: Path, *, doubtful: Collection[str] = ()) -> PairDocument:
    """The pair that the takes in two folders are, as it is now. Of `doubtful` takes, which do not verify, nothing is
    believed to stand.

    Raises DeliveryError(BUNDLE_INVALID): no readable take.json, one take twice, or neither take names the other.
    """
    manifests = [_manifest(folder) for folder in (one, other)]
    sides = [side_of(manifest) for manifest in manifests]
    if sides[0].take_id == sides[1].take_id:
        raise problem(MANIFEST, "same_take_twice")
    found: dict[str, Found] = {}
    for folder, manifest, side in zip((one, other), manifests, sides, strict=True):
        record = None if side.take_id in doubtful else _record(folder)
        holds = holds_now(folder, record)[0] if record is not None else None
        found[side.take_id] = found_with(side, alignment_of(manifest), holds)
    now, naming = utc_now(), _naming(sides)
    names = naming.names
    pair_id = pair_id_of(naming)
    if names is None or pair_id is None:  # `_naming` has said so
        raise problem(MANIFEST, "no_partner")
    begun = PairDocument(pair_id=pair_id, kind=names.kind, state=PairState.WAITING, changed_at=now, sides=tuple(sides))
    return pair_as_it_is(begun, {take_id: found.get(take_id, Found()) for take_id in begun.takes()}, now)


def _naming(sides: list[PairSide]) -> PairSide:
    """The side that names the other one. Raises DeliveryError(BUNDLE_INVALID)."""
    ids, pairs = {side.take_id for side in sides}, [pair_id_of(side) for side in sides]
    for side, pair_id in zip(sides, pairs, strict=True):
        named = side.names.take_id if side.names is not None else None
        if named in ids or (pair_id is not None and pairs.count(pair_id) == len(pairs)):
            return side
    raise problem(MANIFEST, "no_partner")


def _manifest(folder: Path) -> TakeManifest:
    data = read_paper(folder, FileRole.MANIFEST)
    if data is None:
        raise problem(MANIFEST, "missing")
    try:
        manifest = read_take(data)
    except JsonProblemError as bad:
        raise not_json(MANIFEST, bad) from bad
    if manifest.seal_sha256 is None:
        raise problem(MANIFEST, "seal")
    return manifest


def _record(folder: Path) -> ConsentRecord | None:
    data = read_paper(folder, FileRole.CONSENT)
    try:
        return read_record(data) if data is not None else None
    except ConsentError:  # whoever verifies the folder is told what is wrong with it
        return None
