"""The receipt as linked data, read by a JSON-LD processor that has no network: nothing lost, nothing undefined."""

from __future__ import annotations

import hashlib
import json
import types
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import pytest

from perfstudio.consent.linked_receipt import RECEIPT_PROFILE, linked_context, linked_receipt
from perfstudio.consent.linked_terms import OWN, PREFIXES, nested
from perfstudio.consent.reading import read_record
from perfstudio.consent.record import sign, withdraw
from perfstudio.consent.verification_code import verification_code
from perfstudio.consent.verify import verify_record
from perfstudio.model.base import Document, canonical_bytes
from perfstudio.model.consent import ConsentRecord, RequestedUse
from perfstudio.model.jws import SigningKey
from perfstudio.model.prompt import Pack, Terms
from perfstudio.model.spoken import SpokenStatement
from perfstudio.model.take import TakeManifest
from rigs.asking_pack import LINES

jsonld = pytest.importorskip("pyld.jsonld")

AT = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)
DPV = "https://w3id.org/dpv#"


@pytest.fixture(scope="module")
def record(manifest: TakeManifest, aloud: tuple[Pack, Terms, SpokenStatement], key: SigningKey) -> ConsentRecord:
    """Every line asked for, one refused, one taken back by another key, and read aloud: values of every kind, and some
    left out.
    """
    pack, terms, said = aloud
    lines = tuple(RequestedUse.model_validate(line) for line in LINES)
    asking = pack.model_copy(update={"uses": (*lines, *pack.uses[1:3])})
    signed = sign(
        manifest, pack=asking, terms=terms, granted=["store_review"], separately=["replica_voice"], name="Zoë مريم",
        spoken=said, key=key, at=AT,
    )  # fmt: skip
    return withdraw(signed, SigningKey.generate(), ["store_review"], at=AT + timedelta(days=2))


def filled(value: Document) -> Document:
    """With something in every field that is empty, of whatever kind, also one that joins the model later."""
    changes = {}
    for name, field in type(value).model_fields.items():
        now, inner = getattr(value, name, None), nested(field.annotation)
        if inner is not None:
            many = isinstance(now, tuple) or (now is None and "tuple" in str(field.annotation))
            items = [filled(item) for item in (now if isinstance(now, tuple) else (now,) if now else ())]
            items = items or [filled(inner.model_construct())]
            changes[name] = tuple(items) if many else items[0]
        elif now in (None, ()) or name not in value.model_fields_set:
            changes[name] = sample(field.annotation)
    return value.model_copy(update=changes)


def sample(kind: Any) -> Any:
    origin, args = get_origin(kind), get_args(kind)
    if origin is tuple:
        return (sample(args[0]),)
    if origin in (Annotated, Union, types.UnionType):
        return sample(next(arg for arg in args if arg is not type(None)))
    if origin is Literal:
        return args[0]
    if issubclass(kind, Enum):
        return next(iter(kind))
    return {str: "Words", int: 7, float: 7.5, bool: True, datetime: AT}[kind]


@pytest.fixture(scope="module")
def full(record: ConsentRecord) -> dict[str, Any]:
    """The file of a record in which no field is empty."""
    made = filled(record)
    assert isinstance(made, ConsentRecord)
    read: dict[str, Any] = json.loads(linked_receipt(made, at=AT))
    return read


@pytest.fixture(scope="module")
def document(record: ConsentRecord) -> dict[str, Any]:
    """The file, read as JSON."""
    read: dict[str, Any] = json.loads(linked_receipt(record, at=AT))
    return read


def no_network(url: str, options: object) -> dict[str, object]:
    raise AssertionError(f"asked the network for {url}")


def expanded(document: dict[str, Any]) -> Any:
    return jsonld.expand(document, {"documentLoader": no_network})


def compacted(graph: Any, document: dict[str, Any]) -> Any:
    options = {"documentLoader": no_network}
    return jsonld.compact(graph, {"@context": document["@context"]}, options)


def said_only(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: said_only(item) for name, item in value.items() if item not in (None, [])}
    return [said_only(item) for item in value] if isinstance(value, list) else value


def iris(value: Any) -> Iterator[str]:
    """Every name and every type of an expanded document, outside of literals."""
    if isinstance(value, dict) and value.get("@type") != "@json":
        for name, item in value.items():
            if not name.startswith("@"):
                yield name
            if name in ("@type", "@id"):
                yield from [item] if isinstance(item, str) else item
            yield from iris(item)
    elif isinstance(value, list):
        for item in value:
            yield from iris(item)


@pytest.mark.parametrize("which", ["document", "full"])
def test_a_processor_reads_it_without_loss_and_without_a_network(which: str, request: pytest.FixtureRequest) -> None:
    read = request.getfixturevalue(which)
    assert compacted(expanded(read), read) == read


def test_through_statements_alone_nothing_is_lost_either(document: dict[str, Any]) -> None:
    statements = jsonld.to_rdf(document, {"documentLoader": no_network})
    graph = jsonld.from_rdf(statements, {"useNativeTypes": True})
    framed = jsonld.frame(
        graph,
        {"@context": document["@context"], "@type": "dpv:ConsentReceipt"},
        {"documentLoader": no_network, "omitGraph": True, "embed": "@always"},
    )
    assert without_order(framed) == without_order(document)


def without_order(value: Any) -> Any:
    """Sets as sorted lists: statements have no order, lists do and keep it."""
    if isinstance(value, dict):
        return {n: without_order(v) for n, v in value.items() if not (n == "@id" and str(v).startswith("_:"))}
    if isinstance(value, list):
        items = [without_order(item) for item in value]
        return sorted(items) if all(isinstance(item, str) for item in items) else items
    return value


def test_every_name_is_a_term_of_a_standard_or_of_our_own(document: dict[str, Any]) -> None:
    known = tuple(str(iri) for iri in PREFIXES.values())
    found = set(iris(expanded(document)))
    assert [iri for iri in found if not iri.startswith((*known, "urn:", "https://w3id.org/dpv/schema/"))] == []
    assert {f"{DPV}{name}" for name in (
        "ConsentReceipt", "ConsentRecord", "hasRecordOfActivity", "DataSubject", "DataController", "hasProcess",
        "hasPersonalData", "hasConsentStatus", "ConsentGiven", "ConsentRefused", "ConsentWithdrawn", "WithdrawConsent",
        "ExplicitlyExpressedConsent", "ConsentNotice", "isIndicatedAtTime",
    )} <= found  # fmt: skip


def test_every_leaf_of_the_record_is_said_in_the_graph(record: ConsentRecord, document: dict[str, Any]) -> None:
    said = {name: value for name, value in document["record"].items() if not name.startswith("@")}
    bare = json.loads(json.dumps(said), object_hook=lambda o: {n: v for n, v in o.items() if not n.startswith("@")})
    assert bare == said_only(record.to_json())


def test_every_field_of_the_model_has_a_term() -> None:
    def walk(model: type[Document], terms: dict[str, Any], place: str) -> Iterator[str]:
        for name, field in model.model_fields.items():
            term = terms.get(field.alias or name)
            if term is None:
                yield f"{place}{name}"
            elif (inner := nested(field.annotation)) is not None:
                yield from walk(inner, term["@context"], f"{place}{name}.")

    assert list(walk(ConsentRecord, linked_context()["record"]["@context"], "")) == []


def test_no_field_is_empty_where_it_is_said_so(full: dict[str, Any]) -> None:
    """So that a field of any kind that joins the model is read by the processor, too."""

    def walk(model: type[Document], values: list[dict[str, Any]], place: str) -> Iterator[str]:
        for name, field in model.model_fields.items():
            found = [value[field.alias or name] for value in values if (field.alias or name) in value]
            if not found:
                yield f"{place}{name}"
            elif (inner := nested(field.annotation)) is not None:
                flat = [item for one in found for item in (one if isinstance(one, list) else [one])]
                yield from walk(inner, flat, f"{place}{name}.")

    assert list(walk(ConsentRecord, [full["record"]], "")) == []


def test_what_has_an_order_is_a_list(document: dict[str, Any]) -> None:
    [receipt] = expanded(document)
    [inner] = receipt[f"{DPV}hasRecordOfActivity"]
    acts = inner[f"{DPV}hasConsentStatus"][0]["@list"]
    assert [act[f"{OWN}ConsentEvent/seq"][0]["@value"] for act in acts] == [1, 2, 3, 4]
    lines = inner[f"{DPV}hasProcess"][0]["@list"]
    assert [line[f"{DPV}hasPurpose"][0]["@id"] for line in lines] == [
        f"{OWN}purpose/{use}" for use in ("store_review", "replica_voice", "human_research", "train_recognition")
    ]


def test_the_literal_is_what_was_signed(record: ConsentRecord, document: dict[str, Any]) -> None:
    [receipt] = expanded(document)
    literal = receipt[f"{OWN}signed_form"][0]["@value"]
    again = read_record(canonical_bytes(literal))
    assert verify_record(again, None) == ()
    assert hashlib.sha256(canonical_bytes(literal)).hexdigest() == record.digest()
    assert document["verification_code"] == verification_code(again)
    assert document["schema"] == RECEIPT_PROFILE
