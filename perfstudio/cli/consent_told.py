"""`consent told`: who was told that something of a take was taken back, and what each has answered and signed."""

from __future__ import annotations

import argparse
import contextlib
from pathlib import Path
from typing import Any

from perfstudio.cli.output import DONE, REASON, Output
from perfstudio.cli.set_aside_notes import title_of
from perfstudio.delivery.deletion_check import AskedDeletion, flaw
from perfstudio.delivery.outbox_withdrawals import WithdrawalNote
from perfstudio.durable import file_error, write_durably
from perfstudio.language.catalogue import _
from perfstudio.model.deletion import DeletionStatement
from perfstudio.model.delivery import Studio
from perfstudio.model.errors import DeliveryError, LibraryError
from perfstudio.model.reading import read_document
from perfstudio.model.strict_json import JsonProblemError
from perfstudio.session.delivery.delivery_service import DeliveryService
from perfstudio.session.home import Home
from perfstudio.session.views import TakenBack
from perfstudio.texts.deliveries import taken_back
from perfstudio.texts.error_details import reason
from perfstudio.texts.formatting import count

_LIMIT = 1 << 20


def add(verbs: Any) -> None:
    """The sub-verb."""
    told = verbs.add_parser("told", help=_("who was told what you took back, and what they signed"))
    told.add_argument("take", help=_("an id, the start of one, or prompt/number"))
    told.add_argument("--to", type=Path, metavar="FOLDER", help=_("write the signed statements to this folder"))


def run(home: Home, args: argparse.Namespace, out: Output) -> int:
    """Print it; 1 while something is open, or where a statement does not hold."""
    take_id = home.takes.find(args.take)
    with contextlib.closing(DeliveryService(home.library, home.paths, tell=home.asides.add)) as service:
        service.note_withdrawals()
        notes = service.outbox.withdrawals_of(take_id)
        shown = [_show(note, _studio(service, note.pending.studio_id), args.to, out) for note in notes]
    if not notes:
        out.say(_("Nothing that a studio received of {take} was taken back.", take=title_of(home, take_id).rstrip(",")))
    out.document({"take_id": take_id, "receivers": shown})
    return DONE if all(line["holds"] and not line["open"] for line in shown) else REASON


def _show(note: WithdrawalNote, studio: Studio | None, folder: Path | None, out: Output) -> dict[str, Any]:
    pending, reply = note.pending, note.reply
    name = studio.name if studio is not None else pending.studio_id
    wrong = _flaw(note, studio)
    if note.withdrawn_at is not None:
        out.say(taken_back(name, _facts(note, wrong)))
    if reply is not None and reply.statement is not None:
        if wrong:
            out.warn(_("What {studio} signed is not valid: {why}.", studio=name, why=reason(wrong)))
        else:
            out.say(_held(reply.statement))
        if folder is not None:
            out.say(_("Written to {file}", file=_write(folder, note, reply.statement)))
    return {
        "studio": pending.studio_id,
        "record_id": pending.record_id,
        "seq": pending.seq,
        "told_at": note.told_at.isoformat() if note.told_at else None,
        "word": reply.word.value if reply else None,
        "deleted_at": reply.deleted_at.isoformat() if reply and reply.deleted_at else None,
        "exports": list(reply.exports) if reply else [],
        "open": note.is_open,
        "holds": not wrong,
        "statement": reply.statement.decode() if reply and reply.statement else None,
    }


def _facts(note: WithdrawalNote, wrong: str) -> TakenBack:
    reply, at = note.reply, note.withdrawn_at
    assert at is not None  # noqa: S101 - asked before
    return TakenBack(
        at,
        None,
        note.told_at,
        untold=not note.pending.told,
        partly=not note.pending.blocks,
        word=reply.word if reply is not None else None,
        deleted=reply.deleted_at if reply is not None and not wrong else None,
        exports=reply.exports if reply is not None else (),
    )


def _held(statement: bytes) -> str:
    many = len(_read(statement).files)
    if not many:
        return _("Its statement is signed with the studio's key and says that no file had arrived.")
    files = count(many, "file")
    return _("Its statement is signed with the studio's key and lists {files} that it held.", files=files)


def _flaw(note: WithdrawalNote, studio: Studio | None) -> str:
    """What is wrong with a kept statement, held to the key that is known of the studio; nothing where there is none."""
    reply, act = note.reply, note.pending.event
    if reply is None or reply.statement is None or act is None:
        return ""
    if studio is None:
        return "studio_not_known"
    try:
        statement = _read(reply.statement)
    except JsonProblemError:
        return "not_its_signature"
    return flaw(statement, AskedDeletion(studio, note.pending.take_id, note.pending.record_id, act))


def _read(statement: bytes) -> DeletionStatement:
    return read_document(statement, DeletionStatement, limit=_LIMIT)


def _studio(service: DeliveryService, studio_id: str) -> Studio | None:
    with contextlib.suppress(DeliveryError):
        return service.studios.get(studio_id)
    return None


def _write(folder: Path, note: WithdrawalNote, statement: bytes) -> str:
    file = folder / f"deletion-{note.pending.studio_id}-{note.pending.seq}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_durably(file, statement)
    except OSError as problem:
        raise file_error(problem, file, LibraryError) from problem
    return file.name
