"""Texts of the source that a person may see and that no catalogue knows."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields

from perfstudio.language.extraction import called, messages
from perfstudio.resources import asset
from perfstudio.ui.palette import Palette
from perfstudio.ui.widgets.keycap import KEYS

SHOWN: dict[str, tuple[int, ...]] = {
    # what Qt shows or reads out
    **dict.fromkeys(("setText", "setToolTip", "setStatusTip", "setWhatsThis", "setWindowTitle", "setTitle"), (0,)),
    **dict.fromkeys(("setAccessibleName", "setAccessibleDescription", "setPlaceholderText", "addAction"), (0,)),
    "QFileDialog": (1, 3),
    "drawText": (0, 1, 2, 3),
    # the window's own widgets, and what changes their words
    **dict.fromkeys(("PlainLabel", "ElidedLabel", "Button", "Link", "Chip", "Choice", "Toggle", "Banner"), (0,)),
    **dict.fromkeys(
        ("SearchField", "SegmentedFilter", "ProgressLine", "ChoiceCard", "Section", "Card", "_Action"), (0,)
    ),
    **dict.fromkeys(("IconButton", "KeyHint", "RailButton", "announce", "show_count"), (1,)),
    **dict.fromkeys(("EmptyState", "RowChoice", "Line", "StepLine"), (1, 2)),
    **dict.fromkeys(("note", "show_message", "show_words", "say_detail", "flash", "show_hint", "show_heartbeat"), (0,)),
    "SettingLine": (0, 2),
    "Scale9": (0, 1, 2),
    "paint_chip": (3,),
    "ask": (0, 1),
    "clear": (0,),
    "say": (0, 1),
    "__init__": (0, 1),
    # what a terminal shows
    **dict.fromkeys(("print", "warn", "progress", "ArgumentTypeError", "getpass", "_typed"), (0,)),
}
"""Calls, and which of their arguments are seen: there a text is language even when it looks like a name."""
CODES = {
    "add", "add_page", "asset", "color", "compile", "count", "debug", "decode", "encode", "error", "find", "fromkeys",
    "get", "getLogger", "getattr", "go", "import_module", "isoformat", "lookup", "open", "pixmap", "register",
    "removeprefix", "replace", "set_defaults", "sub", "tint", "turn_to",
}  # fmt: skip
"""Calls whose arguments are names, keys, patterns or formats, and are not seen."""
SHOWN_BY_NAME = {"help", "description", "epilog", "title", "words", "text", "tooltip"}
"""Arguments that are seen whatever is called."""
NAMES = frozenset(
    {field.name for field in fields(Palette)} | {icon.stem for icon in asset("icons").glob("*.svg")} | {*KEYS, "plain"}
)
"""Colours, icons and the keys of the keyboard: at the places of words they are words all the same."""

_WORDS = re.compile(r"[^\W\d_]{2,}")
_SENTENCE = re.compile(r"[^\W\d_][\w’']*[,.;:!?…]? +\S*[^\W\d_]")
_CAPITAL = re.compile(r"[A-Z][a-z]+([ ,.:]|$)")


@dataclass(frozen=True, slots=True)
class Unmarked:
    """A text outside of the catalogue, and where it stands."""

    line: int
    text: str


def unmarked(source: str, *, all_words: bool) -> Iterator[Unmarked]:
    """Texts of a module that nobody can translate. `all_words`: a room where a single small word is language, too."""
    tree = ast.parse(source)
    known = {(node.lineno, node.col_offset) for message in messages(source) for node in message.nodes}
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    silent = set(_docstrings(tree))
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str)) or node in silent:
            continue
        if (node.lineno, node.col_offset) in known or not _WORDS.search(node.value):
            continue
        if _is_seen(node, parents, all_words=all_words):
            yield Unmarked(node.lineno, node.value)


def _docstrings(tree: ast.AST) -> Iterator[ast.Constant]:
    """Docstrings, the lines below a name that say what it is, and the names that a module offers."""
    for node in ast.walk(tree):
        for statement in getattr(node, "body", []) if isinstance(getattr(node, "body", None), list) else []:
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                yield statement.value
            if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "__all__":
                yield from (node for node in ast.walk(statement) if isinstance(node, ast.Constant))


def _is_seen(node: ast.Constant, parents: dict[ast.AST, ast.AST], *, all_words: bool) -> bool:
    inner: ast.AST = node
    while (outer := parents.get(inner)) is not None and not isinstance(inner, ast.stmt):
        if (known := _place(inner, outer)) is not None:
            return known and not (_is_name(node.value) and not _is_first(inner, outer))
        inner = outer
    return not _is_name(node.value) and (all_words or _reads_like_language(node.value))


def _is_name(text: str) -> bool:
    """A colour, an icon, a key or keys that are pressed together."""
    return all(part in NAMES or not part.isalpha() for part in text.split(" "))


def _is_first(inner: ast.AST, outer: ast.AST) -> bool:
    """Whether it stands where only words stand: behind them some calls take a colour."""
    return not (isinstance(outer, ast.Call) and called(outer) in ("say", "__init__") and outer.args.index(inner))


def _reads_like_language(text: str) -> bool:
    return bool(_SENTENCE.search(text) or _CAPITAL.match(text))


def _place(inner: ast.AST, outer: ast.AST) -> bool | None:
    """Whether a part of an expression is seen: True, False, or None where what is around it decides."""
    if isinstance(outer, ast.Call) and inner in outer.args:
        name = called(outer)
        return True if outer.args.index(inner) in SHOWN.get(name, ()) else False if name in CODES else None
    if isinstance(outer, ast.keyword):
        return True if outer.arg in SHOWN_BY_NAME else None
    aside = (
        (isinstance(outer, ast.Dict) and inner in outer.keys)
        or (isinstance(outer, ast.IfExp) and inner is outer.test)
        or (isinstance(outer, ast.AnnAssign) and inner is outer.annotation)
        or isinstance(outer, ast.Compare | ast.Subscript | ast.MatchValue)
    )
    return False if aside else None
