"""`consent sign --others`: who else is in a take, asked on the terminal where the checks found somebody."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from perfstudio.cli import passphrase
from perfstudio.cli.main import run
from perfstudio.consent import vault
from perfstudio.paths import AppPaths
from perfstudio.receiver.layout import ReceiverLayout
from perfstudio.session.home import Home
from rigs.kept_takes import CIRCLED, SOUND_ONLY, kept_home
from rigs.second_face import second_face

SEEN, ALONE = CIRCLED, SOUND_ONLY

Typed = Callable[..., tuple[int, str, str]]


@pytest.fixture
def sign(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Typed:
    """`consent sign` with these words, at a computer with two kept takes: in one the checks found a second face."""
    home = tmp_path / "home"
    second_face(kept_home(home) / SEEN)
    with Home(AppPaths(home), use_keyring=False) as opened:
        opened.library.rebuild()
        for take_id in (SEEN, ALONE):
            opened.takes.keep(take_id)
    monkeypatch.setattr(vault, "REAL_BACKENDS", ())
    monkeypatch.setattr(sys, "stdin", None)
    secret = tmp_path / "passphrase.txt"
    secret.write_text("three calm horses\n")
    monkeypatch.setenv(passphrase.VARIABLE, str(secret))

    def typed(take_id: str, *words: str, verb: str = "sign") -> tuple[int, str, str]:
        capsys.readouterr()
        plain = ("--name", "Ines", "--adult") if verb == "sign" else ()
        code = run(["consent", verb, take_id, *plain, *words, "--home", str(home)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return typed


def record_of(tmp_path: Path, take_id: str) -> dict[str, object]:
    plain: dict[str, object] = json.loads((tmp_path / "home" / "takes" / take_id / "consent.json").read_bytes())
    return plain


def test_it_is_asked_before_anything_is_signed(sign: Typed, tmp_path: Path) -> None:
    code, out, err = sign(SEEN, "--uses", "store_review")
    assert code == 1
    assert "add `--others nobody|bystander|partner`" in err
    assert "Is anybody else in this take? The checks saw a second face at 0:00." in out
    assert "GDPR Art. 4(11)" in out
    assert not (tmp_path / "home" / "takes" / SEEN / "consent.json").exists()
    assert not (tmp_path / "home" / "keys" / "signing-key.json").exists()
    _, document, _ = sign(SEEN, "--json", verb="show")
    assert [found["code"] for found in json.loads(document)["others_found"]] == ["other_person"]


def test_a_bystander_lets_review_alone_be_signed(sign: Typed, tmp_path: Path) -> None:
    code, _, err = sign(SEEN, "--uses", "store_review,human_research", "--others", "bystander")
    assert code == 1
    assert "Only the person who is in this take by chance could allow “Let people study and annotate it”" in err
    assert "Turn the line off" in err
    code, out, _ = sign(SEEN, "--uses", "store_review", "--others", "bystander")
    assert code == 0
    assert "Others in the take: Somebody is in this take by chance and was not asked." in " ".join(out.split())
    assert record_of(tmp_path, SEEN)["others"] == "bystander"


def test_a_partner_who_agreed_is_stated_and_named(sign: Typed, tmp_path: Path) -> None:
    code, _, err = sign(SEEN, "--uses", "store_review", "--others", "nobody", "--partner", "Ben")
    assert code == 1
    assert "not said that one agreed: add `--others partner`" in err
    words = ("--uses", "store_review,human_research", "--others", "partner")
    code, _, err = sign(SEEN, *words)
    assert code == 1
    assert "Name the partner who agreed: add `--partner NAME`. A stage name will do." in err
    code, out, _ = sign(SEEN, *words, "--partner", " Ben\tOkri ")
    assert code == 0
    assert "They are 18 or older and agreed to every line that I allow." in " ".join(out.split())
    assert "Partner: Ben Okri" in out
    assert record_of(tmp_path, SEEN)["partner"] == "Ben Okri"


def test_a_studio_that_uses_a_take_hears_who_else_is_in_it(
    sign: Typed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sign(SEEN, "--uses", "store_review", "--others", "bystander")
    sign(ALONE, "--uses", "store_review", "--others", "partner", "--partner", "Ben")
    inbox = tmp_path / "inbox"
    ReceiverLayout(inbox).make()
    for take_id in (SEEN, ALONE):
        (inbox / take_id).mkdir(parents=True)
        shutil.copy(tmp_path / "home" / "takes" / take_id / "consent.json", inbox / take_id)
        (inbox / take_id / "receipt.json").write_text("{}")
    add = ["receive", "exports", "add", "A film", SEEN, ALONE, "--folder", str(inbox)]
    capsys.readouterr()
    assert run(add) == 0
    said = capsys.readouterr().out
    assert f"Somebody who was not asked appears in take {SEEN} by chance" in said
    assert f"A partner is in take {ALONE}: Ben." in said
    (inbox / ALONE / "consent.json").write_text("{")
    run([*add, "--json"])
    assert json.loads(capsys.readouterr().out)["others"] == {SEEN: {"others": "bystander", "partner": None}}


def test_programs_read_what_was_said(sign: Typed) -> None:
    _, document, _ = sign(ALONE, "--uses", "store_review", "--others", "partner", "--partner", "Zoë", "--json")
    said = json.loads(document)
    assert (said["others"], said["partner"]) == ("partner", "Zoë")
    for take_id, stated in ((ALONE, ("partner", "Zoë")), (SEEN, (None, None))):
        _, document, _ = sign(take_id, "--json", verb="show")
        said = json.loads(document)
        assert (said["others"], said["partner"]) == stated


def test_where_nobody_was_found_nothing_is_asked(sign: Typed, tmp_path: Path) -> None:
    code, out, _ = sign(ALONE, "--uses", "store_review")
    assert code == 0
    assert "Is anybody else" not in out
    assert "say so with `--others nobody|bystander|partner`" in out
    assert "others" not in record_of(tmp_path, ALONE)
