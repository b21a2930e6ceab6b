"""`receive` as a studio types it: what cannot work is said in one line before anything listens."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from perfstudio.model.ids import new_take_id
from rigs.certificates import locked_key, self_signed
from rigs.typed_receiver import TypedReceiver
from rigs.verbs import Answer, Type

EVERYWHERE = "0.0.0.0"  # noqa: S104 - what a studio types
WHO = ("--legal-name", "North Lab Ltd", "--contact", "takes@north-lab.example")
TOKEN = "a-token-for-this-test-only"
pytestmark = pytest.mark.usefixtures("verb_server")


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    file = tmp_path / "token"
    file.write_text(TOKEN)
    return file


OPTIONS: dict[str, tuple[tuple[str, ...], str]] = {
    "an id that is none": (("--studio-id", "Bad Id"), "Bad Id"),
    "an id in capitals": (("--studio-id", "LAB"), "LAB"),
    "no name": (("--name", ""), "--name"),
    "a name without end": (("--legal-name", "x" * 300), "--legal-name"),
    "a host that is not here": (("--host", "203.0.113.7", *WHO, "--plain-http"), "203.0.113.7"),
    "a host that is none": (("--host", "no such host", *WHO, "--plain-http"), "no such host"),
    "others, and no legal name": (("--host", EVERYWHERE, "--plain-http", *WHO[2:]), "without --legal-name"),
    "others, and no contact": (("--host", EVERYWHERE, "--plain-http", *WHO[:2]), "without --contact"),
    "others, and no https": (("--host", EVERYWHERE, *WHO), "--plain-http"),
    "others, and nobody": (
        ("--host", EVERYWHERE, "--plain-http", *WHO[2:], "--legal-name", " "),
        "without --legal-name",
    ),
    "others by a proxy, and no legal name": (("--public-url", "https://lab.example", *WHO[2:]), "without --legal-name"),
    "others by a proxy, and no contact": (("--public-url", "https://lab.example", *WHO[:2]), "without --contact"),
    "a contact that is none": (("--contact", "\u200b"), "--contact"),
    "a public address with a question": (("--public-url", "https://lab.example/?a=1", *WHO), "--public-url"),
    "a public address without https": (("--public-url", "http://lab.example"), "http://lab.example"),
    "a public address that is none": (("--public-url", "lab.example"), "lab.example"),
    "a relay without its secret": (("--turn", "relay.example:3478"), "--turn alone"),
}


@pytest.mark.parametrize("what", OPTIONS)
def test_options_that_cannot_work(what: str, perfstudio: Type, tmp_path: Path) -> None:
    words, named = OPTIONS[what]
    said = perfstudio("receive", "--folder", tmp_path / "in", *words).refused()
    assert named in said


@pytest.mark.parametrize("port", ["99999", "-1"])
def test_a_port_that_is_none_is_wrong_usage(port: str, perfstudio: Type, tmp_path: Path) -> None:
    answer = perfstudio("receive", "--folder", tmp_path / "in", "--port", port)
    assert answer.code == 2
    assert "65535" in answer.err


FILES: dict[str, tuple[bytes | None, str]] = {
    "missing": (None, "missing"),
    "binary": (bytes(range(256)), "tokens do not have"),
    "empty": (b"", "empty"),
    "two lines": (b"a-token-for-this-test-only\nand-another-one-behind-it", "tokens do not have"),
    "short": (b"short", "20"),
    "not ascii": ("ein-schlüssel-für-diesen-test".encode(), "tokens do not have"),
}


@pytest.mark.parametrize("what", FILES)
def test_token_files_that_hold_none(what: str, perfstudio: Type, tmp_path: Path) -> None:
    data, named = FILES[what]
    file = tmp_path / "token"
    if data is not None:
        file.write_bytes(data)
    said = perfstudio("receive", "--folder", tmp_path / "in", "--token-file", file).refused()
    assert named in said


def test_a_token_file_that_is_a_folder(perfstudio: Type, tmp_path: Path) -> None:
    assert tmp_path.name in perfstudio("receive", "--folder", tmp_path / "in", "--token-file", tmp_path).refused()


def test_a_certificate_without_its_key_and_the_reverse(perfstudio: Type, tmp_path: Path) -> None:
    certificate, key = self_signed(tmp_path)
    for words in (("--certificate", certificate), ("--key", key)):
        said = perfstudio("receive", "--folder", tmp_path / "in", *words).refused()
        assert "belong together" in said


def test_a_chain_that_cannot_be_served(perfstudio: Type, tmp_path: Path) -> None:
    certificate, key = self_signed(tmp_path)
    (tmp_path / "other").mkdir()
    _, other = self_signed(tmp_path / "other")
    noise = tmp_path / "noise.pem"
    noise.write_bytes(os.urandom(500))
    pairs = [
        (tmp_path / "none.pem", tmp_path / "none.key"),
        (certificate, tmp_path / "none.key"),
        (noise, key),
        (certificate, noise),
        (certificate, other),
        (key, certificate),
        (certificate, locked_key(key, tmp_path / "locked.key")),
        (tmp_path, key),
    ]
    for chain in pairs:
        words = ("--certificate", chain[0], "--key", chain[1])
        answer = perfstudio("receive", "--folder", tmp_path / "in", "--port", "0", *words)
        said = answer.refused()
        assert "Listening" not in answer.out
        assert "not started" in said


def test_folders_that_cannot_be_used(perfstudio: Type, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    for folder in (file, file / "below"):
        assert "file" in perfstudio("receive", "--folder", folder, "--port", "0").refused()
    read_only = tmp_path / "read-only"
    read_only.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "ro,size=64k", "tmpfs", str(read_only)]
    mounted = sys.platform == "linux" and subprocess.run(mount, capture_output=True, check=False).returncode == 0
    if not mounted:
        read_only.chmod(0o500)
    try:
        if mounted or (hasattr(os, "geteuid") and os.geteuid() != 0):
            assert "read-only" in perfstudio("receive", "--folder", read_only, "--port", "0").refused()
    finally:
        if mounted:
            subprocess.run(["umount", str(read_only)], check=True)
        read_only.chmod(0o700)


@pytest.mark.parametrize(("token", "said"), [("x", "20"), ("x" * 20 + " y", "one line")])
def test_a_token_that_is_none(token: str, said: str, perfstudio: Type, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(token)
    assert said in perfstudio("receive", "--folder", tmp_path / "in", "--token-file", file).refused()


def test_a_token_for_each_performer_by_the_verb(perfstudio: Type, tmp_path: Path) -> None:
    folder = tmp_path / "in"

    def tokens(*words: str | Path) -> Answer:
        return perfstudio("receive", "tokens", *words, "--folder", folder)

    token = tokens("add", "Ana", "--json").json["token"]
    receiver = TypedReceiver(folder)
    headers = {"Authorization": f"Bearer {token}"}
    assert requests.get(f"{receiver.url}/v1/server", headers=headers, timeout=60).status_code == 200
    listed = tokens("list").out
    assert "Ana" in listed
    assert "not used yet" in listed
    assert token not in listed
    assert "Ana" in tokens("revoke", "Ana").out
    assert requests.get(f"{receiver.url}/v1/server", headers=headers, timeout=60).status_code == 401
    assert "No token has this name." in tokens("revoke", "Ana").refused()
    receiver.end()
    assert "no tokens" in tokens("list").out


def test_what_is_missing_is_wrong_usage(perfstudio: Type) -> None:
    for words, named in (((), "--folder"), (("tokens", "list"), "--folder"), (("tokens",), "ACT")):
        answer = perfstudio("receive", *words)
        assert answer.code == 2
        assert named in answer.err


def test_a_port_that_is_taken(perfstudio: Type, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert str(port) in perfstudio("receive", "--folder", tmp_path / "in", "--port", str(port)).refused()


def test_without_a_certificate_beyond_this_computer_it_warns(tmp_path: Path, token_file: Path) -> None:
    damaged = tmp_path / "all" / ".receiver" / "deletions" / f"{new_take_id(1_700_000_000_000)}.json"
    damaged.parent.mkdir(parents=True)
    damaged.write_bytes(b"{")
    open_to_all = TypedReceiver(
        tmp_path / "all", "--token-file", token_file, "--host", EVERYWHERE, *WHO, "--plain-http"
    )
    said = open_to_all.end()
    assert "Without a certificate" in said
    assert str(damaged.with_suffix(".unreadable.json")) in said
    assert f"The record of what was deleted of take {damaged.stem} cannot be read" in said
    here = TypedReceiver(tmp_path / "here", "--token-file", token_file)
    assert here.end() == ""
    certificate, key = self_signed(tmp_path)
    words = ("--host", EVERYWHERE, *WHO, "--certificate", certificate, "--key", key)
    assert TypedReceiver(tmp_path / "tls", "--token-file", token_file, *words).end() == ""


def test_senders_that_break_off_leave_no_trace_in_the_log(tmp_path: Path, token_file: Path) -> None:
    receiver = TypedReceiver(tmp_path / "in", "--token-file", token_file)
    head = "Host: x\r\nAuthorization: Bearer {}\r\nContent-Length: 5000\r\nTus-Resumable: 1.0.0\r\n"
    beginnings: list[Callable[[str], bytes]] = [
        lambda name: f"PUT /v1/consents/{name} HTTP/1.1\r\n{head.format(TOKEN)}\r\n{{".encode(),
        lambda name: f"PUT /v1/takes/{name} HTTP/1.1\r\n{head.format(TOKEN)}\r\n".encode(),
        lambda name: f"POST /v1/consents/{name}/withdrawals HTTP/1.1\r\n{head.format(TOKEN)}\r\n{{".encode(),
        lambda name: f"POST /files HTTP/1.1\r\n{head.format(TOKEN)}\r\nabc".encode(),
        lambda name: f"PUT /v1/takes/{name} HTTP/1.1\r\nHost: x".encode(),
        lambda name: b"",
    ]
    for beginning in beginnings:
        with socket.create_connection(("127.0.0.1", receiver.port), timeout=60) as line:
            line.sendall(beginning("01234567-0123-4123-8123-0123456789ab"))
    assert requests.get(f"{receiver.url}/studio.json", timeout=60).status_code == 200
    assert "Traceback" not in receiver.end()


def test_a_slash_too_many_is_not_there(tmp_path: Path, token_file: Path) -> None:
    """No redirect: it would lead to whatever host the sender had named."""
    receiver = TypedReceiver(tmp_path / "in", "--token-file", token_file)
    headers = {"Authorization": f"Bearer {TOKEN}", "Host": "evil.example"}
    for path in ("/studio.json/", "/files/", "/v1/server/"):
        answer = requests.get(receiver.url + path, headers=headers, timeout=60, allow_redirects=False)
        assert answer.status_code == 404
        assert "Location" not in answer.headers
    receiver.end()
