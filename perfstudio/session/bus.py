"""Rare facts travel here: published from any thread, delivered on one. Frames and levels never do; those are polled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

RunOnOwner = Callable[[Callable[[], None]], None]
"""Runs a callable on the owner's thread, later. In the window one queued signal; in tests and verbs, at once."""

E = TypeVar("E")


def at_once(call: Callable[[], None]) -> None:
    """The `post` of programs with one thread."""
    call()


class Bus:
    """Typed events, breadth first. `subscribe` returns the callable that ends the subscription."""

    def __init__(self, post: RunOnOwner = at_once) -> None:
        self.post = post
        self._hearers: dict[type[Any], list[Callable[[Any], None]]] = defaultdict(list)

    def subscribe(self, kind: type[E], hear: Callable[[E], None]) -> Callable[[], None]:
        """Call `hear` with every event of exactly this type."""
        self._hearers[kind].append(hear)
        return lambda: self._hearers[kind].remove(hear)

    def checkpoint(self) -> Callable[[], None]:
        """The answer ends every subscription that is made from now on."""
        before = {kind: tuple(hearers) for kind, hearers in self._hearers.items()}

        def end() -> None:
            for kind, hearers in self._hearers.items():
                hearers[:] = [hear for hear in hearers if hear in before.get(kind, ())]

        return end

    def publish(self, event: object) -> None:
        """Deliver an event on the owner's thread. Safe from any thread."""
        self.post(lambda: self._deliver(event))

    def _deliver(self, event: object) -> None:
        for hear in tuple(self._hearers[type(event)]):
            hear(event)
