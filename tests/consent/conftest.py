"""A sealed take, the pack it was made for, and a key: what every consent test starts from."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pytest

from perfstudio.model.consent import Compensation, ReplicaTerms, RequestedUse, UseId
from perfstudio.model.device import DeviceSelection, DevicesUsed, MicrophoneRequest
from perfstudio.model.jws import SigningKey
from perfstudio.model.prompt import Brief, Emotion, Pack, Prompt, StudioInfo, Terms
from perfstudio.model.spoken import SpokenRequest, SpokenStatement
from perfstudio.model.take import Application, EndReason, FileEntry, FileRole, Slate, TakeManifest
from perfstudio.model.take_2 import FORMAT, PromptShown2, TakeManifest2

STUDIO = StudioInfo(
    id="harbour",
    name="Harbour Lab",
    legal_name="Harbour Research Foundation",
    contact="consent@harbour.example",
    address="Pier 4, Bremen",
    jurisdiction=("DE",),
)

TERMS = Terms(
    id="improv-terms",
    version="3",
    language="en",
    title="Terms for improvised takes",
    summary="You choose use by use, and you can take it back.",
    text="We store what you send.\nWe use it only as you allowed – nothing else.",
)

BRIEF = Brief(
    id="mara", name="Mara", age=41, who="A ferry pilot", wants="To be forgiven", hides="The log", sounds="Low"
)

PROMPT = Prompt(
    id="last-ferry",
    title="The last ferry",
    brief="mara",
    line="You were not there.",
    situation="The quay, after midnight.",
    partner="Her brother",
    objective="To be forgiven",
    obstacle="Pride",
    secret="She fell asleep",
    verbs=("soothe", "dodge"),
    beats=("He asks.", "She tells."),
    ends_when="The horn sounds.",
    emotions=(Emotion(term="guilt"),),
)


def requested(use_id: UseId, **changes: object) -> RequestedUse:
    """One line of the use grid."""
    plain: dict[str, object] = {
        "id": use_id,
        "exactly": f"Exactly {use_id.value}",
        "term": "P2Y",
        "territory": ("EU",),
        "recipients": ("Harbour Lab",),
        "withdrawal_effect": "Deleted within 30 days.",
    }
    return RequestedUse.model_validate(plain | changes)


USES = (
    requested(UseId.STORE_REVIEW, required=True, why="Someone has to watch it."),
    requested(UseId.HUMAN_RESEARCH),
    requested(
        UseId.TRAIN_RECOGNITION, term="P6M", compensation=Compensation(basis="flat", amount="12", currency="EUR")
    ),
    requested(UseId.REPLICA_VOICE, data=("voice",), replica=ReplicaTerms(media=("audio drama",))),
    requested(UseId.BIOMETRIC_TEMPLATE, term="P30D"),
)


def digest(text: str) -> str:
    """A hash to stand for a file's content."""
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture(scope="session")
def pack() -> Pack:
    """A pack that asks for two separate uses among five."""
    return Pack(
        id="harbour-nights",
        version="1.2",
        title="Harbour nights",
        summary="Scenes on a quay.",
        language="en",
        studio=STUDIO,
        pay=Compensation(basis="session", amount="40", currency="EUR"),
        rights="Research only.",
        terms=(TERMS,),
        uses=USES,
        briefs=(BRIEF,),
        prompts=(PROMPT,),
    )


@pytest.fixture(scope="session")
def terms() -> Terms:
    """The text that was on the screen."""
    return TERMS


@pytest.fixture(scope="session")
def aloud(pack: Pack, terms: Terms) -> tuple[Pack, Terms, SpokenStatement]:
    """The same pack and text with a statement to be read aloud, and what was read."""
    request = SpokenRequest(statement="I agree.", with_name="I am {name}, and I agree.", required=True, why="To know.")
    said = SpokenStatement(
        sha256=digest("sound"), size=4321, duration_s=4.0, text="I am Ada, and I agree.", language="en"
    )
    asking = terms.model_copy(update={"spoken": request})
    return pack.model_copy(update={"terms": (asking,)}), asking, said


@pytest.fixture(scope="session")
def manifest(pack: Pack) -> TakeManifest:
    """A sealed take of that pack."""
    shown = PromptShown2(
        studio=STUDIO,
        pack_title=pack.title,
        pack_sha256=digest("pack"),
        language="en",
        prompt=PROMPT,
        brief=BRIEF,
        prompt_sha256=PROMPT.digest(),
        brief_sha256=digest("brief"),
    )
    files = ((FileRole.PICTURE, "take.mp4"), (FileRole.SOUND, "audio.flac"), (FileRole.THUMBNAIL, "thumbnail.jpg"))
    return TakeManifest2(
        format=FORMAT,
        take_id="01jd0000000000000000000000",
        slate=Slate(
            session_id="s",
            performer_id="p-17",
            pack_id=pack.id,
            pack_version=pack.version,
            prompt_id=PROMPT.id,
            take_number=3,
        ),
        prompt=shown,
        application=Application(version="0.1.0", system="Linux", python="3.11"),
        devices=DevicesUsed(
            asked=DeviceSelection(camera=None, microphone=MicrophoneRequest(id="practice")),
            camera=None,
            microphone=None,
        ),
        practice=False,
        started_utc=datetime(2026, 3, 1, 20, 0, tzinfo=UTC),
        tz_offset_min=60,
        ended=EndReason.CUT,
        duration_s=61.5,
        files=tuple(FileEntry(role=role, name=name, size=10, sha256=digest(name)) for role, name in files),
    ).sealed()


@pytest.fixture(scope="session")
def key() -> SigningKey:
    """The key of this installation."""
    return SigningKey.generate()
