"""Packs of prompts: import, validate, list."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from perfstudio.cli.home_option import open_home
from perfstudio.cli.output import DONE, Output, table
from perfstudio.cli.warnings import say_warnings, warnings_document
from perfstudio.consent.warnings import findings
from perfstudio.language.catalogue import _
from perfstudio.packs.reader import read_pack
from perfstudio.packs.reserved import refuse_claim
from perfstudio.resources import asset
from perfstudio.session.home import Home
from perfstudio.texts.formatting import count
from perfstudio.texts.states import scene_state


def add(parser: argparse.ArgumentParser) -> None:
    """Sub-verbs of `packs`."""
    verbs = parser.add_subparsers(dest="packs_verb", required=True, metavar="WHAT")
    for name, text in (("import", _("bring a pack in")), ("validate", _("say whether a pack is sound"))):
        verb = verbs.add_parser(name, help=text)
        verb.add_argument("file", type=Path)
    verbs.add_parser("list", help=_("packs and their prompts"))


def run(args: argparse.Namespace, out: Output) -> int:
    """Run the sub-verb."""
    if args.packs_verb == "validate":
        return _validate(args.file, out)
    with open_home(args) as home:
        return _import(args.file, home, out) if args.packs_verb == "import" else _list(home, out)


def _import(file: Path, home: Home, out: Output) -> int:
    view = home.scenes.import_pack(file)
    prompts = count(len(view.cards), "prompt")
    out.say(_("{title} {version} is in: {prompts}.", title=view.title, version=view.version, prompts=prompts))
    out.document({"pack": view.id, "version": view.version, "prompts": len(view.cards)})
    return DONE


def _list(home: Home, out: Output) -> int:
    packs = home.scenes.packs()
    for view in packs:
        facts = {"title": view.title, "version": view.version, "id": view.id, "studio": view.studio.name}
        out.say(_("{title} {version} ({id}), from {studio}", **facts))
        rows = [(f"  {c.prompt.id}", c.prompt.title, c.brief.name, scene_state(c.state)) for c in view.cards]
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
    prompts = count(len(pack.prompts), "prompt")
    out.say(_("{title} {version} is sound: {prompts}.", title=pack.title, version=pack.version, prompts=prompts))
    told: dict[str, list[dict[str, Any]]] = {}
    for terms in pack.terms:
        warned = findings(pack.uses, terms, pack.pay, language=pack.language)
        told[terms.language] = warnings_document(warned)
        if warned or terms.language.split("-")[0] != "en":
            out.say(_("Before they sign, performers who read it in “{language}” are told:", language=terms.language))
            say_warnings(warned, out, language=terms.language)
    facts = {"pack": pack.id, "version": pack.version, "prompts": len(pack.prompts), "sha256": found.sha256}
    out.document({**facts, "warnings": told})
    return DONE
