"""What works here and what does not: one finding per part of the machine, by code and facts."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from perfstudio.capture.devices.device_notices import DeviceNotices
from perfstudio.capture.files.encoders import h264_works
from perfstudio.capture.open_device import list_cameras, list_microphones
from perfstudio.consent import keys
from perfstudio.durable import free_bytes, is_there
from perfstudio.model.device import DeviceKind
from perfstudio.model.errors import ConsentError, PerfstudioError
from perfstudio.packs.bundled import bundled_folders
from perfstudio.packs.pack_store import PackStore
from perfstudio.paths import AppPaths
from perfstudio.session.offset_store import Calibrations
from perfstudio.session.permissions_found import look
from perfstudio.session.storage_location import StorageKind, place_of
from perfstudio.systems.permissions import Guarded, PermissionState
from perfstudio.systems.screens import has_screen

FREE_FOR_A_TAKE = 2_000_000_000
"""Bytes free below which a long take may not fit (about two hours at 1.5 Mbit/s picture and lossless mono)."""


_TOLD_WITHIN_S = 2.0
"""How long a sound server may take to say that it will tell."""


class DoctorPart(StrEnum):
    """What is looked at."""

    PYTHON = "python"
    CAMERA = "camera"
    MICROPHONE = "microphone"
    NOTICES = "notices"
    ENCODER = "encoder"
    DISK = "disk"
    PLACE = "place"
    OFFSET = "offset"
    KEY = "key"
    PACK = "pack"
    SCREEN = "screen"


class Health(StrEnum):
    """Whether a part works, works with a limit, or is missing."""

    GOOD = "good"
    LOOK = "look"  # works with a limit
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class DoctorFinding:
    """One part: how it is, and the facts a sentence needs."""

    part: DoctorPart
    health: Health
    facts: dict[str, str | int | float]


def examine(paths: AppPaths) -> tuple[DoctorFinding, ...]:
    """Look at everything once. Nothing is opened for longer than the look takes, nothing is written."""
    looks: tuple[Callable[[AppPaths], DoctorFinding], ...] = (
        _python, _camera, _microphone, _notices, _encoder, _disk, _place, _offset, _key, _pack, _screen,
    )  # fmt: skip
    return tuple(look(paths) for look in looks)


def _python(paths: AppPaths) -> DoctorFinding:
    version = ".".join(map(str, sys.version_info[:3]))
    known = (3, 11) <= sys.version_info[:2] <= (3, 14)
    return DoctorFinding(DoctorPart.PYTHON, Health.GOOD if known else Health.LOOK, {"version": version})


def _camera(paths: AppPaths) -> DoctorFinding:
    names = [c.name for c in list_cameras() if c.kind is not DeviceKind.PRACTICE]
    return _devices(DoctorPart.CAMERA, Guarded.CAMERA, names)


def _microphone(paths: AppPaths) -> DoctorFinding:
    try:
        names = [m.name for m in list_microphones() if m.kind is not DeviceKind.PRACTICE]
    except PerfstudioError as problem:
        return DoctorFinding(
            DoctorPart.MICROPHONE, Health.MISSING, {"count": 0, "names": "", "detail": problem.code.value}
        )
    return _devices(DoctorPart.MICROPHONE, Guarded.MICROPHONE, names)


def _devices(part: DoctorPart, kind: Guarded, names: list[str]) -> DoctorFinding:
    """What is there is worth nothing while the system does not let it be used."""
    found = look(kind, there=bool(names))
    facts: dict[str, str | int | float] = {"count": len(names), "names": ", ".join(names)}
    facts |= {"access": found.state, "settings": found.page}
    if found.problem is None:
        return DoctorFinding(part, Health.GOOD if names else Health.MISSING, facts)
    undecided = found.state == PermissionState.UNASKED
    facts |= {"not_let": found.problem.code.value, **found.problem.facts}
    return DoctorFinding(part, Health.LOOK if undecided and names else Health.MISSING, facts)


def _notices(paths: AppPaths) -> DoctorFinding:
    """Whether the system tells of what is plugged in; where it does not, a look is taken now and then."""
    notices = DeviceNotices(lambda: None)
    notices.start()
    try:
        untold = sorted(sort.value for sort in notices.missing(_TOLD_WITHIN_S))
    finally:
        notices.close()
    return DoctorFinding(DoctorPart.NOTICES, Health.LOOK if untold else Health.GOOD, {"untold": " ".join(untold)})


def _encoder(paths: AppPaths) -> DoctorFinding:
    return DoctorFinding(DoctorPart.ENCODER, Health.GOOD if h264_works() else Health.MISSING, {})


def _disk(paths: AppPaths) -> DoctorFinding:
    folder = next(filter(is_there, (paths.takes, *paths.takes.parents)), None)  # of a drive that is gone: nothing
    free = free_bytes(paths.takes)
    if folder is None or not os.access(folder, os.W_OK):
        return DoctorFinding(DoctorPart.DISK, Health.MISSING, {"folder": str(paths.takes), "free_bytes": free})
    health = Health.GOOD if free > FREE_FOR_A_TAKE else Health.LOOK
    return DoctorFinding(DoctorPart.DISK, health, {"folder": str(paths.takes), "free_bytes": free})


def _place(paths: AppPaths) -> DoctorFinding:
    found = place_of(paths.takes)
    health = Health.GOOD if found.kind is StorageKind.LOCAL else Health.LOOK
    return DoctorFinding(DoctorPart.PLACE, health, {"kind": found.kind.value, "keeper": found.keeper})


def _offset(paths: AppPaths) -> DoctorFinding:
    found = Calibrations(paths.calibration).pairs()
    names = ", ".join(f"{line.camera_name} with {line.microphone_name}" for line in found)
    return DoctorFinding(
        DoctorPart.OFFSET, Health.GOOD if found else Health.LOOK, {"count": len(found), "names": names}
    )


def _key(paths: AppPaths) -> DoctorFinding:
    try:
        state = keys.key_state(paths.home).value
    except ConsentError:
        state = "damaged"
    if state == "none" and keys.keyring_works():
        state = "keyring_later"
    return DoctorFinding(DoctorPart.KEY, Health.LOOK if state in ("none", "damaged") else Health.GOOD, {"where": state})


def _pack(paths: AppPaths) -> DoctorFinding:
    packs = PackStore(paths.packs, bundled_folders()).packs()
    prompts = sum(len(file.pack.prompts) for file in packs)
    return DoctorFinding(
        DoctorPart.PACK, Health.GOOD if prompts else Health.MISSING, {"packs": len(packs), "prompts": prompts}
    )


def _screen(paths: AppPaths) -> DoctorFinding:
    return DoctorFinding(DoctorPart.SCREEN, Health.GOOD if has_screen() else Health.MISSING, {})
