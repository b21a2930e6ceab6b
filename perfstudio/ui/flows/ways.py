"""Where one flow leads to another."""

from __future__ import annotations

from typing import Protocol

from perfstudio.session.events import TakeFinished
from perfstudio.session.views import SceneCard


class Ways(Protocol):
    """Given to every flow when it is made, so that none of them can be forgotten; the coordinator keeps them."""

    def to_take(self, take_id: str) -> None:
        """A take, to be watched and decided about."""
        ...

    def to_film(self, film: TakeFinished) -> None:
        """A take that has just been cut; its checks follow."""
        ...

    def to_label(self, take_id: str) -> None:
        """A take, where its performer says what was meant."""
        ...

    def to_clip(self, take_id: str) -> None:
        """A kept take, where a clip of it is made for a partner."""
        ...

    def to_consent(self, take_id: str) -> None:
        """What a take may be used for."""
        ...

    def to_sending(self, take_id: str) -> None:
        """A take goes on its way, or it is shown what is still needed for that."""
        ...

    def to_stage(self, card: SceneCard, *, roll: bool = False) -> None:
        """On stage with a scene; `roll` as soon as it is ready."""
        ...

    def to_room_check(self, card: SceneCard | None) -> None:
        """The set-up check, for a scene or for nobody in particular."""
        ...

    def choose_devices(self, *, headphones: bool) -> None:
        """Another camera or microphone, beside the page in front."""
        ...

    def to_calibration(self) -> None:
        """Where the constant delay of camera and microphone is measured."""
        ...

    def to_area(self, area: str, section: str = "") -> None:
        """A page of the rail, or Help; of the settings, a section."""
        ...

    def section(self) -> str:
        """The section of the settings that is in front."""
        ...

    def keep_devices_open(self) -> None:
        """The devices are not needed for now; they close in a while."""
        ...
