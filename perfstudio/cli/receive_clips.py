"""`receive clips`: clips that wait for a partner, and for whom alone."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from perfstudio.cli.output import DONE, Output
from perfstudio.cli.receiver_folder import receiver_in
from perfstudio.language.catalogue import _
from perfstudio.model.errors import DeliveryError, ErrorCode
from perfstudio.receiver.clips import WaitingClips
from perfstudio.receiver.layout import ReceiverLayout
from perfstudio.receiver.tokens import MOST_NAMED, SHARED, Tokens
from perfstudio.texts import clips_waiting as words

PARTS = ("clips",)


def add(parts: Any) -> None:
    """The part `clips` of `receive`."""
    part = parts.add_parser(PARTS[0], help=_("clips that wait for a partner; name the one who may fetch one"))
    part.add_argument("clip", nargs="?", default="", metavar="CLIP", help=_("its id, or the first letters of it"))
    part.add_argument("--folder", type=Path, required=True, metavar="DIR", help=_("where takes arrive"))
    whom = part.add_mutually_exclusive_group()
    whom.add_argument(
        "--to", default=None, metavar="NAME",
        help=_("the one performer who may fetch it, by the name of their token"),
    )  # fmt: skip
    whom.add_argument("--to-nobody", action="store_true", help=_("nobody may fetch it any more"))
    part.set_defaults(wrong_clips=part.error)


def run(args: argparse.Namespace, out: Output) -> int:
    """Say what waits, or name a partner. Raises DeliveryError or LibraryError."""
    if (args.to is not None or args.to_nobody) and not args.clip:
        args.wrong_clips(_("CLIP is missing: which one may be fetched?"))
    with receiver_in(args.folder) as layout:
        clips = WaitingClips(layout)
        if args.to is not None or args.to_nobody:
            _match(layout, clips, args)
        found = [one for one in clips.all() if one.clip_id.startswith(args.clip)]
    if args.clip and not found:
        raise DeliveryError(ErrorCode.CLIP_WAITS_NOT, id=args.clip[:80])
    for record in found:
        out.say(words.for_studio(record))
    if not found:
        out.say(_("No clip waits here."))
    out.document({"clips": [record.to_json() for record in found]})
    return DONE


def _match(layout: ReceiverLayout, clips: WaitingClips, args: argparse.Namespace) -> None:
    clips.match(args.clip, None if args.to_nobody else _performer(layout, clips, args))


def _performer(layout: ReceiverLayout, clips: WaitingClips, args: argparse.Namespace) -> str:
    """The name of a token that is one performer's own, and not the clip's. Raises DeliveryError."""
    tokens = Tokens(layout)
    entries = {entry.name: entry for entry in tokens.entries()}
    name = str(args.to)
    if name != SHARED and name not in entries:
        raise DeliveryError(ErrorCode.TOKEN_NAME_UNKNOWN, known=", ".join(list(entries)[:MOST_NAMED]))
    own = {one.left.clip.performer_id for one in clips.all() if one.clip_id.startswith(args.clip)}
    if name == SHARED or entries[name].decides or entries[name].performer in own:
        raise DeliveryError(ErrorCode.CLIP_NOBODYS_TOKEN, id=name)
    return name
