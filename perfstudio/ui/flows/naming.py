"""Devices by the names that people know, in what went wrong."""

from __future__ import annotations

from perfstudio.model.errors import PerfstudioError
from perfstudio.session.settings import Settings
from perfstudio.texts import devices as words


def named(problem: PerfstudioError | None, now: Settings) -> PerfstudioError | None:
    """The problem with the chosen device's name in place of its id, and without the list of other ids."""
    if problem is None or "id" not in problem.facts:
        return problem
    chosen = {
        device.id: name
        for device, name in ((now.camera, now.camera_name), (now.microphone, now.microphone_name))
        if device is not None
    }
    device_id = str(problem.facts["id"])
    if device_id not in chosen:
        return problem
    facts = {name: value for name, value in problem.facts.items() if name != "known"}
    return type(problem)(problem.code, **(facts | {"id": chosen[device_id] or words.spoken(device_id)}))
