"""What of a drag may be a pack."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData

from perfstudio.model.opening import PACK_SUFFIX


def dropped_packs(mime: QMimeData) -> list[Path]:
    """The files among what is dragged whose names end as those of packs do."""
    files = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    return [file for file in files if file.suffix.lower() == PACK_SUFFIX]
