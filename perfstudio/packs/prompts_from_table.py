"""Rows of a table into prompts, briefs and sections of a pack of version 2.

A row is a scene. `situation` and `ends_when` are enough. What belongs to a role stands in columns of its own name where
one plays, and in `a_…` and `b_…` where two do. Cells that hold several things part them by semicolon, bar or line end;
tags and languages by comma, too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from perfstudio.model.prompt import Intensity
from perfstudio.model.prompt_2 import first_words
from perfstudio.packs import limits
from perfstudio.packs.table_cells import PromptTable, TableRow, problem_in

_TEXTS: Final = ("id", "title", "kind", "premise", "situation", "ends_when", "partner_kind", "group")
_NUMBERS: Final = ("min_s", "max_s")
_LISTS: Final = ("beats", "content_notes")
_WORDS: Final = ("kind", "partner_kind", "status")
"""Of a few words each, whose letter case says nothing."""
_SHEET: Final = ("name", "age", "who", "wants", "hides", "sounds", "relationships")
_OWN: Final = ("line", "partner", "status", "objective", "obstacle", "secret", "verbs", "note")
_ROLES: Final = ("a", "b")
_FELT: Final = re.compile(rf"(\S.*?)(?:\s*:\s*|\s+|\s*\()({'|'.join(Intensity)})\)?", re.IGNORECASE)
"""An emotion, and how strong it is."""
NEEDED: Final = ("situation", "ends_when")
COLUMNS: Final = (
    *_TEXTS, *_NUMBERS, *_LISTS, "content_tags", "languages", "emotions", "section", *_SHEET, *_OWN,
    *(f"{role}_{name}" for role in _ROLES for name in (*_SHEET, *_OWN)),
)  # fmt: skip
"""Every column that has a meaning."""


@dataclass(slots=True)
class TablePrompts:
    """What a table says, in the form of pack.json, and the line of the row that each part came from."""

    prompts: list[dict[str, Any]] = field(default_factory=list)
    briefs: list[dict[str, Any]] = field(default_factory=list)
    sections: list[dict[str, Any]] = field(default_factory=list)
    prompt_lines: list[int] = field(default_factory=list)
    brief_lines: list[int] = field(default_factory=list)
    section_lines: list[int] = field(default_factory=list)


def prompts_of(table: PromptTable) -> TablePrompts:
    """The scenes of a table. Raises PackError(PROMPTS_UNREADABLE) with the line and the column."""
    if not table.rows:
        raise problem_in(table.file, "", "no_rows")
    if len(table.rows) > limits.LIST_ITEMS:
        raise problem_in(table.file, "", "too_many_rows", rows=len(table.rows), limit=limits.LIST_ITEMS)
    made = TablePrompts()
    taken = {row.cells["id"] for row in table.rows if "id" in row.cells}
    sections: dict[str, list[str]] = {}
    for row in table.rows:
        prompt = _prompt(table.file, row, made, taken)
        made.prompts.append(prompt)
        made.prompt_lines.append(row.line)
        if "section" in row.cells:
            if row.cells["section"] not in sections:
                made.section_lines.append(row.line)
            sections.setdefault(row.cells["section"], []).append(prompt["id"])
    named: set[str] = set()
    for title, scenes in sections.items():
        made.sections.append({"id": free_id(title, named), "title": title, "prompts": scenes})
    return made


def _prompt(file: str, row: TableRow, made: TablePrompts, taken: set[str]) -> dict[str, Any]:
    cells = row.cells
    for name in NEEDED:
        if name not in cells:
            raise problem_in(file, name, "cell_empty", row.line)
    prompt: dict[str, Any] = {name: cells[name] for name in _TEXTS if name in cells}
    prompt.setdefault("id", "")
    prompt["id"] = prompt["id"] or free_id(cells.get("title") or first_words(cells["situation"]), taken)
    prompt |= {name: _number(file, row, name) for name in _NUMBERS if name in cells}
    prompt |= {name: parts(cells[name]) for name in _LISTS if name in cells}
    prompt |= {name: cells[name].casefold() for name in _WORDS if name in cells}
    if "content_tags" in cells:
        prompt["content_tags"] = [re.sub(r"[\s_]+", "-", tag.casefold()) for tag in parts(cells["content_tags"], ",")]
    if "languages" in cells:
        prompt["languages"] = parts(cells["languages"], ",")
    if "emotions" in cells:
        prompt["emotions"] = [_emotion(words) for words in parts(cells["emotions"])]
    return prompt | _played(file, row, made)


def _played(file: str, row: TableRow, made: TablePrompts) -> dict[str, Any]:
    """The role's words where one plays, or the roles where two do."""
    here = [role for role in _ROLES if any(f"{role}_{name}" in row.cells for name in (*_SHEET, *_OWN))]
    alone = next((name for name in (*_SHEET, *_OWN) if name in row.cells), None)
    if not here:
        return _role(file, row, "", made) if alone else {}
    if alone is not None:
        raise problem_in(file, alone, "belongs_to_a_role", row.line)
    if here == ["b"]:
        raise problem_in(file, "a_name", "cell_empty", row.line)
    return {"roles": [{"id": role} | _role(file, row, f"{role}_", made) for role in here]}


def _role(file: str, row: TableRow, prefix: str, made: TablePrompts) -> dict[str, Any]:
    own: dict[str, Any] = {name: row.cells[prefix + name] for name in _OWN if prefix + name in row.cells}
    own |= {name: own[name].casefold() for name in _WORDS if name in own}
    if "verbs" in own:
        own["verbs"] = parts(own["verbs"])
    sheet: dict[str, Any] = {name: row.cells[prefix + name] for name in _SHEET if prefix + name in row.cells}
    if not sheet:
        return own
    if "name" not in sheet:
        raise problem_in(file, f"{prefix}name", "cell_empty", row.line)
    if "age" in sheet:
        sheet["age"] = _number(file, row, f"{prefix}age")
    return own | {"brief": _brief(sheet, row.line, made)}


def _brief(sheet: dict[str, Any], line: int, made: TablePrompts) -> str:
    """The id of a sheet: one that says the same is the same character. A name alone is whoever has that name."""
    for brief in made.briefs:
        said = {name: value for name, value in brief.items() if name != "id"}
        if said == sheet or (len(sheet) == 1 and said["name"] == sheet["name"]):
            return str(brief["id"])
    name = free_id(sheet["name"], {brief["id"] for brief in made.briefs})
    made.briefs.append({"id": name, **sheet})
    made.brief_lines.append(line)
    return name


def _number(file: str, row: TableRow, name: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", row.cells[name], re.ASCII):
        raise problem_in(file, name, "not_whole", row.line)
    return int(row.cells[name])


def _emotion(words: str) -> dict[str, str]:
    """grief; or with how strong it is: grief strong, grief: strong, grief (strong)."""
    found = _FELT.fullmatch(words)
    return {"term": found[1], "intensity": found[2].casefold()} if found is not None else {"term": words}


def parts(cell: str, more: str = "") -> list[str]:
    """The things in one cell; `more` are further signs that part them."""
    return [part.strip() for part in re.split(f"[;|\n{more}]", cell) if part.strip()]


def free_id(words: str, taken: set[str]) -> str:
    """An id made of words that nothing else has; it is taken then."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().casefold()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:56].strip("-") or "scene"
    name = next(name for name in _numbered(slug) if name not in taken)
    taken.add(name)
    return name


def _numbered(slug: str) -> Iterator[str]:
    yield slug
    number = 2
    while True:
        yield f"{slug}-{number}"
        number += 1
