"""Removing what must not lie here any longer: whole, on the disk, and looked at again before anybody is told so."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from perfstudio.durable import remove, remove_folder, sync_folder


def erase(folder: Path, *, last: str = "") -> None:
    """Remove a folder and everything in it. Raises OSError where anything is left; asked again, it goes on.

    `last` names the file by which the folder is found again: it goes when nothing else is left, and so a kill on the
    way leaves no folder that nobody looks for. Links go as what they are; what they point to stays.
    """
    if not os.path.lexists(folder):
        return
    if folder.is_symlink() or not folder.is_dir():
        remove(folder)
    else:
        with os.scandir(folder) as entries:
            names = sorted((entry.name for entry in entries), key=lambda name: name == last)
        for name in names:
            if name == last:
                sync_folder(folder)
            place = folder / name
            if place.is_dir() and not place.is_symlink():
                erase(place)
            else:
                remove(place)
        remove_folder(folder)
    sync_folder(folder.parent)
    if os.path.lexists(folder):
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), str(folder))
