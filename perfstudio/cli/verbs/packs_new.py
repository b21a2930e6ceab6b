"""`packs new`: a pack out of a table of prompts."""

from __future__ import annotations

import argparse
from pathlib import Path

from perfstudio.cli.output import DONE, Output
from perfstudio.language.catalogue import _
from perfstudio.packs.gaps import gaps
from perfstudio.packs.table_cells import is_encoding
from perfstudio.session.headless.new_pack import NewPack, NewStudio, new_pack
from perfstudio.texts.formatting import chain, count
from perfstudio.texts.pack_gaps import gaps_line


def add(verb: argparse.ArgumentParser) -> None:
    """Options of `packs new`."""
    verb.set_defaults(wrong_usage=verb.error)
    verb.add_argument("folder", type=Path, help=_("a folder that does not exist yet, or is empty"))
    verb.add_argument(
        "--csv", type=Path, required=True, metavar="FILE",
        help=_("one scene per row; the columns situation and ends_when are enough"),
    )  # fmt: skip
    verb.add_argument(
        "--encoding", type=_encoding, metavar="NAME",
        help=_("the table's encoding, such as cp1250 or shift_jis; UTF-8, UTF-16 and Windows-1252 are recognised "
            "without it"),
    )  # fmt: skip
    verb.add_argument("--like", type=Path, metavar="PACK", help=_("a pack whose studio, terms and uses are copied"))
    verb.add_argument("--studio", metavar="NAME", help=_("the studio, if --like does not name it"))
    verb.add_argument("--legal-name", metavar="NAME", help=_("the studio's legal name"))
    verb.add_argument("--contact", metavar="TEXT", help=_("how to contact the studio"))
    verb.add_argument("--title", default="", help=_("the pack's title; by default the folder's name"))
    verb.add_argument("--id", default="", help=_("the pack's id; by default made from the folder's name"))
    verb.add_argument("--pack-version", default="1.0", metavar="N", help=_("the pack's version (1.0)"))


def run(args: argparse.Namespace, out: Output) -> int:
    """Make it, and say what it leaves unsaid."""
    studio = None
    if args.like is None:
        if not (args.studio and args.contact):
            args.wrong_usage(_("say which studio it is: use --studio and --contact, or --like with one of its packs"))
        studio = NewStudio(args.studio, args.legal_name or args.studio, args.contact)
    wanted = NewPack(
        args.folder, args.csv, args.like, studio, args.title, args.id, args.pack_version, args.encoding or ""
    )
    made = new_pack(wanted)
    pack, table = made.file.pack, made.table
    prompts = count(len(pack.prompts), "prompt")
    out.say(_("{title} {version} was made: {prompts}.", title=pack.title, version=pack.version, prompts=prompts))
    if table.encoding == "cp1252" and not args.encoding:
        out.say(_("{file} is not UTF-8 and was read as Windows-1252. Check accents and quotes.", file=table.file))
    if table.passed_over:
        columns = chain(f"“{name}”" for name in table.passed_over)
        out.say(_("Columns perfstudio does not know were skipped: {columns}.", columns=columns))
    if made.first_terms:
        out.say(_("Its terms allow {studio} to keep and watch takes, and nothing else. Read them before you send the "
            "pack out.",
                  studio=pack.studio.name))  # fmt: skip
    if unsaid := gaps(made.file):
        out.say(gaps_line(unsaid))
    facts = {"pack": pack.id, "version": pack.version, "prompts": len(pack.prompts), "folder": str(args.folder)}
    missing = {gap.value: list(scenes) for gap, scenes in unsaid.items()}
    out.document({**facts, "encoding": table.encoding, "passed_over": list(table.passed_over), "missing": missing})
    return DONE


def _encoding(text: str) -> str:
    if not is_encoding(text):
        raise argparse.ArgumentTypeError(
            _("must be an encoding known here, such as utf-8, not “{typed}”", typed=text[:40])
        )
    return text
