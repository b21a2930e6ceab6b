"""What a performer says and agrees to before a clip of a take goes anywhere: the options, and the sentence."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import datetime, timedelta

from perfstudio.cli import options
from perfstudio.cli.asking import says_yes
from perfstudio.cli.output import Output
from perfstudio.language.catalogue import _, language
from perfstudio.model.clip import ClipAgreed, clip_uses
from perfstudio.model.clock import utc_now
from perfstudio.model.errors import ErrorCode, MediaError
from perfstudio.session.clips.offer import USUAL_DAYS, ClipOffer, offer
from perfstudio.session.home import Home
from perfstudio.texts import clips as words


def add_options(parser: argparse.ArgumentParser) -> None:
    """What goes along, for how long, and under what name."""
    parser.add_argument("--picture", action="store_true", help=_("your partner may see you too, not only hear you"))
    parser.add_argument(
        "--days", type=options.long_days, default=USUAL_DAYS, metavar="N",
        help=_("how long your partner may keep it (90)"),
    )  # fmt: skip
    parser.add_argument(
        "--called", default="", metavar="NAME",
        help=_("what your partner may call you; without it no name goes along"),
    )  # fmt: skip


def offered_with(home: Home, take_id: str, args: argparse.Namespace) -> ClipOffer:
    """What would go out. Raises as `offer` does, and MediaError(CLIP_NO_PICTURE)."""
    offered = offer(home.library, take_id)
    if args.picture and not offered.has_picture:
        raise MediaError(ErrorCode.CLIP_NO_PICTURE, take=take_id)
    return offered


def agreed_to(
    offered: ClipOffer, text_until: Callable[[datetime], str], args: argparse.Namespace, out: Output,
    *, question: str, nobody: str, no: str,
) -> ClipAgreed | None:  # fmt: skip
    """Say what goes out and what that means, and ask unless the word was typed already; None after a no.
    `text_until` makes the sentence of the moment until when it may be kept; the others are those of `says_yes`."""
    at = utc_now()
    until = at + timedelta(days=args.days)
    text = text_until(until)
    out.say(words.what(offered, picture=args.picture))
    out.say(text)
    if not (args.agreed or says_yes(question, out, nobody=nobody, no=no)):
        return None
    return ClipAgreed(at=at, language=language(), text=text, may=clip_uses(picture=args.picture), keep_until=until)
