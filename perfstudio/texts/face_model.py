"""What finds faces, in words: the finder that comes along, or a model file that somebody supplied."""

from __future__ import annotations

from pathlib import PurePath

from perfstudio.language.catalogue import N_, _
from perfstudio.model.checks import FaceModel

BUILT_IN = N_("Built in: OpenCV's face finder. Nothing to install.")
READING = N_("Reading the file …")
NOTE = N_("For framing, light and focus. A face is a box and a few numbers; nobody is recognised, and no face is kept.")
LICENCE_NOTE = N_("As it came with the file. It is kept with the file's hash.")
BY_ENVIRONMENT = N_("It was set up for this computer and cannot be changed here.")


def named(model: FaceModel) -> str:
    """The file and where it lies."""
    path = PurePath(model.path)
    return _("{file}, in {folder}", file=path.name, folder=path.parent)


def hashed(model: FaceModel) -> str:
    """What proves which file it was."""
    return f"SHA-256 {model.sha256}" if model.sha256 else ""
