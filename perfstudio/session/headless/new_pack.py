"""A new pack from a table of prompts: a folder with a pack.json of version 2 that has been read back and is sound.

Who asks, for what and under which terms is taken over from another pack of the studio, or else from what was said and
from terms that allow a studio to keep and watch a take, and nothing else.
"""

from __future__ import annotations

import errno
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from perfstudio.durable import file_error, is_there, read_plain, write_durably
from perfstudio.model.errors import ErrorCode, PackError
from perfstudio.model.turning import turned
from perfstudio.packs.bundled import bundled_packs
from perfstudio.packs.problems import invalid
from perfstudio.packs.prompts_from_table import COLUMNS, NEEDED, TablePrompts, free_id, prompts_of
from perfstudio.packs.reader import PackFile, parse, read_pack
from perfstudio.packs.reserved import refuse_claim
from perfstudio.packs.source import PACK_JSON
from perfstudio.packs.table_cells import MOST_BYTES, PromptTable, problem_in, read_table
from perfstudio.resources import asset

_TAKEN_OVER = ("language", "studio", "pay", "rights", "terms", "uses", "limits")
"""What a pack has from the one that it is made like."""
_ROW = re.compile(r"(prompts|briefs|sections)\[(\d+)\]\.?(.*)")


@dataclass(frozen=True, slots=True)
class NewStudio:
    """Who asks, where no other pack says it."""

    name: str
    legal_name: str
    contact: str


@dataclass(frozen=True, slots=True)
class NewPack:
    """What is to be made."""

    folder: Path
    table: Path
    like: Path | None = None
    """A pack of the studio whose terms are taken over; None: `studio` says who asks."""
    studio: NewStudio | None = None
    title: str = ""
    """Empty: the folder's name."""
    id: str = ""
    """Empty: made of the folder's name."""
    version: str = "1.0"
    encoding: str = ""
    """Of the table, where a person says it."""


@dataclass(frozen=True, slots=True)
class MadePack:
    """What was written, as it reads."""

    file: PackFile
    table: PromptTable
    first_terms: bool
    """The terms are those for watching takes, and the studio should read them."""


def new_pack(wanted: NewPack) -> MadePack:
    """Make it. Raises PackError: PROMPTS_UNREADABLE (file, where, line, problem), PACK_IN_THE_WAY (file), what
    `read_pack` raises of the pack that it is made like, PACK_RESERVED, and those of a disk that does not take it.
    """
    if wanted.folder.exists() and (not wanted.folder.is_dir() or any(wanted.folder.iterdir())):
        raise PackError(ErrorCode.PACK_IN_THE_WAY, file=wanted.folder.name)
    table = read_table(_bytes_of(wanted.table), wanted.table.name, COLUMNS, needed=NEEDED, encoding=wanted.encoding)
    made = prompts_of(table)
    plain = _document(wanted, made)
    data = json.dumps(plain, indent=2, ensure_ascii=False).encode() + b"\n"
    pack, sha256 = _checked(data, table, made, wanted.folder.name)
    file = PackFile(pack, sha256)
    refuse_claim(file, bundled_packs(), wanted.folder.name)
    try:
        wanted.folder.mkdir(parents=True, exist_ok=True)
        write_durably(wanted.folder / PACK_JSON, data)
    except OSError as problem:
        raise file_error(problem, wanted.folder / PACK_JSON, PackError) from problem
    return MadePack(read_pack(wanted.folder), table, first_terms=wanted.like is None)


def _bytes_of(table: Path) -> bytes:
    try:
        return read_plain(table.resolve(), MOST_BYTES)
    except OSError as problem:
        if problem.errno == errno.EFBIG:
            raise problem_in(table.name, "", "table_too_large", limit=MOST_BYTES // 1_000_000) from problem
        if not is_there(table):
            raise PackError(ErrorCode.MEDIA_MISSING, file=table.name) from problem
        raise problem_in(table.name, "", "unreadable") from problem


def _document(wanted: NewPack, made: TablePrompts) -> dict[str, Any]:
    name = wanted.folder.resolve().name
    title = wanted.title or name
    plain: dict[str, Any] = {
        "format": "perfstudio-pack/2",
        "id": wanted.id or free_id(name, set()),
        "version": wanted.version,
        "title": title,
        "summary": title,
        **_asked(wanted),
        "prompts": made.prompts,
    }
    return plain | {key: part for key, part in (("briefs", made.briefs), ("sections", made.sections)) if part}


def _asked(wanted: NewPack) -> dict[str, Any]:
    """Who asks, for what and under which terms."""
    if wanted.like is not None:
        other = read_pack(wanted.like).pack.model_dump(mode="json", exclude_unset=True)
        return {name: other[name] for name in _TAKEN_OVER if name in other}
    if wanted.studio is None:
        raise ValueError("a pack is made like another one, or for a studio")
    studio = wanted.studio
    first = _filled(json.loads(asset("packs", "first-terms.json").read_text(encoding="utf-8")), studio.legal_name)
    who = {"name": studio.name, "legal_name": studio.legal_name, "contact": studio.contact}
    return {
        "language": first["terms"]["language"],
        "studio": {"id": free_id(studio.name, set()), **who},
        "rights": first["rights"],
        "terms": [first["terms"]],
        "uses": [first["use"]],
    }


def _filled(value: Any, studio: str) -> Any:
    match value:
        case str():
            return value.replace("{studio}", studio)
        case list():
            return [_filled(item, studio) for item in value]
        case dict():
            return {name: _filled(item, studio) for name, item in value.items()}
    return value


def _checked(data: bytes, table: PromptTable, made: TablePrompts, name: str) -> Any:
    """The pack as it will be read, before anything is written; what is wrong with it is said of the table's row."""
    try:
        pack, sha256 = parse(data, name)
        for where in turned(pack.to_json()):
            raise invalid(name, where, "turning_mark")
        return pack, sha256  # noqa: TRY300 - what is raised above is caught below
    except PackError as problem:
        found = _ROW.fullmatch(str(problem.facts.get("where", "")))
        if problem.code is not ErrorCode.PACK_INVALID or found is None:
            raise
        lines = {"prompts": made.prompt_lines, "briefs": made.brief_lines, "sections": made.section_lines}[found[1]]
        limit = {"limit": str(problem.facts["limit"])} if "limit" in problem.facts else {}
        column = re.sub(r"^roles\[0\]\.", "a_", re.sub(r"^roles\[1\]\.", "b_", found[3]))
        where = "section" if found[1] == "sections" else re.sub(r"\[\d+\].*", "", column) or "id"
        raise problem_in(table.file, where, str(problem.facts["problem"]), lines[int(found[2])], **limit) from problem
