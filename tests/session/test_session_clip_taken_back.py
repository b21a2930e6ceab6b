"""A partner takes their clip back while a take to it rolls: the take is kept, and what is said of it afterwards."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest

from perfstudio.capture.recording.messages import RecorderStatus
from perfstudio.model.base import sha256_hex
from perfstudio.model.checks import CheckCode
from perfstudio.model.clip_waiting import ClipFetched, ClipLeft
from perfstudio.model.clock import utc_now
from perfstudio.model.device import DeviceSelection, MicrophoneRequest
from perfstudio.model.jws import SigningKey
from perfstudio.model.pair import scene_digest
from perfstudio.model.take_2 import TakeManifest2
from perfstudio.paths import AppPaths
from perfstudio.session.clips.clip_store import KeptClip
from perfstudio.session.headless.partner_choice import PartnerAsked
from perfstudio.session.headless.record import RecordingHooks, record_take
from perfstudio.session.headless.scene_choice import chosen_scene
from perfstudio.session.home import Home
from perfstudio.session.take_safety import TakeSafety
from perfstudio.session.takes.side_view import SideAway
from perfstudio.session.takes.verify_bundle import verify_bundle
from perfstudio.texts import beside
from rigs import small_media
from rigs.clip_files import clip_of
from rigs.partner import add_ears
from rigs.pulse import PulseServer

SCENE = "two-chairs/handover"


def kept_clip(home: Home, folder: Path) -> KeptClip:
    """Of the scene as it is here, with real sound, as if it had come from a studio."""
    data, source = small_media.flac(folder / "sound.flac").read_bytes(), chosen_scene(home, SCENE, role="b").source
    made = clip_of(data, None)
    scene = made.scene.model_copy(
        update={
            "pack_id": source.pack.id, "prompt_id": SCENE.partition("/")[2],
            "sha256": scene_digest(chosen_scene(home, SCENE, role="b").prompt),
        }
    )  # fmt: skip
    agreed = made.agreed.model_copy(update={"keep_until": utc_now() + timedelta(days=9)})
    clip = made.model_copy(update={"scene": scene, "agreed": agreed})
    place = home.paths.clips / sha256_hex(clip.canonical())
    place.mkdir(parents=True)
    (place / "clip.json").write_bytes(clip.canonical())
    (place / "sound.flac").write_bytes(data)
    left = ClipLeft(studio_id="small-lab", clip=clip, size=9, sha256="a" * 64).signed(SigningKey.generate())
    home.clip_papers.keep_fetched(ClipFetched(left=left))
    (kept,) = home.clips.store.all()
    return kept


@pytest.mark.realtime
def test_the_take_that_runs_is_kept_and_the_clip_is_gone(tmp_path: Path) -> None:
    with Home(AppPaths(tmp_path / "home")) as home, PulseServer() as server, server.chosen():
        kept, ears = kept_clip(home, tmp_path), add_ears(server)

        def taken_back(status: RecorderStatus, _: TakeSafety) -> None:
            """As `clips ask` in another program does it."""
            if status.elapsed_s >= 0.8 and home.clips.store.remove(kept):
                (paper,) = home.clip_papers.fetched()
                home.clip_papers.keep_fetched(paper.model_copy(update={"gone_at": utc_now(), "told": True}))

        made = record_take(
            home, SCENE, DeviceSelection(camera=None, microphone=MicrophoneRequest(id=f"{ears}.monitor")), 2.0,
            RecordingHooks(threading.Event(), status=taken_back), role="b", partner=PartnerAsked(kept, ears),
        )  # fmt: skip
        assert home.clips.store.all() == ()
        assert isinstance(made, TakeManifest2)
        assert made.partner is not None
        assert (made.partner.sha256, made.partner.take_id) == (kept.clip.sound.sha256, kept.clip.take_id)
        assert made.partner.until_s - made.partner.offset_s > 1.5, "it was in memory, and heard to the end"
        assert CheckCode.BLEED not in {check.code for check in made.checks}, "what is gone is compared with nothing"
        assert verify_bundle(home.library.folder(made.take_id)).problems == ()
        home.takes.keep(made.take_id)
        side = home.sides.of(made)
        assert side is not None
        assert (side.film, side.away) == (None, SideAway.TAKEN_BACK)
        assert "took back their clip" in beside.away(SideAway.TAKEN_BACK)
