"""A system that says of cameras and microphones what a test wants."""

from __future__ import annotations

import pytest

from perfstudio.systems import permissions
from perfstudio.systems.permissions import Guarded, Permission, PermissionState

PAGE = "perfstudio-test:"
"""No system opens such an address by accident."""


class SaidPermissions:
    """`Permissions` by hand: `says` is the answer for each kind, `window_asks` as in a bundle on macOS."""

    def __init__(self) -> None:
        self.says = dict.fromkeys(Guarded, Permission(PermissionState.ALLOWED))
        self.window_asks = False
        self.has_pages = True

    def read(self, kind: Guarded, node: str = "") -> Permission:
        return self.says[kind]

    def page(self, kind: Guarded) -> str:
        return PAGE + kind.value if self.has_pages else ""

    def say(self, kind: Guarded, state: PermissionState, *, certain: bool = True, **facts: str) -> None:
        """From now on."""
        self.says[kind] = Permission(state, certain, facts)


def said_permissions(monkeypatch: pytest.MonkeyPatch) -> SaidPermissions:
    """In place of this system's."""
    made = SaidPermissions()
    monkeypatch.setattr(permissions, "PERMISSIONS", made)
    return made
