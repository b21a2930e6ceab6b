"""Plays a film as a page does, and prints what it cost as one JSON document: times in ms, memory in megabytes.

    python -m rigs.playing_film FILM SECONDS PACKAGE HEARD

PACKAGE has the modules `player` and `picture` (perfstudio.ui.playback). HEARD is the FIFO of a pipe sink of 48 kHz,
s16, stereo; whoever reads it at the pace of the sound is the loudspeaker. The film has a burst at every whole second.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import psutil
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from perfstudio.model.clock import host_ns

FPS, RATE = 30, 48000
SEEKS = 20


class LoudReader(threading.Thread):
    """Takes ten milliseconds of sound every ten milliseconds; `bursts` are the host times at which one began."""

    def __init__(self, fifo: Path) -> None:
        super().__init__(daemon=True)
        self._fifo = fifo
        self.bursts: list[int] = []

    def run(self) -> None:
        """Until the process ends."""
        piece = RATE // 100 * 4
        quiet_until = 0
        with self._fifo.open("rb", buffering=0) as pipe:
            due = time.perf_counter()
            while data := pipe.read(piece):
                now = host_ns()
                for at, value in enumerate(memoryview(data[: len(data) // 4 * 4]).cast("h")[::2]):
                    began = now + round(at * 1e9 / RATE)
                    if abs(value) > 8000 and began > quiet_until:
                        self.bursts.append(began)
                        quiet_until = began + 500_000_000
                due += len(data) / 4 / RATE
                time.sleep(max(0.0, due - time.perf_counter()))
                due = max(due, time.perf_counter() - 0.05)


class Watcher:
    """A page with a film: what it shows, and when."""

    def __init__(self, package: str, film: Path, seconds: float) -> None:
        self.film, self.seconds = film, seconds
        self.playback: Any = import_module(f"{package}.player").Playback()
        self.picture: Any = import_module(f"{package}.picture").PlayedPicture()
        self.picture.resize(800, 450)
        self.playback.frame.connect(self.picture.show_frame)
        if hasattr(self.picture, "sized"):
            self.picture.sized.connect(self.playback.fit)
        self.picture.show()
        self.seen: list[tuple[int, float]] = []
        """(host time, stamp) of every picture."""
        self.playback.frame.connect(self._saw)

    def _saw(self, picture: Any) -> None:
        at_s = picture.at_s if hasattr(picture, "at_s") else picture.startTime() / 1e6
        self.seen.append((host_ns(), at_s))

    def opened_ms(self) -> float:
        """To the first picture."""
        self.playback.close()
        spin(0.3)
        self.seen.clear()
        began = host_ns()
        self.playback.open(self.film, self.seconds, play=False)
        spin_until(lambda: bool(self.seen))
        return (self.seen[0][0] - began) / 1e6

    def reached_ms(self, act: Callable[[], object], at_s: float) -> float:
        """From an act to the picture of a moment."""
        self.seen.clear()
        began = host_ns()
        act()
        spin_until(lambda: any(abs(stamp - at_s) < 0.6 / FPS for _, stamp in self.seen), 3.0)
        return (self.seen[-1][0] - began) / 1e6 if self.seen else float("nan")


def warm_up(package: str) -> None:
    """The decoder is loaded when a take is cut, and when the list of takes is shown: before one is opened."""
    with suppress(ImportError):
        import_module(f"{package}.film").warm_up()
        spin(2.0)


def spin(seconds: float) -> None:
    """Let the window live for a while."""
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


def spin_until(so: Callable[[], bool], limit_s: float = 10.0) -> bool:
    """Let it live until something is so."""
    loop, end = QEventLoop(), time.perf_counter() + limit_s
    timer = QTimer(interval=1)
    timer.timeout.connect(lambda: loop.quit() if so() or time.perf_counter() > end else None)
    timer.start()
    loop.exec()
    return so()


def seeks(watcher: Watcher) -> list[float]:
    """To pictures all over the film, asked for in their middle."""
    chance, out = random.Random(7), []
    for _ in range(SEEKS):
        number = chance.randrange(FPS, round(watcher.seconds * FPS) - FPS)
        middle = (number + 0.5) / FPS
        out.append(watcher.reached_ms(lambda m=middle: watcher.playback.seek(m), number / FPS))
    return out


def steps(watcher: Watcher, way: int) -> list[float]:
    """One picture further each time, or back."""
    playback, number, out = watcher.playback, round(watcher.seconds * FPS / 2), []
    watcher.reached_ms(lambda: playback.seek((number + 0.5) / FPS), number / FPS)
    for _ in range(SEEKS):
        number += way
        if hasattr(playback, "step"):
            out.append(watcher.reached_ms(lambda: playback.step(way), number / FPS))
        else:
            out.append(watcher.reached_ms(lambda n=number: playback.seek((n + 0.5) / FPS), number / FPS))
    return out


def scrubbed(watcher: Watcher) -> int:
    """Pictures shown while the playhead is drawn over the film, a place every sixteenth of a second, sixty times."""
    watcher.seen.clear()
    for place in range(60):
        watcher.playback.seek(watcher.seconds * (place + 0.5) / 60)
        spin(0.016)
    return len(watcher.seen)


def played(watcher: Watcher, reader: LoudReader, seconds: float) -> dict[str, float]:
    """Some seconds of playing: processor, memory, gaps, and how sound and picture stand to each other."""
    playback, me = watcher.playback, psutil.Process()
    playback.seek(0.0)
    spin(0.5)
    watcher.seen.clear()
    reader.bursts.clear()
    playback.play()
    spin_until(lambda: len(watcher.seen) > 3)
    before, began = me.cpu_times(), time.perf_counter()
    spin(seconds)
    after, took = me.cpu_times(), time.perf_counter() - began
    memory = me.memory_full_info().uss / 2**20
    playback.pause()
    shown = statistics.median(host / 1e6 - at_s * 1000 for host, at_s in watcher.seen)
    heard = [burst / 1e6 - shown for burst in reader.bursts]
    offsets = [(at_ms + 500) % 1000 - 500 for at_ms in heard]
    return {
        "cpu_percent": (after.user + after.system - before.user - before.system) / took * 100,
        "memory_mb": memory,
        "pictures_per_s": len(watcher.seen) / took,
        "bursts": len(offsets),
        "sound_after_picture_ms": statistics.median(offsets) if offsets else float("nan"),
        "spread_ms": max(offsets) - min(offsets) if offsets else float("nan"),
    }


def main(film: str, seconds: str, package: str, heard: str) -> None:
    """Measure, and print."""
    application = QApplication(sys.argv[:1])
    reader = LoudReader(Path(heard))
    reader.start()
    before = psutil.Process().memory_full_info().uss / 2**20
    warm_up(package)
    watcher = Watcher(package, Path(film), float(seconds))
    first = watcher.opened_ms()
    again = statistics.median(watcher.opened_ms() for _ in range(5))
    spin(1.0)
    facts = {
        "first_picture_ms": first,
        "picture_again_ms": again,
        "seek_ms": statistics.median(found := seeks(watcher)),
        "seek_worst_ms": max(found),
        "step_on_ms": statistics.median(steps(watcher, 1)),
        "step_back_ms": statistics.median(back := steps(watcher, -1)),
        "step_back_worst_ms": max(back),
        "scrub_pictures": scrubbed(watcher),
        **played(watcher, reader, min(8.0, float(seconds) - 3)),
        "memory_before_mb": before,
    }
    watcher.playback.close()
    spin(0.5)
    print(json.dumps(facts), flush=True)
    application.quit()


if __name__ == "__main__":
    main(*sys.argv[1:])
