"""The document at /openapi.json names every call, and whatever is sent, the answer is one that it names."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from receiver_visitor import Visitor
from schemathesis import GenerationMode
from schemathesis import checks as named
from schemathesis.specs.openapi import checks as openapi
from starlette.routing import Route
from take_bundles import STUDIO, TOKEN, plain_bundle

from perfstudio.model.clip_waiting import ClipLeft
from perfstudio.model.jws import SigningKey
from perfstudio.receiver import wrong_tokens
from perfstudio.receiver.app import make_app
from perfstudio.receiver.openapi import CALLS, document
from perfstudio.receiver.serve import Receiver, ReceiverSettings
from perfstudio.receiver.takes import ReceiverLimits
from rigs.clip_files import clip_of

schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")
CHECKS = [
    named.not_a_server_error,
    openapi.status_code_conformance,
    openapi.content_type_conformance,
    openapi.response_headers_conformance,
    openapi.response_schema_conformance,
]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    """A receiver that knows a consent and an announcement."""
    folder = tmp_path_factory.mktemp("fuzzed")
    limits = ReceiverLimits(idle_s=1.0, keep_free=1 << 20)
    with Receiver(folder / "in", token=TOKEN, settings=ReceiverSettings(studio_id=STUDIO, limits=limits)) as running:
        visitor = Visitor(running, plain_bundle(folder / "takes"))
        visitor.begin()
        yield visitor


def test_routes_and_document_are_the_same(tmp_path: Path) -> None:
    app: Any = make_app(tmp_path / "in", TOKEN)
    routes = {
        (method, route.path)
        for route in app.routes
        if isinstance(route, Route)
        for method in route.methods or ()
        if not (method == "HEAD" and "GET" in (route.methods or ()))
    }
    assert routes == set(CALLS)


def test_it_is_a_document_of_its_form() -> None:
    schemathesis.openapi.from_dict(document()).validate()
    for schema in document()["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_nobody_needs_a_token_for_it_and_nothing_secret_is_in_it(served: Visitor) -> None:
    answer = requests.get(served.receiver.url + "/openapi.json", timeout=60)
    assert answer.json() == json.loads(json.dumps(document()))
    for secret in (TOKEN, STUDIO, str(served.receiver.port), served.bundle.take_id, served.bundle.consent.record_id):
        assert secret not in answer.text


def takes_something(operation: Any) -> bool:
    """Whether there is anything that could be wrong in a request."""
    return bool(len(operation.path_parameters) + len(operation.headers) + len(operation.body))


def clip_left(served: Visitor) -> str:
    """A clip that is to wait there, and of which nothing came yet."""
    clip = clip_of(b"sound", None)
    agreed = clip.agreed.model_copy(update={"keep_until": clip.agreed.at.replace(year=2100)})
    left = ClipLeft(studio_id=STUDIO, clip=clip.model_copy(update={"agreed": agreed}), size=10, sha256="a" * 64).signed(
        SigningKey.generate()
    )
    assert served.ask("PUT", f"/v1/clips/{clip.clip_id}", data=left.canonical()).status_code == 200
    return clip.clip_id


def fuzz(served: Visitor, examples: int) -> None:
    schema = schemathesis.openapi.from_dict(document())
    cases = [
        operation.ok().as_strategy(generation_mode=mode)
        for operation in schema.get_all_operations()
        for mode in GenerationMode
        if mode is GenerationMode.POSITIVE or takes_something(operation.ok())
    ]
    known = {
        "code": served.ask("POST", "/v1/duets").json()["code"],
        "clip_id": clip_left(served),
        "record_id": served.bundle.consent.record_id, "take_id": served.bundle.take_id, "upload_id": "x" * 32,
    }  # fmt: skip

    for strategy in cases:

        @settings(
            max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck),
            phases=[Phase.generate], derandomize=examples < 100,
        )  # fmt: skip
        @given(case=strategy, at_home=st.booleans())
        def one(case: Any, at_home: bool) -> None:
            if at_home:  # what is there is asked for, and the body is read: a digest drawn by lot never fits it
                case.path_parameters = {name: known[name] for name in case.path_parameters or {}}
                case.headers = {name: value for name, value in case.headers.items() if name != "Content-Digest"}
            case.call_and_validate(
                base_url=served.receiver.url, headers={"Authorization": f"Bearer {TOKEN}"}, checks=CHECKS, timeout=60
            )

        one()


def test_whatever_is_sent_the_answer_is_one_of_the_document(served: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wrong_tokens, "FREE", 100_000)
    fuzz(served, 3)  # the plainest, and two that are drawn
    assert served.ask("GET", "/v1/server").status_code == 200, "it lives"


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_soak_whatever_is_sent(served: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wrong_tokens, "FREE", 1_000_000)
    fuzz(served, int(os.environ.get("PERFSTUDIO_SOAK", "300")))  # of each call and mode
