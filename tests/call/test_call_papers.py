"""Documents between two over a line that loses half of them: all come, once, and in order."""

from __future__ import annotations

import random

import pytest

from perfstudio.call.papers import MOST_PAPER, MOST_WAITING, PAPER, PAPER_HEARD, PaperTalk, is_paper


def cross(one: PaperTalk, other: PaperTalk, rng: random.Random, ticks: int) -> None:
    for _ in range(ticks):
        for mine, theirs in ((one, other), (other, one)):
            for said in mine.due():
                for _twice in range(2 if rng.random() < 0.1 else 1):
                    answer = theirs.heard(said) if rng.random() < 0.5 else None
                    if answer is not None and rng.random() < 0.5:
                        mine.heard(answer)


@pytest.mark.parametrize("seed", range(5))
def test_all_come_once_and_in_order_though_half_is_lost(seed: int) -> None:
    one, other = PaperTalk(), PaperTalk()
    said = [f"paper {number}".encode() for number in range(12)]
    for paper in said:
        one.say(paper)
    other.say(b"and back")
    cross(one, other, random.Random(seed), 200)
    assert (other.taken(), one.taken(), one.all_heard, other.all_heard) == (said, [b"and back"], True, True)
    assert one.due() == other.due() == other.taken() == []


def test_a_flood_fills_no_memory_and_nonsense_says_nothing() -> None:
    mine = PaperTalk()
    for number in range(1000):
        answer = mine.heard(bytes([PAPER]) + number.to_bytes(4) + b"x" * MOST_PAPER)
        assert (answer is not None) == (number < MOST_WAITING)
    assert len(mine.taken()) == MOST_WAITING
    assert mine.heard(bytes([PAPER]) + MOST_WAITING.to_bytes(4) + b"x" * (MOST_PAPER + 1)) is None
    mine.say(b"one")
    for wrong in (1, 2**32 - 1):
        assert mine.heard(bytes([PAPER_HEARD]) + wrong.to_bytes(4)) is None
    assert not mine.all_heard, "it confirmed what was never said"
    for none in (b"", bytes([PAPER]), bytes([PAPER, 0, 0]), bytes([1, 0, 0, 0, 0]), "text", None):
        assert not is_paper(none)
