"""`consent take-back` and `consent give`: lines of one take, of a pack, or of everything that a studio was given."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from perfstudio.cli import passphrase
from perfstudio.cli.output import DONE, REASON, Output
from perfstudio.cli.set_aside_notes import tell_receivers, title_of, told_document
from perfstudio.cli.tokens import read_token
from perfstudio.language.catalogue import _
from perfstudio.model.consent import UseId
from perfstudio.model.errors import ConsentError, ErrorCode
from perfstudio.session.consent_many import ConsentMany, ManyOutcome
from perfstudio.session.delivery.delivery_service import DeliveryService
from perfstudio.session.given import GivenService, GivenTake
from perfstudio.session.home import Home
from perfstudio.texts import aloud, rights, unread_papers
from perfstudio.texts import given as words
from perfstudio.texts.errors import sentence


@dataclass(frozen=True, slots=True)
class _Asked:
    """What both sub-verbs need."""

    home: Home
    service: DeliveryService
    uses: frozenset[UseId] | None
    token: str | None
    giving: bool

    def secret(self) -> str:
        """The passphrase of the signing key, from the terminal or a file."""
        return passphrase.passphrase(new=not self.home.consents.has_key())


def add(verbs: Any) -> None:
    """The two sub-verbs, which are about the same things."""
    back = _("take back some lines, or everything, and tell the receivers")
    _about(verbs.add_parser("take-back", aliases=["withdraw"], help=back), needed=False)
    _about(verbs.add_parser("give", help=_("give lines again and tell the receivers")), needed=True)


def _about(verb: argparse.ArgumentParser, *, needed: bool) -> None:
    which = verb.add_mutually_exclusive_group(required=True)
    which.add_argument("take", nargs="?", help=_("an id, the start of one, or prompt/number"))
    which.add_argument("--pack", metavar="ID", help=_("every signed take of this pack"))
    which.add_argument("--studio", metavar="ID", help=_("every take signed for this studio"))
    about = (
        _("the lines, named as `show` names them")
        if needed
        else _("the lines, named as `show` names them; all of them by default")
    )
    verb.add_argument("--uses", required=needed, metavar="A,B", help=about)
    verb.add_argument("--token-file", type=Path, metavar="FILE", help=_("the sign-in token the studio gave you"))


def run(home: Home, args: argparse.Namespace, out: Output) -> int:
    """Do it, tell the receivers, say what came of both."""
    token = read_token(args.token_file) if args.token_file else None
    uses = _uses(args.uses) if args.uses is not None else None
    with contextlib.closing(DeliveryService(home.library, home.paths, tell=home.asides.add)) as service:
        service.follow(home.consents)
        asked = _Asked(home, service, uses, token, giving=args.consent_verb == "give")
        return _one(asked, args.take, out) if args.take is not None else _many(asked, args.studio, args.pack, out)


def _one(asked: _Asked, name: str, out: Output) -> int:
    home, uses = asked.home, asked.uses
    take_id = home.takes.find(name)
    before = home.consents.record(take_id)
    if asked.giving:
        record = home.consents.give(take_id, uses or frozenset(), passphrase=asked.secret)
        said, nothing = rights.given_again(record), words.STANDS_ALREADY
    else:
        record = home.consents.withdraw(take_id, uses, passphrase=asked.secret)
        said, nothing = rights.taken_back(record), words.NONE_STOOD
    grew = len(record.events) > len(before.events)
    out.say(said if grew else _(nothing))
    if (left := home.consents.spoken_left(record)) is not None:
        (out.warn if left else out.say)(aloud.after_taking_back(left))
    told = tell_receivers(home, asked.service, out, take_id=take_id, token=asked.token)
    document = {"take_id": take_id, "record_id": record.record_id, "uses": sorted(record.granted())}
    out.document({**document, "withdrawn": not record.granted(), "changed": grew, **told_document(told)})
    return DONE if not any(line.is_open for line in told) else REASON


def _many(asked: _Asked, studio_id: str | None, pack_id: str | None, out: Output) -> int:
    home, many = asked.home, ConsentMany(asked.home.consents)
    whole = GivenService(home.library, home.shelf, asked.service.outbox.statuses).read()
    given = whole.only(studio_id=studio_id, pack_id=pack_id)
    takes = given.takes
    if asked.giving:
        done = many.give(takes, asked.uses or frozenset(), passphrase=asked.secret, tick=_progress(out))
    else:
        done = many.withdraw(takes, asked.uses, passphrase=asked.secret, tick=_progress(out))
    out.progress_done()
    out.say(words.outcome(done, given=asked.giving, why=False))
    for take_id, problem in done.left:
        out.warn(f"{title_of(home, take_id)} {sentence(problem)}")
    for line in unread_papers.lines(given.unknown):  # it may be one of these takes, and nothing was done with it
        out.warn(line)
    told = tell_receivers(home, asked.service, out, token=asked.token)
    out.document({**_document(done, takes), **told_document(told)})
    return REASON if done.left or given.unknown or any(line.is_open for line in told) else DONE


def _document(done: ManyOutcome, takes: Iterable[GivenTake]) -> dict[str, Any]:
    return {
        "takes": [take.take_id for take in takes],
        "changed": list(done.changed),
        "unchanged": list(done.unchanged),
        "left": [{"take_id": take_id, "code": problem.code.value} for take_id, problem in done.left],
    }


def _progress(out: Output) -> Any:
    return lambda done, total: out.progress(_("{done} of {total} takes", done=done, total=total))


def _uses(text: str) -> frozenset[UseId]:
    """The named lines, at least one. Raises ConsentError(CONSENT_USE_UNKNOWN)."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    known = {use.value for use in UseId}
    for name in names or [text]:
        if name not in known:
            raise ConsentError(ErrorCode.CONSENT_USE_UNKNOWN, use=name, offered=", ".join(sorted(known)))
    return frozenset(UseId(name) for name in names)
