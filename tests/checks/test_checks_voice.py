"""Where a voice is heard, as it stands in a take: boundaries, method, and a bound on how much there is of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from checks_material import RATE, measured, room, tone

from perfstudio.checks.speech import Voice, voice_activity
from perfstudio.model.take_2 import MOST_SPANS, VoiceActivity
from perfstudio.model.timing import Span

SPOKEN = ((1.0, 2.2), (3.0, 3.9), (5.5, 8.0))


def sound(level_dbfs: float, room_dbfs: float = -60.0, seconds: float = 10.0) -> np.ndarray:
    """A room in which something is heard at known times."""
    mono = room(1, round(seconds * RATE), room_dbfs)
    for start, end in SPOKEN:
        at = round(start * RATE)
        piece = tone(220.0, level_dbfs, end - start)
        mono[at : at + len(piece)] += piece
    return mono.astype(np.float32).reshape(-1, 1)


def found(samples: np.ndarray) -> VoiceActivity:
    return voice_activity(measured(samples).voice)


@pytest.mark.parametrize("over_room_db", [15, 30, 50])
def test_boundaries_lie_within_a_frame(over_room_db: float) -> None:
    told = found(sound(-60.0 + over_room_db))
    assert len(told.spans) == len(SPOKEN)
    for span, (start, end) in zip(told.spans, SPOKEN, strict=True):
        assert abs(span.start_s - start) <= told.method.frame_s
        assert abs(span.end_s - end) <= told.method.frame_s
    assert told.room_dbfs == pytest.approx(-60.0, abs=1.5)


def test_a_room_alone_has_no_voice() -> None:
    assert found(room(2, 10 * RATE, -50.0).astype(np.float32).reshape(-1, 1)).spans == ()


def test_the_method_says_what_was_done() -> None:
    """A pause as long as `joined_s` is bridged and a longer one is not; a stretch under `shortest_s` is left out."""
    method = found(sound(-20.0)).method
    mono = room(3, 6 * RATE, -60.0)
    parts = ((1.0, 1.5), (1.5 + method.joined_s - 0.05, 2.5), (2.5 + method.joined_s + 0.1, 3.5), (4.5, 4.53))
    for start, end in parts:
        piece = tone(220.0, -20.0, end - start)
        mono[round(start * RATE) :][: len(piece)] += piece
    spans = found(mono.astype(np.float32).reshape(-1, 1)).spans
    assert [round(span.start_s, 1) for span in spans] == [1.0, 2.9]
    assert all(span.end_s - span.start_s >= method.shortest_s for span in spans)


def test_there_is_never_too_much_of_it_for_a_take_json() -> None:
    """Hours of a word a second: the shortest pauses are joined, and the method says up to which length."""
    many = tuple(Span(start_s=n * 1.0, end_s=n + 0.3 + 0.3 * (n % 2)) for n in range(30_000))
    quiet: Voice = replace(measured(sound(-20.0)).voice, voiced=many)
    told = voice_activity(quiet)
    assert len(told.spans) <= MOST_SPANS
    assert told.method.joined_s > 0.3
    assert told.spans[0].start_s == 0.0
    assert told.spans[-1].end_s == many[-1].end_s
