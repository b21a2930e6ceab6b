"""The slate and the manifest: what a take knows before it rolls, and what is added when it is sealed."""

from __future__ import annotations

import platform
from datetime import datetime
from typing import TYPE_CHECKING, Any

from perfstudio import __version__
from perfstudio.model.checks import CheckResult
from perfstudio.model.clock import utc_ms, utc_now
from perfstudio.model.device import DevicesUsed
from perfstudio.model.ids import new_take_id
from perfstudio.model.pack_2 import brief_of, languages_of
from perfstudio.model.played import Played
from perfstudio.model.prompt_2 import RolePrompt, ShownPrompt, tags_said
from perfstudio.model.take import (
    Application,
    EndReason,
    LedgerEntry,
    Slate,
    TakeManifest,
    Trim,
)
from perfstudio.model.take_2 import FORMAT, CountdownSpan, PromptShown2, TakeManifest2, VoiceActivity
from perfstudio.model.take_reading import in_format_2
from perfstudio.model.timing import Marker, MarkerName
from perfstudio.packs.reader import PackFile
from perfstudio.packs.tagging import tags_of

if TYPE_CHECKING:
    from perfstudio.capture.finishing.finished_take import FinishedTake


def tz_offset_min(moment: datetime) -> int:
    """Minutes that local time is ahead of UTC at a moment."""
    offset = moment.astimezone().utcoffset()
    return 0 if offset is None else round(offset.total_seconds() / 60)


def shown(source: PackFile, prompt: ShownPrompt) -> PromptShown2:
    """The exact words of a prompt and its brief, as they are on the screen."""
    brief = brief_of(source.pack, prompt)
    sheet: dict[str, Any] = {} if brief is None else {"brief": brief, "brief_sha256": brief.digest()}
    tags = tags_said(prompt.content_tags) if isinstance(prompt, RolePrompt) else tags_of(source, prompt)
    touched: dict[str, Any] = {} if tags is None else {"content_tags": tags}
    return PromptShown2(
        studio=source.pack.studio,
        pack_title=source.pack.title,
        pack_sha256=source.sha256,
        language=source.pack.language,
        prompt=prompt,
        prompt_sha256=prompt.digest(),
        limits=source.pack.limits,
        **sheet,
        **touched,
    )


def draft(
    source: PackFile,
    prompt: ShownPrompt,
    take_number: int,
    *,
    devices: DevicesUsed,
    performer_id: str,
    session_id: str,
    countdown_s: int = 0,
    language: str = "",
) -> TakeManifest2:
    """The manifest of a take that is about to roll. `countdown_s`: what is counted down once it rolls. `language`: what
    is played in; not said: the first that the scene is asked for in.
    """
    started = utc_now()
    return TakeManifest2(
        format=FORMAT,
        take_id=new_take_id(utc_ms(started)),
        slate=Slate(
            session_id=session_id,
            performer_id=performer_id,
            pack_id=source.pack.id,
            pack_version=source.pack.version,
            prompt_id=prompt.id,
            take_number=take_number,
        ),
        prompt=shown(source, prompt),
        application=Application(
            version=__version__, system=platform.system(), python=".".join(platform.python_version_tuple()[:2])
        ),
        devices=devices,
        practice=devices.practice,
        started_utc=started,
        tz_offset_min=tz_offset_min(started),
        countdown=CountdownSpan(asked_s=countdown_s) if countdown_s > 0 else None,
        played=Played(language=language or languages_of(source.pack, prompt)[0]),
    )


def completed(
    before: TakeManifest,
    finished: FinishedTake,
    checks: tuple[CheckResult, ...],
    ended: EndReason | None = None,
    voice: VoiceActivity | None = None,
) -> TakeManifest:
    """The manifest of a take whose files have been closed, read back and checked.

    A draft of format 1 (an older version was killed while it rolled) becomes a take of today's format.
    """
    rolled = LedgerEntry(kind="roll", seconds=finished.duration_s)
    return in_format_2(before).model_copy(
        update={
            "ended": ended or finished.ended,
            "duration_s": finished.duration_s,
            "markers": finished.markers,
            "video": finished.video,
            "audio": finished.audio,
            "sync": finished.sync,
            "countdown": _counted_down(before, finished),
            "voice": voice,
            "partner": finished.partner,
            "checks": checks,
            "files": finished.files,
            "trim": Trim(in_s=_at(finished.markers, MarkerName.GO), out_s=_at(finished.markers, MarkerName.CUT)),
            "ledger": (*before.ledger, rolled),
        }
    )


def _counted_down(before: TakeManifest, finished: FinishedTake) -> CountdownSpan | None:
    """Where the countdown lies in the take: from the press of record to "go", or to the end when that never came."""
    asked = before.countdown if isinstance(before, TakeManifest2) else None
    if asked is None:
        return None
    begin, go = _at(finished.markers, MarkerName.ROLL) or 0.0, _at(finished.markers, MarkerName.GO)
    end = finished.duration_s if go is None else go
    return asked.model_copy(update={"start_s": min(begin, end), "end_s": end})


def _at(markers: tuple[Marker, ...], name: MarkerName) -> float | None:
    return next((m.at_s for m in markers if m.name is name), None)
