"""The keyboard stays where it was while the page of deliveries is filled anew, or goes to what is next there. It is
never put on what takes a delivery out: a second press of the same key would."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from perfstudio.ui.deliveries.delivery_row import DeliveryRow
from perfstudio.ui.widgets import Button

Place = tuple[str, ...]
"""("send", take) of a take that is not on its way; ("row", take, studio, which button) of a delivery."""
Rows = Mapping[tuple[str, str], DeliveryRow]


def places(unsent: Mapping[str, Button], rows: Rows) -> dict[Place, Button]:
    """Every button that comes and goes, in the order of the page."""
    found: dict[Place, Button] = {("send", take_id): button for take_id, button in unsent.items()}
    for key, row in rows.items():
        found |= {("row", *key, name): button for name, button in row.buttons.items()}
    return found


class KeptFocus:
    """Made before the page is filled anew; `give_back` once it is."""

    def __init__(self, page: QWidget, before: Mapping[Place, Button]) -> None:
        self._page = page
        self._order = tuple(before)
        focused = page.window().focusWidget()
        self._held = next((place for place, button in before.items() if button is focused), None)
        self._ring = self._held is not None and before[self._held].shows_ring()
        if self._held is not None:
            page.setFocus(Qt.FocusReason.OtherFocusReason)  # not wherever Qt goes from a button that is no more

    def give_back(self, after: Mapping[Place, Button]) -> None:
        """To the same button; or, where that is gone, to the next of its kind."""
        if self._held is None:
            return
        here = (after[place] for place in self._wanted(self._held) if place in after)
        button = next((one for one in here if not one.isHidden() and one.isEnabled()), None)
        if button is not None:
            reason = Qt.FocusReason.OtherFocusReason if self._ring else Qt.FocusReason.MouseFocusReason
            button.setFocus(reason)

    def _wanted(self, held: Place) -> Iterator[Place]:
        yield held
        if held[0] == "send":
            at = self._order.index(held)
            yield from (place for place in (*self._order[at:], *reversed(self._order[:at])) if place[0] == "send")
        else:
            yield from ((*held[:-1], name) for name in DeliveryRow.HARMLESS)
