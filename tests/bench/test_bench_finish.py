"""From the cut to the finished take: ten minutes at 720p, the files hashed. `pytest -m bench -s`."""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest

from perfstudio.capture.files.live_mp4 import LiveMp4
from perfstudio.capture.finishing import finish as finishing
from perfstudio.capture.finishing.finish import finish
from perfstudio.model.take import FileRole
from rigs.long_take import make_raw

pytestmark = [pytest.mark.bench, pytest.mark.timeout(600)]
TURNS = 2


@pytest.mark.parametrize("grain", [2, 3], ids=["ordinary", "grainy"])
def test_from_cut_to_finished(tmp_path: Path, grain: int, monkeypatch: pytest.MonkeyPatch) -> None:
    read_again = watch_reads(monkeypatch)
    for turn in range(TURNS):
        folder = tmp_path / f"{turn}.part"
        folder.mkdir()
        movie = LiveMp4(folder / "take.mp4")
        make_raw(folder, 10, grain=grain, movie=movie)
        say(folder, "grown while it rolled (goal 0.5 s)", movie)
        for name in ("take.mp4", "audio.flac", "thumbnail.jpg"):
            (folder / name).unlink()
        say(folder, "made of the raw files, as after a kill", None)
        shutil.rmtree(folder)
    print()
    assert FileRole.PICTURE not in read_again


def say(folder: Path, how: str, movie: LiveMp4 | None) -> None:
    """Finish a take and print what that cost."""
    hash_rate = megabytes_a_second()
    wall, cpu = time.perf_counter(), time.process_time()
    take = finish(folder, movie=movie)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    size = {file.role: file.size / 1e6 for file in take.files}
    print(
        f"\nfinish, film {how}: {size[FileRole.PICTURE]:.0f} + {size[FileRole.SOUND]:.0f} MB in {wall:.2f} s, "
        f"{cpu:.2f} s of CPU; SHA-256 alone here and now {hash_rate:.0f} MB/s",
        end="",
    )


def watch_reads(monkeypatch: pytest.MonkeyPatch) -> set[FileRole]:
    """The roles of files that were read again for their hash."""
    seen: set[FileRole] = set()
    real: Callable[..., object] = finishing._entry

    def entry(folder: Path, role: FileRole, digest: str | None = None) -> object:
        if digest is None:
            seen.add(role)
        return real(folder, role, digest)

    monkeypatch.setattr(finishing, "_entry", entry)
    return seen


def megabytes_a_second() -> float:
    """Of SHA-256 on one thread while another one works too, as in `finish`."""
    data = bytes(32 * 2**20)
    other = Thread(target=lambda: hashlib.sha256(data).digest())
    other.start()
    started = time.perf_counter()
    hashlib.sha256(data).digest()
    took = time.perf_counter() - started
    other.join()
    return len(data) / 1e6 / took
