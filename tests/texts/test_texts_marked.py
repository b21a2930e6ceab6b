"""What a person sees is looked up: the texts of window, verbs, sentences and receipts stand in the catalogue."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from perfstudio.language.extraction import called, messages
from perfstudio.language.make import PACKAGE, ROOMS
from rigs.sources import no_garbage
from rigs.unmarked import unmarked

ALL_WORDS = ("texts", "consent/receipt.py", "consent/wording.py")
"""Where a single small word is said, too; elsewhere such a one is a colour, a key or a name."""
NO_LANGUAGE = {
    "ui/consent/languages.py": "the name of a language in that language",
    "ui/stylesheet.py": "rules of the style sheet",
    "ui/palette.py": "names of palettes",
    "ui/theme.py": "names of fonts and styles",
}
"""Files that say nothing."""
NO_WORDS = {
    "border: 0; border-bottom: {width}px solid ": "a rule of the style sheet",
    **dict.fromkeys(("cause", "direction", "apart", "longer", "stream", "left"), "the name of a fact"),
    **dict.fromkeys(("ms", "Hz", "dB", "share"), "the unit of a check, by which its words are found"),
    **dict.fromkeys(("bit", "none"), "how a speed is typed"),
    "seconds": "how exactly a moment is written for machines",
    "https://studio.example/studio.json": "what an address looks like",
    "rtsp://192.168.1.20/live": "what an address looks like",
    "a thread": "said to a log",
    "Creator": "the name of a field of a PDF",
    "perfstudio receiver": "a name that the studio may change, in its document",
    "MJPEG": "the name of a format",
}
"""Texts that are no language, and why."""
FACTS = re.compile(r"\{([a-z_]+)\}")


@pytest.fixture(autouse=True)
def parsing() -> Iterator[None]:
    """What is parsed here stays until it has been looked at."""
    with no_garbage():
        yield


def sources() -> Iterator[tuple[str, str]]:
    """Every module that speaks, by its place in the package."""
    for room in ROOMS:
        top = PACKAGE / room
        for path in [top] if top.is_file() else sorted(top.rglob("*.py")):
            yield path.relative_to(PACKAGE).as_posix(), path.read_text(encoding="utf-8")


def speaks(name: str) -> bool:
    return name not in NO_LANGUAGE and (name.startswith(("ui/", "cli/", "texts/", "app.py")) or name in ALL_WORDS)


def test_no_text_is_outside_of_the_catalogue() -> None:
    found = [
        f"{name}:{text.line}: {text.text!r}"
        for name, source in sources()
        if speaks(name)
        for text in unmarked(source, all_words=name.startswith(ALL_WORDS))
        if not any(text.text == known or text.text.startswith(known + "\n") for known in NO_WORDS)
    ]
    assert found == [], "put it into _(...), or N_(...) where it is made at import"


def test_what_is_no_language_is_still_there() -> None:
    every = "".join(source for _name, source in sources())
    assert [
        text for text in NO_WORDS if text.replace("{", "{{").replace("}", "}}") not in every and text not in every
    ] == []
    assert [name for name in NO_LANGUAGE if not (PACKAGE / name).is_file()] == []


def test_nothing_below_speaks() -> None:
    """Rooms without a place in the catalogue look nothing up."""
    for path in PACKAGE.rglob("*.py"):
        name = path.relative_to(PACKAGE).as_posix()
        if not name.startswith(ROOMS):
            assert "language.catalogue" not in path.read_text(encoding="utf-8"), f"{name} has no place in the catalogue"


def test_every_sentence_gets_the_facts_that_it_names() -> None:
    found = []
    for name, source in sources():
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and called(node) in ("_", "ngettext", "pgettext"):
                given = {keyword.arg for keyword in node.keywords}
                texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
                named = set(FACTS.findall(" ".join(texts)))
                if texts and None not in given and named - {"number"} != given - {"number"}:
                    found.append((name, node.lineno, named ^ given))
    assert found == []


def test_a_name_of_one_letter_stays_what_it_is() -> None:
    """`_` looks up: a loop or an argument of that name would take it away."""
    found = []
    for name, source in sources():
        if "language.catalogue import" not in source or " _" not in source:
            continue
        for function in ast.walk(ast.parse(source)):
            if isinstance(function, ast.FunctionDef | ast.Lambda):
                inside = list(ast.walk(function))
                takes = any(
                    (isinstance(node, ast.Name) and node.id == "_" and isinstance(node.ctx, ast.Store))
                    or (isinstance(node, ast.arg) and node.arg == "_" and node in function.args.args)
                    for node in inside
                )
                asks = any(isinstance(node, ast.Call) and called(node) == "_" for node in inside)
                if takes and asks:
                    found.append((name, function.lineno))
    assert found == []


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        ('label.setText("kept")', ["kept"]),
        ('label.setText(_("kept"))', []),
        ('label.setToolTip(f"{n} takes")', [" takes"]),
        ('out.say("no" if a else b)', ["no"]),
        ('Chip("practice", "look")', ["practice"]),
        ('Chip(_("practice"), "look")', []),
        ('SettingLine("Space", box)', ["Space"]),
        ('x = "Nothing was changed."', ["Nothing was changed."]),
        ('x = N_("Nothing was changed.")', []),
        ('W: Messages[dict[str, str]] = {"a key": "Some words"}', []),
        ('W = {"a key": "Some words"}', ["Some words"]),
        ('parser.add_argument("--x", help="words")', ["words"]),
        ('parser.add_argument("--x", help=_("words"))', []),
        ('if name == "Some words": pass', []),
        ('"""Some words."""', []),
        ('self.go("scenes")', []),
    ],
)
def test_the_rule_sees_what_is_seen(source: str, seen: list[str]) -> None:
    assert [text.text for text in unmarked(source, all_words=False)] == seen


def test_a_table_is_taken_whole_with_its_comment() -> None:
    source = (
        '# Translators: of a take.\nW: Messages[dict[str, str]] = {\n    "k": "word",\n    "l": C_("x", "y"),\n}\n'
        '_("a {b}", b=1)'
    )
    found = {(message.text, message.context, message.comment) for message in messages(source)}
    assert found == {("word", "", "of a take."), ("y", "x", "of a take."), ("a {b}", "", "")}
    (only,) = messages('# Translators: of a take.\nx = N_("kept")')
    assert only.comment == "of a take."


def test_source_is_utf_8(tmp_path: Path) -> None:
    file = tmp_path / "words.py"
    file.write_bytes('x = N_("“Ä”")'.encode())
    assert [message.text for message in messages(file.read_text(encoding="utf-8"))] == ["“Ä”"]
