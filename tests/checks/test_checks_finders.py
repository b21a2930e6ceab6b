"""Finders behind one protocol: the cascades that come along, and a model file that somebody supplies."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import cv2
import numpy as np
import pytest
from checks_material import Scene, frames, portrait, voice, write_film

from perfstudio.checks.faces import HaarFinder, YuNetFinder, to_grey
from perfstudio.checks.live import LiveChecks
from perfstudio.checks.report import check_media
from perfstudio.model.checks import CheckCode, FaceModel
from perfstudio.model.errors import ErrorCode, MediaError
from perfstudio.session.takes.face_detector import VARIABLE, open_finder, read_face_model, wanted
from rigs.onnx_model import write_bright_finder

REAL = os.environ.get(VARIABLE)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_bright_finder(tmp_path_factory.mktemp("model") / "größer.onnx", scale=2.0)


def lamp(at: tuple[int, int] = (128, 64), size: tuple[int, int] = (320, 180)) -> np.ndarray:
    """A bright square of 32 pixels."""
    image = np.zeros((size[1], size[0], 3), np.uint8)
    image[at[1] : at[1] + 32, at[0] : at[0] + 32] = 255
    return image


def test_a_supplied_model_finds_in_shares_of_the_picture(model: Path) -> None:
    finder = YuNetFinder(model)
    (box,) = finder.find(lamp())
    assert (box.centre_x, box.centre_y) == pytest.approx((144 / 320, 80 / 180), abs=0.02)
    assert box.height == pytest.approx(64 / 180, rel=0.1)
    (large,) = finder.find(cv2.resize(lamp(), (1280, 720), interpolation=cv2.INTER_NEAREST))
    assert large.overlap(box) > 0.9
    assert finder.find(lamp(), smallest=0.5) == ()
    assert finder.find(np.zeros((123, 77, 3), np.uint8)) == ()


def test_the_model_is_known_by_its_hash(model: Path) -> None:
    right = hashlib.sha256(model.read_bytes()).hexdigest()
    assert YuNetFinder(model).sha256 == YuNetFinder(model, right).sha256 == right
    assert read_face_model(model, "MIT") == FaceModel(path=str(model), sha256=right, licence="MIT")
    with pytest.raises(MediaError) as changed:
        YuNetFinder(model, "0" * 64)
    assert changed.value.facts == {"file": model.name, "reason": "changed"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "missing"),
        (b"", "unusable"),
        (b"not a model at all\n" * 40, "unusable"),
        ("half", "unusable"),
        ("other", "unusable"),
        ("folder", "missing"),
    ],
)
def test_a_file_that_is_no_model_is_said_and_the_embedded_finder_looks(
    model: Path, tmp_path: Path, content: bytes | str | None, reason: str
) -> None:
    path = tmp_path / "model.onnx"
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content == "half":
        path.write_bytes(model.read_bytes()[:2000])
    elif content == "other":  # a model, but of something else: its outputs have other names
        path.write_bytes(model.read_bytes().replace(b"cls_8", b"cat_8"))
    elif content == "folder":
        path.mkdir()
    finder, problem = open_finder(FaceModel(path=str(path)))
    assert isinstance(finder, HaarFinder)
    assert problem is not None
    assert problem.code is ErrorCode.FACE_MODEL
    assert problem.facts == {"file": "model.onnx", "reason": reason}


def test_the_environment_comes_before_the_choice(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = FaceModel(path="/elsewhere/a.onnx", sha256="ab")
    monkeypatch.delenv(VARIABLE, raising=False)
    assert wanted(chosen) == chosen
    assert wanted(None) is None
    monkeypatch.setenv(VARIABLE, str(model))
    finder, problem = open_finder(wanted(chosen))
    assert (finder.name, problem) == ("yunet", None)


def test_the_face_check_says_what_looked(model: Path, tmp_path: Path) -> None:
    film = write_film(tmp_path / "a.mp4", ((i / 10, lamp((128, 64))) for i in range(30)), sound=voice(1)[:144000])
    finder = YuNetFinder(model)
    found = {r.code: r for r in check_media(film, None, finder=finder)}[CheckCode.FACE]
    assert found.value == 1.0
    assert found.facts == {"finder": "yunet", "finder_sha256": finder.sha256}
    plain = {r.code: r for r in check_media(film, None)}[CheckCode.FACE]
    assert (plain.value, plain.facts) == (0.0, {"finder": "haar"})


def test_the_live_pass_says_what_looked(model: Path) -> None:
    live = LiveChecks(YuNetFinder(model))
    live.begin_take(0.0)
    for index in range(20):
        live.frame(lamp(), index / 5, lamp)
    summary = live.end_take()()
    assert summary.picture is not None
    assert summary.picture.framing.share == 1.0
    assert summary.picture.finder == ("yunet", live.finder.sha256)


@pytest.mark.skipif(not REAL, reason=f"no real model here: name one in {VARIABLE}")
def test_a_real_model_where_one_is_at_hand_puts_the_box_where_the_cascades_do() -> None:
    assert REAL is not None
    finder = YuNetFinder(Path(REAL))
    (box,) = finder.find(portrait())
    (known,) = HaarFinder().find(portrait())
    assert box.overlap(known) > 0.75
    (small,) = finder.find(Scene(width=640, height=360, face_height=0.06).draw(0.0), smallest=0.03)
    assert small.centre_x == pytest.approx(0.5, abs=0.05)
    turned = Scene(roll_deg=40.0)
    assert all(finder.find(picture) for _, picture in frames(turned, 1.0, 5.0))
    assert finder.find(cv2.cvtColor(to_grey(portrait()), cv2.COLOR_GRAY2BGR))
