"""Packs of prompts: import, validate, list."""

from __future__ import annotations

import argparse
from pathlib import Path

from perfstudio.cli.home_option import open_home
from perfstudio.cli.output import DONE, Output, table
from perfstudio.packs.reader import read_pack
from perfstudio.packs.reserved import refuse_claim
from perfstudio.resources import asset
from perfstudio.texts.formatting import count


def add(parser: argparse.ArgumentParser) -> None:
    """Sub-verbs of `packs`."""
    verbs = parser.add_subparsers(dest="packs_verb", required=True, metavar="WHAT")
    for name, text in (("import", "bring a pack in"), ("validate", "say whether a pack is sound")):
        verb = verbs.add_parser(name, help=text)
        verb.add_argument("file", type=Path)
    verbs.add_parser("list", help="packs and their prompts")


def run(args: argparse.Namespace, out: Output) -> int:
    """Do it."""
    if args.packs_verb == "validate":
        return _validate(args.file, out)
    with open_home(args) as home:
        if args.packs_verb == "import":
            view = home.scenes.import_pack(args.file)
            out.say(f"{view.title} {view.version} is in: {count(len(view.cards), 'prompt')}.")
            out.document({"pack": view.id, "version": view.version, "prompts": len(view.cards)})
            return DONE
        packs = home.scenes.packs()
        for view in packs:
            out.say(f"{view.title} {view.version} ({view.id}), from {view.studio.name}")
            rows = [(f"  {c.prompt.id}", c.prompt.title, c.brief.name, c.state.value) for c in view.cards]
            for line in table(rows):
                out.say(line)
        out.document(
            [
                {
                    "pack": view.id,
                    "version": view.version,
                    "title": view.title,
                    "studio": view.studio.name,
                    "prompts": [
                        {"prompt": c.prompt.id, "title": c.prompt.title, "takes": c.takes, "state": c.state.value}
                        for c in view.cards
                    ],
                }
                for view in packs
            ]
        )
    return DONE


def _validate(file: Path, out: Output) -> int:
    found = read_pack(file)
    refuse_claim(found, read_pack(asset("packs", "practice")), file.name)
    pack = found.pack
    out.say(f"{pack.title} {pack.version} is sound: {count(len(pack.prompts), 'prompt')}.")
    out.document({"pack": pack.id, "version": pack.version, "prompts": len(pack.prompts), "sha256": found.sha256})
    return DONE
