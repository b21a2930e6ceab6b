"""A link that somebody else made: nobody is asked anything, nothing is kept, and one plain sentence says so."""

from __future__ import annotations

import contextlib
from types import SimpleNamespace
from typing import cast
from urllib.parse import quote

import pytest

from perfstudio.cli import main
from perfstudio.model.errors import DeliveryError, ErrorCode
from perfstudio.model.invitation import Invitation
from perfstudio.model.jws import SigningKey
from perfstudio.session.delivery import invitation_desk
from perfstudio.session.delivery.delivery_service import DeliveryService
from perfstudio.session.delivery.invitation_desk import InvitationDesk
from perfstudio.texts.errors import sentence

KEY, CODE = SigningKey.generate().public_key, "c" * 43
GOOD = Invitation("https://lab.example", CODE, KEY).link()


def to(address: str) -> str:
    return f"perfstudio://connect?at={quote(address, safe='')}&code={CODE}&key={KEY}"


HOSTILE = {
    "another scheme": "javascript:alert(1)",
    "a file": "file:///etc/passwd",
    "the scheme alone": "perfstudio:",
    "another call": GOOD.replace("connect", "delete"),
    "a path": GOOD.replace("connect?", "connect/../../x?"),
    "a user in the link": GOOD.replace("connect?", "me:secret@connect?"),
    "a port in the link": GOOD.replace("connect?", "connect:80?"),
    "a fragment": f"{GOOD}#x",
    "an option more": f"{GOOD}&yes=1",
    "an option twice": f"{GOOD}&code={CODE}",
    "escaped names": GOOD.replace("code=", "c%6fde%00="),
    "a control character in the code": GOOD.replace(CODE, f"{CODE[:20]}%0a{CODE[:20]}"),
    "another alphabet": GOOD.replace(CODE, "\u0441" * 43),
    "a key that is none": GOOD.replace(KEY, "A" * 43 + "%3D"),
    "huge": GOOD + "a" * 100_000,
    "huge by escapes": GOOD.replace("https", "%68" * 1000),
    "half an escape": GOOD.replace("https", "%"),
    "no bytes of a text": GOOD.replace("lab", "%ff%fe"),
    "a terminal's command": GOOD.replace("lab", "\x1b]0;x\x07"),
    "turned letters": GOOD.replace("lab", "\u202ebal"),
    **{
        f"to {address!r}": to(address)
        for address in (
            "http://lab.example", "ftp://lab.example", "file:///etc/passwd", "javascript:alert(1)", "//lab.example",
            "https://me:secret@lab.example", "https://lab.example@evil.example", "https://evil.example\\@lab.example",
            "https://lab.example#@evil.example", "https://lab.example\r\nHost: evil", "https://lab\x00.example",
            "https://lab example", "https://[::1", "https://lab.example:99999", "https://lab.example:0", "https://",
            "https://lаb.example", "http://127.0.0.1.evil.example", "http://0x7f.1", "\\\\evil\\share", "%68ttps://a.b",
        )
    },
}  # fmt: skip


@pytest.mark.parametrize("link", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_link_gets_one_sentence_and_does_nothing(link: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(*_: object, **__: object) -> None:
        raise AssertionError("somebody was asked")

    monkeypatch.setattr(invitation_desk, "read_studio", asked)
    desk = InvitationDesk(cast("DeliveryService", SimpleNamespace(trusted_at=lambda source: None)))
    with pytest.raises(DeliveryError) as told:
        desk.look(link)
    assert told.value.code in (ErrorCode.INVITATION_UNREADABLE, ErrorCode.RECEIVER_UNSAFE)
    said = sentence(told.value)
    assert said.isprintable()
    assert len(said) < 400
    with pytest.raises(AssertionError, match="somebody was asked"):
        desk.look(GOOD)
    for secret in (CODE[:20], "secret", KEY):
        assert secret not in said, "what may be a secret is not said again"


def test_what_stands_behind_an_opened_link_is_not_obeyed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A quotation mark in a link ends the word on Windows, and the rest of it would be words of their own."""
    done: list[str] = []

    def module(verb: str) -> SimpleNamespace:
        return SimpleNamespace(add=lambda parser: None, run=lambda args, out: done.append(verb) or 0)

    monkeypatch.setattr(main, "_module", module)
    assert (main.run(["--practice", GOOD]), done.pop()) == (0, "window"), "words before it are ours"
    for words in (("rebuild",), ("--home", "elsewhere"), ("--practice",), (GOOD,), ("--json", "--json"), ("",)):
        for before in ((GOOD,), ("--practice", "perfstudio:")):
            with contextlib.suppress(SystemExit):
                assert main.run([*before, *words]) == 1
            said = capsys.readouterr().err
            assert CODE not in said
            assert said.strip()
    assert done == []
