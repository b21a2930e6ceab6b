"""The process that opens a stranger's files: small, alone, without surroundings, and ended when it takes too much.

It is told on its standard input what to look at, and says of one file after the other what is wrong with it, a line
each. Limits of the system come first, before a decoder is loaded; a watchdog stands beside them for systems that have
none of memory (macOS, Windows).
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time

from perfstudio.model.media_claim import MediaClaim, MediaForm
from perfstudio.own_process import confine, most_memory

OVER = 77
"""What the process ends with when its watchdog ended it."""
_LOOK_S = 0.05


def main() -> None:
    """Read the order, keep to its limits, answer."""
    order = json.loads(sys.stdin.readline())
    memory_bytes, cpu_s = int(order["memory_bytes"]), float(order["cpu_s"])
    confine(memory_bytes=memory_bytes, cpu_s=cpu_s)
    threading.Thread(target=_watch, args=(memory_bytes, cpu_s), daemon=True).start()
    from perfstudio.checks.foreign_media import unfit  # noqa: PLC0415 - the decoder is loaded behind the limits

    for plain in order["claims"]:
        found = unfit(MediaClaim(**{**plain, "form": MediaForm(plain["form"])}))
        sys.stdout.write(f"{found.value if found else ''}\n")
        sys.stdout.flush()


def _watch(memory_bytes: int, cpu_s: float) -> None:
    while time.process_time() < cpu_s and most_memory() < memory_bytes:
        time.sleep(_LOOK_S)
    os._exit(OVER)


if __name__ == "__main__":
    main()
