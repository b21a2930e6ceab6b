"""The partner at another computer, as far as verbs ask for one: how they are found, and what is said on the way."""

from __future__ import annotations

import argparse
import contextlib
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from perfstudio.call.messages import MediaOrder, PlayOrder, Speak
from perfstudio.capture.recording.sound_tap import SoundTap
from perfstudio.cli import call_servers, studio_at_hand
from perfstudio.cli.asking import says_yes
from perfstudio.cli.output import Output
from perfstudio.cli.studio_at_hand import sign_in, studio_named
from perfstudio.delivery.trust import read_trust
from perfstudio.language.catalogue import _
from perfstudio.model.call_ways import CallWays
from perfstudio.model.duet_terms import DuetTerms
from perfstudio.model.errors import CallError
from perfstudio.session.delivery.delivery_service import DeliveryService
from perfstudio.session.duet.drawing import DrawnScene, draw_scene, possible_scenes
from perfstudio.session.duet.hand_meeting import ANSWERED, HandMeeting
from perfstudio.session.duet.line_link import LineLink
from perfstudio.session.duet.meeting import StudioMeeting, shown_code, typed_code
from perfstudio.session.duet.terms import own_terms
from perfstudio.session.duet.try_line import LineHooks, connect
from perfstudio.session.home import Home
from perfstudio.systems.consoles import is_terminal
from perfstudio.texts import duet as words
from perfstudio.texts.errors import sentence


def add_ways(parser: argparse.ArgumentParser) -> None:
    """Options that say where two find each other, and how."""
    studio_at_hand.add_options(parser)
    call_servers.add_of_one(parser)
    by_hand = parser.add_mutually_exclusive_group()
    by_hand.add_argument(
        "--offer", type=Path, metavar="FILE",
        help=_("with no studio: write an invitation into this new file, and wait for the answer to it beside it"),
    )  # fmt: skip
    by_hand.add_argument(
        "--answer", type=Path, metavar="FILE", help=_("with no studio: answer the invitation that your partner sent")
    )
    parser.add_argument("--yes", action="store_true", help=_("show my address to my partner without asking"))
    parser.add_argument("--adult", action="store_true", help=_("state that you are 18 or older; asked once"))


def agreed(args: argparse.Namespace, out: Output) -> bool:
    """A direct line shows each one's address to the other: asked before anything is looked up."""
    if args.relay_only:
        out.say(words.hidden())
    if args.yes or args.relay_only:
        return True
    return says_yes(
        _("{why} Type yes: ", why=words.addresses()), out, no=_("Nothing was tried."),
        nobody=_("Nothing was tried. {why} Say so with --yes.", why=words.addresses()),
    )  # fmt: skip


def own_word(args: argparse.Namespace, home: Home, out: Output) -> DuetTerms:
    """What this side says of itself; that they are an adult is stated once. Raises CallError(DUET_AGE)."""
    asked = not (args.adult or home.settings.now.adult_stated) and is_terminal(sys.stdin)
    no = _("Nothing was tried.")
    if args.adult or (asked and says_yes(_("I am 18 or older. Type yes: "), out, no=no, nobody=no)):
        home.settings.state_adult()
    try:
        records = args.verb == "record"
        return own_terms(home.settings.now, draws=records and args.prompt is None, records=records)
    except CallError as problem:
        problem.facts["option"] = "--adult"
        raise


@contextlib.contextmanager
def met(
    args: argparse.Namespace, code: str | None, home: Home, out: Output, stop: threading.Event
) -> Iterator[StudioMeeting | HandMeeting]:
    """The meeting by files where one was named, else under a code that was typed, or a new one, which is said."""
    if by_hand(args):
        yield _handed(args, out, stop)
        return
    typed = typed_code(code) if code else None
    service = DeliveryService(home.library, home.paths, tell=home.asides.add)
    try:
        studio = studio_named(args.studio, read_trust(args.trust) if args.trust else None, None, service)
        sign_in(args.token_file, studio, service, out)
        token = service.token(studio)
    finally:
        service.close()
    with StudioMeeting(studio, token, typed, stop) as meeting:
        if typed is None:
            note = out.warn if out.as_json else out.say
            note(words.give_code(shown_code(meeting.code)))
        yield meeting


def by_hand(args: argparse.Namespace) -> bool:
    """Whether two friends hand each other what is to be said."""
    return args.offer is not None or args.answer is not None


def _handed(args: argparse.Namespace, out: Output, stop: threading.Event) -> HandMeeting:
    note = out.warn if out.as_json else out.say

    def over(file: Path, text: str) -> None:
        awaited = file.name + ANSWERED
        first = words.hand_over(file.name, awaited, text, args.verb)
        for line in first if args.offer else words.answer_over(file.name, text):
            note(line)

    file = args.offer or args.answer
    return HandMeeting(file, stop, over, lambda problem: out.warn(sentence(problem)), first=args.offer is not None)


def told(ways: CallWays, home: Home, out: Output, said: list[str]) -> LineHooks:
    """What is said on the way; the words are put into `said`, too."""

    def compare(four: tuple[str, ...]) -> None:
        said.extend(four)
        out.say(words.compare(four))

    return LineHooks(met=lambda: out.say(words.met(outside=ways.reach_out)), words=compare, accepts=home.blocked.admit)


def ways(args: argparse.Namespace, meeting: StudioMeeting | HandMeeting) -> CallWays:
    """The servers that are asked: those that were named, else the studio's. After the meeting's first word."""
    return meeting.ways(call_servers.of_one(args))


@contextlib.contextmanager
def line_to_partner(
    args: argparse.Namespace, home: Home, out: Output, stop: threading.Event
) -> Iterator[tuple[LineLink, bool, DrawnScene | None]]:
    """A line that is held while a take is made, whether this side begins, and the scene where none was named.
    `--duet` has the code, or is empty."""
    word = own_word(args, home, out)
    with met(args, args.duet, home, out, stop) as meeting:
        first = meeting.first
        by, headphones = ways(args, meeting), args.headphones or home.settings.now.headphones
        with closing(SoundTap()) as tap:
            media = MediaOrder(tap.name, headphones) if headphones else None
            with LineLink(PlayOrder(first, by, media, by_hand(args)), stop) as link:
                connect(link, meeting, told(by, home, out, []), word, first=first)
                drawn = None
                if word.draws:
                    drawn = draw_scene(link, possible_scenes(home.scenes, args.language), first=first)
                out.say(words.ready_together(heard=media is not None))
                link.send(Speak(on=True))
                yield link, first, drawn
