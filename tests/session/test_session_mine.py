"""Everything of mine in one folder: read back, honest about what is missing, and gone on with after a kill."""

from __future__ import annotations

import contextlib
import hashlib
import json
import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from perfstudio.delivery.tokens import TokenStore
from perfstudio.model.errors import ErrorCode, LibraryError
from perfstudio.paths import AppPaths
from perfstudio.session import mine_copy, mine_export
from perfstudio.session.home import Home
from perfstudio.session.mine_export import HASHES, README, UNFINISHED, MineExport, MineReport
from perfstudio.session.skips import SkipReason
from perfstudio.texts import mine
from rigs.kept_takes import KILLED
from rigs.signing_home import MINE, SIGNED, signed_home

TAKES = {*MINE, SIGNED}


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with Home(AppPaths(signed_home(tmp_path / "home")), use_keyring=False) as made:
        made.settings.change(signed_name="Ines Example", tags_never=("death",))
        made.scenes.skip(made.scenes.card("trade-fair"), SkipReason.CANNOT_HERE, "No door here.")
        yield made


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return tmp_path / "stick" / "mine"


def export(home: Home, folder: Path, **more: object) -> MineReport:
    made = MineExport(home.library, home.shelf, lambda: home.settings.now)
    return made.run(folder, mine.words(), **more)  # type: ignore[arg-type]


def refused(home: Home, folder: Path, **more: object) -> ErrorCode:
    with pytest.raises(LibraryError) as told:
        export(home, folder, **more)
    return told.value.code


def hashes(folder: Path) -> dict[str, str]:
    lines = (folder / HASHES).read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_everything_is_there_and_every_hash_is_right(home: Home, copy: Path) -> None:
    report = export(home, copy)
    assert set(report.takes) == TAKES
    assert report.left == ((KILLED, "rolling"),), "what was cut short is named"
    for take_id in TAKES:
        for source in home.library.folder(take_id).rglob("*"):
            if source.is_file() and source.name != "ballast.bin":
                there = copy / "takes" / take_id / source.relative_to(home.library.folder(take_id))
                assert there.read_bytes() == source.read_bytes()
        assert (copy / "receipts" / f"{take_id}.html").read_text(encoding="utf-8").startswith("<!")
    named = hashes(copy)
    assert {*named, HASHES} == files(copy)
    for name, digest in named.items():
        assert hashlib.sha256((copy / name).read_bytes()).hexdigest() == digest
    readme = (copy / README).read_text(encoding="utf-8")
    assert "4 takes" in readme
    assert "not yet recovered" in readme
    about = json.loads((copy / "about-me.json").read_text())
    assert (about["signed_name"], about["tags_never"]) == ("Ines Example", ["death"])
    (skipped,) = json.loads((copy / "scenes-i-skipped.json").read_text())["scenes"]
    assert skipped["words"] == "No door here."
    assert json.loads((copy / "what-i-have-given.json").read_text())["studios"]


def test_no_key_no_token_and_no_address_comes_along(home: Home, copy: Path) -> None:
    home.settings.change(camera={"id": "rtsp://ines:geheim@192.168.1.20/live"})
    TokenStore(lambda: None)
    (home.paths.home / "keys" / "token.txt").write_text("a-token-of-a-studio")
    export(home, copy)
    key = json.loads((home.paths.home / "keys" / "signing-key.json").read_text())
    secrets = [
        b"geheim",
        b"a-token-of-a-studio",
        *(str(value).encode() for value in key.values() if len(str(value)) > 20),
    ]
    public = home.consents.record(MINE[0]).public_key.encode()
    for name in files(copy):
        data = (copy / name).read_bytes()
        assert not [secret for secret in secrets if secret in data and secret != public], name
    assert not (copy / "keys").exists()


@pytest.mark.parametrize("after", [0.05, 0.4, 0.75, 0.999])
def test_stopped_on_the_way_it_says_so_and_goes_on_when_asked_again(home: Home, copy: Path, after: float) -> None:
    stop = threading.Event()

    def tick(done: int, total: int) -> None:
        if done >= after * total:
            stop.set()

    assert refused(home, copy, tick=tick, stop=stop) is ErrorCode.EXPORT_STOPPED
    assert "not finished" in (copy / UNFINISHED).read_text(encoding="utf-8")
    assert not (copy / HASHES).exists()
    whole = {path: path.stat().st_mtime_ns for path in copy.rglob("*") if path.is_file() and path.suffix != ".txt"}
    assert set(export(home, copy).takes) == TAKES
    assert not (copy / UNFINISHED).exists()
    assert files(copy) == {*hashes(copy), HASHES}, "nothing half done is left"
    for path, at in whole.items():
        if "takes" in path.parts and not path.name.startswith("."):
            assert path.stat().st_mtime_ns == at, "what was whole is not copied again"


def test_half_a_file_under_its_own_name_is_copied_again(home: Home, copy: Path) -> None:
    export(home, copy)
    film = next(copy.rglob("audio.flac"))
    good = film.read_bytes()
    film.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    (copy / UNFINISHED).touch()
    export(home, copy)
    assert film.read_bytes() == good


def test_an_earlier_copy_is_brought_up_to_date(home: Home, copy: Path) -> None:
    export(home, copy)
    home.takes.bin(MINE[0])
    home.consents.withdraw(MINE[1], passphrase=lambda: "three calm horses")
    assert set(export(home, copy).takes) == TAKES, "what is in the bin is mine, too"
    acts = json.loads((copy / "takes" / MINE[1] / "consent.json").read_text())["events"]
    assert acts[-1]["state"] == "ConsentWithdrawn"


def test_papers_of_a_deleted_take_come_along(home: Home, copy: Path) -> None:
    home.consents.withdraw(MINE[0], passphrase=lambda: "three calm horses")
    home.takes.bin(MINE[0])
    assert home.takes.empty_bin().deleted == (MINE[0],)
    report = export(home, copy)
    assert (report.deleted, MINE[0] in report.takes) == ((MINE[0],), False)
    assert (copy / "deleted-takes" / MINE[0] / "consent.json").exists()
    assert "the papers of 1 take" in mine.done(report)


def test_what_an_earlier_copy_left_stays_and_is_named(home: Home, copy: Path) -> None:
    assert export(home, copy).earlier == ()
    home.consents.withdraw(MINE[0], passphrase=lambda: "three calm horses")
    home.takes.bin(MINE[0])
    home.takes.empty_bin()
    (home.library.folder(MINE[1]) / "audio.flac").rename(copy.parent / "away.flac")
    (copy / "receipts" / "01old.html").write_text("an old receipt")
    before = files(copy)
    report = export(home, copy)
    stale = {f"takes/{MINE[0]}", f"takes/{MINE[1]}/audio.flac", "receipts/01old.html"}
    assert stale <= set(report.earlier)
    assert before <= files(copy), "nothing is deleted"
    told = (copy / README).read_text(encoding="utf-8")
    assert all(f"Kept from an earlier copy: {place}." in told for place in report.earlier)
    covered = {name for name in files(copy) if name == HASHES or name in hashes(copy)}
    others = files(copy) - covered
    assert all(any(name == place or name.startswith(f"{place}/") for place in report.earlier) for name in others)
    for name, digest in hashes(copy).items():
        assert hashlib.sha256((copy / name).read_bytes()).hexdigest() == digest
    assert export(home, copy).earlier == report.earlier, "and the next time, too"


def test_a_damaged_take_is_copied_and_said(home: Home, copy: Path) -> None:
    film = home.library.folder(MINE[0]) / "audio.flac"
    film.write_bytes(film.read_bytes()[:-10])
    report = export(home, copy)
    assert report.damaged == (MINE[0],)
    assert (copy / "takes" / MINE[0] / "audio.flac").read_bytes() == film.read_bytes()


def test_what_cannot_be_read_is_named_and_stops_no_other(
    home: Home, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = mine_export.copy

    def broken(source: Path, target: Path, tick: mine_copy.Tick) -> str:
        if source.parent.name == MINE[0] and source.name == "audio.flac":
            raise mine_copy.SourceUnreadableError(source.name)
        return real(source, target, tick)

    monkeypatch.setattr(mine_export, "copy", broken)
    report = export(home, copy)
    assert (MINE[0], "unreadable") in report.left
    assert set(report.takes) == TAKES - {MINE[0]}


def test_links_are_not_followed(home: Home, copy: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("geheim")
    (home.library.folder(MINE[0]) / "notes.txt").symlink_to(tmp_path / "secret.txt")
    export(home, copy)
    assert not (copy / "takes" / MINE[0] / "notes.txt").exists()


def test_a_folder_that_is_not_for_it_is_refused_and_left_alone(home: Home, tmp_path: Path) -> None:
    for inside in (home.paths.home, home.paths.home / "copy", home.library.takes / "copy"):
        assert refused(home, inside) is ErrorCode.EXPORT_INSIDE
    foreign = tmp_path / "holiday"
    foreign.mkdir()
    (foreign / "beach.jpg").write_bytes(b"sea")
    assert refused(home, foreign) is ErrorCode.EXPORT_FOREIGN
    assert files(foreign) == {"beach.jpg"}
    assert refused(home, foreign / "beach.jpg") in (ErrorCode.DISK_WRITE, ErrorCode.DISK_GONE)


def test_the_copies_of_two_performers_are_not_mixed(home: Home, copy: Path) -> None:
    """Also where the first was cut short: whose it is stands there from the beginning on."""
    stop = threading.Event()
    stop.set()
    for stopped in (stop, None):
        with contextlib.suppress(LibraryError):
            export(home, copy, stop=stopped)
        mine_id, there = home.settings.now.performer_id, files(copy)
        home.settings.change(performer_id="0" * 32)
        assert refused(home, copy) is ErrorCode.EXPORT_OTHERS
        assert files(copy) == there
        home.settings.change(performer_id=mine_id)


def test_without_room_nothing_is_begun(home: Home, copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mine_export, "free_bytes", lambda folder: 40_000)
    assert refused(home, copy) is ErrorCode.DISK_FULL
    assert not copy.exists()


def test_what_reads_back_differently_is_not_there(home: Home, copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = mine_export.read_back
    monkeypatch.setattr(
        mine_export, "read_back", lambda file, tick: "" if file.name == "audio.flac" else real(file, tick)
    )
    assert refused(home, copy) is ErrorCode.EXPORT_DIFFERS
    assert (copy / UNFINISHED).exists()


@pytest.mark.soak
def test_killed_at_any_moment_it_says_so_and_goes_on(tmp_path: Path) -> None:
    """The verb itself, killed again and again at moments drawn at random, until it comes to its end."""
    place = signed_home(tmp_path / "signed")
    (place / "takes" / MINE[0] / "raw").mkdir(exist_ok=True)
    (place / "takes" / MINE[0] / "raw" / "blocks.bin").write_bytes(random.Random(7).randbytes(3_000_000) * 100)
    words = [sys.executable, "-m", "perfstudio", "export", str(tmp_path / "mine"), "--home", str(place)]
    kills = 0
    for number in range(60):
        running = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            running.wait(random.Random(number).uniform(0.3, 1.0) * (1 + number / 10))
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()
            kills += 1
            begun = (tmp_path / "mine").exists() and bool(files(tmp_path / "mine"))
            assert not begun or (tmp_path / "mine" / UNFINISHED).exists() or (tmp_path / "mine" / HASHES).exists()
        else:
            break
    assert kills >= 3
    assert not (tmp_path / "mine" / UNFINISHED).exists()
    for name, digest in hashes(tmp_path / "mine").items():
        assert hashlib.sha256((tmp_path / "mine" / name).read_bytes()).hexdigest() == digest
