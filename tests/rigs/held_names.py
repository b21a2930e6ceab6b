"""A disk of this system that judges as Windows does: what another program holds is waited for, and named so."""

from __future__ import annotations

import pytest

from perfstudio import durable
from perfstudio.systems import durability
from perfstudio.systems.durability import WindowsDisk


class HeldNames(type(durability.DURABILITY)):  # type: ignore[misc]
    """The calls of this system, the judgement of Windows."""

    HOLDS_NAMES = True

    def passes(self, problem: OSError) -> bool:
        return WindowsDisk().passes(problem)


def hold_names(patch: pytest.MonkeyPatch) -> None:
    """From now on, and without waiting long."""
    patch.setattr(durable, "WAITS_S", (0.001,) * 3)
    patch.setattr(durable, "DURABILITY", HeldNames())
