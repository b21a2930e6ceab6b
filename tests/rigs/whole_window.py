"""The whole window as a program, for benches: `python -m rigs.whole_window HOME SECONDS [TAKES [CAMERA MICROPHONE]]`.

As in the program itself, nothing is imported here: the recorder's process imports this module once more.
"""

from __future__ import annotations

import sys


def main() -> int:
    """Play one take in the whole window."""
    from rigs.window_play import play

    return play(*sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
