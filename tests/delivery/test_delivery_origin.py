"""Addresses that may see a token, and those that may not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfstudio.delivery.origin import Origin, join_same_origin, origin_of, shown
from perfstudio.model.errors import DeliveryError, ErrorCode
from perfstudio.texts.errors import sentence

BASE = "https://up.example:8443/files"

ELSEWHERE = [
    "https://evil.example/files/1",
    "https://evil.example:8443/files/1",
    "http://up.example:8443/files/1",
    "https://up.example/files/1",
    "https://up.example:8444/files/1",
    "https://up.example.:8443/files/1",
    "https://up.example.evil.example:8443/1",
    "https://xup.example:8443/1",
    "https://user@up.example:8443/1",
    "https://up.example:8443@evil.example/1",
    "https://up.example%3A8443@evil.example/1",
    "//evil.example/1",
    "//evil.example:8443/1",
    "/\\evil.example/1",
    "\\\\evil.example\\1",
    "https:\\\\evil.example/1",
    "https:/\\evil.example/1",
    "http:evil.example/1",
    "ftp://up.example:8443/1",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "data:text/plain,1",
    "https://up.example:8443\t.evil.example/1",
    "https://up.example:8443\n/1",
    " https://evil.example/1",
    "https://up.example:8443 /1",
    "https://up.example:8443/1#frag",
    "https://UP.EXAMPLE:8444/1",
    "https://[::1]:8443/1",
    "https://127.0.0.1:8443/1",
    "https://169.254.169.254/latest/meta-data",
    "https://up.example:84430/1",
    "https://up.example:99999/1",
    "https://up.example:-1/1",
    "https://up.example:８443/1",
    "https://up。example:8443/1",
    "https://uр.example:8443/1",
    "https://up.example:8443/\x00",
    "https://up.example:8443/\r\nX-A: b",
    "https://" + "a" * 3000,
    "",
]


@pytest.mark.parametrize("location", ELSEWHERE)
def test_upl_20_location_that_leaves_the_origin_is_refused(location: str) -> None:
    with pytest.raises(DeliveryError) as refused:
        join_same_origin(BASE, location)
    assert refused.value.code is ErrorCode.RECEIVER_UNSAFE


@pytest.mark.parametrize(
    ("location", "joined"),
    [
        ("https://up.example:8443/files/1", "https://up.example:8443/files/1"),
        ("HTTPS://UP.example:8443/files/1", None),
        ("/files/1", "https://up.example:8443/files/1"),
        ("files/1", "https://up.example:8443/files/1"),
        ("../other/1?x=2", "https://up.example:8443/other/1?x=2"),
        ("//up.example:8443/1", "https://up.example:8443/1"),
    ],
)
def test_location_on_the_same_origin_is_joined(location: str, joined: str | None) -> None:
    result = join_same_origin(BASE, location)
    assert origin_of(result) == origin_of(BASE)
    assert joined is None or result == joined


@pytest.mark.parametrize(
    "address",
    ["http://up.example/files", "http://192.168.1.4/files", "http://0.0.0.0/files", "http://localhost.evil.example/"],
)
def test_t8_clear_text_is_for_loopback_only(address: str) -> None:
    with pytest.raises(DeliveryError):
        origin_of(address)


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:1/f", "http://localhost/f", "http://[::1]:80/f", "http://127.9.9.9/"]
)
def test_loopback_may_be_clear_text(address: str) -> None:
    assert origin_of(address).scheme == "http"


def test_default_ports_are_the_same_origin() -> None:
    assert (
        origin_of("https://up.example/a") == origin_of("https://up.example:443/b") == Origin("https", "up.example", 443)
    )


@given(st.text(max_size=60))
def test_any_text_is_refused_or_stays_on_the_origin(location: str) -> None:
    try:
        joined = join_same_origin(BASE, location)
    except DeliveryError:
        return
    assert origin_of(joined) == origin_of(BASE)


@pytest.mark.parametrize(
    "address", ["https://user:s3cret@up.example/files/s3cret?t=s3cret", "s3cret", "https://up.example/s3cret#s3cret"]
)
def test_shown_addresses_hold_no_secret(address: str) -> None:
    assert "s3cret" not in shown(address)


@pytest.mark.parametrize(
    ("location", "there"),
    [
        ("http://up.example:8443/1", "http://up.example:8443"),
        ("https://up.example/1", "https://up.example"),
        ("https://tus-backend:8080/files/1", "https://tus-backend:8080"),
        ("//other.example/1?secret", "https://other.example"),
        ("http://10.0.0.7:1080/files/1", "http://10.0.0.7:1080"),
        ("https://me:secret@other.example/1", "https://other.example"),
        ("", None),
        ("ftp://up.example/1", None),
    ],
)
def test_where_an_answer_points_to_is_named(location: str, there: str | None) -> None:
    with pytest.raises(DeliveryError) as refused:
        join_same_origin(BASE, location)
    facts = refused.value.facts
    assert (facts["detail"], facts.get("elsewhere")) == ("elsewhere", there)
    assert facts["address"] == "https://up.example:8443"
    said = sentence(refused.value)
    assert "answered with an address elsewhere" in said
    assert there is None or there in said
    assert "secret" not in said
    assert "https." not in said
