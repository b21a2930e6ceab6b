"""The shelf: packs that were imported, kept under hash names, and the one that comes with perfstudio.

    <root>/<sha256>/pack.json              exactly the bytes that were imported
    <root>/<sha256>/signature.json         the studio's signature, where the pack has one
    <root>/<sha256>/media/<sha256>.<type>  media by hash
    <root>/.staging-…                      an import on its way; swept away when it was cut short

An import is validated whole, written to a staging folder and put in place by one rename. A pack that was there before
is never touched: takes made from it keep their words, and every version stays readable.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from perfstudio.durable import (
    disk_error,
    private_folder,
    read_plain,
    remove_tree,
    rename_durably,
    sync_file,
    sync_folder,
    write_durably,
)
from perfstudio.model.clock import utc_now
from perfstudio.model.errors import ErrorCode, PackError
from perfstudio.model.pack_2 import AnyPack, AnyPrompt
from perfstudio.model.prompt import PackHead, PackMedia
from perfstudio.packs import limits, search
from perfstudio.packs.pack_look import PackLook
from perfstudio.packs.problems import invalid
from perfstudio.packs.reader import PackFile, PackWords, check_media, open_source, parse, read_pack, read_words
from perfstudio.packs.reserved import claims, refuse_claim
from perfstudio.packs.signature import SIGNATURE, SIGNATURE_BYTES, Authorship, authorship, require_author, signer_of
from perfstudio.packs.source import PACK_JSON, PackSource

_STAGING = ".staging-"
_MEDIA = "media"
_ABANDONED_S = 3_600

Version = tuple[int, ...]
StudioKeys = Callable[[], Mapping[str, str]]
FirstUnfit = Callable[[Sequence[Path]], tuple[int, str] | None]
"""The first of some media files that cannot be opened as what its ending says, and a code of PACK_INVALID."""


class PackStore:
    """All packs of one home. Reads the disk on every call, so that several processes may share it."""

    def __init__(
        self,
        root: Path,
        bundled: Sequence[Path],
        first_unfit: FirstUnfit = lambda files: None,
        studio_keys: StudioKeys = dict,
    ) -> None:
        """`root` is the shelf's own folder, made on the first import; `bundled` are the packs that come along.

        `first_unfit` opens the media of a pack that is imported, and finds the first that does not open. `studio_keys`
        are the public keys of the studios that are connected; others are known by the keys of the packs that are here.
        """
        self._studio_keys = studio_keys
        self._first_unfit = first_unfit
        self._root = root
        self._come_along = bundled
        self._cache: dict[str, PackFile] = {}

    def packs(self) -> tuple[PackFile, ...]:
        """The newest version of every pack: imported ones by title, then the bundled ones in their order."""
        newest: dict[tuple[str, str], PackFile] = {}
        for file in sorted(self._shown(), key=lambda f: version_of(f.pack)):
            newest[_key(file.pack)] = file
        return tuple(sorted(newest.values(), key=self._place))

    def pack(self, pack_id: str, version: str | None = None) -> PackFile:
        """One pack: its newest version, or exactly the one asked for. Raises PACK_UNKNOWN."""
        found = [f for f in self._shown() if f.pack.id == pack_id and version in (None, f.pack.version)]
        if not found and version is not None:  # takes keep their words, also those made from a pack that claimed an id
            found = [f for f in self._all() if f.pack.id == pack_id and f.pack.version == version]
        if not found:
            raise PackError(ErrorCode.PACK_UNKNOWN, pack=pack_id)
        return max(found, key=lambda f: version_of(f.pack))

    def by_hash(self, sha256: str) -> PackFile | None:
        """The pack with this hash, if it is still here."""
        return next((file for file in self._all() if file.sha256 == sha256), None)

    def is_bundled(self, pack_id: str) -> bool:
        """Whether this is a pack that comes with perfstudio."""
        return any(pack_id == own.pack.id for own in self._bundled)

    def find_prompt(self, reference: str) -> tuple[PackFile, AnyPrompt]:
        """The prompt meant by "prompt" or "pack/prompt". Raises PACK_UNKNOWN, PROMPT_UNKNOWN, PROMPT_AMBIGUOUS."""
        return search.find(self.packs(), reference)

    def damaged(self) -> tuple[str, ...]:
        """Names of kept packs that can no longer be read. They are left as they are."""
        return tuple(name for name in self._kept_names() if self._kept(name) is None)

    def authorship(self, file: PackFile) -> Authorship:
        """Whether a pack that is here is known to be of the studio that it names."""
        return authorship(file.signed_by, self._keys_of(file.pack.studio.id))

    def look_at(self, path: Path) -> PackLook:
        """A pack that may come in, judged but for the opening of its media; nothing is written. Raises PackError as
        `import_pack` does; whose it is, is said and not refused.
        """
        with open_source(path) as source:
            found = read_words(source).found
            here = self._same(found)
            if here is None:
                refuse_claim(found, self._bundled, source.name)
                self._refuse_changed(found)
            check_media(source, found.pack)
        keys, mine = self._keys_of(found.pack.studio.id), version_of(found.pack)
        others = [f.pack for f in self._shown() if _key(f.pack) == _key(found.pack) and f.sha256 != found.sha256]
        newest = max(others, key=version_of, default=None)
        return PackLook(
            found,
            authorship(found.signed_by, keys),
            key_known=bool(keys),
            is_here=here is not None,
            earlier=newest.version if newest else "",
            is_newer=newest is not None and mine > version_of(newest),
        )

    def import_pack(self, path: Path, *, accept: str | None = None, shown: str = "") -> AnyPack:
        """Bring a pack in, or find that it is here already. Raises PackError, see `read_pack`; and PACK_CHANGED (pack,
        version) when the same version is here with other words, PACK_RESERVED (file, id) when it calls itself what a
        bundled one is called, PACK_UNSIGNED and PACK_OTHER_KEY unless a person has decided to `accept` it (see
        `require_author`), PACK_NOT_AS_SHOWN (file) where it is no longer the one with the hash that was `shown`,
        FOLDER_NOT_WRITABLE, DISK_FULL, DISK_WRITE.
        """
        with open_source(path) as source:
            words = read_words(source)
            found = words.found
            if shown and found.sha256 != shown:
                raise PackError(ErrorCode.PACK_NOT_AS_SHOWN, file=source.name)
            if self._same(found) is not None:
                check_media(source, found.pack)
                return found.pack
            refuse_claim(found, self._bundled, source.name)
            self._refuse_changed(found)
            studio = found.pack.studio
            require_author(
                found.signed_by, self._keys_of(studio.id), accept=accept, file=source.name, studio=studio.name
            )
            try:
                self._keep(source, words)
            except OSError as error:
                raise disk_error(error, self._root, PackError) from error
        return found.pack

    @cached_property
    def _bundled(self) -> tuple[PackFile, ...]:
        """The packs that come along, read when they are first asked for: a quick verb asks for none."""
        return tuple(map(read_pack, self._come_along))

    def _same(self, found: PackFile) -> PackFile | None:
        """What is here already and would not gain a signature."""
        here = next((file for file in self._shown() if file.sha256 == found.sha256), None)
        return here if here is not None and (here.signed_by or not found.signed_by) else None

    def _place(self, file: PackFile) -> tuple[int, str, tuple[str, str]]:
        ours = [own.pack.id for own in self._bundled]
        place = ours.index(file.pack.id) if file.pack.id in ours else -1
        return place, file.pack.title.casefold(), _key(file.pack)

    def _refuse_changed(self, found: PackFile) -> None:
        for other in self._all():
            same = _key(other.pack) == _key(found.pack) and version_of(other.pack) == version_of(found.pack)
            if same and other.sha256 != found.sha256:
                raise PackError(ErrorCode.PACK_CHANGED, pack=found.pack.id, version=found.pack.version)

    def _keys_of(self, studio_id: str) -> frozenset[str]:
        """The keys that a studio is known by: that of its document, or else those that signed packs of it here."""
        connected = self._studio_keys().get(studio_id)
        if connected is not None:
            return frozenset({connected})
        return frozenset(f.signed_by for f in self._all() if f.signed_by and f.pack.studio.id == studio_id)

    def _keep(self, source: PackSource, words: PackWords) -> None:
        found, kept_before = words.found, self._root / words.found.sha256
        if words.signature is not None and kept_before.is_dir():  # the same words were here without it
            check_media(source, found.pack)
            write_durably(kept_before / SIGNATURE, words.signature)
            self._cache.pop(found.sha256, None)
            return
        private_folder(self._root)
        self._sweep()
        staging = Path(tempfile.mkdtemp(prefix=_STAGING, dir=self._root))  # 0700 by itself
        try:
            check_media(source, found.pack, lambda media, ending: _receiver(staging, media, ending))
            self._refuse_unfit(source, found.pack, staging)
            for kept in sorted(staging.glob(f"{_MEDIA}/*")):
                sync_file(kept)
            if found.pack.media:
                sync_folder(staging / _MEDIA)
            if words.signature is not None:
                write_durably(staging / SIGNATURE, words.signature)
            write_durably(staging / PACK_JSON, words.data)
            with contextlib.suppress(FileExistsError):  # another process brought in the same pack just now
                rename_durably(staging, self._root / found.sha256)
        finally:
            remove_tree(staging)

    def _refuse_unfit(self, source: PackSource, pack: PackHead, folder: Path) -> None:
        unfit = self._first_unfit([_media_file(folder, media) for media in pack.media])
        if unfit is not None:
            raise invalid(source.name, f"media[{unfit[0]}].file", unfit[1])

    def _sweep(self) -> None:
        """Remove what imports left behind that were cut short long ago; a younger one may still be at work."""
        now_s = utc_now().timestamp()
        for left in self._root.glob(f"{_STAGING}*"):
            with contextlib.suppress(OSError):
                if now_s - left.lstat().st_mtime > _ABANDONED_S:
                    remove_tree(left)

    def _all(self) -> Iterator[PackFile]:
        yield from self._bundled
        ours = {own.sha256 for own in self._bundled}
        for name in self._kept_names():
            kept = self._kept(name)
            if kept is not None and kept.sha256 not in ours:
                yield kept

    def _shown(self) -> Iterator[PackFile]:
        """All but those that an earlier version let in under the ids of the bundled packs."""
        return (file for file in self._all() if not claims(file, self._bundled))

    def _kept_names(self) -> tuple[str, ...]:
        try:
            with os.scandir(self._root) as names:
                return tuple(sorted(n.name for n in names if _is_hash(n.name) and n.is_dir(follow_symlinks=False)))
        except OSError:  # no folder, or none that may be read: no packs but the one that comes along
            return ()

    def _kept(self, name: str) -> PackFile | None:
        """A kept pack; read once, because a folder named by a hash never changes its meaning."""
        if name not in self._cache:
            folder = self._root / name
            try:
                pack, sha256 = parse(read_plain(folder / PACK_JSON, limits.JSON_BYTES), name)
                files = tuple((media.id, _media_file(folder, media)) for media in pack.media)
                signed_by = _signer(folder, sha256)
            except (OSError, PackError):
                return None
            if sha256 != name:
                return None
            self._cache[name] = PackFile(pack, sha256, files, signed_by)
        return self._cache[name]


def version_of(pack: PackHead) -> Version:
    """The version as numbers: 1, 1.0 and 1.0.0 are the same."""
    numbers = [int(part) for part in pack.version.split(".")]
    return tuple(numbers + [0] * (3 - len(numbers)))


def _key(pack: PackHead) -> tuple[str, str]:
    """Packs of two studios may share an id: each studio has its own names."""
    return pack.studio.id, pack.id


def _is_hash(name: str) -> bool:
    return len(name) == 64 and not set(name) - set("0123456789abcdef")


def _signer(folder: Path, sha256: str) -> str:
    """Who signed a kept pack; nobody, where there is no signature or it no longer holds."""
    try:
        return signer_of(read_plain(folder / SIGNATURE, SIGNATURE_BYTES), sha256, folder.name)
    except (OSError, PackError):
        return ""


def _media_file(folder: Path, media: PackMedia) -> Path:
    """The kept file of one media entry. Raises FileNotFoundError when it is gone."""
    for path in sorted((folder / _MEDIA).glob(f"{media.sha256}.*")):
        if not path.is_symlink() and not path.parent.is_symlink():
            return path
    raise FileNotFoundError(media.sha256)


def _receiver(staging: Path, media: PackMedia, ending: str) -> Callable[[bytes], object]:
    """Where the bytes of one media file go: a new file named by the hash it has to have."""
    path = private_folder(staging / _MEDIA) / f"{media.sha256}.{ending}"
    path.touch(mode=0o600)
    os.truncate(path, 0)  # two entries may name the same bytes

    def write(piece: bytes) -> None:
        with path.open("ab") as file:
            file.write(piece)

    return write
