"""How fast takes leave and by which network: the settings in force, the network that is there, and "send anyway"."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from perfstudio.delivery.rate_cap import RateCap
from perfstudio.session.delivery.sending_rules import Hold, hold
from perfstudio.session.delivery.this_network import Network, this_network
from perfstudio.session.settings import Settings, SettingsStore

NOWHERE = Network()


@dataclass(frozen=True, slots=True)
class SendingNow:
    """What stands in the way of sending, if anything, and what is set."""

    hold: Hold | None = None
    network: Network = NOWHERE
    only: str = ""
    """The one network to be used, or none in particular."""
    cap: int | None = None
    """Bytes a second."""


class SendingLimits:
    """Looks at the network on a thread of its own. `changed` is called, on any thread, when `now` is another."""

    def __init__(self, settings: SettingsStore, look: Callable[[], Network] = this_network) -> None:
        self.cap = RateCap(settings.now.sending_cap)
        self.changed: Callable[[], None] = lambda: None
        self._settings = settings
        self._ask = look
        self._lock = threading.Lock()
        self._network: Network | None = None
        self._metered: bool | None = None
        self._anyway = False
        self._looks: list[threading.Thread] = []
        self._asked = 0
        self._said: SendingNow | None = None
        settings.on_change(self._set)
        self.look()

    @property
    def now(self) -> SendingNow:
        """As it stands."""
        with self._lock:
            return self._judged()

    def look(self, *, metered: bool | None = None, then: Callable[[], object] = lambda: None) -> None:
        """The network may be another one. `metered`: what the window's system has said of its cost; `then` is called on
        the thread that looked.
        """
        with self._lock:
            self._asked += 1
            number, self._metered = self._asked, metered
            thread = threading.Thread(target=self._look, args=(number, then), name="network-look", daemon=True)
            self._looks = [one for one in self._looks if one.is_alive()] + [thread]
        thread.start()

    def send_anyway(self) -> None:
        """By this network all the same, until there is another one."""
        with self._lock:
            self._anyway = True
        self._say()

    def close(self) -> None:
        """Wait for a look under way; it takes seconds at most."""
        for thread in self._looks:
            thread.join()

    def _look(self, number: int, then: Callable[[], object]) -> None:
        found = self._ask()
        with self._lock:
            if number != self._asked:  # another look has begun since, and knows better
                return
            if self._metered is not None:
                found = replace(found, metered=self._metered)
            if found != self._network and self._network is not None:
                self._anyway = False
            self._network = found
        self._say()
        then()

    def _set(self, settings: Settings) -> None:
        self.cap.set(settings.sending_cap)
        with self._lock:
            said = self._said
            other = said is not None and said.only != settings.sending_network
            self._anyway = self._anyway and not other
        self._say()

    def _say(self) -> None:
        with self._lock:
            before, self._said = self._said, self._judged()
            news = before != self._said
        if news:
            self.changed()

    def _judged(self) -> SendingNow:
        settings = self._settings.now
        why = None if self._anyway else hold(settings, self._network)
        return SendingNow(why, self._network or NOWHERE, settings.sending_network, settings.sending_cap)
