"""Is the take being lost? The judge on notices and statuses whose time is stepped: what it says, and when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle, pairwise
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfstudio.capture.recording import messages as m
from perfstudio.capture.recording.messages import RecorderStatus, Stream
from perfstudio.model import loss_limits
from perfstudio.model.checks import CheckCode, CheckResult, Verdict
from perfstudio.model.errors import CaptureError, DeviceError, ErrorCode
from perfstudio.model.loss_limits import ARRIVING_S, DISK_LOW_S, LONGEST_STEP_S, STAYS_S, UNHEARD_S, UNWRITTEN_S
from perfstudio.model.take import EndReason
from perfstudio.session.stage.take_loss_judge import TakeLossJudge
from perfstudio.session.take_safety import LossKind, Seriousness, TakeSafety

STEP_S = 0.1
BRIEFLY = settings(max_examples=40, deadline=None)
GONE = DeviceError(ErrorCode.MICROPHONE_LOST, id="Desk")
FULL = CaptureError(ErrorCode.DISK_FULL, folder="takes", free_mb=0, needed_mb=1)


class Take:
    """A take that rolls well unless something is said otherwise; the recorder is read ten times a second."""

    def __init__(self) -> None:
        self.judge, self.at_s = TakeLossJudge(), 50.0
        self.status = RecorderStatus(
            rolling=True, nonzero=True, picture_bytes=1000, sound_bytes=1000, frame_age_s=0.02, block_age_s=0.01,
            frames=30, samples=48000, disk_s=7200.0, read_ns=50_000_000_000,
        )  # fmt: skip

    def look(self, hint: CheckCode | None = None) -> TakeSafety:
        found = None if hint is None else CheckResult(code=hint, verdict=Verdict.RETAKE)
        return self.judge.look(self.status, found, self.at_s)

    def read(self, *grow: Stream, step_s: float = STEP_S, **change: object) -> None:
        """The recorder reads its files once more, a step later; both files grow that are named."""
        self.at_s += step_s
        before, now = self.status, dict[str, object](read_ns=round(self.at_s * 1e9))
        if Stream.PICTURE in grow:
            now |= {"picture_bytes": before.picture_bytes + 900, "frames": before.frames + 3}
        if Stream.SOUND in grow:
            now |= {"sound_bytes": before.sound_bytes + 400, "samples": before.samples + 4800}
        self.status = replace(before, **(now | change))  # type: ignore[arg-type]

    def run(self, seconds: float, *grow: Stream, every_s: float = STEP_S, **change: object) -> list[TakeSafety]:
        """What is said at each look, while these files grow every so often."""
        out = []
        for index in range(round(seconds / STEP_S)):
            self.read(*(grow if index % round(every_s / STEP_S) == 0 else ()), **change)
            out.append(self.look())
        return out


def kinds(safety: TakeSafety) -> list[LossKind]:
    return [loss.kind for loss in safety.losses]


def said(looks: list[TakeSafety]) -> set[LossKind]:
    return {kind for look in looks for kind in kinds(look)}


# files that grow


UNWRITTEN = {
    (): LossKind.UNWRITTEN,
    (Stream.PICTURE,): LossKind.SOUND_UNWRITTEN,
    (Stream.SOUND,): LossKind.PICTURE_UNWRITTEN,
}


@pytest.mark.parametrize("grows", UNWRITTEN, ids=["neither", "picture", "sound"])
def test_a_file_that_stands_still_is_told_within_two_seconds_and_so_is_its_return(grows: tuple[Stream, ...]) -> None:
    take = Take()
    assert all(look.written and not look.losses for look in take.run(5.0, *Stream))
    began_s = take.at_s
    stalled = take.run(9.0, *grows)
    told = next(index for index, look in enumerate(stalled) if look.losses)
    assert kinds(stalled[told]) == [UNWRITTEN[grows]]
    assert (told + 1) * STEP_S < 2.0
    assert stalled[told].losses[0].since_s == pytest.approx(began_s, abs=2 * STEP_S)
    assert stalled[told].losses[0].seriousness is Seriousness.LOST
    assert not any(look.written for look in stalled[told:]), "the green line is out while it is told"
    assert all(look.written for look in stalled[: round(1.0 / STEP_S)]), "a write held up for a moment is nothing"
    assert all(look.written for look in take.run(3.0, *Stream))


def test_files_that_grow_in_steps_of_a_second_are_written() -> None:
    assert all(look.written and not look.losses for look in Take().run(20.0, *Stream, every_s=1.0))


def test_sound_alone_needs_no_picture() -> None:
    take = Take()
    assert all(look.written for look in take.run(5.0, Stream.SOUND, frame_age_s=None, picture_bytes=0))
    assert kinds(take.run(2.0)[-1]) == [LossKind.SOUND_UNWRITTEN]


def test_nothing_is_green_before_bytes_of_both_are_read_back() -> None:
    take = Take()
    empty = take.run(0.3, Stream.SOUND, picture_bytes=0)
    assert not any(look.written or look.losses or look.missing for look in empty)
    assert take.run(0.1, *Stream)[0].written


def test_a_device_that_comes_back_had_nothing_to_write() -> None:
    """Half a minute without a frame is not half a minute in which its file was not written."""
    take = Take()
    take.run(1.0, *Stream)
    assert said(take.run(30.0, Stream.SOUND, frame_age_s=ARRIVING_S)) == set()
    assert said(take.run(1.0, Stream.SOUND, frame_age_s=0.01)) == set()
    assert said(take.run(5.0, *Stream)) == set()


def test_another_take_begins_anew() -> None:
    take = Take()
    assert take.run(5.0)[-1].losses
    assert take.run(0.1, rolling=False) == [TakeSafety()]
    assert not said(take.run(0.5, rolling=True))


def test_an_encoder_that_works_for_long_and_writes_nothing_is_told() -> None:
    take = Take()
    for _ in range(52):
        take.read(Stream.SOUND, backlog_s=2.0)
        take.status = replace(take.status, frames=take.status.frames + 1)
        take.look()
    assert kinds(take.look()) == [LossKind.PICTURE_UNWRITTEN]


def test_an_encoder_that_is_behind_and_works_is_not_a_disk_that_does_not_write() -> None:
    take = Take()
    take.run(1.0, *Stream)
    looks = []
    for _ in range(30):  # a fragment takes it longer than the limit; frames go in, one in each look
        take.read(Stream.SOUND, backlog_s=2.0)
        take.status = replace(take.status, frames=take.status.frames + 1)
        looks.append(take.look())
    assert said(looks) == set()
    assert all(look.behind and not look.written for look in looks), "and it is not green either"
    assert said(take.run(1.2, Stream.SOUND, backlog_s=3.0)) == {LossKind.PICTURE_UNWRITTEN}, "it takes none any more"


# a watcher that is late


@given(st.lists(st.floats(0.5, 600.0), min_size=1, max_size=4), st.booleans())
@BRIEFLY
def test_looks_far_apart_are_no_stillness(gaps_s: list[float], growing: bool) -> None:
    """A window that was held up sees what it saw; sizes that are the same twice may have been read in one moment."""
    take = Take()
    take.run(1.0, *Stream)
    for gap_s in gaps_s:
        take.read(*(Stream if growing else ()), step_s=gap_s)
        assert not take.look().losses


@given(st.lists(st.floats(0.01, 5.0), min_size=1, max_size=40), st.integers(2, 5))
@BRIEFLY
def test_never_unwritten_while_one_look_in_five_sees_the_files_grow(steps_s: list[float], every: int) -> None:
    take = Take()
    for index, step_s in enumerate(steps_s):
        take.read(*(Stream if index % every == 0 else ()), step_s=step_s)
        assert take.look().losses == ()


@given(st.lists(st.floats(0.02, LONGEST_STEP_S), min_size=1, max_size=20))
@BRIEFLY
def test_always_told_once_it_was_seen_for_the_limit(steps_s: list[float]) -> None:
    take, waited_s = Take(), 0.0
    take.look()
    for step_s in cycle(steps_s):
        take.read(step_s=step_s)
        waited_s += step_s
        losses = kinds(take.look())
        assert not losses or waited_s >= UNWRITTEN_S - 1e-6
        if waited_s >= UNWRITTEN_S + 2 * LONGEST_STEP_S:
            assert losses == [LossKind.UNWRITTEN]
            assert waited_s < 2.0 + LONGEST_STEP_S
            return


def test_the_same_status_twice_is_one_look() -> None:
    take = Take()
    take.run(1.2)
    assert said([take.look() for _ in range(100)]) == set()


# a recorder that is not heard of


def test_a_recorder_that_says_nothing_any_more_is_told_and_is_not_believed() -> None:
    """It hangs, perhaps in the disk: its last word was that everything had just arrived."""
    take = Take()
    take.run(1.0, *Stream)
    looks = []
    for _ in range(30):
        take.at_s += STEP_S
        looks.append(take.look())
    assert not any(look.written for look in looks[round(ARRIVING_S / STEP_S) + 1 :])
    told = next(index for index, look in enumerate(looks) if look.losses)
    assert kinds(looks[told]) == [LossKind.UNHEARD]
    assert UNHEARD_S <= (told + 1) * STEP_S <= 2.0
    assert take.run(0.1, *Stream)[0].written, "one word, and it is known again"
    assert said(take.run(4.0, *Stream)[round(STAYS_S / STEP_S) :]) == set()


def test_a_machine_that_stood_still_for_a_minute_says_nothing_of_it() -> None:
    take = Take()
    take.run(1.0, *Stream)
    take.at_s += 60.0
    assert take.look().losses == ()
    assert said(take.run(1.0, *Stream)) == set()


# notices

S = LossKind
LASTING: dict[LossKind, tuple[m.Notice, m.Notice]] = {
    S.NO_SOUND: (m.Stalled(Stream.SOUND, 0.9), m.Resumed(Stream.SOUND, 4.0)),
    S.NO_PICTURE: (m.Stalled(Stream.PICTURE, 1.8), m.Resumed(Stream.PICTURE, 4.0)),
    S.MUTED: (m.ZeroSound(1.5), m.ZeroSound(4.0, now=False)),
    S.BLACK: (m.BlackPicture(2.0), m.BlackPicture(4.0, now=False)),
    S.STILL: (m.StillPicture(2.5), m.StillPicture(4.0, now=False)),
}
ENDING: dict[LossKind, list[m.Notice]] = {
    S.CAMERA_LOST: [m.DeviceLost(Stream.PICTURE, GONE), m.TakeEnding(EndReason.CAMERA_LOST, GONE)],
    S.MICROPHONE_LOST: [m.DeviceLost(Stream.SOUND, GONE), m.TakeEnding(EndReason.MICROPHONE_LOST, GONE)],
    S.DISK_REFUSES: [m.DiskFull(FULL), m.TakeEnding(EndReason.DISK_FULL, FULL)],
    S.ENDING: [m.TakeEnding(EndReason.SUSPENDED, CaptureError(ErrorCode.COMPUTER_SLEPT))],
}
NOTES: dict[LossKind, m.Notice] = {
    S.DISK_LOW: m.DiskLow(600.0),
    S.BACKLOG: m.Backlog(0.6, "ultrafast", 0),
    S.PICTURE_CHANGED: m.PictureChanged(640, 480),
    S.BATTERY_LOW: m.BatteryLow(0.1),
    S.ENDED: m.TakeEnded(EndReason.CAMERA_LOST),
}


def every_notice() -> Iterator[m.Notice]:
    yield from (notice for pair in LASTING.values() for notice in pair)
    yield from (notice for several in ENDING.values() for notice in several)
    yield from NOTES.values()
    yield m.DiskLow(119.0)


def test_every_notice_of_the_recorder_means_something_to_the_judge() -> None:
    assert {type(notice) for notice in every_notice()} == set(get_args(m.Notice))
    for notice in every_notice():
        take = Take()
        take.status = replace(take.status, disk_s=None)
        for kind, (begins, ends) in LASTING.items():
            if notice == ends:
                take.judge.hear(begins, take.at_s)
                assert kind in kinds(take.look())
                take.judge.hear(ends, take.at_s)
                assert kind not in said(take.run(STAYS_S + 0.3, *Stream)[-1:])
        if notice not in [ends for _, ends in LASTING.values()]:
            note = take.judge.hear(notice, take.at_s)
            assert note is not None or take.look().losses, notice


@pytest.mark.parametrize("kind", LASTING)
def test_what_the_recorder_says_lasts_until_it_takes_it_back(kind: LossKind) -> None:
    begins, ends = LASTING[kind]
    take = Take()
    assert take.judge.hear(begins, take.at_s) is None
    assert all(kinds(look) == [kind] for look in take.run(20.0, *Stream))
    assert take.look().losses[0].since_s < 50.0, "it began before it was said"
    take.judge.hear(ends, take.at_s)
    assert kinds(take.run(STAYS_S - 0.3, *Stream)[-1]) == [kind], "it stays a while"
    assert kinds(take.run(0.6, *Stream)[-1]) == []


@pytest.mark.parametrize("kind", LASTING)
def test_what_was_so_before_the_roll_is_said_in_the_take(kind: LossKind) -> None:
    take = Take()
    take.status = replace(take.status, rolling=False)
    take.judge.hear(LASTING[kind][0], take.at_s)
    assert take.look() == TakeSafety()
    assert kinds(take.run(0.1, *Stream, rolling=True)[0]) == [kind]


@pytest.mark.parametrize("kind", ENDING)
def test_what_ends_a_take_is_said_once_and_first(kind: LossKind) -> None:
    take = Take()
    take.judge.hear(m.ZeroSound(1.5), take.at_s)
    first, *more = (take.judge.hear(notice, take.at_s) for notice in ENDING[kind])
    assert first is not None
    assert (first.kind, first.seriousness) == (kind, Seriousness.ENDS)
    assert more == [None] * len(more)
    assert kinds(take.look()) == [kind, LossKind.MUTED]


@pytest.mark.parametrize("kind", NOTES)
def test_what_loses_nothing_is_handed_on_and_does_not_last(kind: LossKind) -> None:
    take = Take()
    note = take.judge.hear(NOTES[kind], take.at_s)
    assert note is not None
    assert (note.kind, note.seriousness, note.notice) == (kind, Seriousness.NOTE, NOTES[kind])
    assert take.look().losses == ()


def test_a_disk_that_is_nearly_full_is_said_until_there_is_room_again() -> None:
    take = Take()
    for left_s, expected in ((119.0, True), (150.0, True), (125.0, True), (181.0, True)):
        assert (LossKind.DISK_ENDS in said(take.run(1.0, *Stream, disk_s=left_s))) is expected
    assert said(take.run(4.0, *Stream, disk_s=150.0)[-1:]) == set()
    take.judge.hear(m.DiskLow(DISK_LOW_S[-1]), take.at_s)
    assert said(take.run(1.0, *Stream, disk_s=None)) == {LossKind.DISK_ENDS}


# the live checks


@pytest.mark.parametrize("code", CheckCode)
def test_of_the_live_checks_only_what_loses_the_take_is_said(code: CheckCode) -> None:
    loses = {CheckCode.ZEROS: S.MUTED, CheckCode.BLACK: S.BLACK, CheckCode.FROZEN: S.STILL}
    take = Take()
    take.look()
    take.read(*Stream)
    assert kinds(take.look(code)) == ([loses[code]] if code in loses else [])


# what is said of several


def test_the_graver_one_is_said_and_the_lesser_waits() -> None:
    take = Take()
    take.run(0.1, *Stream, disk_s=119.0)
    assert take.look().loss.kind is S.DISK_ENDS  # type: ignore[union-attr]
    take.judge.hear(m.BlackPicture(2.0), take.at_s)
    assert kinds(take.look()) == [S.BLACK, S.DISK_ENDS]
    take.judge.hear(m.Stalled(Stream.SOUND, 0.9), take.at_s)
    assert kinds(take.look()) == [S.NO_SOUND, S.BLACK, S.DISK_ENDS]


def test_what_comes_and_goes_is_said_all_the_time() -> None:
    """Sound that stutters, and a disk whose forecast wavers about the limit."""
    take = Take()
    looks = []
    for index in range(120):
        take.judge.hear(LASTING[S.NO_SOUND][index % 2], take.at_s)
        take.read(*Stream, step_s=0.5, disk_s=115.0 if index % 20 == 0 else 140.0)
        looks.append(take.look())
    assert {tuple(kinds(look)) for look in looks} == {(S.NO_SOUND, S.DISK_ENDS)}


def test_without_sound_or_with_zeros_nothing_is_green() -> None:
    for change, missing in (
        ({"nonzero": False}, {Stream.SOUND}),
        ({"block_age_s": ARRIVING_S}, {Stream.SOUND}),
        ({"block_age_s": None}, {Stream.SOUND}),
        ({"frame_age_s": ARRIVING_S}, {Stream.PICTURE}),
        ({"frame_age_s": ARRIVING_S, "nonzero": False}, set(Stream)),
    ):
        look = Take().run(0.2, *Stream, **change)[-1]
        assert not look.written
        assert look.missing == missing


def test_the_limits_stand_once() -> None:
    """Nobody else has a number for what is judged here."""
    assert loss_limits.NO_PICTURE_S < 2.0
    assert loss_limits.MUTED_S + 2 * STEP_S < 2.0
    assert loss_limits.UNWRITTEN_S + 2 * LONGEST_STEP_S <= 2.0
    assert UNHEARD_S + 2 * STEP_S <= 2.0
    assert all(more > less for more, less in pairwise(DISK_LOW_S))
