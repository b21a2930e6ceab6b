"""A scratch recording that a verb makes beside a window: in a folder of its own below the one that they share.

It holds the performer's face and room, so it goes when the verb ends, and what a killed verb left goes at the next
sweep. Which of them still live is said by a lock, which ends with its holder, however that ends.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from perfstudio.durable import disk_error, private_folder, remove_if_empty, remove_tree, take_lock
from perfstudio.model.errors import CaptureError
from perfstudio.model.ids import new_id

_OURS = "verb-"
_LOCK = "lock"
_TRIES = 5
"""A sweep between the folder and its lock takes both: then it is made anew."""


@contextlib.contextmanager
def scratch_beside(shared: Path) -> Iterator[Path]:
    """A new folder below `shared`, deleted at the end; nothing that another process is recording is touched.

    Raises CaptureError when there is no place for it.
    """
    for left in shared.glob(f"{_OURS}*"):
        if not is_in_use(left):
            remove_tree(left)
    try:
        folder, lock = _held(shared)
    except OSError as error:
        raise disk_error(error, shared, CaptureError) from error
    try:
        yield folder
    finally:
        os.close(lock)
        remove_tree(folder)
        remove_if_empty(shared)


def is_in_use(folder: Path) -> bool:
    """Whether a verb that lives is recording below this folder."""
    if not folder.name.startswith(_OURS):
        return False
    try:
        lock = os.open(folder / _LOCK, os.O_RDWR)
    except FileNotFoundError:
        return False
    except OSError:
        return True  # nobody can say
    try:
        return not take_lock(lock)
    finally:
        os.close(lock)


def _held(shared: Path) -> tuple[Path, int]:
    for last in (*[False] * (_TRIES - 1), True):
        try:
            folder = private_folder(shared / f"{_OURS}{new_id()}")
            lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        except FileNotFoundError:
            if last:
                raise
            continue
        if take_lock(lock) and (folder / _LOCK).is_file():
            return folder, lock
        os.close(lock)
    raise FileNotFoundError(shared)
