"""What stands in the way of opening a link, or the window a second time. Part of the table in `errors`."""

from __future__ import annotations

from perfstudio.language.catalogue import Messages
from perfstudio.model.errors import ErrorCode

_E = ErrorCode
OPENING: Messages[dict[ErrorCode, str]] = {
    _E.WINDOW_SILENT: "A window of perfstudio is open already[ on the computer {host}], and does not answer. Close it, "
    "and try again.",
    _E.LINK_NOT_ALONE: "More stood behind the link than a link has, so nothing was opened. Copy the link once more, "
    "and paste it where a studio is connected.",
    _E.PACK_NOT_ALONE: "Packs are opened alone or with other packs, and [“{word}”|something beside them] is none, so "
    "nothing was opened.",
    _E.PACK_NOT_AS_SHOWN: "The pack[ “{file}”] has changed since it was shown, so it was not brought in. Open it "
    "again, and look once more.",
    _E.LINKS_NOT_INSTALLED: "perfstudio runs from a folder of sources that Python does not find from elsewhere, so the "
    "system could not start it for a link. Install it ([{python}|python3] installer/bootstrap.py setup), and try "
    "again.",
    _E.LINKS_ENTRY_FOREIGN: "[“{file}”|The entry for perfstudio] was not written by perfstudio, so it stays as it is. "
    "Move it away, and try again.",
    _E.LINKS_REFUSED: "Windows does not let perfstudio be noted for links and packs here. Paste them where a studio "
    "is connected.",
    _E.LINKS_BUNDLE_ONLY: "On macOS links and packs are opened by perfstudio.app, and its own entry says so: nothing "
    "is changed here. Paste a link where a studio is connected.",
    _E.LINKS_UNCHANGED: "[It was asked for, and this system still opens invitation links with {by}.|It was asked for, "
    "and this system does not say that it opens links and packs with perfstudio.] Paste a link where a studio is "
    "connected.",
}
