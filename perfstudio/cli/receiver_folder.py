"""The folder where takes arrive, as the parts of `receive` open it: beside the receiver that runs there, or while it
rests."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from perfstudio.durable import disk_error, is_folder
from perfstudio.model.errors import DeliveryError, ErrorCode, LibraryError
from perfstudio.receiver.layout import ReceiverLayout


@contextlib.contextmanager
def receiver_in(folder: Path, *, may_be_new: bool = False) -> Iterator[ReceiverLayout]:
    """What lies there; a folder that was mistyped is not made unless it `may_be_new`.

    Raises DeliveryError(RECEIVER_UNREADY) where no receiver has its things, LibraryError for the disk, also for what is
    done inside.
    """
    layout = ReceiverLayout(folder)
    try:
        if not (may_be_new or is_folder(layout.inner)):
            raise DeliveryError(ErrorCode.RECEIVER_UNREADY, folder=str(folder))
        layout.make()
        yield layout
    except OSError as problem:
        raise disk_error(problem, folder, LibraryError) from problem
