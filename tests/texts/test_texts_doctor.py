"""What the doctor says of the signing key is true in each of its states."""

from __future__ import annotations

from pathlib import Path

import pytest
from texts_manners import assert_calm

from perfstudio.consent import vault
from perfstudio.paths import AppPaths
from perfstudio.session.doctor import DoctorPart, Health, examine
from perfstudio.texts.doctor import sentence


@pytest.mark.parametrize(
    ("health", "where", "said"),
    [
        ("good", "keyring", "the key is in the system's keyring"),
        ("good", "keyring_later", "the first signature makes a key"),
        ("good", "file", "your passphrase protects"),
        ("look", "none", "There is no keyring here"),
        ("look", "damaged", "cannot be read"),
    ],
)
def test_each_state_of_the_key_has_its_words(health: str, where: str, said: str) -> None:
    text = sentence("key", health, {"where": where})
    assert_calm(text)
    assert said in text


def test_a_damaged_key_stops_no_examination(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault, "REAL_BACKENDS", ())
    paths = AppPaths(tmp_path / "home").prepare()
    (paths.keys / "signing-key.json").write_text("{")
    (key,) = [finding for finding in examine(paths) if finding.part is DoctorPart.KEY]
    assert (key.health, key.facts["where"]) == (Health.LOOK, "damaged")
