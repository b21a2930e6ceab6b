"""`consent export` and `verify`: the receipt as a file, and what it is found to be."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from consent_desk import TAKE, Desk


@pytest.mark.usefixtures("qapp")
def test_a_receipt_is_saved_as_three_kinds_and_each_is_found_again(
    desk: Desk, passphrase_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.sign()
    monkeypatch.chdir(tmp_path)
    for kind, suffix in (("html", "html"), ("json-ld", "jsonld"), ("pdf", "pdf")):
        told = desk.read("export", TAKE, "--as", kind)
        assert Path(told["file"]).suffix == f".{suffix}"
        assert Path(told["file"]).stat().st_size > 5_000
        for paper in (told["file"], told["verification_code"], told["verification_code"].lower().replace("-", " ")):
            code, out, err = desk.type("verify", paper)
            assert (code, err) == (0, "")
            assert "as it stands now" in out
        assert desk.type("export", TAKE, "--as", kind)[0] == 1, "a file that is there stays"
    desk.type("withdraw", TAKE)
    code, out, err = desk.type("verify", told["file"])
    assert (code, out) == (1, "")
    assert "It says what was, not what is." in err
    assert "Taken back: Keep this take" in err
    assert "word for word" in err
    code, out, _ = desk.type("verify", told["verification_code"], "--json", "--in", str(desk.home / "takes"))
    found = json.loads(out)
    assert (code, found["match"], found["holds"], found["stands"]) == (1, "earlier", False, [])
    assert (found["acts_then"], found["acts_now"]) == (2, 3)


def test_without_a_screen_a_pdf_is_saved_too(desk: Desk, passphrase_file: Path, tmp_path: Path) -> None:
    desk.sign()
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "perfstudio",
            "consent",
            "export",
            TAKE,
            "--home",
            desk.home,
            "--to",
            tmp_path / "r.pdf",
        ],
        env={name: value for name, value in os.environ.items() if name not in screens},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "The receipt is saved as" in done.stdout
    assert (tmp_path / "r.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("export", TAKE), "No consent has been signed"),
        (("verify", "K7QF"), "neither a file nor a verification code"),
        (("verify", "K7QF-4M2K-D9XT-AB1V-E3C6-90ZH"), "No consent record here has the code K7QF-4M2K"),
        (("verify", "K7QF-4M2K-D9XT-AB1V-E3C6-90ZH", "--in", "nowhere"), "There is no consent record in “nowhere”"),
        (("verify", __file__), "is not a receipt that can be read here"),
    ],
)
def test_what_cannot_be_saved_or_found_is_told(desk: Desk, words: tuple[str, ...], said: str) -> None:
    code, out, err = desk.type(*words)
    assert (code, out) == (1, "")
    assert said in err
