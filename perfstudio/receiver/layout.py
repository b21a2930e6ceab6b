"""Where things lie at the receiver, and how they get onto the disk.

    <folder>/<take_id>/                        accepted bundles: files, consent.json, receipt.json
    <folder>/pairs/<pair id>/pair.json         two takes of one scene, and what may be done with both together
    <folder>/.receiver/consents/<record_id>.json       the record, byte for byte as it came
    <folder>/.receiver/withdrawals/<record_id>.json    acts that took it back
    <folder>/.receiver/waiting/<record_id>.json        acts that wait for a person
    <folder>/.receiver/deletions/<take_id>.json        what was deleted because it was taken back, and since when
    <folder>/.receiver/deletions/<take_id>.unreadable.json  the same, damaged: kept for a person
    <folder>/.receiver/exports.json                    which takes went into which export
    <folder>/.receiver/tokens.json                     hashes of the performers' tokens, and of invitations
    <folder>/.receiver/reached.json                    how senders reach the receiver that ran here last
    <folder>/.receiver/rulings/<take_id>.json          what the studio decided of a take
    <folder>/.receiver/performers/<performer id>.json  the keys that a performer signs with
    <folder>/.receiver/studio-key.json                 the studio's signing key, and in studio-key.pub its public half
    <folder>/.receiver/clips/<clip_id>/                a clip that waits for a partner, and what is known of it
    <folder>/.receiver/takes/<take_id>/                what is still coming: announcement, parts, verified files
    <folder>/.receiver/leftover/<take_id>-<moment>     what lay in the way of a take: a folder of its name, no receipt

Saved means what `perfstudio.durable` says. Files are 0600, folders 0700.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from perfstudio.durable import sync_folder

PRIVATE_FILE = 0o600
BINARY = getattr(os, "O_BINARY", 0)
"""Windows would otherwise turn line ends."""
PRIVATE_FOLDER = 0o700


class ReceiverLayout:
    """The layout below one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.inner = folder / ".receiver"
        self.consents = self.inner / "consents"
        self.withdrawals = self.inner / "withdrawals"
        self.takes = self.inner / "takes"
        self.waiting = self.inner / "waiting"
        self.deletions = self.inner / "deletions"
        self.exports = self.inner / "exports.json"
        self.acts_lock = self.inner / "acts.lock"
        self.leftover = self.inner / "leftover"
        self.withdrawn = folder / "withdrawn"
        """Where 0.1.0 set aside what was taken back."""
        self.token_hash = self.inner / "token.sha256"
        self.tokens = self.inner / "tokens.json"
        self.reached = self.inner / "reached.json"
        self.pairs = folder / "pairs"
        self.pairs_lock = self.inner / "pairs.lock"
        self.clips = self.inner / "clips"
        self.clips_lock = self.inner / "clips.lock"
        self.rulings = self.inner / "rulings"
        self.rulings_lock = self.inner / "rulings.lock"
        self.tokens_lock = self.inner / "tokens.lock"
        self.performers = self.inner / "performers"
        self.performers_lock = self.inner / "performers.lock"
        self.studio_key = self.inner / "studio-key.json"
        self.studio_key_public = self.inner / "studio-key.pub"
        self.lock = self.inner / "lock"

    def make(self) -> None:
        """Make the folders. Raises OSError."""
        acts = (self.withdrawals, self.waiting, self.deletions)
        for folder in (self.folder, self.inner, self.consents, self.takes, *acts):
            make_folder(folder)

    def coming(self, take_id: str) -> Path:
        """What is still coming of a take."""
        return self.takes / take_id

    def announcement(self, take_id: str) -> Path:
        """The file of a take's announcement."""
        return self.coming(take_id) / "announcement.json"

    def rejected(self, take_id: str) -> Path:
        """Why a take was not accepted."""
        return self.coming(take_id) / "rejected.json"

    def proof(self, take_id: str) -> Path:
        """What was answered when it was last asked for a proof of an accepted take."""
        return self.coming(take_id) / "proof.json"

    def verified(self, take_id: str) -> Path:
        """The bundle being put together: only files whose hash was right."""
        return self.coming(take_id) / take_id

    def accepted(self, take_id: str) -> Path:
        """The folder of a bundle that was accepted."""
        return self.folder / take_id

    def receipt(self, take_id: str) -> Path:
        """Proof that the bundle is finished: it is written before the folder gets its name."""
        return self.accepted(take_id) / "receipt.json"

    def consent(self, record_id: str) -> Path:
        """The record as it came."""
        return self.consents / f"{record_id}.json"

    def pair(self, pair_id: str) -> Path:
        """What is known of two takes of one scene."""
        return self.pairs / pair_id / "pair.json"

    def ruling(self, take_id: str) -> Path:
        """What the studio decided of a take."""
        return self.rulings / f"{take_id}.json"

    def clip(self, clip_id: str) -> Path:
        """The folder of a clip that waits, or has waited."""
        return self.clips / clip_id

    def clip_record(self, clip_id: str) -> Path:
        """What is known of it."""
        return self.clip(clip_id) / "record.json"

    def waiting_acts(self, record_id: str) -> Path:
        """What waits of a record for a person."""
        return self.waiting / f"{record_id}.json"

    def deletion(self, take_id: str) -> Path:
        """What was deleted of a take."""
        return self.deletions / f"{take_id}.json"

    def withdrawal(self, record_id: str) -> Path:
        """What was taken back of a record."""
        return self.withdrawals / f"{record_id}.json"


def moved_at_s(folder: Path) -> float:
    """When something below a folder last changed, in seconds since 1970. Raises OSError when it moves just now."""
    return max(place.stat().st_mtime for place in (folder, *folder.rglob("*")))


def make_folder(folder: Path) -> None:
    """Make a private folder and its parents, durably."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=PRIVATE_FOLDER)
    sync_folder(folder.parent)


def read_or_none(file: Path) -> bytes | None:
    """The bytes of a small file, or None when it is not there."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return None
