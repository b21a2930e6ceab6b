"""The algebra that installers carry in OpenBLAS's place, held against NumPy; and nothing asks for what it refuses."""

from __future__ import annotations

import ast
import ctypes
import itertools
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "installer"))

import algebra  # noqa: E402
import slim_windows  # noqa: E402

linux = pytest.mark.skipif(not algebra.can_make(), reason="makes a library of Linux, with gcc")
ROWS, COLUMNS, PLAIN, TURNED, CONJUGATE, UPPER, LOWER = 101, 102, 111, 112, 113, 121, 122
KINDS = {"s": np.float32, "d": np.float64, "c": np.complex64, "z": np.complex128}
SIZES = ((1, 1, 1), (6, 16, 3), (7, 17, 300), (45, 33, 20), (520, 5, 9))
"""Rows, columns, depth: within a tile, over its edges, over a panel's depth, over a block."""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    file = tmp_path_factory.mktemp("algebra") / "libscipy_openblas64_-0.so"
    algebra.make(file, "linux")
    return ctypes.CDLL(str(file))


def draw(kind: str, *shape: int) -> np.ndarray[Any, Any]:
    chance = np.random.default_rng(sum(shape))
    whole = chance.normal(size=shape) + (1j * chance.normal(size=shape) if kind in "cz" else 0)
    return whole.astype(KINDS[kind])


def turned(matrix: np.ndarray[Any, Any], turn: int) -> np.ndarray[Any, Any]:
    return {PLAIN: matrix, TURNED: matrix.T, CONJUGATE: matrix.conj().T}[turn]


def laid(wanted: np.ndarray[Any, Any], order: int, turn: int) -> tuple[np.ndarray[Any, Any], int]:
    """The numbers in memory that stand for `wanted`, and how far apart their lines are: with three between them."""
    stored = turned(wanted, turn)
    lines = stored if order == ROWS else stored.T
    roomy = np.full((lines.shape[0], lines.shape[1] + 3), np.nan, wanted.dtype)
    roomy[:, : lines.shape[1]] = lines
    return roomy, roomy.shape[1]


def call(library: ctypes.CDLL, kind: str, name: str, *arguments: Any) -> Any:
    """Call a function of CBLAS: whole numbers of 64 bits, factors by value or, complex, by address."""
    real = {"s": ctypes.c_float, "d": ctypes.c_double}.get(kind)
    kept: list[Any] = []

    def given(argument: Any) -> Any:
        if isinstance(argument, np.ndarray):
            return ctypes.c_void_p(argument.ctypes.data)
        if isinstance(argument, int):
            return ctypes.c_int64(argument)
        if real:
            return real(argument)
        kept.append(np.array([argument], KINDS[kind]))
        return ctypes.c_void_p(kept[-1].ctypes.data)

    function = library[f"scipy_cblas_{kind}{name}64_"]
    function.restype = real if name == "dot" else None
    return function(*(given(argument) for argument in arguments))


def near(found: np.ndarray[Any, Any], wanted: np.ndarray[Any, Any], depth: int) -> None:
    """As near as sums of that many rounded products come."""
    assert np.all(np.isfinite(found))
    allowed = 8 * np.finfo(wanted.dtype).eps * (depth + 8)
    assert float(np.abs(found - wanted).max()) <= allowed * max(1.0, float(np.abs(wanted).max()))


@linux
@pytest.mark.parametrize("kind", KINDS)
def test_matrices_are_multiplied_however_they_lie(library: ctypes.CDLL, kind: str) -> None:
    turns = (PLAIN, TURNED, CONJUGATE) if kind in "cz" else (PLAIN, TURNED)
    for size, order, of_a, of_b in itertools.product(SIZES, (ROWS, COLUMNS), turns, turns):
        rows, columns, depth = size
        a, b, before = draw(kind, rows, depth), draw(kind, depth, columns), draw(kind, rows, columns)
        (in_a, apart_a), (in_b, apart_b), (out, apart) = (
            laid(a, order, of_a),
            laid(b, order, of_b),
            laid(before, order, PLAIN),
        )
        call(
            library,
            kind,
            "gemm",
            order,
            of_a,
            of_b,
            rows,
            columns,
            depth,
            1.5,
            in_a,
            apart_a,
            in_b,
            apart_b,
            -0.5,
            out,
            apart,
        )
        lines = out[:, :-3] if order == ROWS else out[:, :-3].T
        near(lines, (1.5 * (a @ b) - 0.5 * before).astype(KINDS[kind]), depth)
        assert np.all(np.isnan(out[:, -3:])), "what lies between two lines is not touched"


@linux
def test_what_stood_there_does_not_count_where_nothing_is_added_to_it(library: ctypes.CDLL) -> None:
    out = np.full((2, 2), np.nan, np.float32)
    one = np.ones((2, 2), np.float32)
    call(library, "s", "gemm", ROWS, PLAIN, PLAIN, 2, 2, 2, 1.0, one, 2, one, 2, 0.0, out, 2)
    assert np.array_equal(out, np.full((2, 2), 2.0, np.float32))


@linux
@pytest.mark.parametrize("kind", KINDS)
def test_a_matrix_times_a_row_of_numbers(library: ctypes.CDLL, kind: str) -> None:
    turns = (PLAIN, TURNED, CONJUGATE) if kind in "cz" else (PLAIN, TURNED)
    for order, turn, step in itertools.product((ROWS, COLUMNS), turns, (1, 2, -2)):
        a, x, before = draw(kind, 37, 70), draw(kind, 70 * abs(step)), draw(kind, 37 * abs(step))
        stored, apart = laid(a, order, turn)
        rows, columns = turned(a, turn).shape
        out = before.copy()
        call(library, kind, "gemv", order, turn, rows, columns, 2.0, stored, apart, x, step, 0.5, out, step)
        wanted = 2.0 * (a @ along(x, step, 70)) + 0.5 * along(before, step, 37)
        near(along(out, step, 37), wanted.astype(KINDS[kind]), 70)


def along(numbers: np.ndarray[Any, Any], step: int, count: int) -> np.ndarray[Any, Any]:
    """The numbers that CBLAS means: with a negative step from the last one back to the first in memory."""
    return numbers[:: abs(step)][:count][:: -1 if step < 0 else 1]


@linux
@pytest.mark.parametrize("kind", KINDS)
def test_a_matrix_times_itself_fills_one_triangle(library: ctypes.CDLL, kind: str) -> None:
    for order, triangle, turn, size in itertools.product((ROWS, COLUMNS), (UPPER, LOWER), (PLAIN, TURNED), (1, 32, 71)):
        a, before = draw(kind, size, 13), draw(kind, size, size)
        (stored, apart_a), (out, apart) = laid(a, order, turn), laid(before, order, PLAIN)
        call(library, kind, "syrk", order, triangle, turn, size, 13, 1.0, stored, apart_a, 2.0, out, apart)
        found = out[:, :-3] if order == ROWS else out[:, :-3].T
        kept = np.triu if triangle == UPPER else np.tril
        near(kept(found), kept(a @ a.T + 2.0 * before).astype(KINDS[kind]), 13)
        beside = {UPPER: np.tril, LOWER: np.triu}[triangle]
        sides = {UPPER: -1, LOWER: 1}[triangle]
        assert np.array_equal(beside(found, sides), beside(before, sides)), "the other one is not touched"


@linux
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("step", [1, 3, -2])
def test_rows_of_numbers_are_added_and_multiplied(library: ctypes.CDLL, kind: str, step: int) -> None:
    for count in (0, 1, 31, 1000):
        x, y = draw(kind, count * abs(step) + 1), draw(kind, count * abs(step) + 1)
        one, other = along(x, step, count), along(y, step, count)
        wanted = np.array([(one * other).sum(), (one.conj() * other).sum()], KINDS[kind])
        if kind in "sd":
            near(np.array([call(library, kind, "dot", count, x, step, y, step)], KINDS[kind]), wanted[:1], count)
        else:
            found = np.zeros(2, KINDS[kind])
            call(library, kind, "dotu_sub", count, x, step, y, step, found[:1])
            call(library, kind, "dotc_sub", count, x, step, y, step, found[1:])
            near(found, wanted, count)
        out = y.copy()
        call(library, kind, "axpy", count, 3.0, x, step, out, step)
        if count:
            near(along(out, step, count), 3.0 * one + other, 1)


@linux
def test_it_is_all_that_numpy_asks_for_and_what_is_refused_says_so(library: ctypes.CDLL) -> None:
    folder = Path(np.__file__).parent
    wheels = list((folder.parent / "numpy.libs").glob("libscipy_openblas64_*"))
    if not wheels:
        pytest.skip("this NumPy brings no OpenBLAS")
    said = [subprocess.run(["nm", "-D", "--undefined-only", file], capture_output=True, text=True, check=True).stdout
            for file in folder.rglob("*.so")]  # fmt: skip
    asked = {word for text in said for word in text.split() if word.startswith("scipy_")}
    assert len(asked) > 50
    assert [name for name in sorted(asked) if not hasattr(library, name)] == []
    counts = {
        "getrf": 6,
        "gesv": 8,
        "potrf": 5,
        "geev": 14,
        "gelsd": 14,
        "gesdd": 14,
        "syevd": 11,
        "geqrf": 8,
        "orgqr": 9,
    }
    for name, count in counts.items():
        outcome = ctypes.c_int64(0)
        library[f"scipy_d{name}_64_"](*[ctypes.c_void_p()] * (count - 1), ctypes.byref(outcome))
        assert outcome.value == 1, name


@pytest.mark.skipif(not shutil.which(algebra.COMPILERS["win32"][0]), reason="MinGW-w64 is not installed")
def test_on_windows_it_offers_the_same(library: ctypes.CDLL, tmp_path: Path) -> None:
    file = tmp_path / "libscipy_openblas64_-0.dll"
    algebra.make(file, "win32")
    offered = slim_windows.exported(file.read_bytes())
    assert len(offered) > 50
    assert [name for name in offered if not hasattr(library, name)] == []


SOLVED = frozenset({"polyfit", "cov", "corrcoef", "roots", "vander"})
"""Of NumPy itself, what solves or decomposes, or stands close to it."""
NOT_SOLVED = frozenset({"norm"})


def asks_for_lapack(tree: ast.AST) -> list[str]:
    """The names by which a source asks NumPy to solve or decompose."""
    attributes = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    of_linalg = [
        node.attr for node in attributes if isinstance(node.value, ast.Attribute) and node.value.attr == "linalg"
    ]
    imported = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    of_numpy = [node.attr for node in attributes if isinstance(node.value, ast.Name) and node.value.id == "np"]
    asked = [name for name in of_linalg if name not in NOT_SOLVED] + [name for name in of_numpy if name in SOLVED]
    return asked + [module for module in imported if module.startswith(("numpy.linalg", "numpy.polynomial"))]


def test_nothing_asks_numpy_to_solve_or_decompose() -> None:
    """A line is fitted, and two unknowns are found, in two lines of source."""
    sources = sorted((TOP / "perfstudio").rglob("*.py"))
    found = {
        path.name: asked for path in sources if (asked := asks_for_lapack(ast.parse(path.read_text(encoding="utf-8"))))
    }
    assert found == {}
    for text in ("np.linalg.solve(a, b)", "np.polyfit(x, y, 1)", "from numpy.linalg import svd"):
        assert asks_for_lapack(ast.parse(text)), text
    assert asks_for_lapack(ast.parse("np.linalg.norm(a)")) == []
