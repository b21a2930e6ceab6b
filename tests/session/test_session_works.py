"""The works of others are named with their licences: those that are installed, or those that an installer lists."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from perfstudio.resources import assets
from perfstudio.session import works
from perfstudio.session.works import Work, brought, listed


def test_what_is_installed_is_named_with_what_it_brings_and_no_tool_of_the_tests() -> None:
    found = {work.name: work for work in brought()}
    assert found["Python"].version == sys.version.split()[0]
    assert "LGPL" in found["Qt"].licence
    assert found["Qt"].version == ""
    assert found["requests"].licence.startswith("Apache")
    assert found["Inter"].licence == "OFL-1.1"
    assert not {"pytest", "ruff", "perfstudio"} & set(found)
    assert all(work.licence for work in found.values())


def test_what_an_installer_wrote_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sys.path.insert(0, str(assets().parent / "installer"))
    import papers

    papers.collect(tmp_path / "licences", ["numpy", "requests"])
    monkeypatch.setattr(works, "is_frozen", lambda: True)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "perfstudio"))
    assert [work.name for work in brought()] == ["Inter", "Unicode CLDR", "numpy", "OpenBLAS", "requests", "Python"]
    assert listed("numpy 2.1: BSD-3-Clause AND Zlib\nNo work: of anybody\n") == (
        Work("numpy", "2.1", "BSD-3-Clause AND Zlib"),
    )
