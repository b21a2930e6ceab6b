"""What the recordist says: each fault at a stated size is found, a clean take is left alone."""

from __future__ import annotations

import numpy as np
import pytest
from checks_material import RATE, db, heard, measured, pumped, room, tone, voice

from perfstudio.checks.levels import clipped
from perfstudio.model.checks import CheckCode, Verdict

GOOD = Verdict.GOOD


@pytest.mark.parametrize("seed", range(4))
def test_a_clean_take_is_good_in_everything(seed: int) -> None:
    assert {c: r.value for c, r in heard(voice(seed)).items() if r.verdict is not GOOD} == {}


def test_a_loud_shout_that_does_not_clip_is_fine() -> None:
    shout = voice(2) / np.abs(voice(2)).max() * db(-0.5)
    results = heard(shout)
    assert {
        c for c in (CheckCode.PEAK, CheckCode.CLIPPING, CheckCode.LOUDNESS) if results[c].verdict is not GOOD
    } == set()
    assert results[CheckCode.PEAK].value == pytest.approx(-0.5, abs=0.05)


def test_a_whisper_is_a_look_at_most() -> None:
    whisper = voice(3) * db(-24) + room(3, len(voice(3)), -62.0)
    assert {c: r.value for c, r in heard(whisper).items() if r.verdict is Verdict.RETAKE} == {}


@pytest.mark.parametrize("over_db", [3.0, 12.0])
def test_flat_tops_are_clipping_with_their_moments(over_db: float) -> None:
    loud = voice(1) / np.abs(voice(1)).max() * db(over_db)
    result = heard(np.clip(loud, -1, 32767 / 32768))[CheckCode.CLIPPING]
    assert result.verdict is not GOOD
    first = np.flatnonzero(np.abs(loud) >= 1)[0] / RATE
    assert result.times[0].start_s == pytest.approx(first, abs=0.3)


def test_a_ceiling_below_full_scale_is_clipping_too() -> None:
    loud = voice(1) / np.abs(voice(1)).max() * db(9)
    assert heard(np.clip(loud, -1, 1) * 0.4)[CheckCode.CLIPPING].verdict is not GOOD


def test_a_full_scale_square_wave_asks_for_a_retake() -> None:
    assert heard(np.sign(tone(220, 0, 3)))[CheckCode.CLIPPING].verdict is Verdict.RETAKE


@pytest.mark.parametrize("hertz", [60.0, 100.0, 997.0])
def test_a_full_scale_sine_is_not_clipping(hertz: float) -> None:
    grid = np.round(tone(hertz, -0.01, 4) * 32767) / 32768
    assert clipped(measured(grid).levels) == ()


def test_peak_and_true_peak() -> None:
    # A quarter-rate sine at 45 degrees: its samples stand 3 dB under its crests (EBU Tech 3341, case 16).
    results = heard(tone(RATE / 4, -6.0, 3, phase=np.pi / 4))
    assert results[CheckCode.PEAK].value == pytest.approx(-9.0, abs=0.1)
    assert results[CheckCode.TRUE_PEAK].value == pytest.approx(-6.0, abs=0.2)


def test_silence_is_told_and_nothing_is_said_about_a_voice_that_is_not_there() -> None:
    results = heard(tone(440, -70, 5))
    assert results[CheckCode.SILENCE].verdict is Verdict.RETAKE
    assert CheckCode.SNR not in results


def test_a_voice_that_never_pauses_says_nothing_about_its_room() -> None:
    """Its quietest moments are the dips between syllables, tens of dB over the room: a short take is full of them."""
    spoken = voice(1)
    where = next(s for s in measured(spoken).voice.voiced if s.end_s - s.start_s > 1.5)
    piece = spoken[round((where.start_s + 0.1) * RATE) : round((where.end_s - 0.1) * RATE)]
    one_breath = np.tile(piece, 3)
    assert not {CheckCode.NOISE_FLOOR, CheckCode.SNR} & set(heard(one_breath))
    holed = np.concatenate([one_breath, np.zeros(RATE, np.float32)])
    assert CheckCode.NOISE_FLOOR not in heard(holed), "a hole is no room"
    paused = heard(np.concatenate([one_breath, room(1, RATE // 2, -60.0)]))
    assert paused[CheckCode.NOISE_FLOOR].value == pytest.approx(-60.0, abs=1.5)
    assert CheckCode.SNR in paused


def test_exact_zeros_are_a_muted_microphone() -> None:
    muted = voice(1).copy()
    muted[4 * RATE : 9 * RATE] = 0
    result = heard(muted)[CheckCode.ZEROS]
    assert result.verdict is Verdict.RETAKE
    assert (result.times[0].start_s, result.times[0].end_s) == pytest.approx((4, 9), abs=0.01)
    whole = heard(np.zeros(5 * RATE, np.float32))
    assert whole[CheckCode.ZEROS].value == pytest.approx(5, abs=0.01)


def test_holes_and_repeated_blocks_are_drop_outs() -> None:
    torn = voice(1).copy()
    for at in (3.0, 5.5):
        torn[int(at * RATE) : int(at * RATE) + 480] = 0
    torn[int(7.2 * RATE) : int(7.2 * RATE) + 480] = torn[int(7.2 * RATE) - 480 : int(7.2 * RATE)]
    result = heard(torn)[CheckCode.DROPOUTS]
    assert (result.facts["holes"], result.facts["repeats"]) == (2, 1)
    assert [round(t.start_s, 1) for t in result.times] == [3.0, 5.5, 7.2]


def test_a_steady_tone_is_no_repeat() -> None:
    assert heard(tone(1000, -20, 5))[CheckCode.DROPOUTS].value == 0


def test_dead_channel_and_direct_current() -> None:
    two = np.stack([voice(1), room(1, len(voice(1)), -80)], axis=1)
    dead = heard(two)[CheckCode.DEAD_CHANNEL]
    assert (dead.verdict, dead.facts["channel"]) == (Verdict.LOOK, 2)
    assert heard(voice(1) + 0.02)[CheckCode.DC_OFFSET].value == pytest.approx(0.02, abs=0.001)


@pytest.mark.parametrize("mains", [50, 60])
def test_hum_is_named_by_its_mains(mains: int) -> None:
    clean = voice(1)
    hummed = clean + sum(tone(mains * k, -48 - 3 * k, len(clean) / RATE) for k in (1, 2, 3))
    result = heard(hummed)[CheckCode.HUM]
    assert (result.verdict is GOOD, result.facts["mains_hz"]) == (False, mains)
    truth = 10 * np.log10(sum(10 ** ((-48 - 3 * k - 3.01) / 10) for k in (1, 2, 3)))
    assert result.value == pytest.approx(truth, abs=1.0)


def test_a_room_without_hum_says_nothing_of_hum() -> None:
    assert CheckCode.HUM not in heard(voice(2) + room(5, len(voice(2)), -55.0))


@pytest.mark.parametrize("rate", [8000, 16000])
def test_telephone_sound_has_a_wall(rate: int) -> None:
    clean = voice(1)
    bins = np.fft.rfft(clean)
    bins[np.fft.rfftfreq(len(clean), 1 / RATE) > rate / 2] = 0
    result = heard(np.fft.irfft(bins, len(clean)))[CheckCode.BANDWIDTH]
    assert result.value == pytest.approx(rate / 2, rel=0.05)
    assert result.verdict is (Verdict.RETAKE if rate == 8000 else Verdict.LOOK)


@pytest.mark.parametrize("decay_s", [1.2, 1.5])
def test_a_reverberant_room_is_heard(decay_s: float) -> None:
    rng = np.random.default_rng(5)
    time = np.arange(int(RATE * decay_s)) / RATE
    tail = rng.standard_normal(len(time)) * 10 ** (-3 * time / decay_s) * 0.05
    tail[0] = 1.0
    clean = voice(1)
    size = len(clean) + len(tail)
    wet = np.fft.irfft(np.fft.rfft(clean, size) * np.fft.rfft(tail, size))[: len(clean)]
    result = heard(wet / np.abs(wet).max() * 0.4)[CheckCode.REVERB]
    assert result.verdict is not GOOD
    assert 0.62 < result.value <= 1.2 * decay_s


@pytest.mark.parametrize("seed", [1, 2])
def test_a_gain_that_climbs_in_pauses_is_pumping(seed: int) -> None:
    assert heard(pumped(seed, 8))[CheckCode.GAIN_PUMPING].verdict is not GOOD
    assert heard(pumped(seed, 0))[CheckCode.GAIN_PUMPING].verdict is GOOD


@pytest.mark.parametrize("rate", [8000, 11025, 22050, 44100, 96000])
def test_odd_rates_and_many_channels(rate: int) -> None:
    samples = tone(440, -20, 3, rate)
    many = heard(np.stack([samples] * 6, axis=1), rate)
    assert many[CheckCode.PEAK].value == pytest.approx(-20, abs=0.1)


@pytest.mark.parametrize("length", [0, 1, 47, 480])
def test_hardly_any_sound_is_no_accident(length: int) -> None:
    assert CheckCode.PEAK in heard(tone(440, -20, 1)[:length].reshape(-1, 1))
