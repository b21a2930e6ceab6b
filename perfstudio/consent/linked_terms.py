"""Which term of the Data Privacy Vocabulary (DPV 2) each field of a consent record is, as a JSON-LD 1.1 context.

The context is made by walking the model, so that no field is ever without a term: what DPV and Dublin Core have a word
for takes that word (the W3C guide "Implementing ISO/IEC TS 27560:2023 using DPV" is followed), all else keeps its own
name in our vocabulary. Each document inside the record has its terms in a context of its own, for `id` of a line and
`id` of a text are two things.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from perfstudio.model.base import Document
from perfstudio.model.consent import (
    ConsentEvent,
    ConsentRecord,
    ConsentStatus,
    Notice,
    Party,
    RequestedUse,
    Subject,
    UseId,
    Withdrawal,
)
from perfstudio.model.spoken import SpokenStatement

Term = str | dict[str, Any]
OWN = "urn:perfstudio:consent#"
PREFIXES: dict[str, Term] = {
    "ps": OWN,
    "dpv": "https://w3id.org/dpv#",
    "pd": "https://w3id.org/dpv/pd#",
    "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
    "dct": "http://purl.org/dc/terms/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

TYPES: dict[type[Document], str] = {
    ConsentRecord: "dpv:ConsentRecord",
    Subject: "dpv:DataSubject",
    Notice: "dpv:ConsentNotice",
    RequestedUse: "dpv:Process",
    Withdrawal: "dpv:WithdrawConsent",
}
"""What a document is. A party is what its role says, an act what its state says: those fields are the type."""


def _words(known: Mapping[str, str], every: tuple[str, ...] = (), under: str = "") -> dict[str, Term]:
    """A word of ours for each IRI; those of `every` that DPV has no word for are ours, `ps:under/word`."""
    return {word: known.get(word, f"ps:{under}/{word}") for word in dict.fromkeys((*every, *known))}


_DATA = _words(
    {
        "voice": "pd:VoiceCommunicationRecording",
        "face_video": "pd:Picture",
        "performance": "pd:Behavioural",
        "device_info": "pd:DeviceBased",
    },
    ("transcript", "self_ratings"),
    "data",
)
_PROCESSING = _words(
    {"store": "dpv:Store", "analyse": "dpv:Analyse", "generate": "dpv:Generate", "share": "dpv:Share"},
    ("review", "transcribe", "annotate", "train", "publish"),
    "processing",
)
_PURPOSES = _words({}, tuple(use.value for use in UseId), "purpose")
_HANDS = _words({"performer": "dpv:DataSubject", "guardian": "dpv:GuardianOfDataSubject"}, ("app",), "by")

_IRI = {"@type": "@id"}

_STANDARD: dict[type[Document], dict[str, Term]] = {
    ConsentRecord: {
        "schema": {"@id": "dct:conformsTo", **_IRI},
        "record_id": "dct:identifier",
        "replaces": "dct:replaces",
        "created_at": "dct:created",
        "subject": "dpv:hasDataSubject",
        "notice": "dpv:hasNotice",
        "parties": "dpv:hasDataController",
        "jurisdiction": "dpv:hasJurisdiction",
        "authority": "dpv:hasAuthority",
        "rights": {"@id": "dpv:hasRight", **_IRI},
        "collection": "dpv:hasDataSource",
        "uses": {"@id": "dpv:hasProcess", "@container": "@list"},
        "withdrawal": "dpv:hasConsentControl",
        "events": {"@id": "dpv:hasConsentStatus", "@container": "@list"},
    },
    Subject: {"id": "dct:identifier", "signed_name": "dpv:hasName"},
    Notice: {
        "id": "dct:identifier",
        "version": "dct:hasVersion",
        "language": "dct:language",
        "title": "dct:title",
        "summary": "dct:abstract",
    },
    Party: {
        "role": "@type",
        "id": "dct:identifier",
        "name": "dpv:hasName",
        "contact": "dpv:hasContact",
        "address": "dpv:hasAddress",
    },
    Withdrawal: {"contact": "dpv:hasContact", "effect": "dpv:hasConsequence"},
    SpokenStatement: {"language": "dct:language"},
    RequestedUse: {
        "id": {"@id": "dpv:hasPurpose", "@type": "@vocab", "@context": _PURPOSES},
        "exactly": "dct:description",
        "data": {"@id": "dpv:hasPersonalData", "@type": "@vocab", "@context": _DATA},
        "term": {"@id": "dpv:hasDuration", "@type": "xsd:duration"},
        "territory": "dpv:hasLocation",
        "recipients": "dpv:hasRecipient",
        "withdrawal_effect": "dpv:hasConsequence",
        "legal_basis": {"@id": "dpv:hasLegalBasis", **_IRI},
        "processing": {"@id": "dpv:hasProcessing", "@type": "@vocab", "@context": _PROCESSING},
        "storage": "dpv:hasStorageCondition",
    },
    ConsentEvent: {
        "state": "@type",
        "use_ids": {"@id": "dpv:hasPurpose", "@type": "@vocab", "@context": _PURPOSES},
        "at": "dpv:isIndicatedAtTime",
        "by": {"@id": "dpv:isIndicatedBy", "@type": "@vocab", "@context": _HANDS},
        "method": "dpv:hasIndicationMethod",
        "consent_type": {
            "@id": "dpv:hasLegalBasis",
            "@type": "@vocab",
            "@context": {"ExplicitlyExpressedConsent": "dpv:ExplicitlyExpressedConsent"},
        },
    },
}
"""Fields that a standard has a word for. What stands here must be true of every value the field can have."""
_TYPE_WORDS: dict[type[Document], dict[str, Term]] = {
    Party: {"controller": "dpv:DataController"},
    ConsentEvent: {status.value: f"dpv:{status.value}" for status in ConsentStatus},
}
"""The words of a field that is a document's type."""


def context(model: type[Document], above: Mapping[str, Term] | None = None) -> dict[str, Any]:
    """The terms of a document, those of the documents in it inside. `above`: the terms that hold around it.

    A term from around it that would be another name for the same thing is put out of force, so that there is one way
    back from each.
    """
    terms: dict[str, Any] = {
        field.alias or name: _term(model, field.alias or name, field) for name, field in model.model_fields.items()
    }
    meant = {_iri(term) for term in terms.values()}
    hidden = {name: None for name, term in (above or {}).items() if name not in terms and _iri(term) in meant}
    own = {**hidden, **terms, **_TYPE_WORDS.get(model, {})}
    for name, field in model.model_fields.items():
        if (inner := nested(field.annotation)) is not None:
            own[field.alias or name]["@context"] = context(inner, {**(above or {}), **terms})
    return own


def nested(annotation: Any) -> type[Document] | None:
    """The document that a field holds, or holds many of."""
    plain = _plain(annotation)
    return plain if isinstance(plain, type) and issubclass(plain, Document) else None


def is_type(model: type[Document], name: str) -> bool:
    """Whether a field is the type of its document."""
    return _STANDARD.get(model, {}).get(name) == "@type"


def _term(model: type[Document], name: str, field: FieldInfo) -> Term:
    standard = _STANDARD.get(model, {}).get(name, f"ps:{model.__name__}/{name}")
    if standard == "@type":
        return standard
    term: dict[str, Any] = {"@id": standard} if isinstance(standard, str) else dict(standard)
    if _is_many(field.annotation):
        term.setdefault("@container", "@list" if nested(field.annotation) else "@set")
    kind = _plain(field.annotation)
    if kind is datetime:
        term["@type"] = "xsd:dateTime"
    elif get_origin(kind) is dict or kind in (Any, dict):
        term["@type"] = "@json"
    return term


def _plain(annotation: Any) -> Any:
    """The type of one value: without what it may be missing, be many, or be annotated with."""
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated or origin is tuple:
        return _plain(args[0])
    if origin in (Union, types.UnionType):
        return _plain(next(arg for arg in args if arg is not type(None)))
    return annotation


def _is_many(annotation: Any) -> bool:
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated or origin in (Union, types.UnionType):
        return any(_is_many(arg) for arg in args if arg is not type(None))
    return origin is tuple


def _iri(term: Term | None) -> str:
    return term["@id"] if isinstance(term, dict) else (term or "")
