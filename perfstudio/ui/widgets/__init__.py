"""Own widgets. Each paints itself from `theme.look()`, works by keyboard, shows its focus, and has an accessible name.

    PlainLabel(text, Role.BODY, "text1", wrap=, tabular=, selectable=)   .say(text, tone=None)
    ElidedLabel(text, role, tone)                    one line with an ellipsis
    Button(text, Kind.PRIMARY|SECONDARY|QUIET, key="K", icon="keep", on_click=)   .say(text, key=, icon=)
    IconButton(icon, name, on_click=)                an icon; `name` is tool tip and accessible name
    Link(text, role=, tone=, wrap=, on_click=)       underlined words
    KeyHint(key, words) · KeyHintRow(fixed=)         .add(name, key, words)  .hint(name)  .show_only(*names)  triggered
    Chip(text, tone, icon=, checkable=, on_click=)   tones: plain accent good look info danger   .say(text, tone)
    SegmentedFilter(name, {choice: words})           .count(choice, n)  .current()  .choose(choice)  chosen(str)
    SearchField(placeholder) · SecretField(placeholder)  a QLineEdit
    Toggle(name, on=)                                a QCheckBox that looks like a switch
    Card(heading, ground=, border=, padding=)        .body (QVBoxLayout)  .tint(ground, border) · Hairline()
    Banner(sentence, tone, detail=, action=(words, fn), on_close=) · Mark(icon, tone, size)
    Notes()                                          .add(sentence, tone, detail=, action=)  .clear()  .fit(height)
    Toast(parent)                                    .show_message(sentence, undo=fn, tone=) · announce(widget, words)
    FactGrid([(label, value, role)])                 two columns of facts
    EmptyState(icon, heading, sentence, action)      .say(heading, sentence)
    StatusRing(share, tone, word)                    .show_state(...)
    ProgressLine(name, share, tone=)                 .show_share(share, tone)
    LevelMeter(orientation, on_picture=)             .show_level(peak_dbfs, elapsed_s, clipped=)  .level  .tone
    Viewfinder(mirrored=, radius=, smooth=)          .show_picture(bgrx)  .show_words(words, icon)  .guides
    Page(title, subtitle, scrolls=True)              .body  .buttons (layouts)  .say(title, subtitle)  .set_foot(row)
    ScrollColumn(margins=, spacing=)                 .body
    FlowLayout(parent, spacing=)                     items in lines, like words
    Rail(areas, foot)                                .mark(name)  .button(name).show_count(n, words)  chosen(str)

Colours are tokens of `palette.Palette` (ground0-3, text1-3, accent_text, good, look, info, danger, record …), sizes are
`theme.Role`s, icons are the file names in `assets/icons`. While painting, lengths that grow with the text size go
through `look().px(n)`. Functions for painting inside other widgets: `base.rounded`, `chip.paint_chip`,
`keycap.paint_cap`, `ring.paint_ring`, `icons.pixmap(name, colour, size)`.
"""

from perfstudio.ui.widgets.banner import Banner, ThemedIcon
from perfstudio.ui.widgets.button import Button, ButtonKind, IconButton
from perfstudio.ui.widgets.card import Card, Hairline
from perfstudio.ui.widgets.chip import Chip
from perfstudio.ui.widgets.columns import TwoColumns
from perfstudio.ui.widgets.empty import EmptyState
from perfstudio.ui.widgets.facts import FactGrid
from perfstudio.ui.widgets.flow import FlowLayout
from perfstudio.ui.widgets.foot_row import FootRow
from perfstudio.ui.widgets.keycap import KeyHint, KeyHintRow, key_words
from perfstudio.ui.widgets.label import ElidedLabel, PlainLabel
from perfstudio.ui.widgets.link import Link
from perfstudio.ui.widgets.meter import Level, LevelMeter
from perfstudio.ui.widgets.notes import Notes
from perfstudio.ui.widgets.page import Page, PageFoot
from perfstudio.ui.widgets.progress import ProgressLine
from perfstudio.ui.widgets.rail import Rail, RailButton
from perfstudio.ui.widgets.ring import StatusRing
from perfstudio.ui.widgets.scrolling import ScrollColumn, bring_into_view
from perfstudio.ui.widgets.search import SearchField
from perfstudio.ui.widgets.secret_field import SecretField
from perfstudio.ui.widgets.segmented import SegmentedFilter
from perfstudio.ui.widgets.toast import Toast, announce
from perfstudio.ui.widgets.toggle import Toggle
from perfstudio.ui.widgets.viewfinder import Viewfinder

__all__ = [
    "Banner",
    "Button",
    "ButtonKind",
    "Card",
    "Chip",
    "ElidedLabel",
    "EmptyState",
    "FactGrid",
    "FlowLayout",
    "FootRow",
    "Hairline",
    "IconButton",
    "KeyHint",
    "KeyHintRow",
    "Level",
    "LevelMeter",
    "Link",
    "Notes",
    "Page",
    "PageFoot",
    "PlainLabel",
    "ProgressLine",
    "Rail",
    "RailButton",
    "ScrollColumn",
    "SearchField",
    "SecretField",
    "SegmentedFilter",
    "StatusRing",
    "ThemedIcon",
    "Toast",
    "Toggle",
    "TwoColumns",
    "Viewfinder",
    "announce",
    "bring_into_view",
    "key_words",
]  # fmt: skip
