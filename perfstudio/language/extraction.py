"""Which texts of the program are in the catalogue: found in the source itself, without running it.

What xgettext finds, and whole tables: every text in a value annotated as `Messages[...]` is a message, keys are not. A
comment that begins with "Translators:" on the lines above goes along.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

COMMENT = "# Translators:"
TABLE = "Messages["
FORMS = ("Plural", "C_", "N_")
"""Calls inside a table whose texts are entries of their own."""
_NO_TEXT = (ast.Subscript, ast.Attribute, ast.JoinedStr)


@dataclass(frozen=True, slots=True)
class Message:
    """One entry of the catalogue, and the literals that it was made of."""

    text: str
    nodes: tuple[ast.Constant, ...]
    plural: str = ""
    context: str = ""
    comment: str = ""


def messages(source: str) -> Iterator[Message]:
    """Every message of a module, in the order of its lines."""
    lines, tree = source.splitlines(), ast.parse(source)
    tables = [(part.lineno, part.end_lineno or 0) for part in tree.body if isinstance(part, ast.Assign | ast.AnnAssign)]
    for message in sorted(_found(tree), key=lambda one: (one.nodes[0].lineno, one.nodes[0].col_offset)):
        at = message.nodes[0].lineno
        table = next((first for first, last in tables if first < at <= last), at)
        yield replace(message, comment=_comment(lines, at) or _comment(lines, table))


def called(node: ast.Call) -> str:
    """The last name of what is called."""
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _found(tree: ast.AST) -> Iterator[Message]:
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.AnnAssign)
            and node.value is not None
            and ast.unparse(node.annotation).startswith(TABLE)
        ):
            yield from (Message(str(text.value), (text,)) for text in _texts(node.value))
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        texts = [arg if isinstance(arg, ast.Constant) and isinstance(arg.value, str) else None for arg in node.args]
        match called(node), texts:
            case "ngettext" | "Plural", [ast.Constant() as one, ast.Constant() as many, *none]:
                yield Message(str(one.value), (one, many), plural=str(many.value))
                yield from (Message(str(text.value), (text,)) for text in none if text is not None)
            case "pgettext" | "C_", [ast.Constant() as context, ast.Constant() as text, *_rest]:
                yield Message(str(text.value), (text, context), context=str(context.value))
            case "_" | "N_" | "say" | "clause", [ast.Constant() as text, *_rest] if text.value:
                yield Message(str(text.value), (text,))


def _texts(node: ast.AST) -> Iterator[ast.Constant]:
    """Every text in a table but its keys, and but what is an entry of its own."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str) and any(map(str.isalpha, node.value)):
            yield node
    elif not isinstance(node, _NO_TEXT) and not (isinstance(node, ast.Call) and called(node) in FORMS):
        for part in _values(node):
            yield from _texts(part)


def _values(node: ast.AST) -> Iterable[ast.AST]:
    if isinstance(node, ast.Dict):
        return node.values
    if isinstance(node, ast.DictComp):
        return [node.value]
    return ast.iter_child_nodes(node)


def _comment(lines: list[str], number: int) -> str:
    """What stands for translators right above a line."""
    above: list[str] = []
    for line in reversed(lines[: number - 1]):
        text = line.strip()
        if not text.startswith("#"):
            break
        above.insert(0, text.removeprefix("#").strip())
        if text.startswith(COMMENT):
            return " ".join(above).removeprefix(COMMENT.removeprefix("# ")).strip()
    return ""
