"""Consent: show what is asked for a take, sign for named uses, take lines back and give them again, see it whole, save
the receipt, look at one.

The passphrase of a key file comes from the terminal, or from PERFSTUDIO_PASSPHRASE_FILE in scripts.
"""

from __future__ import annotations

import argparse
import contextlib
import shlex
from collections.abc import Iterable, Iterator

from perfstudio.cli import (
    consent_given,
    consent_lines,
    consent_others,
    consent_papers,
    consent_told,
    passphrase,
    reading_aloud,
)
from perfstudio.cli.home_option import open_home
from perfstudio.cli.output import DONE, Output
from perfstudio.cli.warnings import require_thought, say_compared, say_warnings, warnings_document
from perfstudio.language.catalogue import N_, Messages, _
from perfstudio.model.consent import UseId
from perfstudio.model.errors import ConsentError, ErrorCode
from perfstudio.session.home import Home
from perfstudio.session.takes.missing import MissingLabel
from perfstudio.session.views import ConsentOffer, KeyState
from perfstudio.texts import compared, rights
from perfstudio.texts.states import use_label, waits_for

METHOD = "named-uses+typed-name"
ADVISED = ("none", "counsel", "union")
_OPTIONS = {
    ErrorCode.AGE_NOT_STATED: "--adult",
    ErrorCode.CLOCK_DOUBTED: "--clock-is-right",
    ErrorCode.CONSENT_SPOKEN_MISSING: reading_aloud.READ,
    ErrorCode.CONSENT_OTHERS_UNSAID: consent_others.OPTION,
    ErrorCode.CONSENT_PARTNER_UNNAMED: consent_others.NAMED,
    ErrorCode.CONSENT_PARTNER_UNSAID: consent_others.AGREED,
}
"""How what stands in the way is stated."""
_NEW_KEY: Messages[dict[KeyState, str]] = {
    KeyState.KEYRING: "Your signing key was made. It is kept in this computer's password store.",
    KeyState.FILE: "Your signing key was made. It is in keys/signing-key.json, locked with your passphrase.",
}


def add(parser: argparse.ArgumentParser) -> None:
    """Sub-verbs of `consent`."""
    verbs = parser.add_subparsers(dest="consent_verb", required=True, metavar="WHAT")
    show = verbs.add_parser("show", help=_("show what is asked, what stands, the terms and the receipt"))
    sign = verbs.add_parser("sign", help=_("sign for exactly the uses you name"))
    sign.add_argument("--uses", required=True, metavar="A,B", help=_("the lines you allow, named as `show` names them"))
    sign.add_argument("--name", required=True, help=_("your name, as you sign it"))
    sign.add_argument("--advised-by", choices=ADVISED, default="none", help=_("who advised you before you signed"))
    sign.add_argument("--adviser", default="", metavar="NAME", help=_("the name of that lawyer or union"))
    sign.add_argument(
        "--thought-over",
        default="",
        metavar="A,B",
        help=_("lines marked “Stop and think” that you have thought over and still sign"),
    )
    sign.add_argument("--adult", action="store_true", help=_("state that you are 18 or older; asked once"))
    sign.add_argument("--clock-is-right", action="store_true", help=_("state that this computer’s clock is right"))
    consent_others.add(sign)
    reading_aloud.add(sign)
    export = consent_papers.add(verbs)
    for verb in (show, sign, export):
        verb.add_argument("take", help=_("an id, the start of one, or prompt/number"))
    consent_lines.add(verbs)
    consent_given.add(verbs)
    consent_told.add(verbs)


def run(args: argparse.Namespace, out: Output) -> int:
    """Run the sub-verb."""
    if args.consent_verb == "verify":
        return consent_papers.verify(args, out)
    with open_home(args) as home, _naming_the_file(signing=args.consent_verb == "sign"):
        match args.consent_verb:
            case "show":
                _show(home, home.consents.offer(home.takes.find(args.take)), out)
            case "sign":
                _sign(home, home.takes.find(args.take), args, out)
            case "export":
                consent_papers.export(home, home.takes.find(args.take), args, out)
            case "given":
                return consent_given.run(home, args, out)
            case "told":
                return consent_told.run(home, args, out)
            case _:
                return consent_lines.run(home, args, out)
    return DONE


def _show(home: Home, offer: ConsentOffer, out: Output) -> None:
    if not offer.standing:
        out.say(
            _(
                "What may {studio} do with “{title}”, take {number}?",
                studio=offer.studio.name,
                title=offer.title,
                number=offer.number,
            )
        )
        _say_asked(offer, (), out)
        out.say()
    signed = home.consents.record(offer.take_id) if offer.signed is not None else None
    if signed is not None:
        out.say(home.consents.receipt_text(offer.take_id))
    lines = compared.since(offer)
    out.document(
        {
            "take_id": offer.take_id,
            "studio": offer.studio.to_json(),
            "pay": offer.pay.to_json(),
            "uses": [use.to_json() | {"granted": use.id in offer.standing} for use in offer.uses],
            "signed": offer.signed.isoformat() if offer.signed else None,
            "withdrawn": offer.withdrawn,
            "terms": offer.terms.to_json(),
            "warnings": warnings_document(offer.told()),
            "warnings_unread": offer.unread(),
            "changed": [list(line) for line in lines] if lines is not None else None,
            "others_found": [found.to_json() for found in offer.others],
        }
        | consent_others.document(signed)
    )


def _say_asked(offer: ConsentOffer, granted: Iterable[UseId], out: Output) -> None:
    """Everything that a signature covers: who asks, what is paid, every line whole, and the text."""
    together = rights.for_two(offer.terms) if offer.for_two else ()
    _say_lines(rights.facts(offer.pay, offer.uses, offer.studio, offer.files, partner=together), out)
    for use in offer.uses:
        out.say()
        mark = _("yes") if use.id in granted else _("off")
        out.say(f"  {mark}  {use.id.value:22} {use_label(use.id)}")
        out.say(f"       {rights.use_line(use)}")
        _say_lines(rights.use_lines(use), out)
    out.say()
    out.say(_("{title}, version {version}", title=offer.terms.title, version=offer.terms.version))
    out.say(offer.terms.summary)
    out.say()
    out.say(offer.terms.text)
    reading_aloud.say_asked(offer, out)
    say_compared(offer, out)
    consent_others.say_found(offer, out)
    out.say()
    say_warnings(offer.told(), out, unread=offer.unread())


def _say_lines(lines: Iterable[tuple[str, str]], out: Output) -> None:
    for name, value in lines:
        first, *more = value.splitlines() or [""]
        for line in (f"{name}: {first}", *(f"  {rest}" for rest in more)):
            out.say(f"       {line}")


def _sign(home: Home, take_id: str, args: argparse.Namespace, out: Output) -> None:
    offer = home.consents.offer(take_id)
    uses = _uses(args.uses, offer)
    out.say(
        _(
            "What you are signing for “{title}”, take {number}, with {studio}:",
            title=offer.title,
            number=offer.number,
            studio=offer.studio.name,
        )
    )
    _say_asked(offer, uses, out)
    out.say()
    require_thought(offer.told(), uses, args.thought_over)
    stated = consent_others.stated(args)
    adviser = args.adviser if args.advised_by != "none" else ""
    home.consents.require_signable(take_id, uses, args.name, adviser=adviser, stated=stated)  # before anybody reads
    aloud = reading_aloud.read(home, args, offer.terms, out) if uses else None
    new = offer.key is not KeyState.DAMAGED and not home.consents.has_key()
    signed = home.consents.sign(
        take_id,
        uses,
        args.name,
        passphrase=lambda: _passphrase(home, take_id),
        representation=args.advised_by,
        adviser=adviser,
        method=METHOD,
        stated=stated,
        aloud=aloud,
    )
    if new:
        out.say(_(_NEW_KEY[home.consents.key_place()[0]]))
    out.say(home.consents.receipt_text(take_id))
    _say_next(home, take_id, out)
    out.document(
        {"take_id": take_id, "record_id": signed.record_id, "uses": sorted(signed.granted())}
        | consent_others.document(signed)
    )


def _say_next(home: Home, take_id: str, out: Output) -> None:
    """What a signed take still needs before it goes."""
    if not home.consents.record(take_id).granted():
        out.say(_("Nothing is allowed, so the take stays here."))
    elif wanting := home.takes.line(take_id).missing:
        facts = {"missing": waits_for(wanting), "take": shlex.quote(take_id)}
        if wanting == (MissingLabel.LABEL,):
            text = N_(
                "Before this take can be sent, it needs {missing}: `perfstudio takes label {take} --meant WORDS`."
            )
        elif wanting == (MissingLabel.OWN_DEVICES,):
            text = N_(
                "This take was made with practice devices. It can go to a practice receiver, once this studio has one "
                "connected. For any other, play the scene with your own camera and microphone."
            )
        else:
            text = N_("Before this take can be sent, it needs {missing}.")
        out.say(_(text, **facts))
    else:
        out.say(_("The next `perfstudio deliver` sends it."))


def _uses(text: str, offer: ConsentOffer) -> frozenset[UseId]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    offered = {use.id.value for use in offer.uses}
    for name in names:
        if name not in offered:
            raise ConsentError(ErrorCode.CONSENT_USE_UNKNOWN, use=name, offered=", ".join(sorted(offered)))
    return frozenset(UseId(name) for name in names)


def _passphrase(home: Home, take_id: str) -> str:
    return passphrase.passphrase(new=not home.consents.has_key())


@contextlib.contextmanager
def _naming_the_file(*, signing: bool) -> Iterator[None]:
    """A passphrase that came from a file and does not fit is told with the file's name."""
    try:
        yield
    except ConsentError as problem:
        named = passphrase.named_file()
        if problem.code is ErrorCode.KEY_PASSPHRASE_WRONG and named:
            raise ConsentError(problem.code, file=named) from None
        if problem.code in _OPTIONS and signing:
            raise ConsentError(problem.code, **problem.facts, option=_OPTIONS[problem.code]) from None
        raise
