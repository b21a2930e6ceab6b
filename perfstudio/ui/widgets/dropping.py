"""What of a drag may be a pack, or a clip of a colleague."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData

from perfstudio.model.opening import SUFFIXES


def dropped_packs(mime: QMimeData) -> list[Path]:
    """The files among what is dragged whose names end as those of packs and clips do."""
    files = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    return [file for file in files if file.suffix.lower() in SUFFIXES]
