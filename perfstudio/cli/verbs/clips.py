"""Clips for and of partners: list, leave one at a studio, take it back, ask studios what waits."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Iterator
from pathlib import Path

from perfstudio.cli import passphrase
from perfstudio.cli.asking import says_yes
from perfstudio.cli.clip_agreement import add_options, agreed_to, offered_with
from perfstudio.cli.clip_news import clips_document, say_clips
from perfstudio.cli.home_option import open_home
from perfstudio.cli.output import DONE, REASON, Output
from perfstudio.cli.studio_at_hand import known_studio
from perfstudio.cli.tokens import read_token
from perfstudio.consent.names import shown_name
from perfstudio.language.catalogue import _
from perfstudio.model.delivery import Studio
from perfstudio.model.errors import DeliveryError, ErrorCode, PerfstudioError
from perfstudio.session.clips import clips_here
from perfstudio.session.clips.clip_post import ClipPost
from perfstudio.session.delivery.delivery_service import DeliveryService
from perfstudio.session.home import Home
from perfstudio.texts import clips_here as words_here
from perfstudio.texts import clips_waiting as words


def add(parser: argparse.ArgumentParser) -> None:
    """Sub-verbs of `clips`."""
    verbs = parser.add_subparsers(dest="clips_verb", required=True, metavar="WHAT")
    verbs.add_parser("list", help=_("partners' clips that are here, and yours that wait at studios"))
    leave = verbs.add_parser("leave", help=_("let a clip of a take wait at the studio for the partner it names"))
    leave.add_argument("take", help=_("an id, its beginning, or prompt/number"))
    add_options(leave)
    leave.add_argument(
        "--yes-may-wait", action="store_true", dest="agreed",
        help=_("you have read what the command says before it sends, and agree; for where nobody can be asked"),
    )  # fmt: skip
    delete = verbs.add_parser("delete", help=_("delete a partner's clip here; takes that were made to it stay"))
    delete.add_argument("clip", help=_("its id, or the first letters of it"))
    delete.add_argument("--yes", action="store_true", help=_("delete it without asking"))
    back = verbs.add_parser("take-back", help=_("a clip of yours waits at its studio no longer"))
    back.add_argument("clip", help=_("its id, or the first letters of it"))
    ask = verbs.add_parser("ask", help=_("ask studios: what waits for you comes, what was taken back is deleted"))
    for verb in (leave, back, ask):
        verb.add_argument("--studio", metavar="ID", help=_("which studio, where you are connected with several"))
        verb.add_argument("--token-file", type=Path, metavar="FILE", help=_("your token, in a file"))


def run(args: argparse.Namespace, out: Output) -> int:
    """Run the sub-verb."""
    with open_home(args) as home, _service(home) as service:
        if args.clips_verb == "list":
            return _list(home, service, out)
        if args.clips_verb == "delete":
            return _delete(home, args, out)
        post = ClipPost(home, service)
        if args.clips_verb == "leave":
            return _leave(home, service, post, args, out)
        if args.clips_verb == "take-back":
            return _take_back(home, service, post, args, out)
        return _ask(service, post, args, out)


@contextlib.contextmanager
def _service(home: Home) -> Iterator[DeliveryService]:
    with contextlib.closing(DeliveryService(home.library, home.paths, tell=home.asides.add)) as service:
        yield service


def _list(home: Home, service: DeliveryService, out: Output) -> int:
    here, sent, came = clips_here.clips_here(home), home.clip_papers.sent(), home.clip_papers.fetched()
    gone = [paper for paper in came if paper.gone_at is not None]
    away = [said for said in map(words_here.not_here, came) if said]
    for clip in here:
        studio = service.studio_name(clip.paper.left.studio_id) if clip.paper is not None else ""
        out.say(_("{id}: {clip}", id=clip.clip.clip_id[:8], clip=words_here.line(clip, studio)))
    for paper in sent:
        out.say(words.stands(paper, service.studio_name(paper.left.studio_id)))
    for fetched in gone:
        out.say(words.was_deleted(fetched))
    for said in away:
        out.say(said)
    if not (here or sent or gone or away):
        out.say(_("No clip is here, and none of yours waits at a studio."))
    out.document({
        "here": [
            clip.clip.to_json() | {"size": clip.size, "takes": list(clip.takes), "signed": clip.paper is not None}
            for clip in here
        ],
        "at_studios": [paper.to_json() for paper in sent],
        "taken_back": [paper.to_json() for paper in gone],
    })  # fmt: skip
    return DONE


def _delete(home: Home, args: argparse.Namespace, out: Output) -> int:
    clip = clips_here.find(home, args.clip)
    out.say(words_here.what(clip))
    out.say(words_here.consequences(clip))
    nobody = _("Nothing was deleted. Where nobody can be asked, add --yes.")
    if not (args.yes or says_yes(_("Delete it? Type yes: "), out, nobody=nobody, no=_(words_here.STAYS))):
        out.document({"deleted": False})
        return REASON
    clips_here.delete(home, clip)
    out.say(_(words_here.DELETED))
    out.document({"deleted": True, "clip": clip.clip.to_json(), "takes": list(clip.takes)})
    return DONE


def _leave(home: Home, service: DeliveryService, post: ClipPost, args: argparse.Namespace, out: Output) -> int:
    studio = _studio(service, args)
    take_id = home.takes.find(args.take)
    offered, called = offered_with(home, take_id, args), shown_name(args.called)
    agreed = agreed_to(
        offered, lambda until: words.agreement(offered, studio.name, until, picture=args.picture), args, out,
        question=_("Let it wait there? Type yes: "), no=_("No clip was left."),
        nobody=_("No clip was left. Where nobody can be asked, add --yes-may-wait."),
    )  # fmt: skip
    if agreed is None:
        out.document({"left": False})
        return REASON
    key = home.consents.open_key(lambda: passphrase.passphrase(new=not home.consents.has_key()))
    with _told_where_it_fails(home, studio.name, out):
        paper = post.leave(take_id, studio, agreed, key, called=called)
    out.say(words.stands(paper, studio.name))
    out.document({"left": True, "clip": paper.to_json()})
    return DONE


def _take_back(home: Home, service: DeliveryService, post: ClipPost, args: argparse.Namespace, out: Output) -> int:
    found = [one for one in home.clip_papers.sent() if one.left.clip.clip_id.startswith(args.clip)]
    if len(found) != 1:
        raise DeliveryError(ErrorCode.CLIP_WAITS_NOT, id=args.clip[:80])
    args.studio = found[0].left.studio_id
    _studio(service, args)
    with _told_where_it_fails(home, service.studio_name(found[0].left.studio_id), out):
        paper = post.take_back(found[0])
    out.say(words.stands(paper, service.studio_name(paper.left.studio_id)))
    out.document({"clip": paper.to_json()})
    return DONE


@contextlib.contextmanager
def _told_where_it_fails(home: Home, studio: str, out: Output) -> Iterator[None]:
    """What is wanted is written down before a studio is asked, and done at the next contact: where the studio cannot
    be asked now, that is said before the reason."""
    before = home.clip_papers.sent()
    try:
        yield
    except PerfstudioError:
        for paper in home.clip_papers.sent():
            if paper not in before:
                out.say(words.stands(paper, studio))
        raise


def _ask(service: DeliveryService, post: ClipPost, args: argparse.Namespace, out: Output) -> int:
    if args.studio is not None or args.token_file is not None:
        args.studio = _studio(service, args).id
    news = post.hear(args.studio)
    say_clips(news, out)
    troubles = [problem for heard in news for problem in (*heard.problems, *heard.refused)]
    if not troubles and not any(heard.is_new for heard in news):
        out.say(_("Nothing is new."))
    out.document(clips_document(news))
    return REASON if troubles else DONE


def _studio(service: DeliveryService, args: argparse.Namespace) -> Studio:
    """The one that was named, or the only one; the token in the file is good for it. Raises DeliveryError."""
    studio = known_studio(args.studio, service)
    if args.token_file is not None:
        service.lend(studio, read_token(args.token_file))
    return studio
