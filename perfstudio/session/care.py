"""How the performer fares: a break after so long on the stage, and a word after a scene that is heavy. Both wait until
a take is safe; nothing of it is written down, and nobody else hears of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from perfstudio.model.clock import host_ns
from perfstudio.session.bus import Bus
from perfstudio.session.events import StageChanged, TakeSealed
from perfstudio.session.settings import SettingsStore
from perfstudio.session.views import SceneCard, StageState

REST_S: Final = 600.0
"""So long away from the stage is a rest: the time counts anew. Ten minutes, as between two halves of a rehearsal."""
HEAVY: Final = frozenset(
    {
        "abuse", "child-harm", "death", "grief", "mental-distress", "self-harm", "sexual-violence", "suicide",
        "violence", "war-flight",
    }
)  # fmt: skip
"""Content tags after which a way out of the role is offered; those of which a performer wants to be told before are
heavy for them, too. The choice is ours: no published list has one."""
_AWAY = frozenset({StageState.CLOSED, StageState.OPENING, StageState.FAILED})


class CareKind(StrEnum):
    """What is good for the performer now."""

    BREAK = "break"
    COOL_DOWN = "cool_down"


@dataclass(frozen=True, slots=True)
class CareDue:
    """A word for the performer, between two takes."""

    kind: CareKind
    minutes: int = 0
    """How long they have been on the stage, for a break."""
    take_id: str = ""
    """The take that was played last."""


class Care:
    """Hears of the stage and of takes, and publishes what is due. `now_s` is a monotonic clock in seconds."""

    def __init__(self, settings: SettingsStore, bus: Bus, now_s: Callable[[], float] = lambda: host_ns() / 1e9) -> None:
        self._settings, self._bus, self._now_s = settings, bus, now_s
        self._since_s = self._last_s = -REST_S
        self._there = False
        self._card: SceneCard | None = None
        self._cooled: set[tuple[str, str]] = set()
        bus.subscribe(StageChanged, lambda event: self._on_stage(event.view.state, event.view.card))
        bus.subscribe(TakeSealed, self._sealed)

    def _on_stage(self, state: StageState, card: SceneCard | None) -> None:
        now, was_there, self._there = self._now_s(), self._there, state not in _AWAY
        if was_there:
            self._last_s = now
        if self._there:
            self._card = card
            if now - self._last_s >= REST_S:
                self._since_s = self._last_s = now

    def _sealed(self, event: TakeSealed) -> None:
        """Who plays again at once is left alone."""
        if event.recovered or event.again:
            return
        self._cool_down(event.take_id)
        after, now = self._settings.now.break_after_min, self._now_s()
        if after and now - self._since_s >= after * 60:
            minutes, self._since_s = int((now - self._since_s) // 60), now
            self._bus.publish(CareDue(CareKind.BREAK, minutes, event.take_id))

    def _cool_down(self, take_id: str) -> None:
        """Once for a scene."""
        card, settings = self._card, self._settings.now
        if card is None or not settings.cool_down:
            return
        scene, tags = (card.pack_id, card.prompt.id), set(card.scene.tags or ())
        if tags & (HEAVY | set(settings.tags_noted)) and scene not in self._cooled:
            self._cooled.add(scene)
            self._bus.publish(CareDue(CareKind.COOL_DOWN, take_id=take_id))
