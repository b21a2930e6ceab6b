"""The Scenes room: packs on the shelf, and how far each prompt has come in the library."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

from perfstudio.library.library import Library
from perfstudio.library.take_row import TakeRow
from perfstudio.model.jws import fingerprint
from perfstudio.model.pack_2 import AnyPrompt, PackSection, as_role, brief_of, in_order, languages_of, roles_of
from perfstudio.model.prompt_2 import ShownBrief, ShownPrompt
from perfstudio.model.take import TakeState
from perfstudio.packs.pack_store import PackStore
from perfstudio.packs.reader import PackFile
from perfstudio.packs.tagging import tags_of
from perfstudio.session.bus import Bus
from perfstudio.session.content_limits import ContentLimits, Offered, limits_of
from perfstudio.session.events import PacksChanged
from perfstudio.session.pack_offer import PackOffer, pack_offer
from perfstudio.session.scene_facts import LeftOut, MediaFile, SceneFacts
from perfstudio.session.settings import SettingsStore
from perfstudio.session.skips import Skip, SkippedScene, SkipReason, SkipStore
from perfstudio.session.takes.rulings import AskedAgain, TakeRulings, asked_again
from perfstudio.session.undo import Step, UndoKind, UndoStack, UndoSubject
from perfstudio.session.views import PackView, SceneCard, SceneState

Rows = dict[tuple[str, str], list[TakeRow]]
"""Takes by pack and prompt."""


class Scenes:
    """Reads the shelf, the library's index and the performer's own limits; owns what they skipped."""

    def __init__(
        self,
        shelf: PackStore,
        library: Library,
        bus: Bus,
        rulings: TakeRulings,
        *,
        settings: SettingsStore,
        skips: SkipStore,
        undo: UndoStack,
    ) -> None:
        self._shelf = shelf
        self._library = library
        self._bus = bus
        self._rulings = rulings
        self._settings = settings
        self._skips, self._undo = skips, undo

    def packs(self) -> tuple[PackView, ...]:
        """Every pack with the cards of the scenes that are offered, own packs first, the bundled one last."""
        rows = defaultdict(list)
        for row in self._library.list():
            rows[row.pack_id, row.prompt_id].append(row)
        skipped = self._skips.all()
        return tuple(self._view(file, rows, skipped) for file in self._shelf.packs())

    def card(self, reference: str, role: str | None = None) -> SceneCard:
        """The card of "prompt" or "pack/prompt", as one role reads it. Raises PackError when there is none, or more
        than one."""
        source, prompt = self.find(reference)
        key = source.pack.id, prompt.id
        takes = [r for r in self._library.list() if (r.pack_id, r.prompt_id) == key]
        return self._card(source, prompt, takes, self._skips.all().get(key), role=role)

    def find(self, reference: str) -> tuple[PackFile, AnyPrompt]:
        """The pack and prompt that a reference names."""
        return self._shelf.find_prompt(reference)

    def offers(self, reference: str) -> Offered:
        """Whether a scene is within the performer's limits. Raises PackError as `find` does."""
        return self._limits().offers(tags_of(*self.find(reference)))

    def skip(self, card: SceneCard, reason: SkipReason, words: str = "", *, may_send: bool = False) -> Step:
        """The performer does not play this scene; returns the step that undoes it. Raises LibraryError for the disk."""
        return self._turn(card, UndoKind.SKIP, Skip(reason, words, may_send))

    def take_up(self, card: SceneCard) -> Step:
        """The performer plays a skipped scene after all. Raises LibraryError for the disk."""
        return self._turn(card, UndoKind.TAKE_UP, None)

    def _turn(self, card: SceneCard, kind: UndoKind, now: Skip | None) -> Step:
        was = self._skips.all().get((card.pack_id, card.prompt.id))
        before = Skip(was.reason, was.words, was.may_send) if was is not None else None
        self._put(card, now)
        step = Step(kind, UndoSubject(card.prompt.title), lambda: self._put(card, before), lambda: self._put(card, now))
        self._undo.add(step)
        return step

    def _put(self, card: SceneCard, skip: Skip | None) -> int:
        if skip is not None:
            self._skips.skip(card.pack_id, card.prompt.id, skip.reason, skip.words, may_send=skip.may_send)
        else:
            self._skips.take_up(card.pack_id, card.prompt.id)
        self._bus.publish(PacksChanged(card.pack_id))
        return 1

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

    def _limits(self) -> ContentLimits:
        return limits_of(self._settings.now)

    def _view(self, file: PackFile, rows: Rows, skipped: dict[tuple[str, str], SkippedScene]) -> PackView:
        pack, limits = file.pack, self._limits()
        judged = [(limits.offers(tags_of(file, prompt)), section, prompt) for section, prompt in in_order(pack)]
        counted = Counter(offered for offered, _, _ in judged)
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
            cards=tuple(
                self._card(file, prompt, rows.get((pack.id, prompt.id), []), skipped.get((pack.id, prompt.id)), section)
                for offered, section, prompt in judged
                if offered is Offered.YES
            ),
            left_out=LeftOut(counted[Offered.BEYOND], counted[Offered.UNSAID]),
        )

    def _card(
        self,
        file: PackFile,
        prompt: AnyPrompt,
        rows: list[TakeRow],
        skipped: SkippedScene | None,
        section: PackSection | None = None,
        *,
        role: str | None = None,
    ) -> SceneCard:
        live = [row for row in rows if row.state not in (TakeState.BINNED, TakeState.ROLLING)]
        again, pack = asked_again(live, self._rulings), file.pack
        shown = as_role(pack, prompt, role)
        brief, tags = brief_of(pack, shown), tags_of(file, prompt)
        return SceneCard(
            pack_id=pack.id,
            prompt=shown,
            brief=brief,
            state=_state(live, again, skipped),
            takes=len(live),
            limits=pack.limits,
            pack_title=pack.title,
            again=again,
            studio_name=self._rulings.who(again.studio_id, pack.studio) if again else pack.studio.name,
            scene=SceneFacts(
                roles=roles_of(pack, prompt),
                languages=(spoken := languages_of(pack, shown)),
                language=last if (last := self._settings.now.play_language) in spoken else spoken[0],
                section=section,
                media=_media(file, shown, brief),
                tags=tags,
                noted=self._limits().note(tags),
                skipped=skipped,
            ),
        )


def _media(file: PackFile, prompt: ShownPrompt, brief: ShownBrief | None) -> tuple[MediaFile, ...]:
    """What is seen and heard before a scene: only what is at hand."""
    entries = {media.id: media for media in file.pack.media}
    named = dict.fromkeys((*(brief.media if brief else ()), *prompt.media))
    found = ((entries[name], file.file(name)) for name in named if name in entries)
    return tuple(MediaFile(media, path) for media, path in found if path is not None)


def _state(live: list[TakeRow], again: AskedAgain | None, skipped: SkippedScene | None) -> SceneState:
    """How far a scene has come; one that is asked for again begins with the takes made since."""
    if skipped is not None and not live:
        return SceneState.SKIPPED
    if again is not None:
        live = [row for row in live if row.started_utc > again.ruled_at]
        if not live:
            return SceneState.AGAIN
    if again is None and any(row.state is TakeState.DELIVERED for row in live):
        return SceneState.DELIVERED
    if any(row.circled for row in live):
        return SceneState.CIRCLED
    return SceneState.TRIED if live else SceneState.UNTOUCHED
