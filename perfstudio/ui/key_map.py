"""The performer's own keys. A page is written in the keys of the sheet; what the performer pressed instead is turned
into these before the page hears of it (`key_door`), and caps show what is to be pressed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from PySide6.QtWidgets import QApplication, QWidget

from perfstudio.ui.key_sheet import EVERYWHERE, KEYS, WALKING, name_of
from perfstudio.ui.keyboard import Press, cap_of, kept, kept_as, presses

Chosen = Mapping[str, Mapping[str, tuple[str, ...]]]
"""By page and designed key: the keys in its place, as settings keep them."""
MOST = 3
"""Keys that one thing may have."""
PAGE = "keyPage"
"""The property by which a page in the window is known to the caps on it."""
_WHOLE = name_of(EVERYWHERE)


@dataclass(frozen=True, slots=True)
class Deed:
    """What one cap of the sheet stands for on its page."""

    heading: str
    cap: str
    words: str

    @property
    def page(self) -> str:
        """The page's name in the window."""
        return name_of(self.heading)

    @property
    def fixed(self) -> bool:
        """Whether it has its key for ever; figures are meant as figures."""
        return "–" in self.cap or (self.heading == EVERYWHERE and self.cap in WALKING)

    @property
    def kept_as(self) -> str:
        """How settings name it."""
        return kept_as(presses(self.cap)[0])


def deeds() -> Iterator[Deed]:
    """All that keys do, page by page."""
    for heading, lines in KEYS.items():
        for caps, words in lines:
            for cap in caps:
                yield Deed(heading, cap, words)


@dataclass(frozen=True)
class KeyMap:
    """What every key means. Names and keys of settings that mean nothing here are passed over."""

    chosen: Chosen

    def presses(self, deed: Deed) -> tuple[Press, ...]:
        """The keys that do it now."""
        if "–" in deed.cap:
            first, last = deed.cap.split("–")
            return tuple(press for digit in range(int(first), int(last) + 1) for press in presses(str(digit)))
        return self._own(deed) or presses(deed.cap)

    def caps(self, deed: Deed) -> tuple[str, ...]:
        """What stands on the caps of these keys."""
        own = self._own(deed)
        return tuple(dict.fromkeys(map(cap_of, own))) if own else (deed.cap,)

    def cap(self, page: str, cap: str) -> str:
        """The cap to show where a page was designed with another one, or with two ("< >")."""
        deed = self._changed.get((page, cap))
        if deed is not None:
            return self.caps(deed)[0]
        parts = cap.split(" ")
        return " ".join(self.cap(page, part) for part in parts) if self._listed(page, parts) else cap

    def is_changed(self, deed: Deed) -> bool:
        """Whether it has other keys than it came with."""
        return (deed.page, deed.cap) in self._changed

    @property
    def any_changed(self) -> bool:
        """Whether anything has."""
        return bool(self._changed)

    def meant(self, page: str, press: Press) -> Press | None:
        """The key that a page was designed with, for the one that was pressed; 0: one that was given away; None: the
        key means what it always meant."""
        return self._meant.get((page, press))

    def holder(self, deed: Deed, press: Press) -> Deed | None:
        """Who has this key where the other one is to have it: on its page first, then on all pages, and for what
        works on all pages, anywhere."""
        others = [other for other in deeds() if other != deed and press in self.presses(other)]
        near = [other for other in others if other.page == deed.page]
        far = [other for other in others if _WHOLE in (other.page, deed.page)]
        return next(iter((*near, *far)), None)

    def given(self, deed: Deed, press: Press, *, also: bool) -> Chosen:
        """The choice by which it has that key: in place of its others, or also. Who had it on that page gets what
        becomes free."""
        keys = (*self.presses(deed), press)[-MOST:] if also else (press,)
        holder = self.holder(deed, press)
        changed = self._with(deed, keys)
        if holder is not None and holder.page == deed.page:
            left = tuple(key for key in self.presses(holder) if key != press)
            free = tuple(key for key in self.presses(deed) if key not in keys)[:1]
            if not left and not free:  # nobody is left without a key
                free, changed = self.presses(deed)[:1], self._with(deed, (press,))
            changed = KeyMap(changed)._with(holder, left or free)
        return changed

    def reset(self, deed: Deed) -> Chosen:
        """The choice by which it has again what it came with, and whoever has that meanwhile does, too."""
        came = presses(deed.cap)
        changed = KeyMap(self._with(deed, came))
        for press in came:
            holder = changed.holder(deed, press)
            if holder is not None and changed.is_changed(holder):
                changed = KeyMap(changed.reset(holder))
        return changed.chosen

    @staticmethod
    def _listed(page: str, caps: list[str]) -> bool:
        """Whether these are several keys of a page, one beside the other."""
        return len(caps) > 1 and {(page, cap) for cap in caps} <= {(deed.page, deed.cap) for deed in deeds()}

    @cached_property
    def _changed(self) -> dict[tuple[str, str], Deed]:
        return {(deed.page, deed.cap): deed for deed in deeds() if self.chosen and self._own(deed)}

    @cached_property
    def _meant(self) -> dict[tuple[str, Press], Press]:
        found: dict[tuple[str, Press], Press] = {}
        for (page, _), deed in self._changed.items():
            found |= {(page, press): 0 for press in presses(deed.cap)}
        for (page, _), deed in self._changed.items():
            found |= {(page, press): presses(deed.cap)[0] for press in self.presses(deed)}
        return found

    def _own(self, deed: Deed) -> tuple[Press, ...]:
        """What was chosen for it; empty where nothing was."""
        if deed.fixed:
            return ()
        named = self.chosen.get(deed.page, {}).get(deed.kept_as, ())
        return tuple(press for press in map(kept, named) if press is not None)

    def _with(self, deed: Deed, keys: tuple[Press, ...]) -> Chosen:
        """The same choice, with these keys for one deed; what it came with is not a choice."""
        chosen = {page: dict(of_page) for page, of_page in self.chosen.items()}
        of_page = chosen.setdefault(deed.page, {})
        of_page.pop(deed.kept_as, None)
        if keys not in (presses(deed.cap), presses(deed.cap)[:1]):
            of_page[deed.kept_as] = tuple(map(kept_as, keys))
        return {page: of_page for page, of_page in chosen.items() if of_page}


class _InForce:
    now = KeyMap({})


def key_map() -> KeyMap:
    """The keys in force."""
    return _InForce.now


def put_in_force(chosen: Chosen) -> None:
    """Other keys, at once: whoever shows or hears a key (`keys_changed`) is told."""
    if chosen == _InForce.now.chosen:
        return
    _InForce.now = KeyMap(chosen)
    for widget in QApplication.allWidgets():
        if (changed := getattr(widget, "keys_changed", None)) is not None:
            changed()


def cap_on(widget: QWidget, cap: str) -> str:
    """What the cap says on a widget of a page, for the key that the page was designed with."""
    if not cap or not _InForce.now.any_changed:
        return cap
    above: QWidget | None = widget
    while above is not None:
        page = above.property(PAGE)
        if page:
            return _InForce.now.cap(str(page), cap)
        above = above.parentWidget()
    return cap
