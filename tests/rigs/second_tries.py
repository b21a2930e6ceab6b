"""A test of a real-time lane that failed is tried once more, alone, when all others are done; the run says so.

A busy machine may be late once. A second try is a fault to mend all the same: what failed first is printed whole.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rigs.lanes import REALTIME

TRIED_TWICE = "tried twice"
"""How such a test is counted in the last line of the run, beside what its second try said."""


class SecondTries:
    """Keeps the tests that failed first, and runs them again behind the others."""

    def __init__(self, config: pytest.Config) -> None:
        self._due: list[pytest.Item] = []
        self._over = bool(config.getoption("usepdb"))  # who wants to look at the first failure sees it

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Iterator[None]:
        """A first failure is no failure yet."""
        report: pytest.TestReport = yield
        if report.failed and not self._over and item.get_closest_marker(REALTIME) is not None:
            report.outcome = "rerun"
            if item not in self._due:
                self._due.append(item)
        return report

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Iterator[None]:
        """The second tries, once the tests have run; those of a run that was stopped stay undone."""
        result = yield
        self._over = True
        for item in self._due:
            number_for_xdist(session, item)
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
        return result


def number_for_xdist(session: pytest.Session, item: pytest.Item) -> None:
    """A worker sends the number of its test with each report. (The module that it runs cannot be imported.)"""
    for plugin in session.config.pluginmanager.get_plugins():
        if hasattr(plugin, "item_index"):
            plugin.item_index = session.items.index(item)


def pytest_configure(config: pytest.Config) -> None:
    """In each worker, and where nothing is dealt out."""
    config.pluginmanager.register(SecondTries(config), "second-tries-of-realtime")


def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, str] | None:
    """How a first failure is shown."""
    return (TRIED_TWICE, "R", "ONCE MORE LATER") if report.outcome == "rerun" else None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Every second try with its first failure; a run in parallel says also that there were none."""
    first = terminalreporter.stats.get(TRIED_TWICE, [])
    if first:
        terminalreporter.section(f"second tries: {len({report.nodeid for report in first})}", "=", yellow=True)
        for report in first:
            terminalreporter.section(f"{report.nodeid} ({report.when})", "_", yellow=True)
            report.toterminal(terminalreporter._tw)
    elif config.getoption("numprocesses", None):
        terminalreporter.write_line("second tries: none")
