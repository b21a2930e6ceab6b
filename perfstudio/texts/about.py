"""What perfstudio is, and what it never does."""

from __future__ import annotations

from perfstudio.language.catalogue import N_, UNREAD, Messages, _, available
from perfstudio.session.works import BroughtWork
from perfstudio.texts import formatting, languages

LICENCE = N_("Free software under the GNU General Public License, version 3 or later.")
NEVER: Messages[tuple[str, ...]] = (
    "No take and no clip leaves this computer without your word for it.",
    "Nothing about you, or about how you use it, is reported to anybody.",
    "No account is needed, and no network until you deliver.",
    "What studios bring loads nothing from the internet, and runs nothing here.",
    "No take is overwritten, and none is deleted before you empty the bin.",
    "Nothing is called recorded, delivered or deleted before that was read back.",
)
"""Each is held by tests, and none is a wish."""
WORKS = N_("Works of others, and their licences")


def unread() -> str:
    """Which languages of the window wait for a reader."""
    waiting = [languages.name(code) for code in UNREAD if code in available()]
    listed = formatting.listing(waiting)
    return _("Translations that no native speaker has read yet: {languages}.", languages=listed) if waiting else ""


def works(found: tuple[BroughtWork, ...]) -> tuple[tuple[str, str], ...]:
    """Each by name and version, beside its licence."""
    return tuple((" ".join(filter(None, (work.name, work.version))), work.licence) for work in found)
