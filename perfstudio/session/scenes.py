"""The Scenes room: packs on the shelf, and how far each prompt has come in the library."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from perfstudio.library.library import Library
from perfstudio.library.take_row import TakeRow
from perfstudio.model.jws import fingerprint
from perfstudio.model.prompt import Prompt
from perfstudio.model.take import TakeState
from perfstudio.packs.pack_store import PackStore
from perfstudio.packs.reader import PackFile
from perfstudio.session.bus import Bus
from perfstudio.session.events import PacksChanged
from perfstudio.session.pack_offer import PackOffer, pack_offer
from perfstudio.session.takes.rulings import AskedAgain, TakeRulings, asked_again
from perfstudio.session.views import PackView, SceneCard, SceneState


class Scenes:
    """Reads the shelf and the library's index; owns nothing."""

    def __init__(self, shelf: PackStore, library: Library, bus: Bus, rulings: TakeRulings) -> None:
        self._shelf = shelf
        self._library = library
        self._bus = bus
        self._rulings = rulings

    def packs(self) -> tuple[PackView, ...]:
        """Every pack with its cards, own packs first, the bundled one last."""
        rows = defaultdict(list)
        for row in self._library.list():
            rows[row.pack_id, row.prompt_id].append(row)
        return tuple(self._view(file, rows) for file in self._shelf.packs())

    def card(self, reference: str) -> SceneCard:
        """The card of "prompt" or "pack/prompt". Raises PackError when there is none, or more than one."""
        source, prompt = self.find(reference)
        takes = [r for r in self._library.list() if (r.pack_id, r.prompt_id) == (source.pack.id, prompt.id)]
        return self._card(source, prompt, takes)

    def find(self, reference: str) -> tuple[PackFile, Prompt]:
        """The pack and prompt that a reference names."""
        return self._shelf.find_prompt(reference)

    def look_at(self, path: Path) -> PackOffer:
        """What a pack is that is not in yet. Raises PackError with where and what; OSError when it goes meanwhile."""
        return pack_offer(path, self._shelf.look_at(path))

    def import_pack(self, path: Path, *, accept: str | None = None, shown: str = "") -> PackView:
        """Bring a pack in; `accept` is what a person has decided about its author (see `packs.signature`), `shown` the
        hash of the one that was looked at.

        Raises PackError with where and what; nothing is half installed.
        """
        pack = self._shelf.import_pack(path, accept=accept, shown=shown)
        self._bus.publish(PacksChanged(pack.id))
        return next(view for view in self.packs() if view.id == pack.id)

    def _view(self, file: PackFile, rows: dict[tuple[str, str], list[TakeRow]]) -> PackView:
        pack = file.pack
        return PackView(
            id=pack.id,
            version=pack.version,
            title=pack.title,
            summary=pack.summary,
            studio=pack.studio,
            pay=pack.pay,
            deadline=pack.deadline.isoformat() if pack.deadline else None,
            rights=pack.rights,
            bundled=self._shelf.is_bundled(pack.id),
            author=self._shelf.authorship(file),
            signed_by=fingerprint(file.signed_by) if file.signed_by else "",
            cards=tuple(self._card(file, prompt, rows.get((pack.id, prompt.id), [])) for prompt in pack.prompts),
        )

    def _card(self, file: PackFile, prompt: Prompt, rows: list[TakeRow]) -> SceneCard:
        live = [row for row in rows if row.state not in (TakeState.BINNED, TakeState.ROLLING)]
        again, pack = asked_again(live, self._rulings), file.pack
        return SceneCard(
            pack_id=pack.id,
            prompt=prompt,
            brief=pack.brief(prompt),
            state=_state(live, again),
            takes=len(live),
            limits=pack.limits,
            pack_title=pack.title,
            again=again,
            studio_name=self._rulings.who(again.studio_id, pack.studio) if again else pack.studio.name,
        )


def _state(live: list[TakeRow], again: AskedAgain | None) -> SceneState:
    """How far a scene has come; one that is asked for again begins with the takes made since."""
    if again is not None:
        live = [row for row in live if row.started_utc > again.ruled_at]
        if not live:
            return SceneState.AGAIN
    if again is None and any(row.state is TakeState.DELIVERED for row in live):
        return SceneState.DELIVERED
    if any(row.circled for row in live):
        return SceneState.CIRCLED
    return SceneState.TRIED if live else SceneState.UNTOUCHED
