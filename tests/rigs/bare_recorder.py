"""The recorder without window and checks: `python -m rigs.bare_recorder FOLDER CAMERA MICROPHONE SECONDS ENCODE`.

Prints the cores it used between its third and its last second, and what became of the frames.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from perfstudio.capture.recording.recorder import Recorder
from perfstudio.model.device import CameraRequest, DeviceSelection, Encode, MicrophoneRequest
from rigs.devices import go_on
from rigs.waiting import until


def main(folder: Path, camera: str, microphone: str, seconds: float, encode: str) -> None:
    asked = CameraRequest(id=camera, encode=Encode(encode))
    recorder = Recorder(DeviceSelection(camera=asked, microphone=MicrophoneRequest(id=microphone)))
    recorder.open()
    go_on(2.0)
    folder.mkdir(parents=True)
    recorder.roll(folder)
    until(lambda: recorder.status().elapsed_s >= 3.0)
    cpu, started = time.process_time(), time.perf_counter()
    until(lambda: recorder.status().elapsed_s >= seconds, limit_s=seconds + 30, look_s=0.1)
    cores = (time.process_time() - cpu) / (time.perf_counter() - started)
    status = recorder.status()
    recorder.cut()
    recorder.close()
    print(json.dumps({"cores": cores, "frames": status.frames, "dropped": status.dropped, "preset": status.preset}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], float(sys.argv[4]), sys.argv[5])
