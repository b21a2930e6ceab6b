"""Tables of prompts out of spreadsheets: every encoding and separator, and what is wrong by its row and column."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from packs_made import pack

from perfstudio.model.errors import ErrorCode, PackError
from perfstudio.packs.prompts_from_table import COLUMNS, NEEDED, prompts_of
from perfstudio.packs.reader import read_pack
from perfstudio.packs.table_cells import is_encoding, read_table
from perfstudio.session.headless.new_pack import MadePack, NewPack, NewStudio, new_pack
from perfstudio.texts.errors import sentence

STUDIO = NewStudio("Attic", "Attic Ltd", "hello@attic.example")
PLAIN = "situation,ends_when\nA bus stops.,it goes on\n"


def made(tmp_path: Path, table: str | bytes, **more: Any) -> MadePack:
    file = tmp_path / "prompts.csv"
    file.write_bytes(table if isinstance(table, bytes) else table.encode())
    return new_pack(NewPack(**{"folder": tmp_path / "Evening", "table": file, "studio": STUDIO} | more))


def refusal(tmp_path: Path, table: str | bytes, **more: Any) -> PackError:
    with pytest.raises(PackError) as refused:
        made(tmp_path, table, **more)
    assert not (tmp_path / "Evening").exists(), "nothing is written"
    return refused.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_every_encoding_separator_and_line_end(encoding: str) -> None:
    for separator in ";,\t|":
        for ends in ("\n", "\r\n", "\r"):
            one_table(encoding, separator, ends)


def one_table(encoding: str, separator: str, ends: str) -> None:
    text = separator.join(["situation", "ends_when", "title"]) + "\n"
    text += separator.join([f'"Küche{separator} nachts\n„still“"', '"er ""lacht"""', "Spät"]) + "\n\n"
    table = read_table(text.replace("\n", ends).encode(encoding), "a.csv", COLUMNS, needed=NEEDED)
    (scene,) = prompts_of(table).prompts
    assert (scene["situation"], scene["ends_when"]) == (f"Küche{separator} nachts\n„still“", 'er "lacht"')
    assert (scene["title"], scene["id"]) == ("Spät", "spat")


def test_the_line_that_excel_reads_and_the_columns_that_mean_nothing(tmp_path: Path) -> None:
    found = made(tmp_path, "sep=;\nAuthor;Situation;Ends when\nx;A bus, late.;it goes on\n")
    assert found.table.passed_over == ("Author",)
    assert found.file.pack.prompts[0].situation == "A bus, late."


def test_all_that_a_row_may_say(tmp_path: Path) -> None:
    rows = [
        {
            "id": "duet", "title": "The letter", "section": "Evening", "situation": "A kitchen.",
            "ends_when": "one laughs", "content_tags": "grief, Strong language", "languages": "en, de-AT",
            "emotions": "grief strong; joy: Light; sadness(medium); joy", "partner_kind": "Live",
            "min_s": "30", "max_s": "90",
            "content_notes": "A death.; Loud.", "beats": "A letter.|It is read.",
            "a_name": "Mara", "a_age": "34", "a_who": "A nurse.", "a_secret": "She wrote it.", "a_line": "Read it.",
            "b_name": "Rui", "b_secret": "He read it.", "b_verbs": "to stall; to joke", "b_status": "High",
        },
        {"title": "The letter", "section": "Morning", "situation": "A bus.", "ends_when": "it goes on",
         "content_tags": "None", "section ": "Evening"},
        {"situation": "Later.", "ends_when": "it rains", "section": "Evening", "name": "Mara", "line": "Well."},
    ]  # fmt: skip
    columns = sorted({name for row in rows for name in row} - {"section "})
    lines = ["\t".join(columns), *("\t".join(row.get(name, "") for name in columns) for row in rows)]
    found = made(tmp_path, "\n".join(lines), title="An evening", version="2.1")
    plain = json.loads((tmp_path / "Evening" / "pack.json").read_bytes())
    duet, bus, later = plain["prompts"]
    assert [role["brief"] for role in duet["roles"]] == ["mara", "rui"]
    assert duet["roles"][1] == {"id": "b", "status": "high", "verbs": ["to stall", "to joke"], "secret": "He read it.",
                                "brief": "rui"}  # fmt: skip
    assert duet["emotions"] == [
        {"term": "grief", "intensity": "strong"},
        {"term": "joy", "intensity": "light"},
        {"term": "sadness", "intensity": "medium"},
        {"term": "joy"},
    ]
    assert (duet["content_tags"], duet["languages"]) == (["grief", "strong-language"], ["en", "de-AT"])
    assert (bus["id"], bus["content_tags"], later["brief"], later["line"]) == ("the-letter", ["none"], "mara", "Well.")
    assert [(s["title"], s["prompts"]) for s in plain["sections"]] == [
        ("Evening", ["duet", "later"]), ("Morning", ["the-letter"]),
    ]  # fmt: skip
    assert (plain["title"], plain["version"], plain["id"]) == ("An evening", "2.1", "evening")
    assert read_pack(tmp_path / "Evening").sha256 == found.file.sha256


def test_terms_are_taken_over_from_another_pack_of_the_studio(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "pack.json").write_text(json.dumps(pack()))
    found = made(tmp_path, PLAIN, studio=None, like=tmp_path / "old")
    old = read_pack(tmp_path / "old").pack
    assert [terms.digest() for terms in found.file.pack.terms] == [terms.digest() for terms in old.terms]
    assert found.file.pack.uses == old.uses
    assert not found.first_terms


HEAD = "situation,ends_when,content_tags,languages,min_s,id,a_name,b_name,name,secret\n"
BROKEN: list[tuple[str | bytes, str, int, str]] = [
    ("", "", 0, "empty_table"),
    ("situation,ends_when\n", "", 0, "no_rows"),
    ("situation,end\nx,y\n", "ends_when", 1, "column_missing"),
    ("name,thing\nx,y\n", "situation", 1, "column_missing"),
    ("situation,ends_when,Situation\nx,y,z\n", "situation", 1, "column_twice"),
    ("situation,ends_when,conten_tags\nx,y,z\n", "conten_tags", 1, "column_alike"),
    (PLAIN + "x,\n", "ends_when", 3, "cell_empty"),
    (PLAIN + "x,y,z\n", "", 3, "too_many_cells"),
    (PLAIN + 'x,"y\nand on\n', "", 3, "quote_open"),
    (PLAIN + 'x,"y"z\n', "", 3, "quote_open"),
    (HEAD + "x,y,greif\n", "content_tags", 2, "no_such_tag"),
    (HEAD + "x,y,grief\nx,y,none grief\n", "content_tags", 3, "no_such_tag"),
    (HEAD + "x,y,,English\n", "languages", 2, "pattern"),
    (HEAD + "x,y,,xq\n", "languages", 2, "unknown_language"),
    (HEAD + "x,y,,,1:30\n", "min_s", 2, "not_whole"),
    (HEAD + "x,y,,,200\n", "min_s", 2, "min_above_max"),
    (HEAD + "x,y,,,,Ä!\n", "id", 2, "pattern"),
    (HEAD + "x,y,,,,a\nx,y,,,,a\n", "id", 3, "twice"),
    (HEAD + "x,y,,,,,,Rui\n", "a_name", 2, "cell_empty"),
    (HEAD + "x,y,,,,,Mara,,Mara\n", "name", 2, "belongs_to_a_role"),
    (HEAD + "x,y,,,,,Mara,Rui,,All know it.\n", "secret", 2, "belongs_to_a_role"),
    (PLAIN + "x," + "y" * 201 + "\n", "ends_when", 3, "too_long"),
    (PLAIN + "x," + "y" * 140_000 + "\n", "", 3, "cell_too_long"),
    (PLAIN * 1 + "x,y\n" * 9_999, "", 0, "too_many_rows"),
    (b"PK\x03\x04" + b"\0" * 40, "", 0, "spreadsheet"),
    (b"situation,ends_when\nx,\0y\n", "", 0, "not_a_table"),
    (b"situation,ends_when\nx,\x81\n", "", 0, "encoding_unknown"),
    ("situation,ends_when,section\nx,y," + "s" * 201, "section", 2, "too_long"),
    ("situation,ends_when\nx,\u202ey\n", "ends_when", 2, "turning_mark"),
]


@pytest.mark.parametrize(("table", "where", "line", "problem"), BROKEN)
def test_what_is_wrong_is_said_by_row_and_column(
    tmp_path: Path, table: str | bytes, where: str, line: int, problem: str
) -> None:
    refused = refusal(tmp_path, table)
    facts = refused.facts
    assert (refused.code, facts["where"], facts.get("line", 0), facts["problem"]) == (
        ErrorCode.PROMPTS_UNREADABLE, where, line, problem,
    )  # fmt: skip
    said = sentence(refused)
    assert "prompts.csv" in said
    assert "_" not in problem or problem not in said, "in words"


def test_an_encoding_that_a_person_names(tmp_path: Path) -> None:
    table = "situation,ends_when\nŽena čeká.,déšť\n".encode("cp1250")
    assert made(tmp_path, table, encoding="cp1250").file.pack.prompts[0].situation == "Žena čeká."
    with pytest.raises(PackError) as refused:
        made(tmp_path, table, encoding="utf-8", folder=tmp_path / "other")
    assert refused.value.facts["problem"] == "encoding_wrong"
    assert [name for name in ("cp1250", "shift_jis", "UTF-8", "utf-16", "klingon", "hex", "") if is_encoding(name)] == [
        "cp1250", "shift_jis", "UTF-8", "utf-16",
    ]  # fmt: skip


def test_a_folder_that_holds_something_and_a_table_that_is_not_there(tmp_path: Path) -> None:
    missing = NewPack(tmp_path / "new", tmp_path / "no.csv", studio=STUDIO)
    with pytest.raises(PackError) as refused:
        new_pack(missing)
    assert refused.value.code is ErrorCode.MEDIA_MISSING
    (tmp_path / "Evening").mkdir()
    (tmp_path / "Evening" / "mine.txt").write_text("mine")
    with pytest.raises(PackError) as refused:
        made(tmp_path, PLAIN)
    assert refused.value.code is ErrorCode.PACK_IN_THE_WAY
    assert [file.name for file in (tmp_path / "Evening").iterdir()] == ["mine.txt"]


def test_nobody_takes_the_practice_rooms_name(tmp_path: Path) -> None:
    assert refusal(tmp_path, PLAIN, id="practice").code is ErrorCode.PACK_RESERVED
