"""When each part of the set-up check ends, from the level alone."""

from __future__ import annotations

from perfstudio.model.room import RoomPart
from perfstudio.session.room_check.script_pace import LINE_PATIENCE_S, PLAY_S, TONE_PATIENCE_S, TONE_S, ScriptPace

STEP_S = 0.05


def hear(pace: ScriptPace, level: float, seconds: float) -> float:
    """Feed a level until it is over or the part is done; the seconds it took."""
    took = 0.0
    while took < seconds - 1e-9 and not pace.done:
        pace.hear(level, STEP_S)
        took += STEP_S
    return took


def test_a_quiet_room_takes_two_seconds() -> None:
    pace = ScriptPace(RoomPart.TONE)
    assert abs(hear(pace, -58.0, 20.0) - TONE_S) < 0.1
    assert pace.done


def test_a_word_in_between_begins_the_tone_anew() -> None:
    pace = ScriptPace(RoomPart.TONE)
    hear(pace, -58.0, 1.5)
    hear(pace, -25.0, 0.2)
    assert pace.again
    assert pace.share == 0.0
    assert abs(hear(pace, -58.0, 20.0) - TONE_S) < 0.1


def test_somebody_who_goes_on_speaking_is_not_waited_for_for_ever() -> None:
    pace = ScriptPace(RoomPart.TONE)
    hear(pace, -58.0, 0.2)
    assert hear(pace, -25.0, 60.0) <= TONE_PATIENCE_S
    assert pace.done


def test_a_line_ends_with_a_rest_and_not_with_a_pause_before_it() -> None:
    tone = ScriptPace(RoomPart.TONE)
    hear(tone, -58.0, 20.0)
    loud = tone.next()
    assert loud is not None
    assert loud.part is RoomPart.LOUD
    assert hear(loud, -58.0, 3.0) == 3.0 or not loud.done, "nobody has spoken yet"
    hear(loud, -12.0, 1.5)
    assert not loud.done
    assert hear(loud, -58.0, 5.0) < 1.0
    assert loud.done


def test_a_line_that_does_not_come_is_let_go() -> None:
    soft = ScriptPace(RoomPart.SOFT, -58.0)
    assert hear(soft, -58.0, 60.0) <= LINE_PATIENCE_S + STEP_S
    assert soft.done
    assert soft.share == 0.0


def test_a_whisper_counts_as_soft_and_not_as_loud() -> None:
    for part, heard in ((RoomPart.SOFT, True), (RoomPart.LOUD, False)):
        pace = ScriptPace(part, -58.0)
        hear(pace, -50.0, 1.0)
        assert (pace.share > 0) is heard


def test_the_play_lasts_five_seconds_and_nothing_follows() -> None:
    play = ScriptPace(RoomPart.PLAY, -58.0)
    assert abs(hear(play, -20.0, 20.0) - PLAY_S) < 0.1
    assert play.next() is None
