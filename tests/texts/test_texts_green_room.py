"""The set-up check and continuity in words: every topic, every change, at most one remedy, no blame."""

from __future__ import annotations

from datetime import timedelta

import pytest
from texts_manners import assert_calm

from perfstudio.checks.limits import house_limits
from perfstudio.model.checks import CheckCode, CheckResult, Verdict
from perfstudio.model.clock import utc_now
from perfstudio.model.errors import CaptureError, DeviceError, ErrorCode
from perfstudio.model.room import RoomPart, RoomReading, RoomTopic
from perfstudio.session.room_check import measure
from perfstudio.texts import checks, continuity, errors, green_room

PLAIN = [
    (RoomTopic.ROOM, CheckCode.NOISE_FLOOR), (RoomTopic.ROOM, CheckCode.HUM), (RoomTopic.ROOM, CheckCode.REVERB),
    (RoomTopic.LOUD, CheckCode.CLIPPING), (RoomTopic.LOUD, CheckCode.SPEECH),
    (RoomTopic.SOFT, CheckCode.SNR), (RoomTopic.SOFT, CheckCode.SPEECH),
    (RoomTopic.SYNC, CheckCode.SYNC), (RoomTopic.SYNC, CheckCode.LIP_SYNC),
]  # fmt: skip
EVERY = [
    *PLAIN,
    *((RoomTopic.MICROPHONE, code) for code in measure._MICROPHONE),
    *((RoomTopic.FRAMING, code) for code in measure._FRAMING),
    *((RoomTopic.LIGHT, code) for code in measure._LIGHT),
    *((RoomTopic.CAMERA, code) for code in measure._CAMERA),
]


def reading(
    topic: RoomTopic, code: CheckCode, verdict: Verdict, value: float = 3.2, **facts: float | str
) -> RoomReading:
    unit = house_limits()[code].unit
    return RoomReading(
        topic=topic, checks=(CheckResult(code=code, verdict=verdict, value=value, unit=unit, facts=facts),)
    )


@pytest.mark.parametrize(("topic", "code"), EVERY)
def test_every_finding_is_a_calm_sentence_that_asks_for_no_second_take(topic: RoomTopic, code: CheckCode) -> None:
    good = green_room.finding(reading(topic, code, Verdict.GOOD))
    bad = green_room.finding(reading(topic, code, Verdict.LOOK))
    for sentence in (good, bad):
        assert_calm(sentence)
        assert "play it again" not in sentence
        assert "keep it" not in sentence or code is CheckCode.LIP_SYNC
    assert good != bad


@pytest.mark.parametrize(("direction", "remedy"), [("high", "down"), ("low", "up")])
def test_the_loud_line_says_which_way_to_turn_the_input(direction: str, remedy: str) -> None:
    told = reading(RoomTopic.LOUD, CheckCode.TRUE_PEAK, Verdict.LOOK, -1.2, direction=direction)
    assert_calm(green_room.finding(told))
    assert f"input {remedy}" in green_room.finding(told)


def test_figures_are_short_and_true() -> None:
    assert green_room.figure(reading(RoomTopic.ROOM, CheckCode.NOISE_FLOOR, Verdict.GOOD, -58.4)) == "Noise −58 dB"
    assert green_room.figure(reading(RoomTopic.LOUD, CheckCode.TRUE_PEAK, Verdict.GOOD, -7.3)) == "7 dB of headroom"
    assert green_room.figure(reading(RoomTopic.LOUD, CheckCode.TRUE_PEAK, Verdict.LOOK, 0.4)) == "0 dB of headroom"
    assert (
        green_room.figure(reading(RoomTopic.CAMERA, CheckCode.FRAME_RATE, Verdict.GOOD, 29.92))
        == "29.9 frames per second"
    )
    assert green_room.figure(reading(RoomTopic.LOUD, CheckCode.SPEECH, Verdict.LOOK, 0.0)) == ""


def test_the_summary_counts_and_never_forbids() -> None:
    good = reading(RoomTopic.ROOM, CheckCode.NOISE_FLOOR, Verdict.GOOD)
    look = reading(RoomTopic.SOFT, CheckCode.SNR, Verdict.LOOK)
    assert green_room.summary((good,)) == "Everything is ready."
    assert green_room.summary((good, look)) == "One thing to look at."
    assert green_room.summary((look, look, look)) == "Three things to look at."
    assert "record anyway" in green_room.detail((look,), 0)
    assert green_room.detail((good,), 2) == "Two things have changed."
    assert_calm(green_room.detail((good,), 0))


def test_every_part_says_what_to_do() -> None:
    for part in RoomPart:
        name, about, now = green_room.PARTS[part]
        assert name
        assert about
        assert_calm(now)
        assert len(now) <= 36, "one line in a small window"
    for sentence in (
        green_room.LOOKS_GOOD, green_room.STILL_AGAIN, green_room.READING, green_room.PRIVACY, green_room.PLAYED,
        green_room.NOT_KEPT, green_room.CUT_SHORT, green_room.NOT_HERE, green_room.NO_DEVICES,
        green_room.NOT_CALIBRATED, green_room.NOTHING_SHARED, green_room.OPENING,
    ):  # fmt: skip
        assert_calm(sentence)


def test_every_end_of_a_check_promises_no_take() -> None:
    for code in ErrorCode:
        if code in green_room._LOST:
            sentence = green_room.problem(CaptureError(code, id="x"))
            assert_calm(sentence)
            assert "recorded until then" not in sentence
    other = DeviceError(ErrorCode.CAMERA_BUSY, id="x")
    assert green_room.problem(other) == errors.sentence(other)


def change(what: str, direction: str, verdict: Verdict = Verdict.LOOK, **facts: float | str) -> CheckResult:
    facts = {"what": what, "direction": direction, "difference": 6.2, **facts}
    return CheckResult(code=CheckCode.CONTINUITY, verdict=verdict, value=1.4, unit="limits", facts=facts)


THINGS = [(what, direction) for what, ways in continuity._CHANGED.items() for direction in ways]


@pytest.mark.parametrize(("what", "direction"), THINGS)
def test_every_change_is_said_with_a_remedy_and_without_one_where_it_is_better(what: str, direction: str) -> None:
    said = continuity.change(change(what, direction))
    assert_calm(f"{said[:1].upper()}{said[1:]}.")
    remedy = continuity.remedy(change(what, direction))
    if (what, direction) == ("room", "quieter"):
        assert remedy == ""
    else:
        assert_calm(remedy)
    assert continuity.remedy(change(what, direction, Verdict.GOOD)) == ""


def test_distance_is_measured_in_hands() -> None:
    assert continuity.change(change("distance", "closer", cm=17)) == "you sit about a hand closer"
    assert continuity.change(change("distance", "further", cm=8)) == "you sit about half a hand further away"
    assert continuity.change(change("distance", "closer")) == "you sit closer"
    assert [continuity.hands(cm) for cm in (36, 60, 200)] == [
        "about two hands", "about an arm's length", "more than an arm's length",
    ]  # fmt: skip


def test_decibels_belong_to_the_sound_only() -> None:
    assert continuity.change(change("room", "louder")) == "the room is 6 dB louder"
    assert "dB" not in continuity.change(change("light", "darker"))


def test_a_take_beside_its_reference_is_one_calm_sentence() -> None:
    facts: dict[str, float | int | str] = {
        "distance": "closer", "light": "darker", "cm": 19, "reference": "01J", "scene": "The letter", "take": 2,
    }  # fmt: skip
    result = CheckResult(code=CheckCode.CONTINUITY, verdict=Verdict.LOOK, value=2.0, unit="limits", facts=facts)
    assert checks.sentence(result) == (
        "Compared with take 2 of “The letter”, you sit about a hand closer and your face is darker."
    )
    same = result.model_copy(update={"verdict": Verdict.GOOD})
    assert checks.sentence(same) == "You look and sound the same as in take 2 of “The letter”."
    bare = CheckResult(code=CheckCode.CONTINUITY, verdict=Verdict.LOOK, value=2.0, unit="limits")
    assert_calm(checks.sentence(bare))


def test_what_held_is_one_line() -> None:
    assert continuity.held((change("light", "darker", Verdict.GOOD),)) == "Light is the same."
    both = (
        change("colour", "cooler", Verdict.GOOD),
        change("distance", "closer", Verdict.GOOD),
        change("room", "louder"),
    )
    assert continuity.held(both) == "Distance and colour are the same."
    assert continuity.held(()) == ""


def test_when_it_was() -> None:
    now = utc_now()
    assert green_room.last_time(now, now).startswith("Set-up checked today ")
    assert green_room.since(now - timedelta(days=1), now).startswith("Since yesterday ")
    assert green_room.beside("Ines", "The letter", 2) == "Ines, next to take 2 of “The letter”"
