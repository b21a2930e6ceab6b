"""`deliver` and `consent withdraw` as a performer types them, beside a receiver as a studio types it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from perfstudio.delivery.bundle import read_bundle
from perfstudio.delivery.outbox import Outbox
from perfstudio.paths import AppPaths
from perfstudio.resources import asset
from rigs.certificates import self_signed
from rigs.typed_receiver import TypedReceiver
from rigs.verbs import PATIENCE_S, Answer, Type, Warm, secret, typist
from rigs.waiting import until

TOKEN = "a-token-for-this-test-only"


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    file = tmp_path / "token"
    file.write_text(TOKEN)
    return file


@pytest.fixture
def receive(tmp_path: Path, token_file: Path) -> Iterator[Callable[..., TypedReceiver]]:
    """Starts `perfstudio receive`; what still runs at the end is ended."""
    started: list[TypedReceiver] = []

    def run(*words: str | Path, folder: Path = tmp_path / "inbox", port: int = 0) -> TypedReceiver:
        options = words or ("--studio-id", "practice")
        started.append(TypedReceiver(folder, "--token-file", token_file, *options, port=port))
        return started[-1]

    yield run
    for receiver in started:
        receiver.end()


def signed(perfstudio: Type, secret: dict[str, str], prompt: str = "the-letter", next_step: str = "") -> str:
    """A take that is ready to go; what is said of its next step."""
    made = perfstudio("record", prompt, "--camera", "none", "--microphone", "practice", "--seconds", "1", "--json")
    assert made.code in (0, 3), made
    take_id = str(made.json["take_id"])
    assert perfstudio("takes", "keep", take_id).code == 0
    assert perfstudio("takes", "label", take_id, "--meant", "anger").code == 0
    answer = perfstudio(
        "consent", "sign", take_id, "--adult", "--uses", "store_review", "--name", "Ada Example", **secret
    )
    assert answer.code == 0, answer
    assert next_step in answer.out
    return take_id


@pytest.fixture(scope="module")
def signed_home(tmp_path_factory: pytest.TempPathFactory, verb_server: Warm) -> tuple[Path, str]:
    """A home with a take that is ready to go, and the take's id; for copies."""
    folder = tmp_path_factory.mktemp("signed")
    home = folder / "home"
    return home, signed(typist(home, verb_server), secret(folder))


@pytest.fixture
def ready(signed_home: tuple[Path, str], home: Path) -> str:
    """The id of the one take of this test's home; it is ready to go."""
    shutil.copytree(signed_home[0], home)
    return signed_home[1]


def withdrawals(inbox: Path) -> list[Path]:
    return sorted(inbox.glob(".receiver/withdrawals/*.json"))


def test_withdrawing_tells_the_receiver_at_once(  # noqa: PLR0917
    perfstudio: Type,
    ready: str,
    tmp_path: Path,
    passphrase: dict[str, str],
    token_file: Path,
    receive: Callable[..., TypedReceiver],
) -> None:
    take_id, studio = ready, receive("--studio-id", "practice", "--name", "Lab")
    deliver = ("deliver", "--studio", f"{studio.url}/studio.json", "--token-file", token_file)
    assert perfstudio(*deliver, **passphrase).code == 0
    exports = ("receive", "exports", "--folder", tmp_path / "inbox")
    assert "1 take" in perfstudio(*exports[:2], "add", "set 1", take_id[:14], *exports[2:]).out
    assert take_id in perfstudio(*exports[:2], "list", *exports[2:]).out
    assert "nothing was noted" in perfstudio(*exports[:2], "add", "set 1", "0" * 26, *exports[2:]).refused()
    answer = perfstudio("consent", "withdraw", take_id, "--token-file", token_file, **passphrase)
    assert answer.code == 0, answer
    assert all(word in answer.out for word in ("Lab has confirmed", "signed that it is deleted there", "in set 1"))
    assert len(withdrawals(tmp_path / "inbox")) == 1
    assert not (tmp_path / "inbox" / take_id).exists()
    told = perfstudio("consent", "told", take_id, "--to", tmp_path / "papers")
    assert (told.code, "signed with the studio's key" in told.out) == (0, True), told
    (paper,) = (tmp_path / "papers").iterdir()
    assert json.loads(paper.read_bytes())["exports"][0]["name"] == "set 1"
    again = perfstudio("consent", "withdraw", take_id, "--token-file", token_file, **passphrase)
    assert (again.code, "confirmed" in again.out) == (0, False), "told once"


def test_what_nobody_signed_waits_for_a_person_at_the_studio(  # noqa: PLR0917
    perfstudio: Type,
    ready: str,
    home: Path,
    tmp_path: Path,
    passphrase: dict[str, str],
    token_file: Path,
    receive: Callable[..., TypedReceiver],
) -> None:
    """Somebody who holds a token and knows a record takes it back in the performer's name."""
    take_id, studio, inbox = ready, receive("--studio-id", "practice", "--name", "Lab"), tmp_path / "inbox"
    deliver = ("deliver", "--studio", f"{studio.url}/studio.json", "--token-file", token_file)
    assert perfstudio(*deliver, **passphrase).code == 0
    record = json.loads((home / "takes" / take_id / "consent.json").read_bytes())
    forged = {**record["events"][-1], "seq": 9, "state": "ConsentWithdrawn", "use_ids": ["store_review"]}
    answer = requests.post(
        f"{studio.url}/v1/consents/{record['record_id']}/withdrawals",
        json=forged,
        headers={"Authorization": f"Bearer {TOKEN}"},
        timeout=60,
    )
    assert (answer.status_code, answer.json()["state"]) == (202, "waits")
    assert (inbox / take_id / "take.json").is_file()

    def acts(*words: str) -> Answer:
        return perfstudio("receive", "withdrawals", *words, "--folder", inbox)

    (waiting,) = acts("list", "--json").json["waiting"]
    listed = acts("list").out
    assert all(word in listed for word in (waiting["id"], take_id, "Ask the performer")), listed
    assert "waiting" in acts("confirm", "0" * 12).refused()
    confirmed = acts("confirm", waiting["id"])
    assert (confirmed.code, "is deleted" in confirmed.out) == (0, True), confirmed
    assert not (inbox / take_id).exists()
    assert "No taken-back consent is waiting" in acts("list").out


def test_a_receiver_that_is_away_is_told_at_the_next_delivery(  # noqa: PLR0917
    perfstudio: Type,
    ready: str,
    tmp_path: Path,
    passphrase: dict[str, str],
    token_file: Path,
    receive: Callable[..., TypedReceiver],
) -> None:
    take_id, studio = ready, receive("--studio-id", "practice", "--name", "Lab")
    deliver = ("deliver", "--studio", f"{studio.url}/studio.json", "--token-file", token_file)
    assert perfstudio(*deliver, **passphrase).code == 0
    studio.end()
    answer = perfstudio("consent", "withdraw", take_id, "--token-file", token_file, "--json", **passphrase)
    assert answer.code == 1
    assert answer.json["withdrawn"]
    assert answer.json["untold"] == [{"take_id": take_id, "studio": "practice", "code": "receiver_unreachable"}]
    (line,) = answer.err.strip().splitlines()
    assert all(word in line for word in ("Lab", "The letter", "cannot be reached", "next delivery")), line
    assert perfstudio("takes", "show", take_id, "--json").json["state"] == "withdrawn"
    still = perfstudio("deliver", "--token-file", token_file, **passphrase)
    assert (still.code, "Lab" in still.err) == (1, True), still
    receive(port=studio.port)
    told = perfstudio("deliver", "--token-file", token_file, "--json", **passphrase)
    assert told.code == 0, told
    assert [(t["take_id"], t["studio"], t["word"]) for t in told.json["told"]] == [(take_id, "practice", "deleted")]
    assert len(withdrawals(tmp_path / "inbox")) == 1
    assert not (tmp_path / "inbox" / take_id).exists()


def test_without_the_token_it_is_said_who_was_not_told(  # noqa: PLR0917
    perfstudio: Type,
    ready: str,
    tmp_path: Path,
    passphrase: dict[str, str],
    token_file: Path,
    receive: Callable[..., TypedReceiver],
) -> None:
    take_id, studio = ready, receive("--studio-id", "practice", "--name", "Lab")
    deliver = ("deliver", "--studio", f"{studio.url}/studio.json", "--token-file", token_file)
    assert perfstudio(*deliver, **passphrase).code == 0
    said = perfstudio("consent", "withdraw", take_id, **passphrase)
    assert said.code == 1
    assert "token" in said.err
    assert "Traceback" not in said.err
    assert withdrawals(tmp_path / "inbox") == []


@pytest.mark.skipif(os.name == "nt", reason="a tool of the system is stood in for by a script")
def test_it_rests_when_it_is_told_to_and_says_what_goes_where_before_it_goes(
    perfstudio: Type, ready: str, home: Path, token_file: Path, receive: Callable[..., TypedReceiver]
) -> None:
    studio, token = receive("--studio-id", "practice", "--name", "Lab"), ("--token-file", token_file)
    assert "is not being delivered" in perfstudio("deliver", "--pause", "--take", ready).refused()
    assert "All deliveries are paused." in perfstudio("deliver", "--pause").out
    still = perfstudio("deliver", "--studio", f"{studio.url}/studio.json", *token, "--json")
    assert (still.code, [left["code"] for left in still.json["left"]]) == (1, ["delivery_paused"])
    tools = home.parent / "tools"
    tools.mkdir()
    (tools / "nmcli").write_text("#!/bin/sh\necho 'GENERAL.CONNECTION:Away'\necho 'GENERAL.METERED:yes'\n")
    (tools / "nmcli").chmod(0o755)
    with Outbox(AppPaths(home).outbox) as outbox:
        outbox.enqueue(read_bundle(home / "takes" / ready, "practice"))
        outbox.take_out(ready, "practice")
    stays = perfstudio("deliver", "--go-on", *token)
    assert (stays.code, "The letter, take 1 was removed from the deliveries, and stays here." in stays.out) == (0, True)
    named = ("--go-on", "--take", ready)
    went = perfstudio("deliver", *named, *token, "--cap", "4Mbit/s", PATH=f"{tools}:{os.environ['PATH']}")
    assert went.code == 0, "the receiver is on this computer: no network is used"
    before, after = went.out.strip().splitlines()
    assert before.startswith("The letter, take 1: ")
    assert before.endswith(" go to Lab, at 127.0.0.1, with at most 500 kB a second."), before
    assert "read back by the receiver, which signed for it" in after
    receipt = home / "takes" / ready / "receipt.json"
    receipt.write_text("{")
    assert perfstudio("deliver", "--take", ready, *token).code == 1
    receipt.unlink()  # as it is told then: a studio that has a take signs for it once more
    again = perfstudio("deliver", "--take", ready, *token)
    assert (again.code, receipt.exists()) == (0, True), again


def test_a_withdrawal_cut_short_before_the_outbox_knew_is_told(  # noqa: PLR0917
    perfstudio: Type, ready: str, home: Path, tmp_path: Path, passphrase: dict[str, str], token_file: Path,
    receive: Callable[..., TypedReceiver],
) -> None:  # fmt: skip
    """A kill between the signed record and the outbox; and an outbox that was lost altogether."""
    take_id, studio = ready, receive()
    deliver = ("deliver", "--studio", f"{studio.url}/studio.json", "--token-file", token_file)
    assert perfstudio(*deliver, **passphrase).code == 0
    shutil.copyfile(home / "outbox.sqlite", tmp_path / "before.sqlite")
    perfstudio("consent", "withdraw", take_id, **passphrase)
    for file in home.glob("outbox.sqlite*"):
        file.unlink()
    told = perfstudio(*deliver, "--json", **passphrase)
    assert told.code == 0, told
    assert [line["take_id"] for line in told.json["told"]] == [take_id]
    assert len(withdrawals(tmp_path / "inbox")) == 1


def test_taken_back_by_one_verb_while_another_delivers(  # noqa: PLR0917
    perfstudio: Type, ready: str, home: Path, tmp_path: Path, passphrase: dict[str, str], token_file: Path,
    receive: Callable[..., TypedReceiver],
) -> None:  # fmt: skip
    take_id, studio = ready, receive()
    words = ["deliver", "--studio", f"{studio.url}/studio.json", "--token-file", str(token_file)]
    env = {**os.environ, "PERFSTUDIO_HOME": str(home), **passphrase}
    sender = subprocess.Popen(
        [sys.executable, "-m", "perfstudio", *words], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    until(lambda: list((tmp_path / "inbox").glob(".receiver/consents/*.json")), limit_s=PATIENCE_S, look_s=0.002)
    taken_back = perfstudio("consent", "withdraw", take_id, "--token-file", token_file, **passphrase)
    out, err = sender.communicate(timeout=PATIENCE_S)
    assert "Traceback" not in err + taken_back.err, (out, err, taken_back)
    assert len(withdrawals(tmp_path / "inbox")) == 1
    assert not (tmp_path / "inbox" / take_id).exists()
    assert perfstudio("takes", "show", take_id, "--json").json["state"] == "withdrawn"


def test_an_endless_receiver_does_not_hold_up_withdrawing(  # noqa: PLR0917
    perfstudio: Type,
    ready: str,
    tmp_path: Path,
    passphrase: dict[str, str],
    token_file: Path,
    receive: Callable[..., TypedReceiver],
) -> None:
    take_id, studio = ready, receive()
    deliver = ("deliver", "--studio", f"{studio.url}/studio.json", "--token-file", token_file)
    assert perfstudio(*deliver, **passphrase).code == 0
    studio.end()
    with socket.create_server(("127.0.0.1", studio.port)):  # takes connections and never says a word
        answer: Answer = perfstudio("consent", "withdraw", take_id, "--token-file", token_file, **passphrase)
    assert answer.code == 1
    assert "cannot be reached" in answer.err
    assert perfstudio("takes", "show", take_id, "--json").json["state"] == "withdrawn"


def studio_pack(folder: Path) -> Path:
    """The bundled scenes, asked for by North Lab."""
    pack = json.loads(asset("packs", "practice", "pack.json").read_text("utf-8"))
    pack["id"], pack["studio"]["id"], pack["studio"]["name"] = "thresholds", "north-lab", "North Lab"
    file = folder / "thresholds.perfpack"
    with zipfile.ZipFile(file, "w") as out:
        out.writestr("pack.json", json.dumps(pack))
    return file


def test_a_studios_receiver_is_tried_without_a_camera(
    perfstudio: Type,
    tmp_path: Path,
    passphrase: dict[str, str],
    token_file: Path,
    receive: Callable[..., TypedReceiver],
) -> None:
    assert perfstudio("packs", "import", studio_pack(tmp_path)).code == 0
    take_id = signed(perfstudio, passphrase, "thresholds/the-letter", "can go to a practice receiver")
    real = receive("--studio-id", "north-lab", folder=tmp_path / "real")
    refused = perfstudio("deliver", "--studio", f"{real.url}/studio.json", "--token-file", token_file, **passphrase)
    assert (refused.code, "practice device" in refused.err) == (1, True), refused
    practice = receive("--studio-id", "north-lab", "--practice", folder=tmp_path / "practice")
    there = ("deliver", "--studio", f"{practice.url}/studio.json", "--token-file", token_file)
    key = practice.said["key"]
    assert key in perfstudio(*there, **passphrase).refused(), "another key is for a person to decide about"
    assert key in perfstudio(*there, "--new-key", "0000 0000 0000 0000", **passphrase).refused()
    sent = perfstudio(*there, "--new-key", key, **passphrase)
    assert sent.code == 0, sent
    receipt = tmp_path / "practice" / take_id / "receipt.json"
    assert f"signed with the key this computer knows north-lab by: {key}" in perfstudio("verify", receipt.parent).out
    kept = next(path for path in tmp_path.rglob("receipt.json") if path != receipt)
    assert kept.read_bytes() == receipt.read_bytes(), "the receiver's own signed bytes"
    assert not list((tmp_path / "real").rglob("take.json"))


def test_a_certificate_of_its_own_is_trusted_by_a_file(  # noqa: PLR0917
    perfstudio: Type,
    ready: str,
    tmp_path: Path,
    passphrase: dict[str, str],
    token_file: Path,
    receive: Callable[..., TypedReceiver],
) -> None:
    certificate, key = self_signed(tmp_path)
    studio = receive("--studio-id", "practice", "--certificate", certificate, "--key", key)
    assert studio.url.startswith("https://")
    words = ("deliver", "--studio", f"{studio.url}/studio.json", "--token-file", token_file)
    said = perfstudio(*words, **passphrase).refused()
    assert all(part in said for part in (studio.url, "does not trust", "--trust"))
    plain = f"http://127.0.0.1:{studio.port}/studio.json"
    assert "https" in perfstudio("deliver", "--studio", plain, **passphrase).refused()
    assert "gone.pem" in perfstudio(*words, "--trust", tmp_path / "gone.pem", **passphrase).refused()
    sent = perfstudio(*words, "--trust", certificate, **passphrase)
    assert sent.code == 0, sent
    again = perfstudio(*words, **passphrase)  # kept with the studio
    assert again.code == 0, again


def test_names_of_the_practice_room_are_refused(perfstudio: Type, tmp_path: Path) -> None:
    pack = json.loads(asset("packs", "practice", "pack.json").read_text("utf-8"))
    pack["version"], pack["studio"]["legal_name"] = "9.0", "Evil GmbH"
    file = tmp_path / "room.perfpack"
    with zipfile.ZipFile(file, "w") as out:
        out.writestr("pack.json", json.dumps(pack))
    for verb in ("import", "validate"):
        assert "practice" in perfstudio("packs", verb, file).refused()
    room, _chairs = perfstudio("packs", "list", "--json").json
    assert (room["version"], len(room["prompts"])) == ("1.0", 35)
