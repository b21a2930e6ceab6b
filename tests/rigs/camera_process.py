"""An MJPEG camera in a process of its own: `python -m rigs.camera_process WIDTH HEIGHT FOLDER`, or as a context.

Its pictures are drawn and compressed beforehand, so that sending them costs hardly anything.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rigs.http_camera import HttpCamera
from rigs.webcam_pictures import webcam_pictures

TESTS = Path(__file__).parents[1]


@contextmanager
def camera_process(folder: Path, size: tuple[int, int], *, pictures: int = 60, grain: float = 0.0) -> Iterator[str]:
    """The address of a camera that sends 30 pictures a second, as noisy as `grain` (see `webcam_pictures`)."""
    folder.mkdir()
    for number, jpeg in enumerate(webcam_pictures(pictures, grain, size)):
        (folder / f"{number:04}.jpg").write_bytes(jpeg)
    words = [sys.executable, "-m", "rigs.camera_process", *map(str, size), str(folder)]
    env = {**os.environ, "PYTHONPATH": str(TESTS)}
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env) as camera:
        assert camera.stdout is not None
        try:
            yield camera.stdout.readline().strip()
        finally:
            camera.kill()


def main(width: str, height: str, folder: str) -> None:
    with HttpCamera(size=(int(width), int(height)), folder=Path(folder)) as camera:
        print(camera.url, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
