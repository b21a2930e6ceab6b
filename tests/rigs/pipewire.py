"""A private PipeWire session with virtual microphones, and a program that records from one of them: soak only.

As a program: `python pipewire.py WAY` opens microphone "one" by ALSA's plug-in WAY while the system's choice is "two",
says which source its stream is on, takes the microphone away, and says how long until it was called lost.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

PARTS = ("pipewire", "wireplumber", "pipewire-pulse", "pactl", "pw-cli", "dbus-run-session")
CONFIGURATION = "".join(
    f"<{path}>\n"
    for path in (
        "/usr/share/alsa/alsa.conf",
        "/usr/share/alsa/alsa.conf.d/50-pipewire.conf",
        "/usr/share/alsa/alsa.conf.d/99-pipewire-default.conf",
    )
)
SCRIPT = """
pipewire & wireplumber & pipewire-pulse &
until pactl info >/dev/null 2>&1; do sleep 0.1; done
for name in one two; do
  pactl load-module module-null-sink media.class=Audio/Source/Virtual sink_name=$name channel_map=mono >/dev/null
done
until [ "$(pactl list short sources | grep -cE 'one|two')" = 2 ]; do sleep 0.1; done
pactl set-default-source two
until [ "$(pactl get-default-source)" = two ]; do sleep 0.1; done
"$@" > "$0"
kill $(jobs -p)
"""


def heard(folder: Path, way: str) -> dict[str, object]:
    """What the program says; it has the session to itself."""
    folder.chmod(0o700)
    settings = folder / "asound.conf"
    settings.write_text(CONFIGURATION, encoding="ascii")
    environ = {
        **os.environ,
        "XDG_RUNTIME_DIR": str(folder),
        "ALSA_CONFIG_PATH": str(settings),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    for name in ("PULSE_SERVER", "DBUS_SESSION_BUS_ADDRESS"):
        environ.pop(name, None)
    said, program = folder / "said", (sys.executable, __file__, way)
    words = ["dbus-run-session", "--", "bash", "-c", SCRIPT, str(said), *program]
    with (folder / "log").open("wb") as log:
        subprocess.run(words, env=environ, check=True, timeout=120, stdout=log, stderr=log)
    told: dict[str, object] = json.loads(said.read_text(encoding="utf-8"))
    return told


def main(way: str) -> None:
    """The program."""
    from perfstudio.capture.devices import portaudio, pulseaudio
    from perfstudio.capture.open_device import open_microphone
    from perfstudio.model.device import MicrophoneRequest
    from rigs.waiting import until

    portaudio.SERVERS = (way,)
    lost: list[float] = []
    blocks: list[object] = []
    source = open_microphone(MicrophoneRequest(id="pulse:one"))
    try:
        source.start(blocks.append, lambda _: lost.append(time.monotonic()))
        until(lambda: len(blocks) > 5, "sound")
        names = {one.index: one.name for one in pulseaudio.sources()}
        on = [names.get(index) for index in (pulseaudio.streams_of(os.getpid()) or {}).values()]
        pulled = time.monotonic()
        subprocess.run(["pw-cli", "destroy", "one"], check=True, stdout=subprocess.DEVNULL)
        until(lambda: lost, "the loss")
    finally:
        source.close()
    sys.stdout.write(json.dumps({"on": on, "lost_s": lost[0] - pulled}))


if __name__ == "__main__":
    main(sys.argv[1])
