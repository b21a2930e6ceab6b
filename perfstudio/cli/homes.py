"""Opening the performer's home for a verb."""

from __future__ import annotations

import argparse

from perfstudio.paths import AppPaths
from perfstudio.session.home import Home


def open_home(args: argparse.Namespace) -> Home:
    """The home named by --home, PERFSTUDIO_HOME or the system's custom."""
    return Home(AppPaths.choose(args.home))
