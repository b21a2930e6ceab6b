"""M at a terminal while two play: mute, and heard again."""

from __future__ import annotations

from collections import deque
from types import TracebackType
from typing import Self

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


def test_each_m_turns_the_voice_off_or_on_and_other_keys_do_nothing() -> None:
    keys, speaks, told = Typed("x", "m", "", "q\n", "Mm"), list[bool](), list[bool]()
    with mute_key(speaks.append, keys, told.append):
        until(lambda: not keys.left and len(told) == 3, "three keys", 5)
    assert speaks == told == [False, True, False]
