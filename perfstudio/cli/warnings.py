"""What is told before signing, as the verbs print it, and the word that a person types after "stop and think"."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from perfstudio.cli.output import Output
from perfstudio.consent import warning_words
from perfstudio.consent.read_language import Unread
from perfstudio.language.catalogue import _
from perfstudio.model.consent import UseId, Warned
from perfstudio.model.errors import ConsentError, ErrorCode
from perfstudio.model.warning_rules import WarningGrade
from perfstudio.session.views import ConsentOffer
from perfstudio.texts import compared, rights

TEXT = "text"
"""What stands for the terms as a whole where lines are named."""


def say_warnings(found: Iterable[Warned], out: Output, *, unread: Unread | None) -> None:
    """Every finding with its source, the graver first; what was not read; and that rules are no advice."""
    for one in found:
        out.say(f"  {warning_words.grade(one)} · {warning_words.where(one)}")
        out.say(f"       {warning_words.sentence(one)}")
        out.say(f"       {_('Source: {source}', source=warning_words.source(one))}")
    if unread is not None:
        out.say(warning_words.not_read(unread))
    out.say(_(warning_words.CAUTION))


def warnings_document(found: Iterable[Warned]) -> list[dict[str, Any]]:
    """The findings for programs."""
    return [one.to_json() | {"source": warning_words.source(one)} for one in found]


def say_compared(offer: ConsentOffer, out: Output) -> None:
    """What differs from what was signed last with the same studio; nothing where nothing was."""
    lines = compared.since(offer)
    if offer.before is None or lines is None:
        return
    take = rights.take_named(offer.before.title, offer.before.number)
    out.say()
    if not lines:
        out.say(_("Nothing differs from what you signed for {take}.", take=take))
        return
    out.say(_("Compared with what you signed for {take}:", take=take))
    for name, value in lines:
        out.say(f"  {name}: {value}")


def require_thought(found: Iterable[Warned], uses: Collection[UseId], typed: str) -> None:
    """Every line that is signed and says "stop and think" was named, and so was the text.

    Raises ConsentError(CONSENT_NOT_THOUGHT_OVER, lines).
    """
    named = {word.strip() for word in typed.split(",")}
    graver = [one for one in found if one.grade is WarningGrade.STOP and (one.use is None or one.use in uses)]
    wanted = list(dict.fromkeys(one.use.value if one.use else TEXT for one in graver))
    if any(word not in named for word in wanted):
        raise ConsentError(ErrorCode.CONSENT_NOT_THOUGHT_OVER, lines=",".join(wanted))
