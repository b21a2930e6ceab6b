"""Headphones as a choice: what is there, three notes to be heard in one of them, and the one that was confirmed."""

from __future__ import annotations

from collections.abc import Callable

from perfstudio.model.device_info import OutputInfo
from perfstudio.model.errors import PerfstudioError
from perfstudio.session.settings import SettingsStore
from perfstudio.session.worker import Worker


def outputs_apart() -> tuple[OutputInfo, ...]:
    """What sound can be heard from now. Slow (a second or so): never on the window's thread."""
    from perfstudio.capture.devices.scan import scan_apart  # noqa: PLC0415 - device code loads late

    found = scan_apart()
    return found.outputs if found is not None else ()


def play_notes(output_id: str) -> None:
    """Three notes; returns when they were played. Raises DeviceError. Slow, as above."""
    from perfstudio.capture.playing import three_notes  # noqa: PLC0415 - as above

    three_notes.play_notes(output_id)


class HeadphoneChoice:
    """For the page on which they are chosen. All answers come on the owner's thread."""

    def __init__(
        self,
        settings: SettingsStore,
        worker: Worker,
        *,
        look: Callable[[], tuple[OutputInfo, ...]] = outputs_apart,
        play: Callable[[str], None] = play_notes,
    ) -> None:
        self._settings, self._worker, self._look, self._play = settings, worker, look, play

    @property
    def chosen(self) -> tuple[str, str]:
        """Id and name of what was confirmed; empty without any."""
        now = self._settings.now
        return now.headphones, now.headphones_name

    def look(self, found: Callable[[tuple[OutputInfo, ...]], None]) -> None:
        """What is there now; nothing where nobody answers."""
        self._worker.run(self._look, found, lambda _: found(()))

    def try_out(
        self, output: OutputInfo, played: Callable[[], None], failed: Callable[[PerfstudioError], None]
    ) -> None:
        """Play the notes in it."""
        self._worker.run(lambda: self._play(output.id), lambda _: played(), failed)

    def keep(self, output: OutputInfo) -> None:
        """The performer has heard the notes in it: partners are heard there from now on."""
        self._settings.change(headphones=output.id, headphones_name=output.name)
