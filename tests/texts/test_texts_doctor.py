"""What the doctor says of the signing key, and of what the system tells, is true in each of its states."""

from __future__ import annotations

from pathlib import Path

import pytest
from texts_manners import assert_calm

from perfstudio.capture.devices.device_notices import DeviceSort
from perfstudio.consent import vault
from perfstudio.paths import AppPaths
from perfstudio.session import doctor
from perfstudio.session.doctor import DoctorPart, Health, _notices, examine
from perfstudio.texts.doctor import sentence


@pytest.mark.parametrize(
    ("health", "where", "said"),
    [
        ("good", "keyring", "the key is in the system's password store"),
        ("good", "keyring_later", "your first signature makes a key"),
        ("good", "file", "locked with your passphrase"),
        ("look", "none", "There is no password store (keyring) here"),
        ("look", "damaged", "cannot be read"),
    ],
)
def test_each_state_of_the_key_has_its_words(health: str, where: str, said: str) -> None:
    text = sentence("key", health, {"where": where})
    assert_calm(text)
    assert said in text


@pytest.mark.parametrize(
    ("hears", "said"),
    [
        ((True, True), "is noticed at once"),
        ((False, True), "when a camera is plugged in or unplugged. perfstudio looks once a minute"),
        ((True, False), "when a microphone is plugged in or unplugged"),
        ((False, False), "a camera or microphone is plugged in"),
    ],
)
def test_what_the_system_does_not_tell_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hears: tuple[bool, bool], said: str
) -> None:
    class Source:
        def __init__(self, hears: bool) -> None:
            self.start, self.hears, self.close = (lambda _: None), (lambda _: hears), (lambda: None)

    sources = dict(zip(DeviceSort, map(Source, hears), strict=True))
    monkeypatch.setattr("perfstudio.capture.devices.device_notices.for_system", lambda system: sources)
    finding = _notices(AppPaths(tmp_path))
    assert (finding.health is Health.GOOD) == all(hears)
    text = sentence(finding.part, finding.health, finding.facts)
    assert_calm(text)
    assert said in text


def test_a_damaged_key_stops_no_examination(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault, "REAL_BACKENDS", ())
    paths = AppPaths(tmp_path / "home").prepare()
    (paths.keys / "signing-key.json").write_text("{")
    (key,) = [finding for finding in examine(paths) if finding.part is DoctorPart.KEY]
    assert (key.health, key.facts["where"]) == (Health.LOOK, "damaged")


def test_takes_on_a_drive_that_is_gone_are_told_and_not_looked_for_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Windows there may be nothing at the end of all parents."""
    monkeypatch.setattr(doctor, "is_there", lambda path: False)
    monkeypatch.setattr(doctor, "free_bytes", lambda path: 0)
    found = doctor._disk(AppPaths(tmp_path))
    assert found.health is Health.MISSING
    assert "cannot be written" in sentence(found.part, found.health, found.facts)
