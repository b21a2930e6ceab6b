"""Consents signed by the consent room's own code, and receipts, for takes of `library_takes`."""

from __future__ import annotations

from library.library_takes import BRIEF, prompt_of
from perfstudio.consent import record
from perfstudio.model.clock import utc_now
from perfstudio.model.consent import ConsentRecord, RequestedUse, UseId
from perfstudio.model.delivery import Receipt, ReceivedFile, SentNote
from perfstudio.model.jws import SigningKey
from perfstudio.model.prompt import Pack, StudioInfo, Terms
from perfstudio.model.take import TakeManifest

KEY = SigningKey.generate()
TERMS = Terms(id="t", version="1", language="en", title="Terms", summary="In short.", text="At length.")
PACK = Pack(
    id="evening",
    version="1.0",
    title="Evening",
    summary="A kitchen.",
    language="en",
    studio=StudioInfo(id="attic", name="Attic", legal_name="Attic Ltd", contact="hello@attic.example"),
    rights="Research only.",
    terms=(TERMS,),
    uses=(
        RequestedUse(
            id=UseId.STORE_REVIEW,
            exactly="We keep it.",
            term="P2Y",
            territory=("world",),
            recipients=("Attic",),
            withdrawal_effect="We delete it.",
        ),
    ),
    briefs=(BRIEF,),
    prompts=(prompt_of("the-letter"),),
)


def consent_of(manifest: TakeManifest) -> ConsentRecord:
    granted = frozenset({UseId.STORE_REVIEW})
    return record.sign(manifest, pack=PACK, terms=TERMS, granted=granted, name="A. Performer", key=KEY, adult=True)


def withdrawn(standing: ConsentRecord) -> ConsentRecord:
    return record.withdraw(standing, key=KEY)


def sent_of(manifest: TakeManifest) -> SentNote:
    """What is noted of a take that a plain tus server took."""
    receipt = receipt_of(manifest)
    return SentNote(take_id=receipt.take_id, studio_id=receipt.studio_id, files=receipt.files, at=receipt.at)


def receipt_of(manifest: TakeManifest, state: str = "accepted") -> Receipt:
    return Receipt(
        level="B" if state == "accepted" else "A",
        take_id=manifest.take_id,
        studio_id="attic",
        state="accepted" if state == "accepted" else "sent",
        files=tuple(ReceivedFile(role=f.role, name=f.name, size=f.size, sha256=f.sha256) for f in manifest.files),
        at=utc_now(),
    )
