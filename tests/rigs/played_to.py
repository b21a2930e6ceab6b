"""A home with two takes of one scene, real films: the second was played to the sound of the first."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import av
import numpy as np
import soundfile

from perfstudio.model.ids import new_id
from perfstudio.model.take import EndReason, FileEntry, FileRole, TakeManifest
from perfstudio.model.take_2 import TakeManifest2
from perfstudio.model.two_in_a_scene import RecordedPartner
from perfstudio.session.home import Home
from rigs.pair_takes import draft, pack
from rigs.practice_clip import write_clip

OFFSET_S = 0.4
"""Take time of the answer at which the first take's sound began."""


def films(folder: Path, seconds: float = 2.0) -> None:
    """take.mp4 and audio.flac, as a take has them."""
    write_clip(folder / "take.mp4", seconds, size=(320, 180))
    with av.open(str(folder / "take.mp4")) as box:
        wave = np.concatenate([frame.to_ndarray()[0] for frame in box.decode(audio=0)])
    soundfile.write(folder / "audio.flac", wave, 48000)


def two_takes(home: Home, source: Path, *, seconds: float = 2.0, **heard: object) -> tuple[str, str]:
    """Takes "a" and "b" of a home that knows their pack; b was made against a. `heard` changes what b says of it."""
    of = pack()
    source.mkdir()
    (source / "pack.json").write_text(json.dumps(of.to_json()), encoding="utf-8")
    home.shelf.import_pack(source)
    performer = new_id()
    first = _take(home, draft("a", of, performer), seconds)
    assert isinstance(first, TakeManifest2)
    sound = first.file(FileRole.SOUND)
    assert sound is not None
    told = {
        "sha256": sound.sha256, "take_id": first.take_id, "seal_sha256": first.seal_sha256, "role": "a",
        "first_heard_sample": 0, "offset_s": OFFSET_S, "until_s": seconds, "bound_s": 0.03, "constant_s": 0.1,
        "measured_by": "reported_latency", "headphones": "Ears",
    }  # fmt: skip
    answer = draft("b", of, performer).model_copy(update={"partner": RecordedPartner.model_validate(told | heard)})
    return first.take_id, _take(home, answer, seconds).take_id


def _take(home: Home, begun: TakeManifest, seconds: float) -> TakeManifest:
    opened = home.library.create(begun)
    films(opened.folder, seconds)
    files = tuple(
        _entry(opened.folder / name, role)
        for role, name in ((FileRole.PICTURE, "take.mp4"), (FileRole.SOUND, "audio.flac"))
    )
    assert opened.manifest is not None
    done = {"ended": EndReason.CUT, "duration_s": seconds, "files": files}
    return home.library.seal(opened.take_id, opened.manifest.model_copy(update=done))


def _entry(path: Path, role: FileRole) -> FileEntry:
    data = path.read_bytes()
    return FileEntry(role=role, name=path.name, size=len(data), sha256=hashlib.sha256(data).hexdigest())
