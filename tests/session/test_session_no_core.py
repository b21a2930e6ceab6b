"""No process of the program leaves an image of its memory, and neither do those that it starts."""

from __future__ import annotations

import subprocess
import sys

import pytest


def test_no_process_leaves_its_memory_behind() -> None:
    """As the command begins: the receiver, the sender, the window and what they start are all begun by it."""
    pytest.importorskip("resource", reason="Windows has no such limits")
    program = (
        "import resource, subprocess, sys\n"
        "from perfstudio.cli import main as cli\n"
        "asked = 'import resource; print(resource.getrlimit(resource.RLIMIT_CORE))'\n"
        "cli.run = lambda words: subprocess.run([sys.executable, '-c', asked]).returncode\n"
        "from perfstudio.__main__ import main\n"
        "soft, hard = resource.getrlimit(resource.RLIMIT_CORE)\n"
        "resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))\n"
        "sys.exit(main())\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "(0, 0)"
