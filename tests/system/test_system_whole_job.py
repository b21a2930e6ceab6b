"""The whole job through the command line, with real devices where this machine can have them.

A network camera (MJPEG over HTTP, opened by OpenCV), a PulseAudio source fed with speech, the npm tus server (level A)
and our own receiver (level B), the second one killed half-way.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from perfstudio.cli import sending
from perfstudio.cli.main import run
from rigs.http_camera import HttpCamera
from rigs.other_programs import verb
from rigs.pulse import PulseServer, speech
from rigs.systems import WINDOWS
from rigs.tus_server import node_tools, tus_server
from rigs.typed_receiver import TypedReceiver
from rigs.verbs import Type, Warm, secret, typist
from rigs.waiting import until
from rigs.warm_program import Program

TOKEN = "a-token-for-this-test-only"


def record(perfstudio: Type, *words: str) -> dict:
    answer = perfstudio("record", "the-letter", *words, "--json")
    assert answer.code in (0, 3), answer
    return answer.json


def accept(perfstudio: Type, take_id: str, secret: dict[str, str]) -> None:
    assert perfstudio("takes", "keep", take_id).code == 0
    assert perfstudio("takes", "label", take_id, "--meant", "anger,tenderness", "--intensity", "strong").code == 0
    signed = perfstudio(
        "consent", "sign", take_id, "--adult", "--uses", "store_review", "--name", "Ada Example", **secret
    )
    assert signed.code == 0, signed
    assert "Ada Example" in signed.out


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    file = tmp_path / "token"
    file.write_text(TOKEN)
    return file


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory, verb_server: Warm) -> Path:
    """A home with a take that is kept, labelled and signed."""
    place = tmp_path_factory.mktemp("accepted")
    typed = typist(place / "home", verb_server)
    words = ("--camera", "practice", "--microphone", "practice", "--size", "640x360", "--seconds", "1")
    accept(typed, record(typed, *words)["take_id"], secret(place))
    return place / "home"


@pytest.fixture
def accepted(recorded: Path, home: Path) -> str:
    """That take, in a copy of it."""
    shutil.copytree(recorded, home)
    (folder,) = (home / "takes").iterdir()
    return folder.name


def test_network_camera_and_pulse_microphone(perfstudio: Type, home: Path, tmp_path: Path) -> None:
    """A take through the real OpenCV and the real sound server, checked and verified."""
    with HttpCamera(size=(640, 360)) as camera, PulseServer() as server, server.chosen():
        server.add_source("mic")
        server.play_file("mic", speech(tmp_path))
        listed = perfstudio("devices", "--json").json
        microphone = next(m["id"] for m in listed["microphones"] if m["id"] != "practice")
        take = record(perfstudio, "--camera", camera.url, "--microphone", microphone, "--seconds", "4")
    manifest = take["manifest"]
    assert manifest["devices"]["camera"]["kind"] == "network"
    assert manifest["devices"]["microphone"]["kind"] == "local"
    assert not manifest["practice"]
    assert manifest["video"]["frames"] > 10, "a film; how many of them a busy machine sends is not asked"
    assert manifest["video"]["dropped"] == 0
    found = {check["code"]: check["verdict"] for check in manifest["checks"]}
    assert found["zeros"] == "good"
    assert found["silence"] == "good"
    verified = perfstudio("verify", home / "takes" / take["take_id"], "--json")
    assert verified.code == 0, verified
    assert verified.json["sync_recomputed"]


def test_from_record_to_a_plain_tus_server(
    perfstudio: Type, tmp_path: Path, passphrase: dict[str, str], token_file: Path
) -> None:
    """Level A: consent first, the manifest last, every byte confirmed by the server's offsets."""
    if node_tools() is None:
        pytest.skip("no Node 20.19 or newer on PATH or in the environment")
    small = ("--size", "640x360", "--seconds", "1")
    take_id = record(perfstudio, "--camera", "practice", "--microphone", "practice", *small)["take_id"]
    accept(perfstudio, take_id, passphrase)
    with tus_server(tmp_path / "tus", token=TOKEN) as server:
        studio = tmp_path / "studio.json"
        studio.write_text(
            json.dumps({
                "format": "perfstudio-studio/1", "id": "practice", "name": "Plain", "legal_name": "Plain",
                "contact": "-", "tus": server.collection, "sign_in": "token",
            })
        )  # fmt: skip
        wrong = tmp_path / "wrong"
        wrong.write_text("another-token")
        refused = perfstudio("deliver", "--studio", studio, "--token-file", wrong, **passphrase)
        assert refused.code == 1
        assert "token" in refused.err.lower()
        sent = perfstudio("deliver", "--studio", studio, "--token-file", token_file, "--json", **passphrase)
        assert sent.code == 0, sent
        assert sent.json["delivered"] == [], "a plain server confirms nothing of what it holds"
        (note,) = sent.json["sent"]
        assert (note["level"], note["state"]) == ("A", "sent")
        arrived = server.uploads()
    assert len(arrived) == 6
    assert {len(data) for data in arrived.values()} == {file["size"] for file in note["files"]}


def test_to_our_receiver_killed_half_way(
    perfstudio: Type, accepted: str, tmp_path: Path, passphrase: dict[str, str], token_file: Path
) -> None:
    """Level B: the sender is killed in the middle and resumes; then a receiver that is gone; then bundle and verify."""
    inbox = tmp_path / "inbox"
    receiver = TypedReceiver(inbox, "--token-file", token_file, "--studio-id", "practice")
    try:
        words = ["deliver", "--studio", f"{receiver.url}/studio.json", "--token-file", str(token_file)]
        with Program(verb, words, passphrase) as sender:
            until(lambda: list(inbox.rglob("*.upload")) or not sender.runs(), "an upload", look_s=0.002)
        again = perfstudio(*words, "--json", **passphrase)
        assert again.code == 0, again
        receipt = again.json["delivered"][0] if again.json["delivered"] else None
    finally:
        receiver.end()
    assert receiver.code == 0 or WINDOWS, "there nobody is asked to end"
    assert receipt is None or (receipt["level"], receipt["state"]) == ("B", "accepted")
    shown = perfstudio("takes", "show", accepted, "--json").json
    assert shown["state"] == "delivered"
    verified = perfstudio("verify", inbox / accepted, "--consent", "--json")
    assert verified.code == 0, verified
    assert verified.json["consent"] == "signed"
    flipped = (inbox / accepted / "take.mp4").read_bytes()
    (inbox / accepted / "take.mp4").write_bytes(flipped[:-1] + bytes([flipped[-1] ^ 1]))
    assert "take.mp4" in perfstudio("verify", inbox / accepted).refused()


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch, passphrase: dict[str, str]) -> None:
    """A verb in this process, which tries again for less long than a performer is asked to wait."""
    monkeypatch.setattr(sending, "ONCE_S", 3.0)
    for name, value in passphrase.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("hurried")
def test_receiver_gone(
    perfstudio: Type, accepted: str, tmp_path: Path, token_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = TypedReceiver(tmp_path / "inbox", "--token-file", token_file, "--studio-id", "practice")
    gone.end()
    studio = tmp_path / "studio.json"
    studio.write_text(
        json.dumps({
            "format": "perfstudio-studio/1", "id": "practice", "name": "Gone", "legal_name": "Gone", "contact": "-",
            "tus": f"{gone.url}/files", "base": gone.url, "sign_in": "token", "public_key": "A" * 43,
        })
    )  # fmt: skip
    assert run(["deliver", "--studio", str(studio), "--token-file", str(token_file)]) == 1
    assert "reached" in capsys.readouterr().err
    assert perfstudio("takes", "show", accepted, "--json").json["state"] == "accepted", "the take waits"


@pytest.mark.usefixtures("accepted")
def test_rebuild_finds_everything(perfstudio: Type, home: Path) -> None:
    before = perfstudio("takes", "list", "--json").json
    for file in home.glob("index.sqlite*"):
        file.unlink()
    assert perfstudio("rebuild", "--json").json["takes"] == 1
    assert perfstudio("takes", "list", "--json").json == before


def test_withdrawn_stays_here(
    perfstudio: Type, accepted: str, tmp_path: Path, passphrase: dict[str, str], token_file: Path
) -> None:
    assert perfstudio("consent", "withdraw", accepted, **passphrase).code == 0
    studio = TypedReceiver(tmp_path / "inbox", "--token-file", token_file, "--studio-id", "practice")
    try:
        words = ("deliver", "--studio", f"{studio.url}/studio.json", "--token-file", token_file, "--take", accepted)
        answer = perfstudio(*words, **passphrase)
        assert answer.code == 1
        assert not list((tmp_path / "inbox").rglob("take.json"))
    finally:
        studio.end()
