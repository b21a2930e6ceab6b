"""A run that somebody stops ends quietly: what a test was doing then is nobody's fault."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


class Stopped:
    """Whether Ctrl-C was pressed."""

    def __init__(self) -> None:
        self._stopped = False

    def pytest_keyboard_interrupt(self) -> None:
        """It was."""
        self._stopped = True

    @pytest.hookimpl(wrapper=True)
    def pytest_sessionfinish(self) -> Iterator[None]:
        """Here pytest takes down the fixtures of the test it was in; they find it half done."""
        try:
            return (yield)
        except BaseException:
            if not self._stopped:
                raise
            return None


def pytest_configure(config: pytest.Config) -> None:
    """For each run."""
    config.pluginmanager.register(Stopped())
