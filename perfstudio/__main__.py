"""`python -m perfstudio` and the `perfstudio` command."""

from __future__ import annotations

import sys

from perfstudio import frozen, own_process


def main() -> int:
    """Run the command line and return its exit code."""
    own_process.leave_no_core()
    frozen.begin(sys.argv[1:])
    from perfstudio.cli.main import run  # noqa: PLC0415 - a spawned recorder process must not pay for the verbs

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
