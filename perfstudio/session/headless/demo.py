"""The whole job without a window, with practice devices: what `perfstudio demo` shows and `self-test` proves.

Everything is real: recorder, files, checks, signature, transfer, receiver. Only the devices are practice devices, and
the signing key is one of this demo's own, under a passphrase that nobody keeps.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from perfstudio.model.consent import UseId
from perfstudio.model.delivery import Arrival
from perfstudio.model.device import PRACTICE, CameraRequest, DeviceSelection, MicrophoneRequest
from perfstudio.model.labels import Labels
from perfstudio.model.pack_2 import as_role, brief_of
from perfstudio.model.prompt_2 import character_of
from perfstudio.model.take import TakeManifest
from perfstudio.paths import AppPaths
from perfstudio.receiver.serve import Receiver, ReceiverSettings
from perfstudio.session.delivery.admission import admission
from perfstudio.session.delivery.delivery_service import DeliveryService
from perfstudio.session.headless.record import RecordingHooks, record_take
from perfstudio.session.home import Home
from perfstudio.session.statements import Statements
from perfstudio.session.takes.missing import BUNDLED_STUDIO
from perfstudio.session.takes.verify_bundle import BundleReport, verify_bundle

PERFORMER = "Demo Performer"
ADULT = Statements(adult=True)


class DemoStep(StrEnum):
    """The steps, in order."""

    BRIEF = "brief"
    ROLL = "roll"
    CHECK = "check"
    LABEL = "label"
    SIGN = "sign"
    DELIVER = "deliver"
    VERIFY = "verify"


@dataclass(frozen=True, slots=True)
class DemoTake:
    """What the demo made and where it lies."""

    manifest: TakeManifest
    take_folder: Path
    receipt: Arrival
    arrived: Path
    report: BundleReport


Told = Callable[[DemoStep, dict[str, str | int | float]], None]


def run_demo(folder: Path, seconds: float, told: Told, *, stop: threading.Event | None = None) -> DemoTake:
    """Record `seconds`, check, label, sign, deliver to a receiver of its own, verify what arrived. Below `folder`.

    Raises whatever a performer would meet, as PerfstudioError.
    """
    with Home(AppPaths(folder / "home"), use_keyring=False) as home:
        source = home.shelf.packs()[0]
        prompt = as_role(source.pack, source.pack.prompts[0])
        told(DemoStep.BRIEF, {"title": prompt.title, "character": character_of(prompt, brief_of(source.pack, prompt))})
        selection = DeviceSelection(camera=CameraRequest(id=PRACTICE), microphone=MicrophoneRequest(id=PRACTICE))
        reference = f"{source.pack.id}/{prompt.id}"
        manifest = record_take(home, reference, selection, seconds, RecordingHooks(stop or threading.Event()))
        frames = manifest.video.frames if manifest.video else 0
        told(DemoStep.ROLL, {"seconds": manifest.duration_s or 0.0, "frames": frames, "take": manifest.take_id})
        told(DemoStep.CHECK, {"checks": len(manifest.checks)})
        manifest = _decide(home, manifest, told)
        return _deliver(home, manifest, folder / "receiver", told)


def _decide(home: Home, manifest: TakeManifest, told: Told) -> TakeManifest:
    """Keep, circle, label and sign, as a performer would."""
    take_id, prompt = manifest.take_id, manifest.prompt.prompt
    home.takes.circle(take_id)
    meant = tuple(emotion.term for emotion in prompt.emotions)
    home.takes.label(take_id, Labels(meant=meant, intensity=prompt.emotions[0].intensity))
    told(DemoStep.LABEL, {"meant": ", ".join(meant)})
    secret = secrets.token_urlsafe(24)
    record = home.consents.sign(
        take_id, frozenset({UseId.STORE_REVIEW}), PERFORMER, passphrase=lambda: secret, stated=ADULT
    )
    told(DemoStep.SIGN, {"uses": len(record.granted()), "asked": len(record.uses)})
    return home.takes.manifest(take_id)


def _deliver(home: Home, manifest: TakeManifest, inbox: Path, told: Told) -> DemoTake:
    take_id, token = manifest.take_id, secrets.token_urlsafe(24)
    settings = ReceiverSettings(studio_id=BUNDLED_STUDIO, name=manifest.prompt.studio.name)
    delivery_service = DeliveryService(home.library, home.paths)
    try:
        with Receiver(inbox, token=token, admission=admission(BUNDLED_STUDIO), settings=settings) as receiver:
            studio = delivery_service.connect(f"{receiver.url}/studio.json")
            delivery_service.lend(studio, token)
            receipt = delivery_service.send(take_id, studio)
    finally:
        delivery_service.close()
    told(DemoStep.DELIVER, {"files": len(receipt.files), "bytes": sum(f.size for f in receipt.files)})
    arrived = next(path.parent for path in inbox.rglob("take.json") if path.parent.name == take_id)
    report = verify_bundle(arrived, consent_needed=True)
    for problem in report.problems:
        raise problem
    residual = report.sync.residual_ms if report.sync else 0.0
    told(DemoStep.VERIFY, {"files": report.files, "residual_ms": residual})
    return DemoTake(manifest, home.library.folder(take_id), receipt, arrived, report)
