"""The home folder: which one is chosen, and how private it is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from perfstudio.model.errors import ErrorCode, LibraryError
from perfstudio.paths import AppPaths, leads_to
from rigs.systems import WINDOWS, mode_of, private


def test_the_option_wins_over_the_variable_and_that_over_the_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PERFSTUDIO_HOME", str(tmp_path / "variable"))
    assert AppPaths.choose(tmp_path / "option").home == tmp_path / "option"
    assert AppPaths.choose().home == tmp_path / "variable"
    monkeypatch.delenv("PERFSTUDIO_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("USERPROFILE" if WINDOWS else "HOME", str(tmp_path))
    assert AppPaths.choose().home.name == "perfstudio"
    assert AppPaths.choose(Path("~/here")).home == tmp_path / "here"
    monkeypatch.chdir(tmp_path)
    assert AppPaths.choose(Path("near")).home == tmp_path / "near"


def test_every_folder_is_private_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        paths = AppPaths.choose(tmp_path / "deep" / "home").prepare()
    finally:
        os.umask(before)
    made = [tmp_path / "deep", paths.home, paths.takes, paths.packs, paths.keys, paths.logs]
    assert [mode_of(folder) for folder in made] == [private(0o700)] * len(made)
    assert paths.prepare() == paths


def test_a_home_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LibraryError) as caught:
        AppPaths.choose(tmp_path / "file" / "home").prepare()
    assert caught.value.code is ErrorCode.FOLDER_UNUSABLE


def test_where_a_path_leads_is_known_as_far_as_one_may_look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some links may not be read, and some lead to themselves: neither ends a verb."""

    def refused(path: object) -> str:
        raise PermissionError(13, "Permission denied")

    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    assert leads_to(loop).name == "loop"
    assert leads_to(loop / "x\0y").name == "x\0y"
    real = tmp_path / "real"
    real.mkdir()
    (tmp_path / "there").symlink_to(real)
    assert leads_to(tmp_path / "there") == Path(os.path.realpath(real))
    monkeypatch.setattr(os.path, "realpath", refused)
    assert leads_to(loop) == loop
