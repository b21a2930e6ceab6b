"""Real takes for the library's tests: folders with small media files whose hashes are in the manifest."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from perfstudio.library.library import Library
from perfstudio.library.take_row import OpenTake
from perfstudio.model.clock import utc_ms, utc_now
from perfstudio.model.device import (
    CameraRequest,
    DeviceKind,
    DeviceSelection,
    DevicesUsed,
    MicrophoneGranted,
    MicrophoneRequest,
)
from perfstudio.model.ids import new_id, new_take_id
from perfstudio.model.prompt import Brief, Emotion, Prompt, StudioInfo
from perfstudio.model.take import (
    FILE_NAMES,
    SECOND_COPY,
    Application,
    EndReason,
    FileEntry,
    FileRole,
    Slate,
    TakeManifest,
)
from perfstudio.model.take_2 import FORMAT, PromptShown2, TakeManifest2

BRIEF = Brief(id="mara", name="Mara", age=34, who="A nurse.", wants="To be forgiven.", hides="A letter.", sounds="Low.")


def prompt_of(prompt_id: str) -> Prompt:
    return Prompt(
        id=prompt_id,
        title=f"About {prompt_id}",
        brief="mara",
        line="Read it to me.",
        situation="A kitchen at night.",
        partner="Her brother",
        objective="To hear it.",
        obstacle="He refuses.",
        secret="She wrote it.",
        verbs=("to press",),
        beats=("The letter lies there.",),
        ends_when="He reads the first word.",
        emotions=(Emotion(term="grief"), Emotion(term="anger")),
    )


def draft_of(prompt_id: str = "the-letter", number: int = 1, pack_id: str = "evening") -> TakeManifest:
    prompt, started = prompt_of(prompt_id), utc_now()
    shown = PromptShown2(
        studio=StudioInfo(id="attic", name="Attic", legal_name="Attic Ltd", contact="hello@attic.example"),
        pack_title="Evening",
        pack_sha256="0" * 64,
        language="en",
        prompt=prompt,
        brief=BRIEF,
        prompt_sha256=prompt.digest(),
        brief_sha256=BRIEF.digest(),
    )
    microphone = MicrophoneGranted(
        id="practice",
        name="Practice microphone",
        kind=DeviceKind.PRACTICE,
        host_api="practice",
        rate_hz=48000,
        channels=1,
        sample_format="int16",
        block_frames=480,
        latency_s=0.01,
    )
    return TakeManifest2(
        format=FORMAT,
        take_id=new_take_id(utc_ms(started)),
        slate=Slate(
            session_id=new_id(),
            performer_id=new_id(),
            pack_id=pack_id,
            pack_version="1.0",
            prompt_id=prompt_id,
            take_number=number,
        ),
        prompt=shown,
        application=Application(version="0.1.0", system="Linux", python="3.11"),
        devices=DevicesUsed(
            asked=DeviceSelection(camera=CameraRequest(id="practice"), microphone=MicrophoneRequest(id="practice")),
            camera=None,
            microphone=microphone,
        ),
        practice=True,
        started_utc=started,
        tz_offset_min=60,
    )


def mark(folder: Path, files: tuple[FileEntry, ...], more: int = 12) -> None:
    """Say that the finished files hold all that lies in `raw/`, where some more files lie then."""
    for number in range(more):
        (folder / "raw" / f"piece-{number}.bin").write_bytes(b"p" * 100)
    names = {entry.role.value: entry.sha256 for entry in files}
    (folder / "raw" / SECOND_COPY).write_text(json.dumps(names))


def record_files(folder: Path, size: int = 2000) -> tuple[FileEntry, ...]:
    """Media as the recorder would leave them, and their entries."""
    (folder / "raw").mkdir(mode=0o700, exist_ok=True)
    (folder / "raw" / "video.mp4").write_bytes(b"r" * size)
    entries = []
    for role in (FileRole.PICTURE, FileRole.SOUND, FileRole.THUMBNAIL):
        data = f"{role} of {folder.name}".encode() * (size // 20)
        (folder / FILE_NAMES[role]).write_bytes(data)
        entries.append(
            FileEntry(role=role, name=FILE_NAMES[role], size=len(data), sha256=hashlib.sha256(data).hexdigest())
        )
    return tuple(entries)


def finished(open_take: OpenTake) -> TakeManifest:
    """The manifest of an open take after recording."""
    assert open_take.manifest is not None
    files = record_files(open_take.folder)
    return open_take.manifest.model_copy(update={"ended": EndReason.CUT, "duration_s": 12.5, "files": files})


def sealed_take(library: Library, prompt_id: str = "the-letter", pack_id: str = "evening") -> str:
    """A whole take, from draft to seal."""
    number = library.next_take_number(pack_id, prompt_id)
    begun = library.create(draft_of(prompt_id, number, pack_id))
    return library.seal(begun.take_id, finished(begun)).take_id
