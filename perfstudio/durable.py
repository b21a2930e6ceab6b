"""What "saved" means: temporary name, fsync, rename, fsync of the folder; folders 0700, files 0600.

Plain functions over paths, used by every room that keeps something. They raise OSError; `disk_error` turns one into the
house's codes for the room at hand. Nothing here follows a symbolic link at the last step of a path. What each system
calls it stands in `systems/durability`; where an open file stands in the way, that is waited for, up to a limit.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
import shutil
import stat
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, TypeVar

from perfstudio.model.errors import ErrorCode, PerfstudioError
from perfstudio.systems.durability import DURABILITY
from perfstudio.systems.locks import FILE_LOCKS
from perfstudio.systems.open_files import programs_holding

Error = TypeVar("Error", bound=PerfstudioError)
_CODES = {
    **dict.fromkeys(("ENOSPC", "EDQUOT"), ErrorCode.DISK_FULL),
    **dict.fromkeys(("EACCES", "EPERM"), ErrorCode.FOLDER_NOT_WRITABLE),
    "EROFS": ErrorCode.DISK_READ_ONLY,
    **dict.fromkeys(("EIO", "ENODEV", "ENXIO", "ESTALE", "ENOTCONN", "EHOSTDOWN", "ETIMEDOUT"), ErrorCode.DISK_GONE),
    "ENAMETOOLONG": ErrorCode.NAME_TOO_LONG,
    **dict.fromkeys(("EMFILE", "ENFILE"), ErrorCode.TOO_MANY_FILES),
}
_WINDOWS = {
    **dict.fromkeys((39, 112), (ErrorCode.DISK_FULL, "ENOSPC")),  # ERROR_HANDLE_DISK_FULL, ERROR_DISK_FULL
    19: (ErrorCode.DISK_READ_ONLY, "EROFS"),  # ERROR_WRITE_PROTECT
    # ERROR_NOT_READY, _DEV_NOT_EXIST, _NETNAME_DELETED, _NO_SUCH_DEVICE, _IO_DEVICE, _DEVICE_NOT_CONNECTED
    **dict.fromkeys((21, 55, 64, 433, 1117, 1167), (ErrorCode.DISK_GONE, "ENODEV")),
    206: (ErrorCode.NAME_TOO_LONG, "ENAMETOOLONG"),  # ERROR_FILENAME_EXCED_RANGE
    4: (ErrorCode.TOO_MANY_FILES, "EMFILE"),  # ERROR_TOO_MANY_OPEN_FILES
    # ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION: no permission is missing
    **dict.fromkeys((32, 33), (ErrorCode.FILE_IN_USE, "EBUSY")),
}
"""MS-ERREF 2.2, "Win32 Error Codes"."""
WAITS_S = (0.05, 0.1, 0.2, 0.4, 0.8, 1.0)
"""A virus scanner may hold a fresh file for a moment: about 2.5 s of patience in all, then the error stands."""
HASHED_AT_ONCE = 1 << 20
_LONG_PATH = 248
"""Windows without long paths says of a longer one that it is not there: MAX_PATH less a name of 8.3, for folders."""
_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
_BINARY = getattr(os, "O_BINARY", 0)


def disk_error(
    error: OSError, folder: Path | None, kind: type[Error], *, file: str = "", needed_bytes: int = 1_000_000
) -> Error:
    """The house's error for a failed write below `folder`, by its culprit: the only place where these are told apart.

    DISK_FULL, FOLDER_NOT_WRITABLE (permission), DISK_READ_ONLY, DISK_GONE (unplugged, or the folder was taken away),
    NAME_TOO_LONG, TOO_MANY_FILES, FILE_IN_USE (Windows; by which programs, where it tells), and DISK_WRITE for all
    else. `file` is the name of what was written, where the system's error does not say it; without a `folder` it is
    that of the file in the error.
    """
    named = Path(error.filename) if isinstance(error.filename, str) and error.filename else None
    if folder is None and named is not None:
        folder = named.parent
    code, number = _culprit(error, folder)
    if code is ErrorCode.DISK_FULL and number != "EDQUOT" and folder is not None:
        return disk_full(folder, kind, needed_bytes)
    if code in (ErrorCode.FILE_IN_USE, ErrorCode.FOLDER_NOT_WRITABLE):
        held = _held(error, folder, file, sure=code is ErrorCode.FILE_IN_USE)
        if held is not None:
            return kind(ErrorCode.FILE_IN_USE, file=file or held[0].name, programs=", ".join(held[1]), detail=number)
    blocked = number == "ENOTDIR" or (number == "ENOENT" and code is ErrorCode.DISK_GONE)  # Windows knows the latter
    blocking = _in_the_way(named) if blocked and named is not None else None
    if blocking is not None:
        return kind(ErrorCode.DISK_WRITE, folder=str(blocking.parent), file=blocking.name, detail="EEXIST")
    facts = {"folder": str(folder or ""), "file": file or (named.name if named else folder.name if folder else "")}
    return kind(code, **facts, detail=number)


def _held(error: OSError, folder: Path | None, file: str, *, sure: bool) -> tuple[Path, tuple[str, ...]] | None:
    """What is open elsewhere, and by whom; None where a permission is missing.

    Windows says "access denied" of both. It is a permission where nothing can be made beside the file either, or where
    the file may only be read.
    """
    if not sure and not DURABILITY.passes(error):
        return None
    named = [Path(name) for name in (error.filename2, error.filename) if isinstance(name, str) and name]
    places = named or ([folder / (file or "file")] if folder is not None else [])
    for place in places:
        programs = programs_holding(place)
        if programs:
            return place, programs
    locked = any(is_there(place) and not os.access(place, os.W_OK) for place in places)
    held = sure or (not locked and all(_takes_files(place.parent) for place in places))
    return (places[0], ()) if places and held else None


def _takes_files(folder: Path) -> bool:
    """Whether a file can be made in a folder."""
    probe = folder / f".{secrets.token_hex(4)}.tmp"
    try:
        os.close(os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        probe.unlink()
    except OSError:
        return False
    return True


def _in_the_way(path: Path) -> Path | None:
    """What stands on the way to `path` and is no folder: the file to name, whatever was to be written below it."""
    return next((part for part in (path, *path.parents) if is_there(part) and not part.is_dir()), None)


def file_error(error: OSError, path: Path, kind: type[Error]) -> Error:
    """The same for one file that was being written."""
    return disk_error(error, path.parent, kind, file=path.name)


def disk_full(folder: Path, kind: type[Error], needed_bytes: int) -> Error:
    """No room below `folder` for so many bytes: said by the system, or seen before it has to."""
    free_mb, needed_mb = free_bytes(folder) // 1_000_000, max(1, needed_bytes // 1_000_000)
    return kind(ErrorCode.DISK_FULL, folder=str(folder), free_mb=free_mb, needed_mb=needed_mb)


def is_full(error: OSError) -> bool:
    """Whether a write failed for want of room: a full disk, or a share of it that is used up."""
    return _culprit(error, None)[0] is ErrorCode.DISK_FULL


def _culprit(error: OSError, folder: Path | None) -> tuple[ErrorCode, str]:
    """The code, and the system's name of the error. Windows says more by its own number than by that of POSIX."""
    name = errno.errorcode.get(error.errno or 0, "unknown").removeprefix("WSA")  # Windows' name of some
    windows = _WINDOWS.get(getattr(error, "winerror", None) or 0)
    if windows is not None:
        return windows
    if name == "ENOENT" and folder is not None:
        if not folder.is_dir():
            return ErrorCode.DISK_GONE, name
        if DURABILITY.HOLDS_NAMES and len(str(error.filename or "")) >= _LONG_PATH:
            return ErrorCode.NAME_TOO_LONG, name
    return _CODES.get(name, ErrorCode.DISK_WRITE), name


def free_bytes(folder: Path) -> int:
    """Bytes free for this user on the disk of `folder` (of its nearest parent that exists); 0 when unknown."""
    for place in (folder, *folder.parents):
        try:
            return shutil.disk_usage(place).free
        except OSError:
            continue
    return 0


def is_there(path: Path) -> bool:
    """Whether something is at the end of a path, by whatever name; what the system does not even look for is not."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def private_folder(path: Path) -> Path:
    """Make sure `path` is a real folder; parents and itself are made 0700. Raises NotADirectoryError for a link."""
    for missing in reversed([p for p in (path, *path.parents) if not p.exists()]):
        missing.mkdir(mode=0o700, exist_ok=True)
    if path.is_symlink() or not path.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path))
    return path


def write_new(path: Path, data: bytes) -> None:
    """Write a file of mode 0600 that must not exist yet, and make sure its bytes are on the disk. Raises OSError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NOFOLLOW | _BINARY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        DURABILITY.flush(file.fileno())


def write_durably(path: Path, data: bytes) -> None:
    """Put `data` at `path` so that after any crash the old bytes or the new ones are there, never a mixture.

    An older file is replaced; a symbolic link at `path` is replaced too, never written through. Raises OSError; the
    temporary file is gone then.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        write_new(temporary, data)
        _patiently(lambda: DURABILITY.replace(temporary, path))
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def replace_durably(written: Path, final: Path) -> None:
    """Give a closed file its final name once its bytes are on the disk; what had that name is replaced."""
    sync_file(written)
    put_under(written, final)


def put_under(written: Path, final: Path) -> None:
    """The same of a file whose bytes are on the disk already."""
    _patiently(lambda: DURABILITY.replace(written, final))
    sync_folder(final.parent)


def rename_durably(source: Path, target: Path) -> None:
    """Rename on one disk and fsync the folders on both sides. `target` must not exist; raises OSError otherwise."""
    if target.is_symlink() or target.exists():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
    _patiently(lambda: DURABILITY.rename(source, target))
    sync_folder(target.parent)
    if source.parent != target.parent:
        sync_folder(source.parent)


def read_plain(path: Path, limit: int) -> bytes:
    """The bytes of a regular file of at most `limit` bytes; OSError (ELOOP for a link, EFBIG when longer) otherwise."""
    if not _NOFOLLOW and path.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    descriptor = os.open(path, os.O_RDONLY | _NOFOLLOW | _BINARY | getattr(os, "O_NONBLOCK", 0))
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):  # a folder's descriptor would stay open, a pipe has no end
        os.close(descriptor)
        raise OSError(errno.ENXIO, os.strerror(errno.ENXIO), str(path))
    with os.fdopen(descriptor, "rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
    return data


def sha256_of(file: BinaryIO, tick: Callable[[], object] = lambda: None) -> str:
    """SHA-256 of an open file from its beginning, in hex. `tick` is called for each megabyte, and may raise."""
    hasher = hashlib.sha256()
    file.seek(0)
    while piece := file.read(HASHED_AT_ONCE):
        tick()
        hasher.update(piece)
    return hasher.hexdigest()


def sha256_salted(file: BinaryIO, salt: bytes, tick: Callable[[], object] = lambda: None) -> tuple[str, str]:
    """SHA-256 of an open file, and of `salt` followed by it, in one read and in hex. `tick` as above."""
    plain, salted = hashlib.sha256(), hashlib.sha256(salt)
    file.seek(0)
    while piece := file.read(HASHED_AT_ONCE):
        tick()
        plain.update(piece)
        salted.update(piece)
    return plain.hexdigest(), salted.hexdigest()


def sync_file(path: Path) -> None:
    """Make sure the bytes of a closed file are on the disk."""
    descriptor = os.open(path, os.O_RDWR | _NOFOLLOW | _BINARY)
    try:
        DURABILITY.flush(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Make sure the names in a folder are on the disk."""
    DURABILITY.flush_folder(folder)


def is_link(path: Path) -> bool:
    """Whether a link is there, as far as this account may look. Raises nothing, also where pathlib would: in a folder
    that may not be looked into.
    """
    return os.path.islink(path)  # noqa: PTH114 - see above


def is_folder(path: Path) -> bool:
    """The same of a folder, or a link to one."""
    return os.path.isdir(path)  # noqa: PTH112 - as above


def is_file(path: Path) -> bool:
    """The same of a file, or a link to one."""
    return os.path.isfile(path)  # noqa: PTH113 - as above


def remove(path: Path) -> None:
    """Remove a file or a link, if it is there."""
    _patiently(lambda: path.unlink(missing_ok=True))


def remove_folder(folder: Path) -> None:
    """Remove a folder that is empty."""
    _patiently(folder.rmdir)


def remove_if_empty(folder: Path) -> None:
    """Remove a folder unless something is in it or in the way. Raises nothing."""
    with contextlib.suppress(OSError):
        folder.rmdir()


def remove_tree(folder: Path) -> bool:
    """Remove a folder with all that is in it, links as what they are. Whether nothing is left; never raises."""
    for wait_s in (*WAITS_S, None):
        shutil.rmtree(folder, ignore_errors=True)
        if not DURABILITY.HOLDS_NAMES or wait_s is None or not os.path.lexists(folder):
            break
        time.sleep(wait_s)
    return not os.path.lexists(folder)


def take_lock(descriptor: int, *, wait: bool = False) -> bool:
    """Lock an open file until it is closed, which the system does when the process ends, however it ends.

    False when another holds it; with `wait` it comes back once that has let go.
    """
    return FILE_LOCKS.take(descriptor, wait=wait)


def _patiently(act: Callable[[], object]) -> None:
    for wait_s in WAITS_S:
        try:
            act()
        except OSError as problem:
            if not DURABILITY.passes(problem):
                raise
            time.sleep(wait_s)
        else:
            return
    act()
