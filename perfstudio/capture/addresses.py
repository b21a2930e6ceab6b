"""Addresses of network cameras: how they are told from other ids, and what of them may be written down."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from perfstudio.model.device import DeviceSelection


def is_address(device_id: str) -> bool:
    """Whether an id is the address of a network camera."""
    return "://" in device_id


def public_address(address: str) -> str:
    """The address without name and password: what may be shown and written down."""
    try:
        parts = urlsplit(address)
        host = parts.netloc.rpartition("@")[2]
        return urlunsplit((parts.scheme, host, parts.path, "", ""))
    except ValueError:
        return address.rpartition("@")[2]


def without_secrets(selection: DeviceSelection) -> DeviceSelection:
    """The selection as it may stand in a take."""
    camera = selection.camera
    if camera is None or not is_address(camera.id):
        return selection
    public = camera.model_copy(update={"id": public_address(camera.id)})
    return selection.model_copy(update={"camera": public})
