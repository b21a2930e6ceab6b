"""The works of others are named with their licences: those that are installed, or those that an installer lists."""

from __future__ import annotations

import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

from perfstudio.resources import asset, assets
from perfstudio.session import works
from perfstudio.session.works import BroughtWork, brought, listed

sys.path.insert(0, str(assets().parent / "installer"))
import build_environment
import papers


def test_the_list_is_that_of_the_lock_and_says_what_packages_say() -> None:
    packages = {one["name"]: one for one in tomllib.loads(asset("papers", "works.toml").read_text())["package"]}
    assert sorted(packages) == sorted(build_environment.locked_names())
    for name, one in packages.items():
        try:
            found = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            assert one["licence"], "of another system"
        else:
            assert one["licence"] == papers.licence(found), name


def test_what_is_installed_is_named_with_what_it_brings_and_no_tool_of_the_tests() -> None:
    found = {work.name: work for work in brought()}
    assert found["Python"].version == sys.version.split()[0]
    assert found["Qt"] == BroughtWork("Qt", "", "LGPL-3.0-only")
    assert found["numpy"].version == metadata.version("numpy")
    assert found["Inter"].licence == "OFL-1.1"
    assert not {"pytest", "ruff", "perfstudio"} & set(found)


def test_what_an_installer_wrote_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    papers.collect(tmp_path / "licences", ["numpy", "requests"])
    monkeypatch.setattr(works, "is_frozen", lambda: True)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "perfstudio"))
    assert [work.name for work in brought()] == ["Inter", "Unicode CLDR", "numpy", "OpenBLAS", "requests", "Python"]
    assert listed("numpy 2.1: BSD-3-Clause AND Zlib\nNo work: of anybody\n") == (
        BroughtWork("numpy", "2.1", "BSD-3-Clause AND Zlib"),
    )
