"""The OpenCV that installers for Linux build: that it has what is called, and when it is built anew."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import cv2
import pytest

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "installer"))

import opencv  # noqa: E402
import opencv_calls  # noqa: E402
from build_environment import Bench  # noqa: E402
from system import SetupError  # noqa: E402

SOURCES = sorted((TOP / "perfstudio").rglob("*.py"))


def test_everything_that_is_called_of_opencv_is_there() -> None:
    """In this environment as in the library that an installer carries, which is asked with the same words."""
    asked = opencv_calls.called()
    assert {"cv2.FaceDetectorYN.create", "cv2.utils.logging.setLogLevel", "cv2.resize"} <= set(asked)
    assert opencv_calls.missing(cv2) == []


def test_what_a_library_lacks_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(cv2, "phaseCorrelate")
    assert opencv_calls.missing(cv2) == ["cv2.phaseCorrelate (checks/steadiness.py)"]


def test_a_library_that_has_every_name_and_no_cameras_or_models_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cv2.videoio_registry, "getCameraBackends", tuple)
    monkeypatch.delattr(cv2, "dnn")
    assert opencv_calls.missing(cv2) == ["cameras of Linux (V4L2)", "face models (dnn)"]


def test_opencv_is_called_by_its_own_name() -> None:
    """What is imported out of it, or by another name, would not be seen by `opencv_calls`."""
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if "cv2" in text else ():
            assert not (isinstance(node, ast.ImportFrom) and node.module == "cv2"), path.name
            names = node.names if isinstance(node, ast.Import) else []
            assert not any(alias.name.partition(".")[0] == "cv2" and alias.asname for alias in names), path.name


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """A work folder in which the source was fetched already, on a machine with every tool."""
    archive = tmp_path / "opencv/opencv_python_headless-1.tar.gz"
    archive.parent.mkdir()
    archive.write_bytes(b"source")
    monkeypatch.setattr(opencv, "source", lambda _bench: archive)
    monkeypatch.setattr(opencv, "_tools", lambda: ["c++ 1"])
    monkeypatch.setattr(opencv, "_hold", lambda _made, _bench: None)
    return Bench([sys.executable], tmp_path, tmp_path, "1.2.3", 0)


def test_it_is_built_when_version_words_or_tools_change_and_else_kept(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[str] = []

    def build(archive: Path, folder: Path, _bench: Bench) -> None:
        built.append(archive.name)
        (folder / opencv.PAPERS).mkdir(parents=True)
        (folder / opencv.PAPERS / "zlib-LICENSE").touch()
        (folder / opencv.LIBRARY).write_bytes(f"library {len(built)}".encode())

    monkeypatch.setattr(opencv, "_build", build)
    frozen = bench.work / "frozen"
    place = frozen / "_internal/cv2/cv2.abi3.so"
    linked = frozen / "_internal/opencv_python_headless.libs/libavcodec-57aca189.so.62"
    for folder in (place.parent, linked.parent):
        folder.mkdir(parents=True)
    linked.touch()
    for change, number in (
        (None, 1),
        (None, 1),
        (lambda: opencv.source(bench).write_bytes(b"of another version"), 2),
        (lambda: monkeypatch.setattr(opencv, "MODULES", "core"), 3),
        (lambda: monkeypatch.setattr(opencv, "_tools", lambda: ["c++ 2"]), 4),
        ((bench.work / "opencv/built/stamp").unlink, 5),
    ):
        if change:
            change()
        place.write_bytes(b"the wheel's")
        opencv.put(frozen, bench)
        assert (place.read_bytes(), len(built)) == (f"library {number}".encode(), number)
    assert (frozen / "licences/opencv-python-headless/zlib-LICENSE").is_file()
    assert not linked.parent.exists()


def test_what_was_built_without_something_is_not_kept(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def lacks(_made: Path, _bench: Bench) -> None:
        raise SetupError("lacks cameras")

    monkeypatch.setattr(opencv, "_build", lambda _archive, folder, _bench: folder.mkdir())
    monkeypatch.setattr(opencv, "_hold", lacks)
    for _ in range(2):
        with pytest.raises(SetupError, match="lacks cameras"):
            opencv.library(bench)


def test_a_tool_that_is_missing_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opencv.platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(opencv.shutil, "which", lambda tool: None if tool in ("nasm", "ninja") else "/usr/bin/" + tool)
    with pytest.raises(SetupError, match=r"ninja, nasm is missing.*\n +sudo apt-get install ninja-build nasm$"):
        opencv._tools()


def test_every_switch_is_turned_once_and_nothing_tells_where_it_was_built() -> None:
    told = opencv.words(Path("/somewhere/work/opencv"), ["/somewhere/python"], "/include")
    names = [word.partition("=")[0] for word in told if word.startswith("-D")]
    assert len(names) == len(set(names))
    said = "Flags: -map=/here/work/opencv=. -O3\nInterpreter: /here/environment/bin/python\nV4L: YES\n"
    alike = opencv._of_no_place(said, Path("/here/work/opencv"), "/here/environment")
    assert alike == "Flags: -map==. -O3\nV4L: YES\n"


def test_the_lock_names_its_source(tmp_path: Path) -> None:
    """A file of another hash is not taken for it: it would be fetched, which fails here for want of a Python."""
    bench = Bench([str(tmp_path / "no-python")], tmp_path, tmp_path, "1.2.3", 0)
    with pytest.raises(OSError, match="no-python"):
        opencv.source(bench)
    (file,) = [tmp_path / "opencv" / f"opencv_python_headless-{version}.tar.gz" for version in locked()]
    file.write_bytes(b"another")
    with pytest.raises(OSError, match="no-python"):
        opencv.source(bench)


def locked() -> list[str]:
    lines = opencv.LOCK.read_text(encoding="utf-8").splitlines()
    return [line.split()[0].partition("==")[2] for line in lines if line.startswith(opencv.PACKAGE + "==")]
