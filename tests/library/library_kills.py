"""Started by test_library_kills: workers that use a library and are killed at random moments.

Each worker tells through a pipe what it was promised; after each kill the library is opened anew and held to it. The
workers are forked, so that a hundred of them take seconds.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from library_papers import consent_of, withdrawn
from library_takes import draft_of, finished, mark

from perfstudio.library.library import Library
from perfstudio.model.labels import Labels
from perfstudio.model.take import SECOND_COPY, Decision, TakeManifest, TakeState
from rigs.waiting import random_moment

Promise = tuple[str, str]
"""What was promised, of which take."""


def work(root: Path, say: int, dice: random.Random) -> None:
    """Use a library as the app does, and tell every promise the moment it is given."""

    def tell(what: str, take: str) -> None:
        os.write(say, f"{what} {take}\n".encode())

    with Library(root) as library:
        while True:
            begun = library.create(draft_of("the-letter", library.next_take_number("evening", "the-letter")))
            tell("number", str(begun.manifest.slate.take_number if begun.manifest else 0))
            manifest = finished(begun)
            if dice.random() < 0.7:
                mark(begun.folder, manifest.files)
            take = library.seal(begun.take_id, manifest).take_id
            tell("sealed", take)
            library.circle(take)
            tell("kept", take)
            library.label(take, Labels(meant=("grief",)))
            signed = consent_of(library.manifest(take))
            library.write_consent(take, signed)
            tell("signed", take)
            if dice.random() < 0.5:
                library.write_consent(take, withdrawn(signed))
                library.bin(take)
                tell("binned", take)
                if dice.random() < 0.5:
                    for gone in library.empty_bin().deleted:
                        tell("deleted", gone)


def one_life(root: Path, dice: random.Random) -> list[Promise]:
    """Fork a worker, kill it a moment after some promise, and return all it had been promised."""
    hear, say = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(hear)
        try:
            work(root, say, dice)
        finally:
            os._exit(1)  # only when the work itself failed
    os.close(say)
    with os.fdopen(hear) as pipe:
        heard = [pipe.readline() for _ in range(dice.randrange(1, 12))]
        random_moment(dice, 0.03)
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        heard += pipe.read().splitlines(keepends=True)
    if not os.WIFSIGNALED(status):
        raise SystemExit("the worker ended by itself")
    whole = [line.rstrip("\n") for line in heard if line.endswith("\n")]
    return [(what, take) for what, _, take in (line.partition(" ") for line in whole)]


def held(library: Library, promises: dict[str, str], highest: int) -> list[str]:
    """Every promise that was not kept."""
    rows = {row.take_id: row for row in library.list()}
    broken = []
    for take, what in promises.items():
        there = take in rows and not rows[take].missing
        if what == "deleted":
            broken += [f"came back: {take}"] if there else []
        elif not there:
            broken += [] if _was_deleted(library, take) else [f"{what}, but lost: {take}"]
        elif not _stands(library, take, what):
            broken.append(f"{what}, but {rows[take].state}: {take}")
    if library.next_take_number("evening", "the-letter") <= highest:
        broken.append(f"number {highest} could be given twice")
    numbers = [row.take_number for row in rows.values() if row.take_number]
    broken += [f"two takes have number {n}" for n in set(numbers) if numbers.count(n) > 1]
    return broken


def _was_deleted(library: Library, take: str) -> bool:
    """Killed between a deletion and the word of it: all of the take is gone, and its withdrawn consent is kept."""
    if (library.takes / take).exists() or not (library.root / "records" / take).is_dir():
        return False
    consent = library.consent(take)
    return consent is not None and not consent.granted()


def _is_whole(library: Library, take: str, manifest: TakeManifest) -> bool:
    """Every file is there as it was sealed; of what it was made of everything is left, or nothing."""
    folder = library.folder(take)
    for entry in manifest.files:
        if hashlib.sha256((folder / entry.name).read_bytes()).hexdigest() != entry.sha256:
            return False
    return not (folder / "raw" / SECOND_COPY).exists() and (
        not (folder / "raw").is_dir() or {path.name for path in (folder / "raw").iterdir()} == {"video.mp4"}
    )


def _stands(library: Library, take: str, what: str) -> bool:
    row = library.row(take)
    if row.state is TakeState.DAMAGED or not row.sealed:
        return False
    manifest = library.manifest(take)
    if not _is_whole(library, take, manifest):
        return False
    reached = {"sealed": 0, "kept": 1, "signed": 2, "binned": 3}[what]
    decided = manifest.decision is not Decision.UNDECIDED
    consent = library.consent(take)
    return reached <= (0 if not decided else 1 if consent is None else 3 if manifest.decision is Decision.BINNED else 2)


def seal_and_die(root: Path, step: int) -> None:
    """Seal a take whose raw files may go, and be killed before the step of letting them go with this number."""
    left = step
    plain = {name: getattr(Path, name) for name in ("unlink", "rmdir")}

    def counted(name: str) -> Callable[..., None]:
        def do(path: Path, *args: object, **more: object) -> None:
            nonlocal left
            if "raw" in path.parts and path.name != "ballast.bin":
                left -= 1
                if left < 0:
                    os.kill(os.getpid(), signal.SIGKILL)
            plain[name](path, *args, **more)

        return do

    with Library(root) as library:
        begun = library.create(draft_of())
        manifest = finished(begun)
        mark(begun.folder, manifest.files, more=3)
        for name in plain:
            setattr(Path, name, counted(name))
        library.seal(begun.take_id, manifest)


def at_every_step(root: Path) -> None:
    """Kill at each step of letting raw files go, one after another, until nothing is left to kill."""
    broken, step, killed = [], 0, True
    while killed:
        here = root / str(step)
        child = os.fork()
        if child == 0:
            seal_and_die(here, step)
            os._exit(0)
        killed = os.WIFSIGNALED(os.waitpid(child, 0)[1])
        with Library(here) as library:
            (row,) = library.list()
            folder = library.folder(row.take_id)
            whole = row.sealed and row.state is TakeState.UNDECIDED and library.manifest(row.take_id)
            if not whole or not _is_whole(library, row.take_id, whole) or (folder / "raw").exists():
                broken.append(f"step {step}: {row.state}, {[path.name for path in folder.rglob('*')]}")
        step += 1
    print(json.dumps({"steps": step, "broken": broken}))


def main(root: Path, kills: int, seed: int) -> None:
    dice = random.Random(seed)
    promises: dict[str, str] = {}
    highest, broken, unsealed = 0, [], 0
    for _ in range(kills):
        fresh: dict[str, str] = {}
        for what, take in one_life(root, random.Random(dice.random())):
            if what == "number":
                highest = max(highest, int(take))
            else:
                fresh[take] = what
        promises |= fresh
        with Library(root) as library:
            broken += held(library, fresh, highest)
            unsealed = len(library.unsealed())
            if any((root / "trash").glob("*")):
                broken.append("a deletion was not finished")
    with Library(root) as library:
        broken += held(library, promises, highest)
    print(json.dumps({"promises": len(promises), "unsealed": unsealed, "highest": highest, "broken": broken[:20]}))


if __name__ == "__main__":
    if sys.argv[2] == "steps":
        at_every_step(Path(sys.argv[1]))
    else:
        main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
