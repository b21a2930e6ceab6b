"""How the source is built: sizes, banned calls, rooms that do not know each other, plain text only."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from rigs.sources import Nodes, nodes_of

TOP = Path(__file__).resolve().parents[2]
PACKAGE = TOP / "perfstudio"
SOURCES = sorted(PACKAGE.rglob("*.py"))
ALL_SOURCES = [*SOURCES, *sorted((TOP / "installer").rglob("*.py")), *sorted((TOP / "tests").rglob("*.py"))]

FILE_LINES, FUNCTION_LINES = 400, 40

LONGER: dict[str, int] = {}
"""Files and functions ("path::name") that are still longer, with their length. It may only shrink."""

ROOMS = ("capture", "checks", "library", "packs", "consent", "delivery", "receiver")

TOP_LEVEL = {
    "assets", "CHANGELOG.md", "CONTRIBUTING.md", "installer", "LICENSE", "NOTICE", "perfstudio", "pyproject.toml",
    "README.md", "requirements.lock", "SECURITY.md", "tests",
}  # fmt: skip

BANNED = {
    "time.time": "perfstudio.model.clock has the clocks",
    "datetime.now": "perfstudio.model.clock has the clocks",
    "datetime.utcnow": "perfstudio.model.clock has the clocks",
    "os.system": "no shell",
    "pickle.loads": "data that can act",
    "eval": "text that can act",
    "exec": "text that can act",
    "tempfile.mktemp": "a name is not a file",
}
BANNED_ATTRIBUTES = {
    "processEvents": "never re-enter the event loop",
    "terminate_thread": "threads end by themselves",
    "setHtml": "plain text only",
    "insertHtml": "plain text only",
    "toHtml": "plain text only",
    "setMarkdown": "plain text only",
    "setOpenExternalLinks": "plain text only",
    "RichText": "plain text only",
    "AutoText": "plain text only",
    "MarkdownText": "plain text only",
}
ALLOWED = {
    ("perfstudio/model/clock.py", "datetime.now"),
    ("perfstudio/ui/help/guide_view.py", "setMarkdown"),  # pages of our own, which nobody else writes
    ("perfstudio/capture/recording/preview.py", "pickle.loads"),  # from our own recorder, through our own memory
}


def relative(path: Path) -> str:
    return path.relative_to(TOP).as_posix()


@pytest.fixture(scope="module")
def product() -> Nodes:
    """Every node of every file of the product."""
    return nodes_of(SOURCES)


def lengths(product: Nodes) -> Iterator[tuple[str, int, int]]:
    """(name, lines, limit) of every file, and of every function of the product."""
    for path in ALL_SOURCES:
        yield relative(path), len(path.read_text(encoding="utf-8").splitlines()), FILE_LINES
    for path, nodes in product.items():
        for node in nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{relative(path)}::{node.name}", (node.end_lineno or 0) - body_start(node) + 1, FUNCTION_LINES


def module_of(nodes: Sequence[ast.AST]) -> ast.Module:
    assert isinstance(nodes[0], ast.Module)
    return nodes[0]


def body_start(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Where a function's own lines begin: behind its signature and docstring."""
    first = node.body[0]
    is_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    if is_docstring and len(node.body) > 1:
        return node.body[1].lineno
    return first.lineno


def test_files_and_functions_stay_small(product: Nodes) -> None:
    measured = {name: (lines, limit) for name, lines, limit in lengths(product)}
    too_long = {n: lines for n, (lines, limit) in measured.items() if lines > limit and lines > LONGER.get(n, 0)}
    assert not too_long, "longer than allowed"
    shrunk = {n: now for n, was in LONGER.items() if (now := measured.get(n, (0, 0))[0]) < was}
    assert not shrunk, "write down the smaller length, or take the line out"


def dotted(node: ast.AST) -> str:
    """`a.b.c` of a chain of names, or an empty text."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else node.attr
    return ""


def test_nothing_banned_is_called(product: Nodes) -> None:
    found = []
    for path, nodes in product.items():
        for node in nodes:
            name = dotted(node.func) if isinstance(node, ast.Call) else ""
            last_two = ".".join(name.split(".")[-2:])
            if last_two in BANNED and (relative(path), last_two) not in ALLOWED:
                found.append((relative(path), node.lineno, name, BANNED[last_two]))  # type: ignore[attr-defined]
            banned = isinstance(node, ast.Attribute) and node.attr in BANNED_ATTRIBUTES
            if banned and (relative(path), node.attr) not in ALLOWED:
                found.append((relative(path), node.lineno, node.attr, BANNED_ATTRIBUTES[node.attr]))
            if isinstance(node, ast.keyword) and node.arg == "shell":
                found.append((relative(path), node.lineno, "shell=", "no shell"))
    assert not found


def imports(nodes: Sequence[ast.AST]) -> Iterator[tuple[str, int]]:
    """Every module that a file imports, also inside functions and under TYPE_CHECKING."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield f"{'.' * node.level}{node.module or ''}", node.lineno
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def test_rooms_of_one_floor_do_not_know_each_other_not_even_for_types(product: Nodes) -> None:
    found = []
    for room in ROOMS:
        others = tuple(f"perfstudio.{other}" for other in ROOMS if other != room)
        for path in (PACKAGE / room).rglob("*.py"):
            found += [(relative(path), line, name) for name, line in imports(product[path]) if name.startswith(others)]
    assert not found


def test_imports_are_absolute(product: Nodes) -> None:
    found = [
        (relative(path), line, name)
        for path, nodes in product.items()
        for name, line in imports(nodes)
        if name.startswith(".")
    ]
    assert not found


BLIND = """
import sys

class Blind:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"PySide6", "shiboken6"}:
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Blind())
import importlib, pkgutil
import perfstudio
for name in NAMES:
    package = importlib.import_module(f"perfstudio.{name}")
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        importlib.import_module(module.name)
assert not [name for name in sys.modules if name.partition(".")[0] in {"PySide6", "shiboken6"}]
"""


def test_everything_below_the_window_lives_without_qt() -> None:
    program = BLIND.replace("NAMES", repr(["model", "language", *ROOMS, "session", "texts", "cli"]))
    done = subprocess.run([sys.executable, "-c", program], cwd=TOP, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_labels_show_plain_text_only(product: Nodes) -> None:
    """A label guesses whether text is markup, so every label is made where its format is set at once."""
    found = []
    for path in (PACKAGE / "ui").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        makes = [n for n in product[path] if isinstance(n, ast.Call) and dotted(n.func).endswith("QLabel")]
        inherits = [
            n
            for n in product[path]
            if isinstance(n, ast.ClassDef) and any(dotted(base).endswith("QLabel") for base in n.bases)
        ]
        sets = text.count("setTextFormat(Qt.TextFormat.PlainText)")
        if len(makes) + len(inherits) > sets:
            found.append((relative(path), [n.lineno for n in (*makes, *inherits)]))
    assert not found, "QLabel without setTextFormat(Qt.TextFormat.PlainText)"


def test_the_tree_has_no_other_top_level_names() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=TOP, capture_output=True, text=True, check=False)
    if tracked.returncode:
        pytest.skip("not a git work tree")
    names = {line.partition("/")[0] for line in tracked.stdout.splitlines()}
    assert {name for name in names if not name.startswith(".")} <= TOP_LEVEL


def test_test_files_have_names_of_their_own() -> None:
    names = [path.name for path in (TOP / "tests").rglob("test_*.py")]
    assert len(names) == len(set(names))


def test_every_public_module_says_what_it_is(product: Nodes) -> None:
    silent = [relative(path) for path, nodes in product.items() if not ast.get_docstring(module_of(nodes))]
    assert not silent


CULPRITS = {
    "DISK_FULL": "durable.py",
    "DISK_READ_ONLY": "durable.py",
    "DISK_GONE": "durable.py",
    "NAME_TOO_LONG": "durable.py",
    "TOO_MANY_FILES": "durable.py",
    "DISK_WRITE": "durable.py",
    "FILE_IN_USE": "durable.py",
    "FOLDER_NOT_WRITABLE": "durable.py",
    "ENCODER_FAILED": "capture/files/encoders.py",
}
"""Codes of a write that failed, and the one file that tells them apart."""


def test_who_is_to_blame_for_a_failed_write_is_decided_in_one_place(product: Nodes) -> None:
    """Anybody may ask which one it is; nobody else makes one."""
    made = [
        (relative(path), code)
        for path, nodes in product.items()
        for node in nodes
        if isinstance(node, ast.Call)
        for argument in node.args
        if (code := dotted(argument).rpartition(".")[2]) in CULPRITS
        and relative(path) != f"perfstudio/{CULPRITS[code]}"
        if not dotted(node.func).endswith("sentence_for")
    ]
    assert not made


CHANGES_NAMES = ("unlink", "rename", "rmdir", "rmtree", "fsync", "fdatasync")
DURABLE = (
    "durable.py", "systems/durability.py", "systems/locks.py", "capture/recording/preview.py",
    "capture/recording/sound_tap.py",
)  # fmt: skip
"""And a block of shared memory, which has a name too."""


def changes_names(node: ast.AST) -> bool:
    """Whether this gives a file another name or takes it away (`replace` of a text has two words)."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    name = node.func.attr
    return name in CHANGES_NAMES or (name == "replace" and len(node.args) == 1 and not node.keywords)


def test_names_change_and_go_in_one_place(product: Nodes) -> None:
    """Elsewhere an open file would be met without patience, and a new name might not be on the disk."""
    assert not [
        f"{relative(path)}:{getattr(node, 'lineno', 0)}"
        for path, nodes in product.items()
        if relative(path) not in {f"perfstudio/{file}" for file in DURABLE}
        if path.is_relative_to(PACKAGE)
        for node in nodes
        if changes_names(node)
    ]


MATTERS = {
    "systems/consoles.py": "what a terminal knows",
    "systems/key_presses.py": "single keys of a terminal",
    "systems/durability.py": "bytes and names on the disk",
    "systems/file_addresses.py": "the path in an address",
    "systems/identity.py": "whose window it is",
    "systems/languages.py": "the system's language",
    "systems/locks.py": "locks",
    "systems/open_files.py": "who has a file open",
    "systems/full_paths.py": "a path from its root on",
    "systems/path_lengths.py": "how long a path may be",
    "systems/permissions.py": "what may use cameras and microphones",
    "systems/places.py": "whose a folder is",
    "systems/screens.py": "whether there is a screen",
    "systems/sockets.py": "connections",
    "own_process.py": "limits and memory of this process",
    "frozen.py": "further processes",
    "session/guarded_work.py": "their variables, where they have none of ours",
    "session/recorder/process_memory.py": "the allocator of glibc; other systems need none of it",
    "session/delivery/this_network.py": "which network this is",
    "session/system_links/registration.py": "links that the system hands on",
    "session/system_links/start_command.py": "what it starts for them",
    "session/system_links/windows.py": "that links and types have changed, told to Explorer",
    "session/takes/manifest_draft.py": "the system's name, written into a take",
    "delivery/http.py": "the system's name, said to a receiver",
    "cli/enter_key.py": "a key that is waited for",
    "ui/keyboard.py": "names of keys",
    "ui/consent/receipt_pdf_hand.py": "fonts without a screen",
    "capture/system/battery.py": "the battery",
    "capture/system/sleep_detector.py": "a sleep, found afterwards",
    "capture/system/sleep_inhibitor.py": "a sleep, told before",
    "capture/system/sleep_warning.py": "the same",
    "capture/devices/alsa.py": "microphones of Linux",
    "capture/devices/device_notices.py": "cameras and microphones that come and go",
    "capture/devices/local_cameras.py": "cameras",
    "capture/devices/node_events.py": "nodes of devices of Linux",
    "capture/devices/portaudio.py": "microphones",
    "capture/devices/pulseaudio.py": "the sound server of Linux",
    "capture/devices/v4l2.py": "cameras of Linux",
}
"""Who asks which system this is, or calls it by itself: one file a matter."""
OF_A_SYSTEM = {"ctypes", "fcntl", "msvcrt", "winreg", "resource", "termios", "pwd", "grp"}
WHICH = {"sys.platform", "os.name", "platform.system", "platform.machine", "os.uname"}


def asks_the_system(node: ast.AST) -> bool:
    """Whether this names the system, or loads what only some have."""
    match node:
        case ast.Attribute():
            return dotted(node) in WHICH
        case ast.Import():
            return any(alias.name.partition(".")[0] in OF_A_SYSTEM for alias in node.names)
        case ast.ImportFrom():
            return (node.module or "").partition(".")[0] in OF_A_SYSTEM
    return False


def test_each_matter_of_a_system_stands_in_one_file(product: Nodes) -> None:
    """What is not listed belongs behind one of these, or is a matter of its own, with a version for each system."""
    asking = {
        relative(path).removeprefix("perfstudio/")
        for path, nodes in product.items()
        if path.is_relative_to(PACKAGE) and any(map(asks_the_system, nodes))
    }
    assert asking <= MATTERS.keys()
    assert MATTERS.keys() - asking <= {"frozen.py"}


def test_limits_of_a_lost_take_stand_in_one_file(product: Nodes) -> None:
    """No other file of the recorder, the checks, the session or the page gives one of its names another value."""
    limits = PACKAGE / "model" / "loss_limits.py"
    names = {
        node.target.id
        for node in module_of(product[limits]).body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }
    again = [
        (relative(path), target.id)
        for path, nodes in product.items()
        if path != limits
        for node in nodes
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name) and target.id in names
    ]
    assert len(names) >= 16
    assert not again


def public_classes(product: Nodes) -> dict[str, list[str]]:
    """Every public class of the product by name, with the files that define it."""
    found: dict[str, list[str]] = {}
    for path, nodes in product.items():
        for node in module_of(nodes).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found.setdefault(node.name, []).append(relative(path))
    return found


def test_a_public_class_name_stands_once(product: Nodes) -> None:
    """Two classes of one name meet in one file sooner or later, and a reader takes one for the other."""
    classes = public_classes(product)
    assert len(classes) > 500
    assert not {name: files for name, files in classes.items() if len(files) > 1}


Documented = ast.Module | ast.ClassDef | ast.FunctionDef


def texts(product: Nodes) -> Iterator[tuple[str, str, bool]]:
    """(place, text, whether it is a docstring) of every docstring, and of every text below a constant or a field."""
    for path, nodes in product.items():
        own = {id(node.body[0]) for node in nodes if isinstance(node, Documented) and node.body}
        for node in nodes:
            match node:
                case ast.Expr(value=ast.Constant(value=str(text))):
                    yield f"{relative(path)}:{node.lineno}", text.strip(), id(node) in own


def test_docstrings_state_facts_each_by_itself(product: Nodes) -> None:
    """One that begins or ends in an ellipsis cannot be read without its neighbours; one word says nothing that the
    name does not."""
    found = list(texts(product))
    assert len(found) > 3000
    assert not {place: text for place, text, _ in found if text.startswith(("...", "…")) or text.endswith("...")}
    assert not {place: text for place, text, own in found if own and len(text.split()) < 2 and text != "True."}
