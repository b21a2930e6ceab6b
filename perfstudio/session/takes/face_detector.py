"""Which finder looks for faces: one with a model file that the person supplied, else the one that is built in."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from perfstudio.model.checks import FaceModel
from perfstudio.model.errors import MediaError

if TYPE_CHECKING:
    from perfstudio.checks.faces import FaceFinder

VARIABLE = "PERFSTUDIO_FACE_MODEL"
"""Names a model file for every perfstudio that an installer sets up; it comes before what was chosen in Settings."""


def wanted(chosen: FaceModel | None) -> FaceModel | None:
    """The model in force: the one that the environment names, else the one chosen, else none."""
    named = os.environ.get(VARIABLE)
    return FaceModel(path=named) if named else chosen


def read_face_model(path: Path, licence: str = "") -> FaceModel:
    """A model file as it is chosen: tried, hashed. Raises MediaError(FACE_MODEL)."""
    from perfstudio.checks.faces import YuNetFinder  # noqa: PLC0415 - vision loads when there is something to look at

    return FaceModel(path=str(path.absolute()), sha256=YuNetFinder(path).sha256, licence=licence)


def open_finder(model: FaceModel | None) -> tuple[FaceFinder, MediaError | None]:
    """The finder to use. A model that cannot be used is a problem to tell; the embedded finder takes its place."""
    from perfstudio.checks.faces import HaarFinder, YuNetFinder  # noqa: PLC0415 - as above

    if model is None:
        return HaarFinder(), None
    path = Path(model.path)
    with contextlib.suppress(RuntimeError):  # "~somebody" of whom the system knows nothing
        path = path.expanduser()
    try:
        return YuNetFinder(path, model.sha256), None
    except MediaError as problem:
        return HaarFinder(), problem
