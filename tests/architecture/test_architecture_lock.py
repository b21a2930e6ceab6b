"""The lock on every promised machine: what is said where it cannot be, and the list of what perfstudio is made of."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

INSTALLER = Path(__file__).resolve().parents[2] / "installer"
sys.path.insert(0, str(INSTALLER))

import audit  # noqa: E402
import environment  # noqa: E402
import lock_check  # noqa: E402
import machines  # noqa: E402
import sbom  # noqa: E402
from machines import Machine, why_not  # noqa: E402
from system import SetupError  # noqa: E402


@pytest.mark.parametrize(
    ("machine", "said"),
    [
        (Machine("Windows", "AMD64"), ""),
        (Machine("Windows", "ARM64"), "Python for Windows x86-64 instead"),
        (Machine("Windows", "x86", bits=32), "64 bits"),
        (Machine("Darwin", "arm64", (14, 2)), ""),
        (Machine("Darwin", "x86_64", (15, 0)), ""),
        (Machine("Darwin", "arm64", (13, 6)), "macOS 14 or later; this is 13.6"),
        (Machine("Linux", "x86_64", (2, 36)), ""),
        (Machine("Linux", "x86_64", (2, 31)), "glibc 2.34 or later (Debian 12, Ubuntu 22.04); this one has 2.31"),
        (Machine("Linux", "aarch64", (2, 39)), ""),
        (Machine("Linux", "aarch64", (2, 36)), "glibc 2.39 or later (Debian 13, Ubuntu 24.04); this one has 2.36"),
        (Machine("Linux", "x86_64"), "GNU C library"),
        (Machine("Linux", "armv7l", (2, 41)), "this computer is armv7l"),
        (Machine("FreeBSD", "amd64"), "this is FreeBSD"),
    ],
)
def test_a_machine_without_packages_is_told_in_one_sentence(machine: Machine, said: str) -> None:
    reason = why_not(machine)
    assert said in reason
    assert bool(said) is bool(reason)
    assert reason.count("\n") == 0


def test_the_set_up_says_so_before_it_fetches_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    assert why_not(machines.this_machine()) == "", "the machine that tests is one that is promised"
    monkeypatch.setattr(environment, "stamp_fits", lambda tests: False)
    monkeypatch.setattr(environment, "this_machine", lambda: Machine("Windows", "ARM64"))
    monkeypatch.setattr(environment, "pip", lambda *words: pytest.fail("asked for packages"))
    with pytest.raises(SetupError, match="x86-64 instead"):
        environment.provide_environment(tests=False)


def test_what_is_promised_is_what_the_readme_says() -> None:
    readme = " ".join((INSTALLER.parent / "README.md").read_text(encoding="utf-8").split())
    assert f"macOS {machines.MACOS[0]}" in readme
    for processor, least in machines.GLIBC.items():
        assert ".".join(map(str, least)) in readme, processor
    assert "Windows on ARM" in readme
    assert tuple(f"3.{minor}" for minor in range(environment.OLDEST[1], environment.NEWEST[1] + 1)) == machines.PYTHONS


def test_the_list_of_parts_has_every_package_of_the_lock() -> None:
    for tests in (False, True):
        made = sbom.document(tests)
        parts = environment.split_lock(environment.LOCK.read_text(encoding="utf-8"))
        pinned = re.findall(r"(?m)^([A-Za-z0-9_.-]+)==([^\s;]+)", "".join(parts) if tests else parts[0])
        assert [(part["name"], part["version"]) for part in made["components"]] == pinned
        assert all(part["properties"] for part in made["components"])
        assert made == sbom.document(tests)
    numpy = next(part for part in made["components"] if part["name"] == "numpy")
    assert "BSD" in numpy["licenses"][0]["license"]["name"]


def test_an_audit_never_calls_sound_what_nobody_was_asked_about() -> None:
    good = {"name": "av", "version": "1", "vulns": []}
    bad = {"name": "numpy", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3"]}]}
    unasked = {"name": "wakepy", "skip_reason": "not found"}
    assert audit.told([good]) == (["1 packages asked about, 0 vulnerabilities known."], True)
    lines, sound = audit.told([good, bad, unasked])
    assert not sound
    assert lines[0] == "numpy 2: PYSEC-1, mended in 3"
    assert lines[1] == "Not asked about, so nothing is known of them: wakepy."
    assert not audit.told([good, unasked])[1]
    assert not audit.told([])[1]


@pytest.mark.soak
@pytest.mark.timeout(1200)
def test_every_promised_machine_can_have_what_is_locked() -> None:
    refused = {
        (name, python): problem
        for name, target in machines.TARGETS.items()
        for python in machines.PYTHONS
        if (problem := lock_check.installable(target, python))
    }
    assert refused == {}
    assert "cryptography" in lock_check.installable("aarch64-pc-windows-msvc", "3.12"), (
        "the question can be answered no"
    )
