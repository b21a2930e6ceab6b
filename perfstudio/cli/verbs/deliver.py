"""Send what is accepted; goes on where it stopped.

A studio is named by its id, or by the address or file of its studio.json. The token is asked for once and kept in the
system's keyring; scripts give it with --token-file.
"""

from __future__ import annotations

import argparse
import getpass
import math
import sys
from pathlib import Path

from perfstudio.cli.homes import open_home
from perfstudio.cli.output import DONE, REASON, Output
from perfstudio.delivery.tokens import Kept
from perfstudio.model.delivery import DeliveryState, Receipt, SignIn, Studio
from perfstudio.model.errors import DeliveryError, ErrorCode, PerfstudioError
from perfstudio.session.home import Home
from perfstudio.session.posting import Posting
from perfstudio.words.errors import sentence
from perfstudio.words.numbers import count, percent, size

ONCE_S = 30.0


def add(parser: argparse.ArgumentParser) -> None:
    """Options of `deliver`."""
    parser.add_argument("--studio", metavar="ID", help="a studio's id, or the address or file of its studio.json")
    parser.add_argument("--take", metavar="TAKE", help="only this take")
    parser.add_argument("--token-file", type=Path, metavar="FILE", help="the token that the studio gave you")
    parser.add_argument("--wait", action="store_true", help="keep trying until everything has arrived")


def run(args: argparse.Namespace, out: Output) -> int:
    """Send, say what arrived."""
    with open_home(args) as home:
        posting = Posting(home.library, home.paths)
        try:
            return _run(args, home, posting, out)
        finally:
            posting.close()


def _run(args: argparse.Namespace, home: Home, posting: Posting, out: Output) -> int:
    studio = _studio(args.studio, posting)
    _sign_in(args.token_file, studio, posting, out)
    takes = (home.takes.find(args.take),) if args.take else posting.ready()
    arrived: list[Receipt] = []
    left: list[tuple[str, PerfstudioError]] = []
    for take_id in takes:
        try:
            receipt = _send(take_id, studio, posting, wait=args.wait, out=out)
        except PerfstudioError as problem:
            out.progress_done()
            out.warn(f"{home.takes.line(take_id).title}: {sentence(problem)}")
            left.append((take_id, problem))
        else:
            arrived.append(receipt)
            _say(home, receipt, out)
    if not takes:
        out.say("Nothing waits. A take leaves once it is kept, labelled and signed.")
    out.document(
        {
            "studio": studio.id,
            "delivered": [receipt.to_json() for receipt in arrived],
            "left": [{"take_id": take_id, "code": problem.code.value} for take_id, problem in left],
        }
    )
    return REASON if left else DONE


def _send(take_id: str, studio: Studio, posting: Posting, *, wait: bool, out: Output) -> Receipt:
    total = posting.bundle(take_id, studio.id).size

    def progress(state: DeliveryState, sent: int) -> None:
        out.progress(f"{state.value} {percent(sent / max(1, total))} of {size(total)}")

    receipt = posting.send(take_id, studio, progress=progress, patience_s=math.inf if wait else ONCE_S)
    out.progress_done()
    return receipt


def _say(home: Home, receipt: Receipt, out: Output) -> None:
    line = home.takes.line(receipt.take_id)
    how = "every hash confirmed by the receiver" if receipt.state == "accepted" else "every byte sent"
    out.say(f"{line.title}, take {line.number}: {count(len(receipt.files), 'file')}, {how}.")


def _studio(name: str | None, posting: Posting) -> Studio:
    known = posting.studios.all()
    if name is None:
        if len(known) == 1:
            return known[0]
        raise DeliveryError(ErrorCode.STUDIO_UNKNOWN, studio="")
    if "/" in name or name.endswith(".json"):
        return posting.connect(name)
    return posting.studios.get(name)


def _sign_in(file: Path | None, studio: Studio, posting: Posting, out: Output) -> None:
    if studio.sign_in is not SignIn.TOKEN:
        return
    token = file.read_text("utf-8").strip() if file else None
    if token is None and posting.token(studio) is None and sys.stdin.isatty():
        token = getpass.getpass(f"Token for {studio.name}: ")
    if token and posting.sign_in(studio, token) is not Kept.KEYRING:
        out.warn("There is no keyring here. The token is kept until this command ends.")
