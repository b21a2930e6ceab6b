"""Every check speaks at every verdict, with its moment, and holds when facts are missing."""

from __future__ import annotations

import itertools

import pytest
from texts_manners import assert_calm

from perfstudio.model.checks import CheckCode, CheckResult, Verdict
from perfstudio.model.timing import Span
from perfstudio.texts import checks
from perfstudio.texts.check_texts import TEXTS

AT = (Span(start_s=91.4, end_s=98.4),)


def result(code: CheckCode, verdict: Verdict = Verdict.LOOK, **more: object) -> CheckResult:
    return CheckResult.model_validate({"code": code, "verdict": verdict, **more})


@pytest.mark.parametrize(("code", "verdict"), list(itertools.product(CheckCode, Verdict)))
def test_every_check_speaks_at_every_verdict_with_and_without_facts(code: CheckCode, verdict: Verdict) -> None:
    assert_calm(checks.sentence(result(code, verdict)))
    assert_calm(checks.sentence(result(code, verdict, value=1.0, unit="s", times=AT)))
    for variant, fact in itertools.product(TEXTS[code].by, ("cause", "direction", "edge", "longer", "stream")):
        assert_calm(checks.sentence(result(code, verdict, facts={fact: variant})))
        assert_calm(checks.sentence(result(code, verdict, value=0.4, unit="share", times=AT, facts={fact: variant})))


@pytest.mark.parametrize("code", CheckCode)
def test_verdicts_differ_and_names_are_short(code: CheckCode) -> None:
    good, look = (checks.sentence(result(code, v, value=3.0)) for v in (Verdict.GOOD, Verdict.LOOK))
    assert good != look
    assert 2 <= len(checks.name(code)) <= 24
    assert not checks.name(code).endswith(".")


def test_names_are_told_apart() -> None:
    names = [checks.name(code) for code in CheckCode]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (result(CheckCode.CLIPPING, times=AT), "A shout touched the limit at 1:31."),
        (result(CheckCode.SNR, Verdict.GOOD, value=31.2, unit="dB"), "Your voice is clear: 31 dB above the room."),
        (result(CheckCode.LEFT_FRAME, value=7.0, unit="s", times=AT), "Your face left the picture for 7 s at 1:31."),
        (result(CheckCode.PEAK, Verdict.GOOD, value=-6.2, unit="dBFS"), "stays clear of the limit: 6.2 dB below it."),
        (
            result(CheckCode.ZEROS, Verdict.RETAKE, value=12.0, unit="s", times=(Span(start_s=4, end_s=16),)),
            "The microphone sent only silence from 0:04 for 12 s. It is muted or unplugged.",
        ),
        (result(CheckCode.FACE, value=0.54, unit="share"), "seen for 54 % of the take."),
        (result(CheckCode.DROPS, value=2.4, unit="percent"), "2 % of the frames were lost"),
        (result(CheckCode.DROPS, facts={"damaged": 12}), "were lost. 12 arrived damaged: check the camera's cable."),
        (
            result(CheckCode.FRAME_RATE, value=21.9, unit="fps", facts={"nominal_fps": 30.0}),
            "The camera gave 21.9 frames per second instead of 30.",
        ),
        (result(CheckCode.BANDWIDTH, value=3900.0, unit="Hz"), "cut off above 3.9 kHz"),
        (result(CheckCode.DEAD_CHANNEL, value=30.0, unit="dB", facts={"channel": 2}), "The right channel is nearly"),
        (result(CheckCode.HUM, value=-50.0, unit="dBFS", facts={"mains_hz": 50}), "mains hum (50 Hz)"),
        (result(CheckCode.SYNC, Verdict.GOOD, value=-0.2, unit="ms"), "in sync within 0.2 ms."),
        (result(CheckCode.BRIGHTNESS, facts={"where": "face", "direction": "dark"}), "Your face is dark."),
        (result(CheckCode.BRIGHTNESS, facts={"where": "picture", "direction": "dark"}), "The picture is dark."),
    ],
)
def test_sentences_carry_the_moment_and_the_figure(found: CheckResult, said: str) -> None:
    assert said in checks.sentence(found)


def test_left_and_right_are_the_performers_own() -> None:
    # Left in the file is the performer's right: the file is not mirrored.
    text = checks.sentence(result(CheckCode.CENTRING, facts={"direction": "left"}))
    assert text == "You are far to your right in the picture. Move a little to your left."


def test_many_moments_are_counted_not_listed() -> None:
    times = tuple(Span(start_s=s, end_s=s + 0.2) for s in (4, 4.3, 15, 91, 92, 93))
    assert checks.moment(result(CheckCode.CLIPPING, times=times[:3])) == "at 0:04 and 0:15"
    assert checks.moment(result(CheckCode.CLIPPING, times=times)) == "at 0:04, 0:15, 1:31 and 2 more times"
    assert checks.moment(result(CheckCode.CLIPPING)) == ""


def test_good_news_is_gathered_and_the_rest_shown_worst_last_word_first() -> None:
    found = (
        result(CheckCode.BRIGHTNESS, Verdict.GOOD),
        result(CheckCode.BACKLIGHT, Verdict.GOOD),
        result(CheckCode.FOCUS, Verdict.GOOD),
        result(CheckCode.FRAME_RATE, Verdict.GOOD),
        result(CheckCode.SNR, Verdict.GOOD),
        result(CheckCode.FACE, Verdict.GOOD),
        result(CheckCode.HEADROOM, Verdict.LOOK),
        result(CheckCode.ZEROS, Verdict.RETAKE),
    )
    assert checks.held(found) == "Good: light, focus and frame rate."
    assert [r.code for r in checks.shown(found)] == [CheckCode.SNR, CheckCode.ZEROS, CheckCode.HEADROOM]
    assert checks.held(()) == ""


def test_what_another_finding_says_is_not_said_again() -> None:
    drops = result(CheckCode.DROPS, Verdict.RETAKE, value=29.0, unit="percent")
    rate = result(CheckCode.FRAME_RATE, value=21.3, unit="fps", facts={"nominal_fps": 30.0, "cause": "drops"})
    sag = result(CheckCode.FRAME_RATE_SAG, value=18.0, unit="fps", times=AT, facts={"cause": "drops"})
    assert checks.shown([rate, sag, drops]) == (drops,)
    assert checks.once([rate, sag]) == (rate, sag), "where nothing else says it, it is said"
    for one in (rate, sag, drops):
        assert "light" not in checks.sentence(one)


def test_a_camera_that_slowed_down_is_not_told_to_close_programs() -> None:
    sag = result(CheckCode.FRAME_RATE_SAG, value=15.0, unit="fps", times=AT)
    drops = result(CheckCode.DROPS, value=11.0, unit="percent", facts={"cause": "frame_rate_sag"})
    assert checks.shown([drops, sag]) == (sag,)
    assert "programs" not in checks.sentence(drops)


def test_nobody_is_called_alone_who_was_seen_with_somebody() -> None:
    passing = CheckResult(
        code=CheckCode.OTHER_PERSON, verdict=Verdict.GOOD, value=0.03, times=(Span(start_s=91.0, end_s=92.0),)
    )
    assert checks.sentence(passing) == "Somebody else is in the picture for a moment, at 1:31."
    assert checks.sentence(passing.model_copy(update={"times": (), "value": 0.0})) == "You are alone in the picture."
