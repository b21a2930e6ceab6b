"""Addresses of cameras as they are shown: with all that is needed to know them, and without a password."""

from __future__ import annotations

import pytest

from perfstudio.capture.devices.addresses import hidden, parted, public_address

ADDRESSES = {
    "rtsp://anna:secret@cam.local:554/live?token=secret": "rtsp://cam.local:554/live",
    "http://anna:se/cret@cam.local/live": "http://cam.local/live",
    "http://anna:secret?x@cam.local/live": "http://cam.local/live",
    "http://anna:secret#x@cam.local/live": "http://cam.local/live",
    "http://anna:secret@x@cam.local/live": "http://cam.local/live",
    "http://anna:secret@[fe80::1]:80/live": "http://[fe80::1]:80/live",
    "http://:secret@cam.local/live": "http://cam.local/live",
    "http://cam.local/live?user=anna&pwd=secret": "http://cam.local/live",
    " http://anna:secret@cam.local/live ": "http://cam.local/live",
}


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_password_is_shown_wherever_it_stands(address: str) -> None:
    assert public_address(address) == ADDRESSES[address]
    assert "secret" not in hidden(address)
    assert "secret" not in repr(parted(address)).replace("token=secret", "").replace("pwd=secret", "")


def test_an_address_that_holds_no_password_is_shown_as_it_was_typed() -> None:
    for address in ("http://cam.local:8080/live@2?x=1", "rtsp://192.168.1.20/h264", "http://[::1]:80/v"):
        assert hidden(address) == address
    assert hidden("rtsp://anna:secret@cam/live?a=1&pwd=secret") == "rtsp://anna:•••@cam/live?a=1&pwd=•••"
