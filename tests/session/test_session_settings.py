"""Settings: nothing of them is lost, whatever happened to their file, and what was laid aside is said once."""

from __future__ import annotations

import errno
import json
import shutil
import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from perfstudio.model.device import CameraRequest, MicrophoneRequest
from perfstudio.model.errors import ErrorCode, PerfstudioError
from perfstudio.paths import AppPaths
from perfstudio.session import settings_file
from perfstudio.session.home import Home
from perfstudio.session.set_aside import RestoredFrom, SetAside, SetAsideKind
from perfstudio.session.settings import SettingsStore, ThemeChoice
from perfstudio.texts.set_aside import sentence
from rigs.other_programs import CHANGES, change_settings
from rigs.warm_program import Program

TAKE = "01jd0000000000000000000000"
Damage = Callable[[Path], object]


def opened(paths: AppPaths) -> tuple[Home, list[SetAside]]:
    """A home, and what it says it has laid aside."""
    said: list[SetAside] = []
    home = Home(paths)
    home.asides.tell(said.append)
    return home, said


@pytest.fixture(scope="module")
def chosen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which everything was chosen, and nobody is at home."""
    made = AppPaths(tmp_path_factory.mktemp("chosen") / "home")
    with Home(made) as home:
        home.settings.change(
            signed_name="Ines",
            camera=CameraRequest(id="cam-7", width=1920, height=1080),
            microphone=MicrophoneRequest(id="mic-3"),
            theme=ThemeChoice.LIGHT,
            countdown_s=7,
        )
    return made.home


@pytest.fixture
def paths(tmp_path: Path, chosen: Path) -> AppPaths:
    """A copy of it."""
    return AppPaths(Path(shutil.copytree(chosen, tmp_path / "home")))


def who(paths: AppPaths) -> str:
    """The performer, as the file says it."""
    return str(json.loads(paths.settings.read_text())["performer_id"])


def edit(**values: object) -> Damage:
    """Somebody's editor, or another version, changes values."""

    def change(file: Path) -> None:
        file.write_text(json.dumps(json.loads(file.read_text()) | values))

    return change


def without(key: str) -> Damage:
    def change(file: Path) -> None:
        plain = json.loads(file.read_text())
        del plain[key]
        file.write_text(json.dumps(plain))

    return change


BROKEN: dict[str, Damage] = {
    "empty": lambda file: file.write_bytes(b""),
    "half": lambda file: file.write_bytes(file.read_bytes()[:120]),
    "zeros": lambda file: file.write_bytes(bytes(400)),
    "binary": lambda file: file.write_bytes(b"\xff\xfe\x00\x80" * 50),
    "a list": lambda file: file.write_bytes(b"[]"),
    "nested for ever": lambda file: file.write_bytes(b'{"a":' + b"[" * 100_000),
    "an empty object": lambda file: file.write_bytes(b"{}"),
    "no performer": without("performer_id"),
    "a number for a performer": edit(performer_id=5),
    "a blank performer": edit(performer_id="  "),
    "gone": lambda file: file.unlink(),
    "a folder": lambda file: (file.unlink(), file.mkdir()),
}


@pytest.mark.parametrize("damage", BROKEN.values(), ids=BROKEN.keys())
def test_a_damaged_file_comes_back_from_its_copy(paths: AppPaths, damage: Damage) -> None:
    performer = who(paths)
    damage(paths.settings)
    before = paths.settings.read_bytes() if paths.settings.is_file() else None
    home, said = opened(paths)
    with home:
        now = home.settings.now
        assert (now.performer_id, now.signed_name, now.theme) == (performer, "Ines", ThemeChoice.LIGHT)
        assert now.camera == CameraRequest(id="cam-7", width=1920, height=1080)
        assert now.countdown_s == 7
    (aside,) = said
    assert aside.found is RestoredFrom.COPY
    if before is not None:
        assert aside.kept is not None
        assert aside.kept.read_bytes() == before
    again, said = opened(paths)
    again.close()
    assert said == [], "said once"
    assert who(paths) == performer


@pytest.mark.parametrize("damage", BROKEN.values(), ids=BROKEN.keys())
def test_without_a_copy_the_takes_say_who_the_performer_is(paths: AppPaths, damage: Damage) -> None:
    performer = who(paths)
    for name, slate in ((TAKE, {"performer_id": performer}), (f"{TAKE[:-1]}1", {}), (f"{TAKE[:-1]}2", None)):
        folder = paths.takes / name
        folder.mkdir()
        if slate is not None:
            (folder / "take.json").write_text(json.dumps({"slate": slate}))
    (paths.home / "settings.json.bak").unlink()
    damage(paths.settings)
    home, said = opened(paths)
    home.close()
    assert home.settings.now.performer_id == performer
    (aside,) = said
    assert aside.found in (RestoredFrom.TAKES, RestoredFrom.FILE)


def test_a_new_performer_is_never_made_in_silence(paths: AppPaths) -> None:
    performer = who(paths)
    (paths.home / "settings.json.bak").unlink()
    paths.settings.write_bytes(bytes(50))
    home, said = opened(paths)
    home.close()
    assert home.settings.now.performer_id != performer
    assert "new performer id" in sentence(said[0])


def test_a_first_start_says_nothing(tmp_path: Path) -> None:
    home, said = opened(AppPaths(tmp_path / "fresh"))
    home.close()
    assert said == []


def test_what_still_reads_in_half_a_file_is_taken(paths: AppPaths) -> None:
    performer, text = who(paths), paths.settings.read_text()
    (paths.home / "settings.json.bak").unlink()
    paths.settings.write_text(text[: text.index('"theme"')])
    home, said = opened(paths)
    home.close()
    now = home.settings.now
    assert (now.performer_id, now.signed_name) == (performer, "Ines")
    assert now.camera == CameraRequest(id="cam-7", width=1920, height=1080)
    assert [aside.found for aside in said] == [RestoredFrom.FILE]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_another_encoding_is_no_damage(paths: AppPaths, encoding: str) -> None:
    performer = who(paths)
    paths.settings.write_bytes(paths.settings.read_text().encode(encoding))
    home, said = opened(paths)
    home.close()
    assert (home.settings.now.performer_id, home.settings.now.signed_name, said) == (performer, "Ines", [])


@pytest.mark.parametrize(
    "values",
    [
        {"wings": {"span": [1, 2.5, "x"]}},
        {"wings": None, "format": "perfstudio-settings/7"},
        {"camera": {"id": "cam-7", "width": 1920, "height": 1080, "zoom": 2}},
    ],
)
def test_what_is_unknown_here_stays_for_the_version_that_wrote_it(paths: AppPaths, values: dict[str, Any]) -> None:
    performer = who(paths)
    edit(**values)(paths.settings)
    home, said = opened(paths)
    with home:
        now = home.settings.now
        assert (now.performer_id, now.signed_name, now.countdown_s, said) == (performer, "Ines", 7, [])
        assert now.camera == CameraRequest(id="cam-7", width=1920, height=1080)
        home.settings.change(prompt_px=40)
    plain = json.loads(paths.settings.read_text())
    assert plain["prompt_px"] == 40
    assert {key: plain[key] for key in values} == values


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("theme", "sepia"),
        ("text_percent", 900),
        ("text_percent", "large"),
        ("signed_name", 5),
        ("countdown_s", None),
        ("camera", "the good one"),
        ("camera", {"id": "cam-7", "width": "wide"}),
        ("camera", {"width": 640}),
        ("microphone", []),
        ("face_model", {"path": 4}),
        ("self_view", "perhaps"),
        ("format", 2),
    ],
)
def test_a_value_that_means_nothing_costs_itself_alone(paths: AppPaths, key: str, value: object) -> None:
    before = Home(paths)
    before.close()
    edit(**{key: value})(paths.settings)
    damaged = paths.settings.read_bytes()
    home, said = opened(paths)
    with home:
        now, then = home.settings.now.to_json(), before.settings.now.to_json()
        assert {k for k in now if now[k] != then[k]} - {key} == {"not_understood"}
        (aside,) = said
        assert (aside.what, aside.keys) == (SetAsideKind.VALUES, (key,))
        assert aside.kept is not None
        assert aside.kept.read_bytes() == damaged
        home.settings.change(place_told="x")
    assert json.loads(paths.settings.read_text())[key] == value, "another version may understand it"
    again, said = opened(paths)
    again.close()
    assert said == [], "said once"


def test_earlier_damage_is_not_written_over(paths: AppPaths) -> None:
    kept = []
    for damage in (b"one", b"two", b"three"):
        paths.settings.write_bytes(damage)
        home, said = opened(paths)
        home.close()
        kept += [aside.kept for aside in said]
    assert [place.read_bytes() for place in kept if place] == [b"one", b"two", b"three"]


def test_threads_that_change_at_once_lose_nothing(paths: AppPaths) -> None:
    with Home(paths) as home:
        start = threading.Barrier(4)

        def change(name: str, values: list[Any]) -> None:
            start.wait()
            for value in values:
                home.settings.change(**{name: value})

        work = {
            "prompt_px": list(range(30, 50)),
            "place_told": [str(n) for n in range(20)],
            "countdown_s": [n % 10 for n in range(20)],
            "signed_name": [f"Ines {n}" for n in range(20)],
        }
        threads = [threading.Thread(target=change, args=item) for item in work.items()]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    plain = json.loads(paths.settings.read_text())
    assert {name: plain[name] for name in work} == {name: values[-1] for name, values in work.items()}


def test_programs_that_change_at_once_lose_nothing(paths: AppPaths) -> None:
    names = ("signed_name", "camera_name", "place_told")
    with ExitStack() as programs:
        running = [programs.enter_context(Program(change_settings, paths.settings, name)) for name in names]
        assert [program.wait() for program in running] == [0, 0, 0]
    plain = json.loads(paths.settings.read_text())
    assert [plain[name] for name in names] == [f"{name} {CHANGES - 1}" for name in names]


def test_what_another_program_changed_is_in_force_after_a_change(paths: AppPaths) -> None:
    one, other = SettingsStore(paths.settings), SettingsStore(paths.settings)
    other.change(signed_name="Ines Maria")
    one.change(prompt_px=33)
    assert (one.now.signed_name, one.now.prompt_px) == ("Ines Maria", 33)


@pytest.mark.parametrize("damage", [b"", b"{", b"[1]"])
def test_a_file_that_is_damaged_meanwhile_is_made_of_what_is_in_force(paths: AppPaths, damage: bytes) -> None:
    performer = who(paths)
    home, said = opened(paths)
    with home:
        paths.settings.write_bytes(damage)
        home.settings.change(prompt_px=33)
        assert home.settings.now.performer_id == performer
    assert [aside.kept.read_bytes() for aside in said if aside.kept] == [damage]
    plain = json.loads(paths.settings.read_text())
    assert (plain["performer_id"], plain["signed_name"], plain["prompt_px"]) == (performer, "Ines", 33)


def test_a_full_disk_is_told_and_the_change_holds_and_is_kept_later(
    paths: AppPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[PerfstudioError] = []
    store = SettingsStore(paths.settings)
    store.trouble = told.append

    def full(file: Path, data: bytes) -> None:
        raise OSError(errno.ENOSPC, "no room", str(file))

    with monkeypatch.context() as patched:
        patched.setattr(settings_file, "write_durably", full)
        store.change(signed_name="Ines Maria")
    assert store.now.signed_name == "Ines Maria"
    assert [problem.code for problem in told] == [ErrorCode.DISK_FULL]
    store.change(prompt_px=44)
    assert json.loads(paths.settings.read_text())["signed_name"] == "Ines Maria"


@pytest.mark.parametrize("what", SetAsideKind)
@pytest.mark.parametrize("found", RestoredFrom)
@pytest.mark.parametrize("kept", [None, Path("settings.unreadable.json")])
def test_all_that_is_laid_aside_has_its_sentence(what: SetAsideKind, found: RestoredFrom, kept: Path | None) -> None:
    said = sentence(SetAside(what, kept, ("theme", "wings"), found))
    assert said.endswith((".", "”."))
    assert len(said) <= 240
    if kept is not None and what is not SetAsideKind.SETTINGS_MISSING:
        assert kept.name in said
