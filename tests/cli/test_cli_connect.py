"""`receive invite` and `connect`, as studio and performer type them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from perfstudio.model.invitation import Invitation, read_invitation
from perfstudio.model.jws import SigningKey
from rigs.systems import mode_of, private
from rigs.typed_receiver import TypedReceiver
from rigs.verbs import Type

pytestmark = pytest.mark.usefixtures("verb_server")


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[TypedReceiver]:
    """A studio's receiver."""
    running = TypedReceiver(tmp_path / "in", "--studio-id", "small-lab", "--legal-name", "Small Lab e.V.")
    yield running
    running.end()


def test_from_an_invitation_to_a_token_that_the_studio_knows(
    lab: TypedReceiver, perfstudio: Type, passphrase: dict[str, str], home: Path, tmp_path: Path
) -> None:
    """Two presses; the code is not spent before the second, and the token is in the one file that was asked for."""
    said = perfstudio("receive", "invite", "Ana", "--folder", lab.folder)
    asked = perfstudio("receive", "invite", "Ana", "--folder", lab.folder, "--json").json
    assert asked["link"] not in said.out, "each time another code"
    link, words, file = asked["link"], asked["words"], tmp_path / "token"
    assert "No studio is connected yet" in perfstudio("deliver", **passphrase).refused()
    assert words in said.out, "the same key has the same words"
    assert "invited, until" in perfstudio("receive", "tokens", "list", "--folder", lab.folder).out
    for typed, why in (
        ((), "--token-to"), (("--yes",), "--token-to"), (("--token-to", file), "--words"),
        (("--token-to", file, "--words", "not the right ones"), "not the words"),
        (("--words", "not the right ones"), "not the words"),
    ):  # fmt: skip
        answer = perfstudio("connect", link, *typed, **passphrase)
        assert answer.code == 1
        assert why in answer.err
        assert "Small Lab e.V." in answer.out
        assert "Contact: not said" in answer.out
        assert words.split()[0] in answer.out
        assert "signed in" not in answer.out
        assert not file.exists()
    done = perfstudio("connect", link, "--token-to", file, "--words", ", ".join(words.upper().split()), **passphrase)
    assert (done.code, "You are signed in to" in done.out) == (0, True), done
    assert all(part in done.out for part in (str(file), "--token-file")), "what to do with it is said"
    token = file.read_text().strip()
    assert len(token) >= 22
    assert mode_of(file) == private(0o600)
    assert "not used yet" in perfstudio("receive", "tokens", "list", "--folder", lab.folder).out
    delivered = perfstudio("deliver", "--token-file", file, **passphrase)
    assert (delivered.code, "Nothing is ready" in delivered.out) == (0, True), "the studio is connected"
    everything = b"".join(f.read_bytes() for d in (home, lab.folder) for f in d.rglob("*") if f.is_file())
    for secret in (token, read_invitation(link).code):
        assert secret.encode() not in everything
        assert secret not in done.out + done.err
    known = home / "studios" / "small-lab.json"
    ours = known.read_text()
    second = known.with_name("other-lab.json")
    second.write_text(ours.replace('"small-lab"', '"other-lab"'))
    which = perfstudio("deliver", **passphrase).refused()
    assert all(part in which for part in ("other-lab, small-lab", "--studio")), which
    second.unlink()
    known.write_text(ours.replace(read_invitation(link).public_key, SigningKey.generate().public_key))
    other = perfstudio("connect", link, "--token-to", tmp_path / "more", "--yes", **passphrase)
    assert (other.code, "by another key" in other.out) == (1, True), "a changed key is never agreed to unseen"
    known.write_text(ours)
    again = perfstudio("connect", link, "--token-to", tmp_path / "more", "--yes", **passphrase)
    assert "has already been used" in again.err
    assert not (tmp_path / "more").exists()
    assert "File exists" not in perfstudio("connect", link, "--token-to", file, "--yes", **passphrase).err
    assert file.read_text().strip() == token, "no file is overwritten"


def test_links_that_lead_nowhere_good(lab: TypedReceiver, perfstudio: Type, tmp_path: Path) -> None:
    """Cut off, changed, another's key, a code of nobody's, an address that is not safe: a line for each."""
    whole = Invitation(lab.url, "c" * 22, lab_key(perfstudio, lab)).link()
    foreign = Invitation(lab.url, "c" * 22, SigningKey.generate().public_key).link()
    wrong = {
        whole[:-3]: "part of the link is missing", whole.replace("code", "cod"): "changed on the way",
        "perfstudio://other?at=x": "changed on the way", foreign: "its key is another",
        whole: "does not know this invitation", whole.replace(lab.url.split(":")[2], "1"): "Nothing answers",
        whole.replace("http%3A%2F%2F127.0.0.1", "http%3A%2F%2Flab.example"): "needs https",
        "https://lab.example": "not a whole invitation", "": "not a whole invitation",
    }  # fmt: skip
    for number, (link, said) in enumerate(wrong.items()):
        answer = perfstudio("connect", link, "--yes", "--token-to", tmp_path / f"{number}")
        assert (answer.code, said in answer.err) == (1, True), (link, answer)
        assert "Traceback" not in answer.err
        assert not (tmp_path / f"{number}").exists()


def lab_key(perfstudio: Type, lab: TypedReceiver) -> str:
    return read_invitation(
        perfstudio("receive", "invite", "Xi", "--folder", lab.folder, "--json").json["link"]
    ).public_key


def test_an_invitation_that_cannot_be_made(perfstudio: Type, tmp_path: Path, lab: TypedReceiver) -> None:
    assert "No receiver has run in" in perfstudio("receive", "invite", "Ana", "--folder", tmp_path / "new").refused()
    for at in ("http://lab.example", "lab.example", "https://lab.example/?x=1"):
        assert "cannot be used" in perfstudio("receive", "invite", "Ana", "--folder", lab.folder, "--at", at).refused()
    made = perfstudio("receive", "invite", "Ana", "--folder", lab.folder, "--at", "https://lab.example/in/", "--json")
    assert read_invitation(made.json["link"]).address == "https://lab.example/in"
    assert perfstudio("receive", "invite", "Ana", "--folder", lab.folder, "--days", "61").code == 2
    perfstudio("receive", "tokens", "add", "Bo", "--folder", lab.folder)
    assert (
        "There is already a token for “Bo”" in perfstudio("receive", "invite", "Bo", "--folder", lab.folder).refused()
    )
