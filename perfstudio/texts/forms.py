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
    "pattern": "it does not have the right form",
    "not_one_of": "it is not one of the known words[: {limit}]",
    "not_text": "it must be text",
    "not_a_number": "it must be a number",
    "not_whole": "it must be a whole number",
    "not_a_list": "it must be a list",
    "not_an_object": "it must be an object",
    "not_true_or_false": "it must be true or false",
    "not_a_date": "it must be a date such as 2026-12-18",
    "not_a_moment": "it must be a moment such as 2026-12-18T20:15:00Z",
    "wrong_type": "it is not of the kind asked for",
    "twice": "it is there twice",
    "no_such_brief": "there is no brief with this id",
    "no_such_media": "there is no media entry with this id",
    "min_above_max": "the shortest length is longer than the longest",
    "why_missing": "a required use must say why",
    "never_required": "this use may be asked for, but never required",
    "terms_language_missing": "the pack's own language is missing",
    "spoken_in_all": "the terms must ask for the same reading aloud in every language",
    "file_twice": "two entries name the same file",
    "blank": "it has only spaces",
    "newer_format": "it needs a newer perfstudio. Update this one to open it",
    "belongs_to_a_role": "the scene names roles, so this must be in one of them",
    "no_such_prompt": "there is no prompt with this id[; perhaps you meant “{limit}”]",
    "in_two_sections": "a scene can be in one section only, and this one is already in another",
    "unknown_language": "it is not a language tag, such as en, de-AT or yue",
    "no_such_tag": "it is not a tag from the published list[; perhaps you meant “{limit}”]. The list is in "
    "content-tags.toml",
    "none_with_tags": "“none” must be alone: it says that nothing on the list is touched",
    "empty_table": "it is empty",
    "no_rows": "there are no rows below the column names",
    "too_many_rows": "it has {rows} rows, and a pack holds {limit} scenes. Split it into several tables",
    "too_many_cells": "the row has more cells than there are columns[, which are {limit}]. Put quotation marks around "
    "a text that contains the separator",
    "column_missing": "the first row must name this column",
    "column_twice": "two columns have this name",
    "column_alike": "this column is not known; perhaps you meant “{limit}”. Change its name in the first row",
    "cell_empty": "this cell must say something",
    "cell_too_long": "a cell is longer than 131,072 letters, or a quotation mark in it is not closed",
    "quote_open": "a quotation mark is not closed, or stands inside a text without being doubled",
    "table_too_large": "it is larger than {limit} MB",
    "spreadsheet": "it is an office document. Save it as CSV first",
    "not_a_table": "it is not text",
    "encoding_unknown": "it is not UTF-8, UTF-16 or Windows-1252. Save it as UTF-8, or give --encoding",
    "encoding_wrong": "it is not in the encoding that was named",
    "not_utf8": "it is not UTF-8 text[, {slip}]",
    "not_json": "it is not JSON[, {slip}]",
    "control_character": "it contains a control character",
    "too_deep": "it is nested too deeply",
    "duplicate_key": "a name appears twice",
    "turning_mark": "it contains a mark that changes the direction of text around it",
    "signature_of_others": "it is the signature of something else",
    "signature_wrong": "the signature is not valid",
    "not_listed": "the zip contains a file that the pack does not name",
    "hash_differs": "the file is not the one the pack names",
    "media_type": "it is not a kind of file that can be shown or played here",
    "not_a_file": "it is not an ordinary file",
    "damaged": "it is damaged",
    "too_costly": "it takes more time or memory to open than is allowed",
    "names_collide": "two files differ only in how their names are written",
    "overlap": "two files share the same bytes",
    "unsafe_name": "its name is not safe",
    "encrypted": "it is encrypted",
    "packing_method": "it is compressed in a way that cannot be read here",
}
_SLIPS: Messages[dict[str, str]] = {
    "empty": "it is empty",
    "comment": "which has no comments",
    "trailing_comma": "because there is a comma before a closing bracket",
    "quotes": "which needs straight double quotes",
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
