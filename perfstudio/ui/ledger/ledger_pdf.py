"""The ledger as a PDF, set as receipts are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from perfstudio.consent.receipt import ReceiptSection, WrittenReceipt
from perfstudio.language.catalogue import _, language
from perfstudio.session.ledger import Ledger, StudioLedger
from perfstudio.session.time_spent import SceneTime
from perfstudio.texts import formatting, ledger, time_spent, unread_papers
from perfstudio.texts.given import take_name
from perfstudio.texts.template import one_line
from perfstudio.ui.consent.receipt_pdf import receipt_pdf


def ledger_pdf(found: Ledger, time: Sequence[SceneTime], made: datetime) -> bytes:
    """Time by scene, then every studio's part, as of `made`. On the window's thread."""
    when = formatting.day_and_clock(formatting.here(made))
    sections = [_time(time), *map(_studio, found.studios)]
    if found.unread:
        unread = "\n".join(unread_papers.lines(found.unread))
        sections.append(ReceiptSection(_("What cannot be read"), (("", unread),)))
    written = WrittenReceipt(
        title=_("Ledger"), language=language().replace("_", "-"), at=made.replace(microsecond=0), code=when,
        code_line=(_("As of"), when), sections=tuple(sections),
    )  # fmt: skip
    return receipt_pdf(written).data


def _time(scenes: Sequence[SceneTime]) -> ReceiptSection:
    rows = [(scene.title, time_spent.works(scene)) for scene in scenes]
    said = time_spent.total(scenes) if scenes else _(time_spent.NONE_YET)
    return ReceiptSection(_("Your time"), ((_("Altogether"), said), *rows))


def _studio(studio: StudioLedger) -> ReceiptSection:
    rows = [
        (take_name(line.take), "\n".join((line.take.pack_title, ledger.line_facts(line), *ledger.pays(line))))
        for line in studio.lines
    ]
    head = "\n".join((ledger.states_in_words(studio.states), *ledger.due(studio)))
    return ReceiptSection(one_line(studio.name), ((_("Altogether"), head), *rows))
