"""Lanes for `pytest -n N`: tests that need real time, one at a time for each of two cores, and beside them the others.

A test marked `realtime` measures clocks, watches devices come and go, kills what rolls: it needs the processor when it
asks for it, and most of its time it waits. All of them are work for two workers, one where there is one core, which
begin with it; the other workers stand back (`nice`). Of the rest, tests that need the same dear thing go to one worker
or two, tests of a file that share a fixture of the module to one, so that it is made once, and everything else is dealt
out one by one, those first that have few beside them in their file: they are the long ones.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from functools import cache
from itertools import chain
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

from rigs import beforehand, memory_folder
from rigs.forked_workers import Finder

TESTS = Path(__file__).resolve().parents[1]
REALTIME = "realtime"
REALTIME_LANES = ("the recorder in real time", "what rolls with it in real time")
"""The tests of `capture`, and those of all other rooms: each half the time of both."""

DEAR = {
    "verb_server": ("verbs", "more verbs"),
    "recorded": ("recorded takes",),
    "asked": ("consent that was asked",),
    "film": ("film",),
    "clip": ("clip",),
}
"""What a worker makes once for all its tests, and costs a second or more: which lanes share the tests that need it."""

KEEP = ("checks_material", "faces_material", "talking_material", "signing_home")
"""Modules that make something dear and keep it: voices, portraits, signed takes. Tests of a file that asks one of them
go to one worker, as if it were a fixture of theirs."""

STANDS_BACK = 10
"""By how much the other workers are nicer: where both want a core, they get a tenth of what a real-time lane gets."""


def pytest_configure(config: pytest.Config) -> None:
    """The two ends of a run in parallel: those who work, and the one who deals out."""
    if hasattr(config, "workerinput"):
        config.pluginmanager.register(Worker(Path(config.workerinput["lanes"])), "lanes-worker")
    elif config.getoption("numprocesses", None):
        config.option.loadscopereorder = False  # the order is the workers'
        config.pluginmanager.register(Dealer(config), "lanes-dealer")


class Worker:
    """Brings the tests into their order, and stands back once it has left a real-time lane."""

    def __init__(self, lanes: Path) -> None:
        self._lanes = lanes
        self._stands_back = False

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Of a test that passed one word is enough, unless somebody wants to know how long its fixtures took."""
        options = session.config.option
        if options.durations is None and not getattr(options, "xmlpath", None):
            for plugin in session.config.pluginmanager.get_plugins():
                if hasattr(plugin, "sendevent"):  # xdist's own; the module that it runs cannot be imported
                    plugin.sendevent = without_needless(plugin.sendevent)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """The lane of each test is written down for the one who deals out, who sees nothing but names."""
        lanes = {item.nodeid: lane for item in items if (lane := lane_of(item))}
        self._lanes.write_text(json.dumps(lanes), encoding="utf-8")
        if config.getoption("failedfirst", default=False):
            return
        beside = Counter(item.path for item in items)
        first = {lane: place for place, lane in enumerate((*REALTIME_LANES, *chain(*DEAR.values())))}
        items.sort(key=lambda i: (first.get(lanes.get(i.nodeid, ""), len(first)), beside[i.path], i.path))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Nothing but a real-time lane runs at full weight."""
        if not self._stands_back and item.get_closest_marker(REALTIME) is None and hasattr(os, "nice"):
            os.nice(STANDS_BACK)
            self._stands_back = True


def without_needless(send: Callable[..., None]) -> Callable[..., None]:
    """Of six messages a test three are never looked at: that it begins, and that what it needs came and went."""

    def chosen(name: str, **words: Any) -> None:
        report = words["data"] if name == "testreport" else {}
        unmoved = report.get("outcome") == "passed" and report["when"] != "call" and not report["sections"]
        if name != "logstart" and not unmoved:
            send(name, **words)

    return chosen


def lane_of(item: pytest.Item) -> str:
    """A real-time lane, the lane of what is dear, or the file of tests that share what was made once; else empty."""
    if item.get_closest_marker(REALTIME) is not None:
        return REALTIME_LANES[(os.cpu_count() or 1) > 1 and TESTS / "capture" not in item.path.parents]
    needed = item.fixturenames if isinstance(item, pytest.Function) else []
    for dear, lanes in DEAR.items():
        if dear in needed:
            return lanes[len(item.path.stem) % len(lanes)]
    made = item._fixtureinfo.name2fixturedefs.values() if isinstance(item, pytest.Function) else ()
    shared = any(fixture[-1].scope == "module" for fixture in made)
    return item.nodeid.partition("::")[0] if shared or asks_who_keeps(getattr(item, "module", None)) else ""


@cache
def asks_who_keeps(module: ModuleType | None) -> bool:
    """Whether a file of tests has something of a module that keeps what it made."""
    names = vars(module).values() if module is not None else ()
    return any(str(getattr(name, "__module__", "")).rpartition(".")[2] in KEEP for name in names)


class Dealer:
    """Deals out by lanes, whatever way of distributing was asked for."""

    def __init__(self, config: pytest.Config) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._finder: Finder | None = None
        self._types: subprocess.Popen[bytes] | None = None
        whole = [Path(asked).resolve() for asked in config.args] == [TESTS]
        self._in_memory: Path | None = None
        if whole and sys.platform.startswith("linux"):
            self._in_memory = memory_folder.made()
            if self._in_memory is not None and config.option.basetemp is None:
                config.option.basetemp = str(self._in_memory / "tests")
            self._types = beforehand.begin(Path(self._folder.name))
            self._finder = Finder(TESTS, Path(self._folder.name, "finder"))
            config.option.tx = [self._finder.worker] * len(config.option.tx)

    def pytest_configure_node(self, node: WorkerController) -> None:
        """Each worker has a file for the lanes of its tests."""
        node.workerinput["lanes"] = str(Path(self._folder.name, node.gateway.id))

    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> LoadScopeScheduling:
        """The scheduler of the run."""
        return Lanes(config, log)

    def pytest_unconfigure(self) -> None:
        """The lanes were read long ago, the workers have ended."""
        if self._finder is not None:
            self._finder.close()
        if self._types is not None:
            beforehand.end(self._types)
        if self._in_memory is not None:
            shutil.rmtree(self._in_memory, ignore_errors=True)
        self._folder.cleanup()


class Lanes(LoadScopeScheduling):
    """A lane is one piece of work."""

    def __init__(self, config: pytest.Config, log: Any) -> None:
        super().__init__(config, log)
        self._lanes: dict[str, str] = {}
        self._places: dict[str, int] = {}

    def add_node_collection(self, node: WorkerController, collection: list[str]) -> None:
        """What a worker has found, with the lanes that it wrote down before."""
        self._lanes |= json.loads(Path(node.workerinput["lanes"]).read_text(encoding="utf-8"))
        self._places = self._places or {nodeid: place for place, nodeid in enumerate(collection)}
        super().add_node_collection(node, collection)

    def mark_test_complete(self, node: WorkerController, item_index: int, duration: float = 0) -> None:
        """What is done is forgotten. xdist keeps it, and counts at each end of a test through all that was done."""
        nodeid = self.registered_collections[node][item_index]
        lanes = self.assigned_work[node]
        lane = self._split_scope(nodeid)
        del lanes[lane][nodeid]
        if not lanes[lane]:
            del lanes[lane]
        self._reschedule(node)

    def _assign_work_unit(self, node: WorkerController) -> None:
        """The next lane for a worker."""
        lane, tests = self.workqueue.popitem(last=False)
        self.assigned_work[node][lane] = tests
        node.send_runtest_some([self._places[nodeid] for nodeid in tests])

    def _split_scope(self, nodeid: str) -> str:
        return self._lanes.get(nodeid, nodeid)
