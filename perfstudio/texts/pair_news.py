"""A take and its partner's, said to the performer: what the studio may do with both, and what the other took back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from perfstudio.language.catalogue import Messages, Plural, _, ngettext
from perfstudio.model.joint_uses import JointLine, JointWhy
from perfstudio.model.pair_document import PairState, PairTold
from perfstudio.texts import formatting
from perfstudio.texts.pairs import problem_text
from perfstudio.texts.states import use_label
from perfstudio.texts.template import one_line, quoted, sentences

MOST_SAID = 3
"""Partners of one take that are told of; of more the others are counted."""
_LINES = Plural("with a partner's take: {number} line", "with a partner's take: {number} lines")
_MORE = Plural("And {number} more who answered it.", "And {number} more who answered it.")
_BRIEFLY: Messages[dict[PairState, str]] = {
    PairState.WAITING: "the partner's take has not arrived",
    PairState.UNFIT: "not used with the partner's take",
    PairState.CLOSED: "nothing allowed with the partner's take",
}


def said(told: PairTold, studio: str, of_pay: str) -> str:
    """What may be done with both. `of_pay`: what the terms say of pay when the partner takes back."""
    return sentences(_state(told, one_line(studio)), *_lines(told), pay(told, of_pay))


def all_said(pairs: Sequence[PairTold], studio: str, of_pay: str) -> list[str]:
    """The same of every partner of one take, as many as are told of."""
    spoken = [said(told, studio, of_pay) for told in pairs[:MOST_SAID]]
    more = len(pairs) - MOST_SAID
    return [*spoken, *([_MORE.of(more, number=formatting.number(more))] if more > 0 else [])]


def briefly(pairs: Sequence[PairTold]) -> str:
    """with a partner's take: 2 lines; or why there are none. Of the partner where something changed last."""
    if not pairs:
        return ""
    told = pairs[0]
    if told.partner_gone_at is not None:
        return _("the partner took theirs back")
    if told.state is PairState.OPEN:
        number = sum(line.open is not None for line in told.lines)
        return _LINES.of(number, number=formatting.number(number))
    return _(_BRIEFLY[told.state])


def news(studio: str, pairs: Iterable[PairTold], titles: Iterable[str]) -> list[str]:
    """What has come since the last time: who may be used together now, and whose partner took back."""
    name = one_line(studio)
    opened, back, apart = [], [], []
    for told, title in zip(pairs, titles, strict=True):
        if partner_took_back(told):
            back.append(title)
        elif told.state is PairState.OPEN:
            opened.append(title)
        elif told.state is PairState.UNFIT:
            apart.append((title, problem_text(told.problems)))
    found = [_("Your partner in “{title}” took theirs back. See “What I have given to whom” for what it means.",
               title=one_line(title)) for title in dict.fromkeys(back)]  # fmt: skip
    found += [_("{studio} does not use “{title}” with your partner's take: {why}.",
                studio=name, title=one_line(title), why=why) for title, why in dict.fromkeys(apart)]  # fmt: skip
    some = found[:MOST_SAID]
    if len(found) > MOST_SAID:
        some.append(ngettext("And for {number} more.", "And for {number} more.", len(found) - MOST_SAID))
    if opened:
        words = ngettext(
            "{studio} has your partner's take for {number} scene.",
            "{studio} has your partners' takes for {number} scenes.",
            len(opened), studio=name,
        )  # fmt: skip
        some.append(words)
    return some


def partner_took_back(told: PairTold) -> bool:
    """Whether the other side was taken back, whole or in a line."""
    return told.partner_gone_at is not None or any(_is_partners(line, told, JointWhy.TAKEN_BACK) for line in told.lines)


def matters(told: PairTold) -> bool:
    """Whether it is said without being asked for: something is not as it was, or not as it was meant."""
    return partner_took_back(told) or told.state is PairState.UNFIT


def pay(told: PairTold, of_pay: str) -> str:
    """What the terms say of pay where the partner took back; empty where nobody did."""
    if not partner_took_back(told):
        return ""
    if of_pay:
        return _("What the terms then say about your pay: {words}", words=quoted(one_line(of_pay)))
    return _("The terms you signed do not say what that means for your pay.")


def _state(told: PairTold, studio: str) -> str:
    match told.state:
        case PairState.OPEN:
            uses = _named(line for line in told.lines if line.open is not None)
            return _("{studio} has your partner's take too. For the two together, you both allow: {uses}.",
                     studio=studio, uses=uses)  # fmt: skip
        case PairState.WAITING:
            return _(
                "{studio} does not have your partner's take. Until it arrives, yours is used alone.", studio=studio
            )
        case PairState.UNFIT:
            why = problem_text(told.problems)
            return _("{studio} does not use your take with your partner's: {why}.", studio=studio, why=why)
        case PairState.CLOSED if told.partner_gone_at is not None:
            return _(
                "Your partner took their take back on {day}. {studio} may no longer use the two together. What you "
                "allow for your own take stands.",
                day=formatting.day(formatting.here(told.partner_gone_at)),
                studio=studio,
            )
        case _:
            return _("There is nothing you both allow, so {studio} uses each take alone.", studio=studio)


def _lines(told: PairTold) -> list[str]:
    """What of the partner's doing, or of the texts, closes a line; what the performer did they know."""
    back = _named(line for line in told.lines if _is_partners(line, told, JointWhy.TAKEN_BACK))
    off = _named(line for line in told.lines if _is_partners(line, told, JointWhy.NOT_GIVEN))
    over = _named(line for line in told.lines if line.why is JointWhy.RUN_OUT)
    apart = _named(line for line in told.lines if line.why is not None and not line.of)
    return [
        _("Your partner took back: {uses}.", uses=back) if back else "",
        _("Your partner does not allow: {uses}.", uses=off) if off else "",
        _("The term is over: {uses}.", uses=over) if over else "",
        _("Your two texts do not agree about: {uses}.", uses=apart) if apart else "",
    ]


def _is_partners(line: JointLine, told: PairTold, why: JointWhy) -> bool:
    return line.why is why and any(take_id != told.take_id for take_id in line.of)


def _named(lines: Iterable[JointLine]) -> str:
    return formatting.listing(quoted(use_label(line.use)) for line in lines)
