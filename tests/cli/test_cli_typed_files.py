"""Files that people write by hand, with what their system has for it: Notepad, and `>` of Windows PowerShell."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfstudio.cli import passphrase
from perfstudio.cli.tokens import read_token
from perfstudio.model.errors import ConsentError, DeliveryError


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_token_and_a_passphrase_are_read_as_they_were_written(
    encoding: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "written.txt"
    file.write_bytes("a-token_of.mine\r\n".encode(encoding))
    assert read_token(file) == "a-token_of.mine"
    file.write_bytes("größer als ein Schloß\r\n".encode(encoding))
    monkeypatch.setenv(passphrase.VARIABLE, str(file))
    assert passphrase.passphrase(new=False) == "größer als ein Schloß"


@pytest.mark.parametrize("data", [b"\xff\xfe\x00\xd8", b"\xff\xfea", b"\xe9t\xe9", b"\x00\xff"])
def test_what_is_no_text_is_said_to_be_none(data: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "written.txt"
    file.write_bytes(data)
    with pytest.raises(DeliveryError) as no_token:
        read_token(file)
    assert no_token.value.facts["detail"] == "not_a_token"
    monkeypatch.setenv(passphrase.VARIABLE, str(file))
    with pytest.raises(ConsentError) as no_passphrase:
        passphrase.passphrase(new=False)
    assert no_passphrase.value.facts["detail"] == "not_utf8"
