"""The line between two at two machines, in sentences."""

from __future__ import annotations

from perfstudio.call.heard_frames import FRAME_S, HeardFrames
from perfstudio.call.messages import LineMeasured
from perfstudio.language.catalogue import _
from perfstudio.language.conventions import number
from perfstudio.texts.clocks import why_unaligned
from perfstudio.texts.template import sentences


def addresses() -> str:
    """Before anything is tried."""
    return _("A direct connection shows your internet address to your partner, and theirs to you.")


def hidden() -> str:
    """Where nothing goes another way than through a relay."""
    return _("Everything goes through the relay. Your partner does not see your internet address; the relay does.")


def give_code(code: str) -> str:
    """To the one who begins."""
    return _("Tell your partner this code. It is good for ten minutes, and for one partner: {code}", code=code)


def hand_over(file: str, awaited: str, text: str, verb: str) -> list[str]:
    """To the one who begins with no studio between."""
    return [
        _("Send “{file}” to your partner, or the line in it, by any message:", file=file),
        text,
        _(
            "They answer it with `perfstudio {verb} --answer`. Save their answer as “{file}” beside it.",
            verb=verb,
            file=awaited,
        ),
    ]


def answer_over(file: str, text: str) -> list[str]:
    """To the one who answers."""
    return [
        _("Send “{file}” back to your partner, or the line in it. You are connected once they have it:", file=file),
        text,
    ]


def met(*, outside: bool) -> str:
    """The other one is there. `outside`: a server is asked that helps to find ways to other networks."""
    if outside:
        return _("Your partner is there. Connecting the two computers …")
    return _(
        "Your partner is there. Connecting the two computers; no server was named that finds a way to another network, "
        "so both have to be on one network …"
    )


def compare(four: tuple[str, ...]) -> str:
    """The line stands."""
    return _(
        "You are connected. Read these four words to each other: {words}. If your partner sees others, "
        "somebody is between you.",
        words=" ".join(four),
    )


def line_is(found: LineMeasured) -> list[str]:
    """What it is like."""
    if found.problem is not None:
        return [_("The connection cannot be measured: {why}.", why=why_unaligned(found.problem))]
    return [
        _(
            "A ping takes {trip} ms there and back; {unanswered} of {pings} got no answer.",
            trip=number(found.round_trip_s * 1000),
            unanswered=found.unanswered,
            pings=found.pings,
        ),
        _(
            "Two takes recorded over this line could be lined up to within {bound} ms.",
            bound=number(found.bound_s * 1000, 1),
        ),
    ]


def drawn(title: str) -> str:
    """A scene that both may play, and before it is read."""
    return _("This scene was drawn for you both: {title}. You play:", title=title)


def read_in_peace() -> str:
    """Behind the brief, at a terminal."""
    return _("Read it in peace. Press Enter when you are ready to record.")


def ready_together(*, heard: bool) -> str:
    """The line stands, and the devices are being opened. `heard`: there are headphones to hear the partner in."""
    begins = _("Both recordings begin at one moment, as soon as both of you are ready; whoever cuts, cuts both.")
    if heard:
        carried = _(
            "From here on your microphone goes to your partner, and theirs into your headphones, where both of you "
            "have chosen some. What is played to you is not kept on this computer."
        )
    else:
        carried = _(
            "No headphones are chosen here, so you do not hear each other: name some with --headphones, or use any "
            "call."
        )
    return sentences(begins, carried)


def voice_was(heard: HeardFrames) -> str:
    """How the partner's voice came over the line, behind the take."""
    if not heard.played:
        return _("You heard nothing of your partner. They may have chosen no headphones.")
    return _(
        "You heard {heard} s of your partner; {filled} s more came too late or not at all, and was filled in.",
        heard=number(heard.played * FRAME_S),
        filled=number(heard.filled * FRAME_S, 1),
    )


def may_mute() -> str:
    """To whoever sits at a terminal."""
    return _("Press M to be mute to your partner, and M again to be heard. Your own recording goes on.")


def own_voice(*, on: bool) -> str:
    """After the key."""
    if on:
        return _("Your voice is sent to your partner again.")
    return _("You are mute: nothing of your voice is sent to your partner. Your own recording goes on.")


def partner_mute(*, now: bool) -> str:
    """What the partner's program said."""
    return _("Your partner is mute.") if now else _("Your partner is not mute any more.")


def line_quiet(*, quiet: bool) -> str:
    """In mid-take: nothing comes any more, or something does again."""
    if quiet:
        return _("Nothing comes from your partner any more. Your take goes on, and the connection is kept.")
    return _("Your partner is there again.")


def line_gone() -> str:
    """In mid-take, or behind it."""
    return _("The connection to your partner is gone. Your take goes on; cut it yourself.")
