"""A partner's clip in the recorder's own process: asked for over the pipe, heard from "go" on, kept in the take."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from perfstudio.model.checks import CheckCode
from perfstudio.model.device import DeviceSelection, MicrophoneRequest
from perfstudio.model.errors import ErrorCode
from perfstudio.model.partner import ClipToPlay, PartnerWish
from perfstudio.model.take import EndReason
from perfstudio.model.timing import MarkerName
from perfstudio.session import recorder_messages as rm
from perfstudio.session.offset_store import UNCALIBRATED
from perfstudio.session.recorder.link import RecorderLink
from rigs.partner import add_ears
from rigs.pulse import PulseServer, speech
from rigs.stage import Thread


@pytest.fixture
def thread() -> Iterator[Thread]:
    made = Thread()
    yield made
    made.close()


@pytest.mark.realtime
def test_the_partner_is_heard_from_go_on_and_a_refused_one_ends_nothing(thread: Thread, tmp_path: Path) -> None:
    heard: list[rm.Answer] = []
    with PulseServer() as server, server.chosen():
        ears = add_ears(server)
        recorder = RecorderLink(thread.post, heard.append, lambda: None, lambda: True)

        def answer(kind: type[rm.Answer]) -> rm.Answer:  # type: ignore[valid-type]
            thread.until(lambda: any(isinstance(said, kind) for said in heard))
            found = next(said for said in heard if isinstance(said, kind))
            heard.remove(found)
            return found

        try:
            pair = DeviceSelection(camera=None, microphone=MicrophoneRequest(id=f"{ears}.monitor"))
            recorder.send(rm.Open(1, pair))
            answer(rm.Opened)  # type: ignore[arg-type]
            recorder.send(rm.Partner(PartnerWish(ClipToPlay(tmp_path / "gone.wav"), ears)))
            refused = answer(rm.PartnerStands)  # type: ignore[arg-type]
            assert isinstance(refused, rm.PartnerStands)
            assert refused.problem is not None
            assert refused.problem.code is ErrorCode.MEDIA_MISSING
            clip = ClipToPlay(speech(tmp_path, 6.0), media="brother", role="b")
            recorder.send(rm.Partner(PartnerWish(clip, ears)))
            ready = answer(rm.PartnerStands)  # type: ignore[arg-type]
            assert isinstance(ready, rm.PartnerStands)
            assert ready.ready is not None
            assert ready.ready.seconds == pytest.approx(6.0, abs=0.01)
            take = rm.Recording(rm.Purpose.TAKE, tmp_path / "take")
            take.folder.mkdir()
            recorder.send(rm.Roll(take, UNCALIBRATED))
            answer(rm.Rolled)  # type: ignore[arg-type]
            thread.until(lambda: recorder.pulse().status.elapsed_s > 0.7)
            recorder.send(rm.Mark(take, MarkerName.GO))
            thread.until(lambda: recorder.pulse().status.elapsed_s > 4.0)
            recorder.send(rm.Cut(take, EndReason.CUT))
            made = answer(rm.TakeProcessed)  # type: ignore[arg-type]
        finally:
            recorder.close()
    assert isinstance(made, rm.TakeProcessed)
    finished = made.developed.finished
    partner = finished.partner
    assert partner is not None
    assert (partner.media, partner.role) == ("brother", "b")
    go = next(marker.at_s for marker in finished.markers if marker.name is MarkerName.GO)
    assert go <= partner.offset_s < go + 3.0, "countdown first, then the partner"
    assert partner.until_s == pytest.approx(finished.duration_s, abs=0.05), "it was cut before the clip's end"
    assert CheckCode.BLEED in {check.code for check in made.developed.checks}
