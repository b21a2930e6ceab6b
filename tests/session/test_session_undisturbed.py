"""What goes on beside a rolling take and must not be seen in it; and settings that nobody can read."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from perfstudio.paths import AppPaths
from perfstudio.resources import asset
from perfstudio.session.home import Home
from perfstudio.session.session import Session
from perfstudio.session.set_aside import SetAside
from perfstudio.systems.ending_signals import OF_A_TERMINAL
from rigs.stage import Thread, on_stage, recorder_process, roll
from rigs.systems import WINDOWS
from rigs.waiting import until


@pytest.mark.realtime
def test_a_window_that_stands_still_for_five_seconds_costs_no_picture(session: Session, thread: Thread) -> None:
    """UI-3: the owner's thread answers nothing; the recorder has a process of its own, and what a terminal tells all of
    its processes is none of its business."""
    sealed = on_stage(session, thread)
    roll(session, thread, 0.2)
    for number in () if WINDOWS else OF_A_TERMINAL:
        recorder_process().send_signal(number)
    until(lambda: session.director.pulse().elapsed_s > 5.2, "five seconds in which nothing is heard or answered")
    session.director.cut()
    thread.until(lambda: bool(sealed))
    manifest = session.home.takes.manifest(sealed[0].take_id)
    assert manifest.duration_s is not None
    assert manifest.duration_s > 5.2
    assert manifest.video is not None
    assert manifest.audio is not None
    assert manifest.video.dropped == 0
    assert manifest.audio.gaps == ()


@pytest.mark.realtime
def test_packs_may_be_imported_while_it_rolls(session: Session, thread: Thread) -> None:
    """IMP-14: the same pack ten times, read and checked each time."""
    sealed = on_stage(session, thread)
    roll(session, thread, 0.5)
    failed: list[Exception] = []

    def import_all() -> None:
        for _ in range(10):
            try:
                session.home.shelf.import_pack(asset("packs/practice"))
            except Exception as problem:  # noqa: BLE001 - told below
                failed.append(problem)

    importer = threading.Thread(target=import_all)
    importer.start()
    thread.until(lambda: not importer.is_alive())
    importer.join()
    session.director.cut()
    thread.until(lambda: bool(sealed))
    manifest = session.home.takes.manifest(sealed[0].take_id)
    assert failed == []
    assert manifest.video is not None
    assert manifest.audio is not None
    assert manifest.video.dropped == 0
    assert manifest.audio.gaps == ()


@pytest.mark.parametrize("damage", [b"", b"{", b"\xff\xfe\x00", b'{"text_percent": 900}', b"[]"])
def test_settings_that_cannot_be_read_are_set_aside_and_brought_back(tmp_path: Path, damage: bytes) -> None:
    """UI-9."""
    paths = AppPaths(tmp_path / "home").prepare()
    with Home(paths) as home:
        home.settings.change(countdown_s=7)
    (file,) = [path for path in paths.home.rglob("*.json") if b"countdown_s" in path.read_bytes()]
    file.write_bytes(damage)
    with Home(paths) as home:
        assert home.settings.now.countdown_s == 7, "from the copy"
        told: list[SetAside] = []
        home.asides.tell(told.append)
        (aside,) = told
        assert aside.kept is not None
        assert aside.kept.read_bytes() == damage
