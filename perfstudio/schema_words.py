"""The words of a published schema: what stands under a field or behind a value in the source of its model.

Each field is described by the docstring below it, each value of an enumeration by the comment behind it or by a
docstring, so that a reader of the schema needs no other text. Reads source, so it runs where schemas are made and not
in the program.
"""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from enum import Enum
from functools import cache
from typing import Any, get_args

from perfstudio.model.base import Document

_COMMENT = re.compile(r"#\s*(.*)")


def describe(schema: dict[str, Any], kind: type[Document]) -> None:
    """Put the words of a model, and of everything inside it, into its JSON Schema."""
    kinds = _inside(kind)
    _describe_fields(schema, kind)
    for name, part in schema.get("$defs", {}).items():
        inside = kinds[name]
        if issubclass(inside, Enum):
            part["description"] = _values(inside)
        else:
            _describe_fields(part, inside)


def _describe_fields(part: dict[str, Any], kind: type[Any]) -> None:
    words: dict[str, str] = {}
    for above in reversed(kind.__mro__):
        if issubclass(above, Document):
            words |= _docstrings(above)
    for name, field in part.get("properties", {}).items():
        if name in words:
            field["description"] = words[name]


@cache
def _docstrings(kind: type[Any]) -> dict[str, str]:
    """What stands below each field in the body of one class, in one line."""
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    assert isinstance(tree, ast.ClassDef)  # noqa: S101 - the source of a class
    found = {}
    for field, below in zip(tree.body, tree.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and (text := _text(below)):
            found[field.target.id] = text
    return found


def _text(node: ast.stmt | None) -> str:
    """A docstring in one line; nothing where there is none."""
    match node:
        case ast.Expr(value=ast.Constant(value=str(text))):
            return " ".join(text.split())
    return ""


@cache
def _values(kind: type[Enum]) -> str:
    """The class's own words, then a line a value with the comment behind it, or above it where it is long."""
    source = textwrap.dedent(inspect.getsource(kind))
    (tree,) = ast.parse(source).body
    assert isinstance(tree, ast.ClassDef)  # noqa: S101 - the source of a class
    lines = source.splitlines()
    told = [inspect.cleandoc(kind.__doc__ or "").splitlines()[0]]
    for value, below in zip(tree.body, (*tree.body[1:], None), strict=True):
        if isinstance(value, ast.Assign):
            words = _beside(lines, value) or _text(below) or _above(lines, value.lineno - 1)
            told.append(f"- {ast.literal_eval(value.value)}" + (f": {words}" if words else ""))
    return "\n".join(told)


def _beside(lines: list[str], value: ast.Assign) -> str:
    text = "\n".join(lines[value.lineno - 1 : value.end_lineno])
    found = _COMMENT.search(text)
    return found[1] if found else ""


def _above(lines: list[str], at: int) -> str:
    first = at
    while lines[first - 1].strip().startswith("#"):
        first -= 1
    found = [_COMMENT.search(line) for line in lines[first:at]]
    return " ".join(match[1] for match in found if match)


def _inside(kind: type[Any]) -> dict[str, type[Any]]:
    """Every model and enumeration that a model is made of, by its name."""
    found: dict[str, type[Any]] = {}
    waiting: list[Any] = [kind]
    while waiting:
        part = waiting.pop()
        if isinstance(part, type) and part.__name__ not in found and issubclass(part, Document | Enum):
            found[part.__name__] = part
            if issubclass(part, Document):
                waiting += [field.annotation for field in part.model_fields.values()]
        waiting += get_args(part)
    return found
