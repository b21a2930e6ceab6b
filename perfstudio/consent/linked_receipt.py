"""The receipt for programs: the whole consent record as linked data (JSON-LD 1.1), with its context inside.

The record stands in it twice. `record` is the graph, under DPV's names, for those who ask what was allowed; where the
record names no value, or none of many, there is no statement. `signed_form` is the record as a JSON literal: its
canonical form (RFC 8785, which JSON-LD takes for such literals, too) is what the signatures and the hashes are over.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from urllib.parse import quote

from perfstudio import __version__
from perfstudio.consent.linked_terms import PREFIXES, TYPES, context, is_type, nested
from perfstudio.consent.verification_code import verification_code
from perfstudio.model.base import Document
from perfstudio.model.clock import utc_now
from perfstudio.model.consent import ConsentRecord
from perfstudio.model.ids import new_id

MADE_BY = "perfstudio "
RECEIPT_PROFILE = "https://w3id.org/dpv/schema/dpv-27560#receipt-eu-gdpr"


def linked_context() -> dict[str, Any]:
    """The context of a receipt."""
    receipt: dict[str, Any] = {
        "schema": {"@id": "dct:conformsTo", "@type": "@id"},
        "receipt_id": "dct:identifier",
        "issued_at": {"@id": "dct:created", "@type": "xsd:dateTime"},
        "made_by": "ps:made_by",
        "verification_code": "ps:verification_code",
        "record": {"@id": "dpv:hasRecordOfActivity"},
        "signed_form": {"@id": "ps:signed_form", "@type": "@json"},
    }
    receipt["record"]["@context"] = context(ConsentRecord, dict(receipt))
    return {"@version": 1.1, **PREFIXES, **receipt}


def linked_receipt(record: ConsentRecord, *, at: datetime | None = None, receipt_id: str | None = None) -> str:
    """The receipt as the text of a JSON-LD file. `at`: when it was written, now by default."""
    receipt_id = receipt_id or new_id()
    plain = record.to_json()
    document = {
        "@context": linked_context(),
        "@id": f"urn:uuid:{receipt_id}",
        "@type": "dpv:ConsentReceipt",
        "schema": RECEIPT_PROFILE,
        "receipt_id": receipt_id,
        "issued_at": (at or utc_now()).isoformat(timespec="seconds"),
        "made_by": f"{MADE_BY}{__version__}",
        "verification_code": verification_code(record),
        "record": {"@id": f"urn:perfstudio:record:{quote(record.record_id)}"} | _linked(plain, ConsentRecord),
        "signed_form": plain,
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _linked(value: dict[str, Any], model: type[Document]) -> dict[str, Any]:
    """A document with what it is said at its head, and without values that say nothing."""
    named = {field.alias or name: nested(field.annotation) for name, field in model.model_fields.items()}
    kind = TYPES.get(model)
    said = {"@type": kind} if kind and not any(is_type(model, name) for name in named) else {}
    return said | {name: _value(item, named[name]) for name, item in value.items() if item not in (None, [])}


def _value(value: Any, model: type[Document] | None) -> Any:
    if model is None:
        return value
    return [_linked(item, model) for item in value] if isinstance(value, list) else _linked(value, model)
