"""A studio with a real receiver, and three performers with homes and tokens of their own: one leaves a clip there."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from perfstudio.model.clip import ClipAgreed, ClipUse
from perfstudio.model.clip_waiting import ClipSent
from perfstudio.model.clock import utc_now
from perfstudio.model.device import PRACTICE, CameraRequest, DeviceSelection, MicrophoneRequest
from perfstudio.model.jws import SigningKey
from perfstudio.paths import AppPaths
from perfstudio.receiver.clips import WaitingClips
from perfstudio.receiver.layout import ReceiverLayout
from perfstudio.receiver.serve import Receiver, ReceiverSettings
from perfstudio.receiver.tokens import Tokens
from perfstudio.session.clips.clip_news import ClipNews
from perfstudio.session.clips.clip_post import ClipPost
from perfstudio.session.delivery.admission import admission
from perfstudio.session.delivery.delivery_service import DeliveryService
from perfstudio.session.headless.record import RecordingHooks, record_take
from perfstudio.session.home import Home

STUDIO = "small-lab"
CAMERA = CameraRequest(id=PRACTICE, width=640, height=360)
BOTH = (ClipUse.HEAR, ClipUse.SEE)


def recorded_home(folder: Path) -> Path:
    """A home with a kept take of the first role."""
    pair = DeviceSelection(camera=CAMERA, microphone=MicrophoneRequest(id=PRACTICE))
    with Home(AppPaths(folder)) as home:
        take = record_take(home, "two-chairs/handover", pair, 2.0, RecordingHooks(threading.Event()), role="a")
        home.takes.keep(take.take_id)
    return folder


@dataclass
class ClipPlayer:
    """One performer at home."""

    home: Home
    service: DeliveryService
    post: ClipPost

    def leaves(self, may: tuple[ClipUse, ...] = BOTH, days: float = 30, key: SigningKey | None = None) -> ClipSent:
        at = utc_now()
        agreed = ClipAgreed(at=at, language="en", text="It may wait.", may=may, keep_until=at + timedelta(days=days))
        take_id = self.home.library.list()[0].take_id
        return self.post.leave(take_id, self.service.studios.get(STUDIO), agreed, key or SigningKey.generate())

    def hears(self) -> ClipNews:
        (news,) = self.post.hear()
        return news

    def sent(self) -> ClipSent:
        (paper,) = self.home.clip_papers.sent()
        return paper


@dataclass
class ClipStudio:
    """A studio, Ana who leaves a clip, Bo who is matched, and Cy who is not."""

    running: Receiver
    folder: Path
    ana: ClipPlayer
    bo: ClipPlayer
    cy: ClipPlayer

    @property
    def clips(self) -> WaitingClips:
        return WaitingClips(ReceiverLayout(self.folder))

    def matches(self, paper: ClipSent, name: str | None = "bo") -> None:
        self.clips.match(paper.left.clip.clip_id, name)

    def files(self, paper: ClipSent) -> list[str]:
        return sorted(f.name for f in ReceiverLayout(self.folder).clip(paper.left.clip.clip_id).iterdir())


@contextmanager
def clip_studio(recorded: Path, place: Path) -> Iterator[ClipStudio]:
    """The studio runs, and all three are connected; Ana has the recorded home."""
    shutil.copytree(recorded, place / "ana")
    folder = place / "in"
    with ExitStack() as stack:
        layout = ReceiverLayout(folder)
        layout.make()
        tokens = Tokens(layout)
        named = {name: tokens.add(name) for name in ("ana", "bo", "cy")}
        settings = ReceiverSettings(studio_id=STUDIO, name="Small Lab")
        running = stack.enter_context(Receiver(folder, admission=admission(STUDIO), settings=settings))
        people = [_player(stack, place / name, running, token) for name, token in named.items()]
        yield ClipStudio(running, folder, *people)


def _player(stack: ExitStack, folder: Path, running: Receiver, token: str) -> ClipPlayer:
    home = stack.enter_context(Home(AppPaths(folder).prepare(), use_keyring=False))
    service = stack.enter_context(closing(DeliveryService(home.library, home.paths)))
    service.lend(service.connect(f"{running.url}/studio.json"), token)
    return ClipPlayer(home, service, ClipPost(home, service))


@pytest.fixture(scope="module")
def clip_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a kept take of the first role."""
    return recorded_home(tmp_path_factory.mktemp("clips") / "home")


@pytest.fixture
def studio(clip_home: Path, tmp_path: Path) -> Iterator[ClipStudio]:
    """The studio, for one test."""
    with clip_studio(clip_home, tmp_path) as made:
        yield made
