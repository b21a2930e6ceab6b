"""`python -m perfstudio` and the `perfstudio` command."""

from __future__ import annotations

import sys

from perfstudio import frozen


def main() -> int:
    """Run the command line and return its exit code."""
    frozen.begin(sys.argv[1:])
    from perfstudio.cli.main import run  # noqa: PLC0415 - a spawned recorder process must not pay for the verbs

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
