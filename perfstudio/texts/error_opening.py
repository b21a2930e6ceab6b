"""What stands in the way of opening a link, or the window a second time. Part of the table in `errors`."""

from __future__ import annotations

from perfstudio.language.catalogue import Messages
from perfstudio.model.errors import ErrorCode

_E = ErrorCode
OPENING: Messages[dict[ErrorCode, str]] = {
    _E.WINDOW_SILENT: "A perfstudio window is already open[ on the computer {host}] and does not answer. Close it, and "
    "try again.",
    _E.LINK_NOT_ALONE: "The link carried more than a link should, so nothing was opened. Copy the link again, and "
    "paste it where you connect a studio.",
    _E.PACK_NOT_ALONE: "Packs can be opened only alone or with other packs, and [“{word}”|something beside them] is "
    "not a pack, so nothing was opened.",
    _E.PACK_NOT_AS_SHOWN: "The pack[ “{file}”] has changed since it was shown, so it was not imported. Open it again "
    "and have another look.",
    _E.LINKS_NOT_INSTALLED: "perfstudio runs from a source folder that Python cannot find from elsewhere, so the "
    "system could not start it for a link. Install it ([{python}|python3] installer/bootstrap.py setup), and try "
    "again.",
    _E.LINKS_ENTRY_FOREIGN: "[“{file}”|The entry for perfstudio] was not written by perfstudio, so it was left alone. "
    "Move it away, and try again.",
    _E.LINKS_REFUSED: "Windows does not let perfstudio register for links, packs and clips here. Paste links where "
    "you connect a studio, and drop packs and clips on the window.",
    _E.LINKS_BUNDLE_ONLY: "On macOS, perfstudio.app opens links, packs and clips, and its own entry says so: nothing "
    "is changed here. Paste a link where you connect a studio.",
    _E.LINKS_UNCHANGED: "[perfstudio asked to open them, but this system still opens invitation links with "
    "{by}.|perfstudio asked to open them, but this system does not say that it opens links, packs and clips "
    "with perfstudio.] Paste a link where you connect a studio.",
}
