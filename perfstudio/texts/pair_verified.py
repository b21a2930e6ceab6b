"""What `verify --pair` says of two takes: whether they are a pair, where they lie, and what the sound says of it."""

from __future__ import annotations

from perfstudio.language.catalogue import Messages, _
from perfstudio.language.conventions import number, signed
from perfstudio.model.pair import LiveAlignment, PairAlignment
from perfstudio.session.takes.pair_report import PairReport
from perfstudio.texts.clocks import why_unaligned
from perfstudio.texts.pairs import problem_text

# Translators: how the constant time of the sound devices is known, at the end of a sentence.
_MEASURED: Messages[dict[str, str]] = {
    "loopback": "by a click from headphone to microphone",
    "reported_latency": "by what the devices report",
}


def holds(pair: PairReport) -> list[str]:
    """What stands; nothing of two that are no pair."""
    if pair.problems:
        return []
    takes = {"one": pair.sides[0].take_id, "other": pair.sides[1].take_id}
    lines = [_("Takes {one} and {other} are a pair.", **takes)]
    if pair.alignment is not None:
        lines.append(_where(pair.alignment))
    if pair.live is not None:
        lines += _where_live(pair.live)
    if pair.alignment is not None and pair.sound_agrees is None:
        lines.append(_("The partner cannot be heard in the answering take, so its sound proves nothing either way."))
    if pair.sound_agrees and pair.sound_late_s is not None:
        late = signed(pair.sound_late_s * 1000, 1)
        lines.append(_("The sound confirms it: the partner is heard {late} ms from there.", late=late))
    return lines


def does_not_hold(pair: PairReport) -> list[str]:
    """What speaks against them."""
    lines = [_("The two takes are not a pair: {why}.", why=problem_text(pair.problems))] if pair.problems else []
    if pair.unaligned is not None:
        why = why_unaligned(pair.unaligned)
        lines.append(_("How the two takes line up in time cannot be told: {why}.", why=why))
    if pair.sound_agrees is False and pair.sound_late_s is not None and pair.alignment is not None:
        facts = {
            "late": signed(pair.sound_late_s * 1000, 1),
            "bound": number(pair.alignment.bound_s * 1000),
        }
        lines.append(
            _(
                "The sound does not confirm it: the partner is heard {late} ms from there, and {bound} are stated.",
                **facts,
            )
        )
    return lines


def _where(alignment: PairAlignment) -> str:
    facts = {
        "one": alignment.of_take_id,
        "other": alignment.heard_in_take_id,
        "offset": signed(alignment.offset_s, 4),
        "bound": number(alignment.bound_s * 1000),
        "how": _(_MEASURED.get(alignment.measured_by, "")),
    }
    return _("Second 0 of {one} was heard at {offset} s of {other}, plus or minus {bound} ms, {how}.", **facts)


def _where_live(live: LiveAlignment) -> list[str]:
    facts = {
        "one": live.of_take_id,
        "other": live.in_take_id,
        "offset": signed(live.offset_s, 4),
        "bound": number(live.bound_s * 1000),
        "trip": number(live.round_trip_s * 1000),
    }
    return [
        _(
            "Second 0 of {one} was played at {offset} s of {other}, plus or minus {bound} ms: a ping took {trip} ms "
            "there and back.",
            **facts,
        ),
        _(
            "By that, the moment both agreed to begin at is {late} ms later in {other}.",
            late=signed(live.begun_apart_s * 1000),
            other=live.in_take_id,
        ),
    ]
