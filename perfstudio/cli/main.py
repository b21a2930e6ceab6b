"""The command line's frame: options that all verbs share, dispatch, and the one place where errors become sentences."""

from __future__ import annotations

import argparse
import signal
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from perfstudio import __version__
from perfstudio.cli import options, terminal
from perfstudio.cli.opened import opened
from perfstudio.cli.output import REASON, Output
from perfstudio.cli.usage import Parser
from perfstudio.language.catalogue import Messages, _, preferred, speak
from perfstudio.model.errors import PerfstudioError

Run = Callable[[argparse.Namespace, Output], int]

VERBS: Messages[dict[str, str]] = {
    "demo": "the whole job, start to finish, with practice devices",
    "doctor": "what works on this computer, and what to do about the rest",
    "devices": "cameras and microphones with stable ids, names and formats",
    "packs": "packs of prompts: import, validate, list",
    "record": "record one take without a window",
    "calibrate": "bring picture and sound into sync for a camera and microphone, with claps or a test pattern",
    "takes": "takes in the library: list, show, keep, bin, restore, circle, label, note, recover",
    "clips": "clips for and from partners: let one wait at a studio, take it back, fetch what waits, list",
    "check": "run every check on a take folder or any media file",
    "consent": "consent: show, sign, take back, give again, see what you gave to whom; its receipt: export, verify",
    "ledger": "what became of each take I gave, and what it pays by the pack's own terms",
    "keys": "my signing key: show it, change it, set a lost one aside",
    "export": "copy everything of mine to a folder: takes, papers, receipts, who I am; every file is read back",
    "connect": "accept a studio's invitation; it shows who invites you first",
    "links": "whether this computer opens invitation links, packs and clips with perfstudio: show, register, remove",
    "partners": "partners you do not play with again: show, block, unblock, report one to a studio",
    "duet": "test the connection to a partner at another computer, and compare four words with them",
    "deliver": "send what is accepted and fetch what studios decided; picks up where it stopped",
    "verify": "verify a take bundle: hashes, schema, signature, consent chain and sync",
    "receive": "the receiving end, for one small studio",
    "rebuild": "rebuild the list of takes from the take folders",
    "self-test": "record three practice seconds through the whole chain",
}
"""Verbs and their help. The module of a verb (`perfstudio.cli.verbs.<verb>`, with `add` and `run`) is loaded only when
it is typed, so that a quick verb does not wait for media libraries."""


def run(argv: Sequence[str]) -> int:
    """Parse, do, and say what went wrong in one line. Never a traceback for an expected failure, or for a terminal."""
    terminal.prepare()
    speak(*preferred())
    try:
        try:
            return _run(argv)
        finally:
            terminal.finish()
    except terminal.OutputEndedError as ended:
        if ended.full:
            terminal.note(_(terminal.NOT_WRITTEN) + "\n")
        terminal.abandon()
        return REASON


def _run(argv: Sequence[str]) -> int:
    shared = _shared()
    everywhere, rest = shared.parse_known_args(argv)  # --home and --json may stand anywhere, also behind a sub-verb
    try:
        everywhere.opened, rest = opened(argv, rest)
    except PerfstudioError as problem:
        return _refused(problem)
    args = _parser(rest, shared).parse_args(rest, everywhere)
    for name, value in vars(args).items():
        setattr(args, name, options.text(value) if isinstance(value, str) else value)  # a path stays as it is
    out = Output(as_json=args.json)
    try:
        verb: Run = _module(args.verb).run
        return verb(args, out)
    except PerfstudioError as problem:
        out.progress_done()
        return _refused(problem, args.verb)
    except KeyboardInterrupt:
        out.progress_done()
        out.warn(_("Stopped."))
        return 128 + signal.SIGINT
    except terminal.OutputEndedError:
        raise
    except Exception as unexpected:  # noqa: BLE001 - the last net, see there
        from perfstudio.cli.net import caught  # noqa: PLC0415 - loads when it is needed

        out.progress_done()
        return _refused(caught(unexpected, args.home), args.verb)


def _refused(problem: PerfstudioError, verb: str = "window") -> int:
    """Say why nothing came of it; of the window so that it is seen without a terminal, too."""
    from perfstudio.session.device_access import settings_page  # noqa: PLC0415 - words load when there is a need
    from perfstudio.texts.error_permissions import in_settings  # noqa: PLC0415 - as above
    from perfstudio.texts.errors import sentence  # noqa: PLC0415 - as above
    from perfstudio.texts.template import sentences  # noqa: PLC0415 - as above

    said = sentences(sentence(problem), in_settings(settings_page(problem)))
    if verb == "window":
        from perfstudio.cli.verbs.window import refuse  # noqa: PLC0415 - as above

        refuse(said)
    else:
        terminal.note(said + "\n")
    return REASON


def whole_parser() -> argparse.ArgumentParser:
    """The parser with every verb set up: what manual page and completion of a shell are made from."""
    return _parser(list(VERBS), _shared())


def _shared() -> argparse.ArgumentParser:
    shared = Parser(prog="perfstudio", add_help=False)
    shared.add_argument("--home", type=Path, metavar="DIR", help=_("where perfstudio keeps everything"))
    shared.add_argument("--json", action="store_true", help=_("print one JSON document"))
    return shared


def _parser(argv: Sequence[str], shared: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser = Parser(
        prog="perfstudio",
        parents=[shared],
        description=_(
            "Record improvised performances at home. Without a command, the window opens; give a FILE.perfpack instead "
            "and the window shows it."
        ),
    )
    parser.add_argument(
        "--version",
        action="version",
        version=f"perfstudio {__version__}",
        help=_("show program's version number and exit"),
    )
    parser.add_argument("--practice", action="store_true", help=_("built-in devices and a receiver on this computer"))
    parser.set_defaults(verb="window")
    verbs = parser.add_subparsers(metavar="VERB", parser_class=_VerbParser)
    for name, words in VERBS.items():
        said, typed = _(words), name in argv
        verb = verbs.add_parser(
            name, help=said, description=_("{help}.", help=said[:1].upper() + said[1:]), typed=typed
        )
        if typed:
            verb.set_defaults(verb=name)
            _module(name).add(verb)
    return parser


class _VerbParser(Parser):
    """Of a verb that was not typed nobody asks more than its name and its help: its parser is never set up."""

    def __init__(self, *, typed: bool = True, **options: Any) -> None:
        if typed:
            super().__init__(**options)


def _module(verb: str) -> ModuleType:
    return import_module(f"perfstudio.cli.verbs.{verb.replace('-', '_')}")
