"""What can be wrong with the form of a document that somebody wrote (a pack, a studio), as clauses behind a colon."""

from __future__ import annotations

from collections.abc import Mapping

from perfstudio.language.catalogue import N_, Messages, _
from perfstudio.texts import formatting
from perfstudio.texts.error_details import reason
from perfstudio.texts.template import clause

_CLAUSES: Messages[dict[str, str]] = {
    "missing": "it is missing",
    "unknown_field": "this field is not known here",
    "too_short": "it is too short[, at least {limit}]",
    "too_long": "it is too long[, at most {limit} characters]",
    "too_few": "there are too few[, at least {limit}]",
    "too_many": "there are too many[, at most {limit}]",
    "too_small": "it is too small[, at least {limit}]",
    "too_large": "it is too large[, at most {limit}]",
    "number_too_large": "the number is too large",
    "pattern": "it does not have the form that is asked for",
    "not_one_of": "it is not one of the words known here[: {limit}]",
    "not_text": "it has to be text",
    "not_a_number": "it has to be a number",
    "not_whole": "it has to be a whole number",
    "not_a_list": "it has to be a list",
    "not_an_object": "it has to be an object",
    "not_true_or_false": "it has to be true or false",
    "not_a_date": "it has to be a date such as 2026-12-18",
    "not_a_moment": "it has to be a moment such as 2026-12-18T20:15:00Z",
    "wrong_type": "it is of another kind than asked for",
    "twice": "it is there twice",
    "no_such_brief": "there is no brief with this id",
    "no_such_media": "there is no media entry with this id",
    "min_above_max": "the shortest length is above the longest",
    "why_missing": "a required use has to say why",
    "never_required": "this use may be asked for but never required",
    "terms_language_missing": "the pack's own language is missing",
    "spoken_in_all": "the terms in every language have to ask alike for what is read aloud",
    "file_twice": "two entries name the same file",
    "blank": "it holds only spaces",
    "newer_format": "a newer perfstudio reads it. Bring this one up to date to open it",
    "belongs_to_a_role": "the scene names roles, so this has to stand in one of them",
    "no_such_prompt": "there is no prompt with this id[; perhaps “{limit}” is meant]",
    "in_two_sections": "a scene stands in one section only, and this one is in another already",
    "unknown_language": "it is no language tag, such as en, de-AT or yue",
    "no_such_tag": "it is no tag of the published list[; perhaps “{limit}” is meant]. The list is in content-tags.toml",
    "none_with_tags": "“none” has to stand alone: it says that nothing of the list is touched",
    "empty_table": "it is empty",
    "no_rows": "no row stands below the names of the columns",
    "too_many_rows": "it has {rows} rows, and a pack holds {limit} scenes. Make several tables of it",
    "too_many_cells": "the row has more cells than there are columns[, which are {limit}]. A sign that parts columns "
    "may stand in a text that has no quotation marks around it",
    "column_missing": "the first row has to name this column",
    "column_twice": "two columns have this name",
    "column_alike": "this column is not known; perhaps “{limit}” is meant. Change its name in the first row",
    "cell_empty": "this cell has to say something",
    "cell_too_long": "a cell is longer than 131,072 letters, or a quotation mark in it is not closed",
    "quote_open": "a quotation mark is not closed, or stands inside a text without being doubled",
    "table_too_large": "it is larger than {limit} MB",
    "spreadsheet": "it is a document of an office program. Save it as CSV first",
    "not_a_table": "it is no text",
    "encoding_unknown": "it is neither UTF-8, UTF-16 nor Windows-1252. Save it as UTF-8, or say --encoding",
    "encoding_wrong": "it is not in the encoding that was named",
    "not_utf8": "it is not UTF-8 text[, {slip}]",
    "not_json": "it is not JSON[, {slip}]",
    "control_character": "it holds a control character",
    "too_deep": "it is nested too deeply",
    "duplicate_key": "a name is there twice",
    "turning_mark": "it holds a mark that turns the direction of text around",
    "signature_of_others": "it is the signature of other words",
    "signature_wrong": "the signature does not hold",
    "not_listed": "the zip holds a file that the pack does not name",
    "hash_differs": "the file is not the one that the pack names",
    "media_type": "it is not a kind of file that is shown or played here",
    "not_a_file": "it is not an ordinary file",
    "damaged": "it is damaged",
    "too_costly": "it takes more time or memory to open than is given to it",
    "names_collide": "two files differ only in the writing of their names",
    "overlap": "two files share the same bytes",
    "unsafe_name": "its name is not safe",
    "encrypted": "it is encrypted",
    "packing_method": "it is packed in a way that is not read here",
}
_SLIPS: Messages[dict[str, str]] = {
    "empty": "it is empty",
    "comment": "which knows no comments",
    "trailing_comma": "for a comma stands before a closing bracket",
    "quotes": "which wants straight double quotes",
    "utf_16": "save it as UTF-8",
}
"""What people write that is no JSON, behind a comma."""
_SIZES: Messages[dict[str, str]] = {
    "file": "the file is over {bytes}",
    "unpacked": "unpacked it is over {bytes}",
    "entries": "it holds more than {limit} files",
    "ratio": "a file unpacks to more than {limit} times its size",
    "picture": "a picture is wider or higher than {limit} pixels",
}
_OTHER = N_("“{file}” in it is over {bytes}")


def form_problem(code: str, facts: Mapping[str, str | int | float]) -> str:
    """Which rule of the form is broken, as a clause; with the limit where one is known."""
    limit = facts.get("limit", "")
    words = {"limit": formatting.number(limit) if isinstance(limit, int | float) else limit.replace("'", "")}
    rows = facts.get("rows", "")
    words["rows"] = formatting.number(rows) if isinstance(rows, int | float) else rows
    words["slip"] = _(_SLIPS.get(str(facts.get("slip", "")), ""))
    if code not in _CLAUSES:
        return reason(code)
    return clause(_CLAUSES[code], words)


def over_the_limit(what: str, limit: str | int | float) -> str:
    """Which measure of a pack is too large, as a clause. What is no measure is the name of a file inside."""
    figure = float(limit) if isinstance(limit, int | float) else 0.0
    words = {"limit": formatting.number(figure), "bytes": formatting.size(figure), "file": what}
    return clause(_SIZES.get(what, _OTHER if what and figure else ""), words)
