"""What may leave, and where to: the rules between a take and a studio, on takes really recorded and signed."""

from __future__ import annotations

import json
import shutil
import threading
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from perfstudio.delivery.origin import origin_of
from perfstudio.model.clock import utc_now
from perfstudio.model.consent import UseId
from perfstudio.model.delivery import DeliveryState, Receipt, ReceivedFile, SignIn, Studio
from perfstudio.model.device import PRACTICE, DeviceSelection, MicrophoneRequest
from perfstudio.model.errors import ErrorCode, PerfstudioError
from perfstudio.model.labels import Labels
from perfstudio.model.take import FileRole, TakeState
from perfstudio.paths import AppPaths
from perfstudio.resources import asset
from perfstudio.session.delivery.delivery_queue import DeliveryQueue
from perfstudio.session.delivery.delivery_service import DeliveryService
from perfstudio.session.headless.record import RecordingHooks, record_take
from perfstudio.session.home import Home
from perfstudio.session.statements import Statements
from perfstudio.session.takes.missing import MissingLabel
from perfstudio.texts import errors
from perfstudio.texts.states import state_of
from rigs.pulse import PulseServer

SOUND_ONLY = DeviceSelection(camera=None, microphone=MicrophoneRequest(id=PRACTICE))

ADULT = Statements(adult=True)


def recorded(folder: Path) -> Path:
    """A home with a practice take of the bundled scenes, undecided."""
    with Home(AppPaths(folder / "home"), use_keyring=False) as home:
        record(home, "the-letter")
    return folder / "home"


def practised(folder: Path) -> Path:
    """A home with a practice take that North Lab asked for, accepted."""
    return asked(folder, SOUND_ONLY)


def performed(folder: Path) -> Path:
    """The same with a microphone of this computer."""
    with PulseServer() as server, server.chosen():
        server.add_source("mic")
        server.play("mic")
        return asked(folder, DeviceSelection(camera=None, microphone=MicrophoneRequest(id="pulse:mic")))


def asked(folder: Path, devices: DeviceSelection) -> Path:
    """A new home with the pack of North Lab, and an accepted take of it."""
    with Home(AppPaths(folder / "home"), use_keyring=False) as home:
        home.scenes.import_pack(studio_pack(folder))
        accepted(home, record(home, "thresholds/the-letter", devices))
    return folder / "home"


Make = Callable[[Path], Path]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Make], Path]:
    """Each of these homes, from the first time that it is asked for."""
    return cache(lambda make: make(tmp_path_factory.mktemp(make.__name__)))


@pytest.fixture
def opened(
    request: pytest.FixtureRequest, made: Callable[[Make], Path], tmp_path: Path
) -> Iterator[tuple[Home, DeliveryService]]:
    """A copy of one of them: the first, or the one that a test names."""
    place = Path(shutil.copytree(made(getattr(request, "param", recorded)), tmp_path / "home"))
    with Home(AppPaths(place), use_keyring=False) as home:
        delivery_service = DeliveryService(home.library, home.paths)
        yield home, delivery_service
        delivery_service.close()


def studio_pack(folder: Path) -> Path:
    """The bundled scenes, asked for by a real studio."""
    pack = json.loads(asset("packs", "practice", "pack.json").read_text("utf-8"))
    pack["id"], pack["studio"]["id"], pack["studio"]["name"] = "thresholds", "north-lab", "North Lab"
    file = folder / "thresholds.perfpack"
    with zipfile.ZipFile(file, "w") as out:
        out.writestr("pack.json", json.dumps(pack))
    return file


def record(home: Home, reference: str, devices: DeviceSelection = SOUND_ONLY) -> str:
    return record_take(home, reference, devices, 0.5, RecordingHooks(threading.Event())).take_id


def the_take(home: Home) -> str:
    """The one that was recorded before."""
    (line,) = home.takes.lines()
    return line.take_id


def accepted(home: Home, take_id: str) -> str:
    """A take that is kept, labelled and signed."""
    home.takes.keep(take_id)
    home.takes.label(take_id, Labels(meant=("anger",)))
    home.consents.sign(
        take_id, frozenset({UseId.STORE_REVIEW}), "Ada Example", passphrase=lambda: "three calm horses", stated=ADULT
    )
    return take_id


def missing(home: Home, take_id: str) -> tuple[MissingLabel, ...]:
    (line,) = (line for line in home.takes.lines() if line.take_id == take_id)
    return line.missing


def test_a_take_that_does_not_go_names_what_it_waits_for(opened: tuple[Home, DeliveryService], tmp_path: Path) -> None:
    home, delivery_service = opened
    take_id = the_take(home)
    sign = frozenset({UseId.STORE_REVIEW})
    assert missing(home, take_id) == (), "it is still to be decided"
    home.takes.keep(take_id)
    assert missing(home, take_id) == (MissingLabel.LABEL, MissingLabel.CONSENT)
    with pytest.raises(PerfstudioError) as told:
        delivery_service.require(take_id)
    assert "it needs a label and your signature" in errors.sentence(told.value)
    home.consents.sign(take_id, sign, "Ada", passphrase=lambda: "three calm horses", stated=ADULT)
    assert missing(home, take_id) == (MissingLabel.LABEL,)
    offer = home.consents.offer(take_id)
    assert (offer.missing, offer.files) == ((MissingLabel.LABEL,), (FileRole.SOUND, FileRole.TIMING))
    home.takes.label(take_id, Labels(meant=("anger",)))
    assert missing(home, take_id) == ()
    assert delivery_service.may_send(take_id)
    home.consents.withdraw(take_id, passphrase=lambda: "three calm horses")
    assert missing(home, take_id) == (), "taken back is an answer of its own"


def test_a_labelled_take_waits_for_the_signature_alone(opened: tuple[Home, DeliveryService]) -> None:
    home, _ = opened
    take_id = the_take(home)
    home.takes.keep(take_id)
    home.takes.label(take_id, Labels(meant=("anger",)))
    assert missing(home, take_id) == (MissingLabel.CONSENT,)


def refusal(call: object, *words: str) -> ErrorCode:
    with pytest.raises(PerfstudioError) as told:
        call(*words)  # type: ignore[operator]
    return told.value.code


def test_a_take_leaves_only_when_it_is_kept_labelled_and_signed(opened: tuple[Home, DeliveryService]) -> None:
    home, delivery_service = opened
    take_id = the_take(home)
    assert refusal(delivery_service.require, take_id) is ErrorCode.TAKE_NOT_READY
    home.takes.keep(take_id)
    assert refusal(delivery_service.require, take_id) is ErrorCode.TAKE_NOT_READY
    assert delivery_service.ready() == ()
    home.takes.label(take_id, Labels(meant=("anger",)))
    home.consents.sign(
        take_id, frozenset({UseId.STORE_REVIEW}), "Ada", passphrase=lambda: "three calm horses", stated=ADULT
    )
    assert delivery_service.may_send(take_id)
    assert delivery_service.ready() == (take_id,)
    home.consents.withdraw(take_id, passphrase=lambda: "three calm horses")
    assert not delivery_service.may_send(take_id)
    assert refusal(delivery_service.require, take_id) is ErrorCode.CONSENT_WITHDRAWN


def test_a_line_taken_back_stops_the_take_only_when_it_is_needed(
    opened: tuple[Home, DeliveryService], tmp_path: Path
) -> None:
    """The take goes on while its needed lines stand, and stays here when one of them does not."""
    home, delivery_service = opened
    secret = {"passphrase": lambda: "three calm horses"}
    take_id = the_take(home)
    home.takes.keep(take_id)
    uses = frozenset({UseId.STORE_REVIEW, UseId.HUMAN_RESEARCH, UseId.MACHINE_ANALYSIS})
    home.consents.sign(take_id, uses, "Ada", stated=ADULT, **secret)
    home.takes.label(take_id, Labels(meant=("anger",)))
    address = "http://127.0.0.1:9"
    file = tmp_path / "studio.json"
    contact = {"legal_name": "Nobody", "contact": "nobody@lab.example"}
    file.write_text(json.dumps({"id": "lab", "name": "Lab", "tus": f"{address}/files", "base": address, **contact}))
    delivery_service.connect(str(file))
    deliveries = DeliveryQueue(home.library, delivery_service, home.takes, home.settings, home.bus)
    try:
        deliveries.pause(True)
        home.consents.withdrawn = deliveries.withdrawn
        deliveries.queue(take_id, "lab")
        deliveries.take_out(take_id, "lab")
        deliveries.queue(take_id, "lab")
        assert [line.status.state for line in deliveries.lines()] == [DeliveryState.QUEUED], "the way back of a toast"
        home.consents.withdraw(take_id, frozenset({UseId.HUMAN_RESEARCH}), **secret)
        assert delivery_service.may_send(take_id)
        assert [line.status.state for line in deliveries.lines()] != [DeliveryState.CANCELLED]
        assert home.takes.line(take_id).state is TakeState.ACCEPTED
        home.consents.withdraw(take_id, frozenset({UseId.STORE_REVIEW}), **secret)
        assert not delivery_service.may_send(take_id)
        assert [line.status.state for line in deliveries.lines()] == [DeliveryState.CANCELLED]
        assert home.takes.line(take_id).state is TakeState.KEPT
        assert home.takes.line(take_id).missing == (MissingLabel.CONSENT,)
    finally:
        deliveries.close()


def test_what_was_taken_back_before_a_kill_is_found_in_the_papers(
    opened: tuple[Home, DeliveryService], tmp_path: Path
) -> None:
    """The record is on the disk, the outbox was told nothing: one line, and then the rest. Told once each."""
    home, delivery_service = opened
    secret = {"passphrase": lambda: "three calm horses"}
    take_id = the_take(home)
    home.takes.keep(take_id)
    home.takes.label(take_id, Labels(meant=("anger",)))
    uses = frozenset({UseId.STORE_REVIEW, UseId.HUMAN_RESEARCH})
    signed = home.consents.sign(take_id, uses, "Ada", stated=ADULT, **secret)
    manifest, outbox = home.library.manifest(take_id), delivery_service.outbox
    arrived = tuple(ReceivedFile(role=f.role, name=f.name, size=f.size, sha256=f.sha256) for f in manifest.files)
    receipt = Receipt(level="B", take_id=take_id, studio_id="lab", state="accepted", files=arrived, at=utc_now())
    delivery_service.keep_receipt(receipt)
    for taken_back in (UseId.HUMAN_RESEARCH, UseId.STORE_REVIEW):
        delivery_service.note_withdrawals()
        (line,) = outbox.statuses()
        assert line.state is DeliveryState.DELIVERED, "it arrived before this outbox was made"
        home.consents.withdraw(take_id, frozenset({taken_back}), **secret)
    delivery_service.note_withdrawals()
    delivery_service.note_withdrawals()
    told = [(p.record_id, p.seq, p.studio_id, p.blocks) for p in outbox.untold()]
    first = len(signed.events) + 1
    assert told == [(signed.record_id, first, "lab", False), (signed.record_id, first + 1, "lab", True)]
    (line,) = outbox.statuses()
    assert (line.state, line.untold, line.partly) == (DeliveryState.CANCELLED, True, False)
    assert home.takes.line(take_id).state is TakeState.WITHDRAWN
    assert state_of(home.takes.line(take_id)) == "delivered, taken back"


def test_nothing_can_be_signed_before_it_is_kept(opened: tuple[Home, DeliveryService]) -> None:
    home, _ = opened
    take_id = the_take(home)
    with pytest.raises(PerfstudioError) as told:
        home.consents.sign(
            take_id, frozenset({UseId.STORE_REVIEW}), "Ada", passphrase=lambda: "three calm horses", stated=ADULT
        )
    assert told.value.code is ErrorCode.TAKE_NOT_READY
    assert home.consents.offer(take_id).standing == frozenset()


@pytest.mark.parametrize("opened", [practised], indirect=True)
def test_practice_takes_stay_here_when_a_studio_asked(opened: tuple[Home, DeliveryService]) -> None:
    home, delivery_service = opened
    take_id = the_take(home)
    assert missing(home, take_id) == (MissingLabel.OWN_DEVICES,)
    assert refusal(delivery_service.bundle, take_id, "north-lab") is ErrorCode.PRACTICE_TAKE


@pytest.mark.parametrize("opened", [performed], indirect=True)
def test_a_take_goes_to_the_studio_it_was_signed_for(opened: tuple[Home, DeliveryService]) -> None:
    home, delivery_service = opened
    take_id = the_take(home)
    assert refusal(delivery_service.bundle, take_id, "south-lab") is ErrorCode.STUDIO_DIFFERS
    assert delivery_service.bundle(take_id, "north-lab").studio_id == "north-lab"


@pytest.mark.parametrize("opened", [practised], indirect=True)
def test_a_practice_take_may_go_where_its_studio_says_that_it_is_for_practice(
    opened: tuple[Home, DeliveryService],
) -> None:
    home, delivery_service = opened
    take_id = the_take(home)
    address = "http://127.0.0.1:9/files"
    studio = Studio(id="north-lab", name="North Lab", legal_name="North Lab", contact="-", tus=address, practice=True)
    delivery_service.studios.keep(studio)
    assert delivery_service.bundle(take_id, "north-lab").take_id == take_id
    assert missing(home, take_id) == ()
    delivery_service.studios.keep(studio.model_copy(update={"practice": False}))
    assert missing(home, take_id) == (MissingLabel.OWN_DEVICES,)
    assert refusal(delivery_service.bundle, take_id, "north-lab") is ErrorCode.PRACTICE_TAKE
    other = studio.model_copy(update={"id": "south-lab"})
    delivery_service.studios.keep(other)
    assert refusal(delivery_service.bundle, take_id, "south-lab") is ErrorCode.STUDIO_DIFFERS


@pytest.mark.parametrize("opened", [performed], indirect=True)
def test_a_real_take_never_goes_where_practice_takes_go(opened: tuple[Home, DeliveryService]) -> None:
    home, delivery_service = opened
    take_id = the_take(home)
    address = "http://127.0.0.1:9/files"
    studio = Studio(id="north-lab", name="North Lab", legal_name="North Lab", contact="-", tus=address, practice=True)
    delivery_service.studios.keep(studio)
    assert refusal(delivery_service.bundle, take_id, "north-lab") is ErrorCode.PRACTICE_RECEIVER


@pytest.mark.parametrize("own_pack_id", ["practice", "evening"])
def test_another_studio_under_the_id_of_the_practice_room_stays_another_studio(
    own_pack_id: str, opened: tuple[Home, DeliveryService], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pack that an earlier version let in: its takes do not go to any receiver as those of the practice room do."""
    home, delivery_service = opened
    take_id = accepted(home, the_take(home))
    manifest = home.library.manifest(take_id)
    studio = manifest.prompt.studio.model_copy(update={"legal_name": "Evil GmbH"})
    slate = manifest.slate.model_copy(update={"pack_id": own_pack_id})
    shown = manifest.prompt.model_copy(update={"studio": studio})
    evil = manifest.model_copy(update={"prompt": shown, "slate": slate, "practice": False})
    monkeypatch.setattr(home.library, "manifest", lambda _: evil)
    assert refusal(delivery_service.bundle, take_id, "somewhere") is ErrorCode.STUDIO_DIFFERS


def test_the_bundled_pack_may_go_to_any_receiver_the_performer_chose(opened: tuple[Home, DeliveryService]) -> None:
    home, delivery_service = opened
    take_id = accepted(home, the_take(home))
    assert delivery_service.bundle(take_id, "somewhere").take_id == take_id


def test_a_lent_token_is_never_kept(opened: tuple[Home, DeliveryService]) -> None:
    _, delivery_service = opened
    address = "http://127.0.0.1:9/files"
    studio = Studio(id="here", name="Here", legal_name="Here", contact="-", tus=address, sign_in=SignIn.TOKEN)
    delivery_service.lend(studio, "only-for-this-run")
    assert delivery_service.token(studio) == "only-for-this-run"
    assert delivery_service.tokens.get(origin_of(address)) is None
