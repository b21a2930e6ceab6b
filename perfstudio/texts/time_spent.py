"""The performer's time, in words."""

from __future__ import annotations

from collections.abc import Sequence

from perfstudio.language.catalogue import C_, N_, _
from perfstudio.session.time_spent import SceneTime, Work
from perfstudio.texts import formatting

OWN = N_("Your own record. It stays on this computer: no studio and no take gets it.")
NONE_YET = N_("Nothing yet. Your time counts from the moment you open a scene's brief.")
_WORKS = {
    Work.PREPARING: C_("time spent", "preparing"),
    Work.ROLLING: C_("time spent", "rolling"),
    Work.REDO: C_("time spent", "redo"),
    Work.LABELLING: C_("time spent", "labelling"),
    Work.WAITING: C_("time spent", "waiting"),
    Work.LOST: C_("time spent", "lost to technology"),
}
_LEAST_S = 0.5
"""Less than this is not worth a word."""


def works(scene: SceneTime) -> str:
    """preparing 3 min · rolling 2 min 10 s · redo 5 min."""
    spent = ((work, scene.seconds.get(work, 0.0)) for work in Work)
    return formatting.dotted(
        _("{work} {length}", work=_(_WORKS[work]), length=formatting.span(seconds))
        for work, seconds in spent
        if seconds >= _LEAST_S
    )


def total(scenes: Sequence[SceneTime]) -> str:
    """2 h 10 min · 7 scenes."""
    length = formatting.span(sum(scene.total_s for scene in scenes))
    return formatting.dotted((length, formatting.count(len(scenes), "scene")))
