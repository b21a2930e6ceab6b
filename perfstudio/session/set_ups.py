"""Rooms by name: what stands in the settings of each, and which one is in force. Pure functions over the settings."""

from __future__ import annotations

from typing import Any

from perfstudio.session.settings import Settings, SetUp

_PARTS = tuple(name for name in SetUp.model_fields if name != "name")


def as_it_is(now: Settings, name: str) -> SetUp:
    """The devices that are chosen now, under a name."""
    return SetUp(name=name, **{part: getattr(now, part) for part in _PARTS})


def in_force(now: Settings) -> str:
    """The name of the room whose set-up is chosen now; empty where it is that of none."""
    asked = [part for part in _PARTS if not part.endswith("_name")]
    return next((one.name for one in now.set_ups if all(getattr(one, p) == getattr(now, p) for p in asked)), "")


def kept(now: Settings, name: str) -> dict[str, Any]:
    """What to change so that the set-up of now is kept under a name, in the place of one that has it."""
    made, others = as_it_is(now, name), now.set_ups
    if any(one.name == name for one in others):
        return {"set_ups": tuple(made if one.name == name else one for one in others)}
    return {"set_ups": (*others, made)}


def forgotten(now: Settings, name: str) -> dict[str, Any]:
    """What to change so that a name is gone; the devices stay as they are."""
    return {"set_ups": tuple(one for one in now.set_ups if one.name != name)}


def put_on(now: Settings, name: str) -> dict[str, Any]:
    """What to change so that a room is in force; nothing where none has the name."""
    found = next((one for one in now.set_ups if one.name == name), None)
    return {part: getattr(found, part) for part in _PARTS} if found is not None else {}
