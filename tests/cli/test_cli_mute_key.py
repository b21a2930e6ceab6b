"""M at a terminal while two play: mute, and heard again."""

from __future__ import annotations

from collections import deque
from types import TracebackType
from typing import Any, Self

from perfstudio.call.messages import Speak
from perfstudio.cli.mute_key import mute_key
from rigs.waiting import until


class Typed:
    """Keys, a few at each look."""

    def __init__(self, *looks: str) -> None:
        self.left = deque(looks)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, bad: BaseException | None, at: TracebackType | None) -> None:
        """Nothing was changed."""

    def pressed(self) -> str:
        return self.left.popleft() if self.left else ""


class Link:
    """What the process of the line is told."""

    def __init__(self) -> None:
        self.told: list[object] = []

    def send_if_there(self, message: object) -> None:
        self.told.append(message)


def test_each_m_turns_the_voice_off_or_on_and_other_keys_do_nothing() -> None:
    link: Any = Link()
    keys, told = Typed("x", "m", "", "q\n", "Mm"), list[bool]()
    with mute_key(link, keys, told.append):
        until(lambda: not keys.left and len(told) == 3, "three keys", 5)
    assert link.told == [Speak(on=False), Speak(on=True), Speak(on=False)]
    assert told == [False, True, False]
