"""A studio signs its pack: the folder is judged whole, then signature.json lies beside pack.json."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from perfstudio.durable import file_error, is_file, is_folder, write_durably, write_new
from perfstudio.model.errors import ErrorCode, PackError
from perfstudio.model.jws import SigningKey, fingerprint
from perfstudio.model.prompt import PackHead
from perfstudio.packs.bundled import bundled_packs
from perfstudio.packs.reader import read_pack
from perfstudio.packs.reserved import refuse_claim
from perfstudio.packs.signature import SIGNATURE, make_signature
from perfstudio.receiver.layout import ReceiverLayout
from perfstudio.receiver.studio_key import KeyFileError, key_file_bytes, read_key_file


@dataclass(frozen=True, slots=True)
class SignedPack:
    """A pack that is signed now."""

    pack: PackHead
    file: Path
    """Its signature.json."""
    public_key: str
    fingerprint: str
    """The key as people compare it."""


def sign_pack(folder: Path, key_file: Path, *, new_key: bool = False) -> SignedPack:
    """Sign the pack in a folder with the key in `key_file`: a studio-key.json, or the folder of a receiver that has
    one. With `new_key` that file is made first, and may not be there yet.

    Raises PackError: what `read_pack` raises, PACK_RESERVED, PACK_KEY_UNUSABLE (file, problem),
    PACK_NOT_A_FOLDER (file), and those of a disk that does not take the file.
    """
    if is_file(folder):
        raise PackError(ErrorCode.PACK_NOT_A_FOLDER, file=folder.name)
    found = read_pack(folder, before_signing=True)
    refuse_claim(found, bundled_packs(), folder.name)
    key = _new_key(key_file) if new_key else _key(key_file)
    file = folder / SIGNATURE
    try:
        write_durably(file, make_signature(found.sha256, key))
    except OSError as problem:
        raise file_error(problem, file, PackError) from problem
    return SignedPack(found.pack, file, key.public_key, fingerprint(key.public_key))


def _key(file: Path) -> SigningKey:
    file = ReceiverLayout(file).studio_key if is_folder(file) else file
    try:
        return read_key_file(file)
    except KeyFileError as problem:
        raise PackError(ErrorCode.PACK_KEY_UNUSABLE, file=file.name, problem=str(problem)) from None


def _new_key(file: Path) -> SigningKey:
    key = SigningKey.generate()
    try:
        write_new(file, key_file_bytes(key))
    except FileExistsError:
        raise PackError(ErrorCode.PACK_KEY_UNUSABLE, file=file.name, problem="EEXIST") from None
    except OSError as problem:
        raise file_error(problem, file, PackError) from problem
    return key
