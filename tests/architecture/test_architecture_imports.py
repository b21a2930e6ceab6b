"""What a process loads: the window's end of the session needs no media library, so it starts soon and stays small."""

from __future__ import annotations

import subprocess
import sys

MEDIA = ("cv2", "av", "sounddevice", "soundfile")


def test_the_session_loads_no_media_library() -> None:
    script = f"import sys, perfstudio.session.session; print([name for name in {MEDIA} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
