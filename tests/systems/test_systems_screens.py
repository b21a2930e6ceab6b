"""Whether there is a screen, and what other systems say of it."""

from __future__ import annotations

import pytest

from perfstudio.systems.screens import has_screen


@pytest.mark.parametrize(
    ("system", "variables", "found"),
    [
        ("win32", {}, True),
        ("darwin", {}, True),
        ("linux", {}, False),
        ("linux", {"DISPLAY": ""}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
    ],
)
def test_a_screen_is_said_by_variables_on_linux_alone(system: str, variables: dict[str, str], found: bool) -> None:
    assert has_screen(system, variables) is found
