"""A take that two make at once: both ready, one moment to begin at, either cuts; and what is known of the line.

Nothing of the line can harm the take: what fails before it rolls is raised, and what fails behind that is told.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final

import numpy as np
from pydantic import StringConstraints

from perfstudio.call.messages import (
    Agreed,
    HasCut,
    Hello,
    LineDown,
    LineQuiet,
    MediaTrouble,
    Parted,
    Speak,
    Stamped,
    VoiceNow,
)
from perfstudio.call.together import MOST_HELLO
from perfstudio.capture.finishing.finish import fit
from perfstudio.capture.finishing.raw_take import read_raw
from perfstudio.durable import write_durably
from perfstudio.model.base import Document, sha256_hex
from perfstudio.model.clock import host_ns
from perfstudio.model.duet_pings import MOST_STAMPS, STAMPS, PingsFile, PingsHeader
from perfstudio.model.errors import CallError, ErrorCode, PerfstudioError
from perfstudio.model.ids import Sha256, Slug, new_id
from perfstudio.model.pair import scene_digest
from perfstudio.model.prompt_2 import role_in
from perfstudio.model.reading import read_document
from perfstudio.model.strict_json import JsonProblemError
from perfstudio.model.take import FILE_NAMES, FileEntry, FileRole, TakeManifest
from perfstudio.model.two_in_a_scene import Duet, DuetId, TakeRef
from perfstudio.session.duet.line_link import LineLink
from perfstudio.session.headless.record import PlayedWith
from perfstudio.session.takes.processed_take import ProcessedTake

Made = tuple[TakeManifest, ProcessedTake]
Sides = tuple["DuetHello", "DuetHello"]
_LOOK_S: Final = 0.1
_AGREE_S: Final = 20.0
"""Both are ready; a line over which no moment can be named within so long is none."""
_PART_S: Final = 10.0
"""Longer than pings go on behind the cut."""
_LEAST_AHEAD_NS: Final = 300_000_000


class DuetHello(Document):
    """What one side says of itself when it is ready: what the other's take.json will hold of it, and no more."""

    duet_id: DuetId
    """Drawn by the one who begins; the other's own is not used."""
    take_id: TakeRef
    """The take that is about to roll."""
    performer_id: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    """A pseudonym."""
    pack_id: Slug
    """The pack."""
    prompt_id: Slug
    """The scene."""
    scene_sha256: Sha256
    """What both roles read of it."""
    role: Slug
    """Who is played here."""


class DuetPlay(PlayedWith):
    """One take of one side. On another thread `lost` hears that the line is gone, `unheard` what of a voice cannot be
    heard, `quiet` that nothing comes, or something again, and `mute` that the other is mute, or no more. `stop` is set
    when the other cuts, and ends every wait."""

    def __init__(
        self,
        link: LineLink,
        stop: threading.Event,
        *,
        first: bool,
        lost: Callable[[], None] = lambda: None,
        unheard: Callable[[PerfstudioError], None] = lambda _: None,
        quiet: Callable[[bool], None] = lambda _: None,
        mute: Callable[[bool], None] = lambda _: None,
    ) -> None:
        self._link, self._stop, self._first, self._lost = link, stop, first, lost
        self._unheard, self._quiet, self._mute = unheard, quiet, mute
        self.tap = link.tap
        self.voice: VoiceNow | None = None
        """The partner's voice, as it was heard last; None: not yet."""
        self._mine: DuetHello | None = None
        self._theirs: DuetHello | None = None
        self._start_ns = 0
        self._other_hello: bytes | None = None
        self._agreed: int | None = None
        self._stamps, self._pings, self._left_out = bytearray(), 0, 0
        self._news = threading.Condition()
        self._over = False
        self._thread = threading.Thread(target=self._listen, name="perfstudio-duet", daemon=True)
        self._thread.start()  # at once: a process that nobody hears would wait, and its line with it

    def ready(self, manifest: TakeManifest) -> None:
        """Say that this side is ready to roll, and wait until a moment is agreed on. Raises CallError: DUET_STOPPED,
        DUET_LINE_LOST, DUET_OTHER_SCENE, DUET_SAME_ROLE, DUET_NO_SENSE."""
        self._mine = _hello(manifest)
        self._link.send(Hello(self._mine.canonical()))
        self._wait(lambda: self._other_hello is not None)
        self._theirs = _fitting(self._mine, self._other_hello or b"")
        self._wait(lambda: self._agreed is not None, _AGREE_S)
        self._start_ns = self._agreed or 0
        if self._start_ns - host_ns() < _LEAST_AHEAD_NS:
            raise CallError(ErrorCode.DUET_LINE_LOST)

    def speak(self, on: bool) -> None:
        """Be heard by the other from now on, or be mute."""
        self._link.send_if_there(Speak(on=on))

    def go(self) -> None:
        """Wait for the moment; the take rolls already."""
        self._stop.wait(max(self._start_ns - host_ns(), 0) * 1e-9)

    def cut(self) -> None:
        """This side has cut: the other hears of it, and the pings behind the cut go on for some seconds."""
        self._link.send_if_there(HasCut())

    def sealed_with(self, folder: Path, before: TakeManifest, made: ProcessedTake) -> Made:
        """The take with what its own side knows, and its stamps as one of its files; the take as it is where that
        cannot be written down."""
        self._thread.join(_PART_S)
        if self._mine is None or self._theirs is None:
            return before, made
        try:
            return self._with_duet(folder, before, made, (self._mine, self._theirs))
        except (PerfstudioError, OSError, ValueError):
            self._lost()
            return before, made

    def _with_duet(self, folder: Path, before: TakeManifest, made: ProcessedTake, sides: Sides) -> Made:
        mine, theirs = sides
        timeline = fit(read_raw(folder))
        ns_per_s = timeline.clock.ns_per_sample * timeline.rate_hz
        duet_id = mine.duet_id if self._first else theirs.duet_id
        with self._news:
            records, pings, left_out = bytes(self._stamps), self._pings, self._left_out
        header = PingsHeader(
            duet_id=duet_id, duet_take=1, zero_ns=str(timeline.clock.zero_ns), ns_per_s=ns_per_s, left_out=left_out
        )
        data = PingsFile(header, np.frombuffer(records, STAMPS)).to_bytes()
        name = FILE_NAMES[FileRole.DUET_PINGS]
        write_durably(folder / name, data)
        entry = FileEntry(role=FileRole.DUET_PINGS, name=name, size=len(data), sha256=sha256_hex(data))
        duet = Duet(
            duet_id=duet_id,
            duet_take=1,
            role=mine.role,
            peer_role=theirs.role,
            peer_take_id=theirs.take_id,
            peer=theirs.performer_id,
            pings=pings,
            start_s=round(float(timeline.seconds_at(self._start_ns)), 6),
        )
        finished = replace(made.finished, files=(*made.finished.files, entry))
        return before.model_copy(update={"duet": duet}), replace(made, finished=finished)

    def _wait(self, there: Callable[[], bool], limit_s: float = float("inf")) -> None:
        waited_s = 0.0
        with self._news:
            while not there():
                if self._stop.is_set():
                    raise CallError(ErrorCode.DUET_STOPPED)
                if self._over or waited_s > limit_s:
                    raise CallError(ErrorCode.DUET_LINE_LOST)
                self._news.wait(_LOOK_S)
                waited_s += _LOOK_S

    def _listen(self) -> None:
        """What the process of the line tells, until its last word or its end."""
        while (told := self._link.heard()) is not None and not isinstance(told, Parted):
            with self._news:
                self._take_in(told)
                self._news.notify_all()
            if isinstance(told, HasCut):
                self._stop.set()
            elif isinstance(told, LineDown) and self._mine is not None:
                self._lost()
            elif isinstance(told, LineQuiet):
                self._quiet(told.quiet)
            elif isinstance(told, MediaTrouble):
                self._unheard(told.problem)
            elif isinstance(told, VoiceNow):
                self._hear_voice(told)
        with self._news:
            self._over = True
            self._news.notify_all()
        if told is None and self._mine is not None:
            self._lost()

    def _hear_voice(self, now: VoiceNow) -> None:
        before, self.voice = self.voice, now
        if now.mute != (before is not None and before.mute):
            self._mute(now.mute)

    def _take_in(self, told: object) -> None:
        if isinstance(told, Hello):
            self._other_hello = told.text
        elif isinstance(told, Agreed):
            self._agreed = told.start_ns
        elif isinstance(told, LineDown):
            self._over = True
        elif isinstance(told, Stamped):
            self._pings = told.pings
            room = MOST_STAMPS * STAMPS.itemsize - len(self._stamps)
            self._stamps += told.records[:room]
            self._left_out += max(len(told.records) - room, 0) // STAMPS.itemsize


def _hello(manifest: TakeManifest) -> DuetHello:
    """Raises CallError(DUET_NO_ROLE) for a scene that is not for two."""
    role = role_in(manifest.prompt.prompt)
    if role is None:
        raise CallError(ErrorCode.DUET_NO_ROLE)
    slate = manifest.slate
    return DuetHello(
        duet_id=new_id(),
        take_id=manifest.take_id,
        performer_id=slate.performer_id,
        pack_id=slate.pack_id,
        prompt_id=slate.prompt_id,
        scene_sha256=scene_digest(manifest.prompt.prompt),
        role=role,
    )


def _fitting(mine: DuetHello, said: bytes) -> DuetHello:
    try:
        theirs = read_document(said, DuetHello, limit=MOST_HELLO)
    except JsonProblemError:
        raise CallError(ErrorCode.DUET_NO_SENSE) from None
    same = ("pack_id", "prompt_id", "scene_sha256")
    if any(getattr(mine, name) != getattr(theirs, name) for name in same):
        raise CallError(ErrorCode.DUET_OTHER_SCENE)
    if mine.role == theirs.role:
        raise CallError(ErrorCode.DUET_SAME_ROLE, role=mine.role)
    return theirs
