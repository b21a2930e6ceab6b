"""Packs of prompts: import, validate, list, show."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from perfstudio.cli.home_option import open_home
from perfstudio.cli.output import DONE, REASON, Output, table
from perfstudio.cli.verbs import packs_new, packs_show
from perfstudio.cli.warnings import say_warnings, warnings_document
from perfstudio.consent.read_language import Unread, unread
from perfstudio.consent.warnings import findings
from perfstudio.language.catalogue import _
from perfstudio.model.errors import PackError
from perfstudio.model.jws import fingerprint
from perfstudio.packs.bundled import bundled_folders, bundled_packs
from perfstudio.packs.gaps import gaps
from perfstudio.packs.pack_store import PackStore
from perfstudio.packs.reader import read_pack
from perfstudio.packs.reserved import refuse_claim
from perfstudio.session.headless.sign_pack import sign_pack
from perfstudio.session.home import Home
from perfstudio.session.pack_media import first_unfit
from perfstudio.session.views import PackView, SceneCard
from perfstudio.texts.errors import sentence
from perfstudio.texts.formatting import count, listing
from perfstudio.texts.pack_author import acceptance, author_line
from perfstudio.texts.pack_gaps import gaps_line
from perfstudio.texts.scenes import left_out
from perfstudio.texts.states import scene_state


def add(parser: argparse.ArgumentParser) -> None:
    """Sub-verbs of `packs`."""
    verbs = parser.add_subparsers(dest="packs_verb", required=True, metavar="WHAT")
    for name, text in (("import", _("import a pack")), ("validate", _("check whether a pack is valid"))):
        verb = verbs.add_parser(name, help=text)
        verb.add_argument("file", type=Path)
        if name == "import":
            verb.add_argument(
                "--accept",
                metavar="KEY",
                help=_("accept a pack that may not come from its studio: the key that signed it, or “unsigned”"),
            )
    packs_new.add(verbs.add_parser("new", help=_("make a pack from a table of prompts")))
    verbs.add_parser("list", help=_("list packs and their prompts"))
    packs_show.add(verbs.add_parser("show", help=_("show one scene, as its player reads it")))
    sign = verbs.add_parser("sign", help=_("sign the pack in a folder, as its studio"))
    sign.add_argument("folder", type=Path)
    sign.add_argument(
        "--key", type=Path, required=True, help=_("the studio's key: a studio-key.json, or a receiver's folder")
    )
    sign.add_argument("--new-key", action="store_true", help=_("make that file first, with a new key"))


def run(args: argparse.Namespace, out: Output) -> int:
    """Run the sub-verb."""
    if args.packs_verb == "validate":
        return _validate(args.file, out)
    if args.packs_verb == "new":
        return packs_new.run(args, out)
    if args.packs_verb == "show":
        return packs_show.run(args, out)
    if args.packs_verb == "sign":
        return _sign(args, out)
    with open_home(args) as home:
        return _import(args, home, out) if args.packs_verb == "import" else _list(home, out)


def _sign(args: argparse.Namespace, out: Output) -> int:
    signed = sign_pack(args.folder, args.key, new_key=args.new_key)
    pack = signed.pack
    named = {"title": pack.title, "version": pack.version, "key": signed.fingerprint}
    out.say(_("{title} {version} is signed with the key {key}.", **named))
    out.say(
        _(
            "Zip the folder as a .perfpack. From now on, anybody who knows the studio by this key is warned about a "
            "pack without it."
        )
    )
    facts = {"pack": pack.id, "version": pack.version, "file": str(signed.file)}
    out.document({**facts, "public_key": signed.public_key, "fingerprint": signed.fingerprint})
    return DONE


def _import(args: argparse.Namespace, home: Home, out: Output) -> int:
    try:
        view = home.scenes.import_pack(args.file, accept=args.accept)
    except PackError as problem:
        accept = acceptance(problem)
        if accept is None:
            raise
        out.warn(sentence(problem))
        out.say(_("To import it anyway, add: --accept {key}", key=f'"{accept}"'))
        out.document({"code": problem.code.value, **problem.facts, "accept": accept})
        return REASON
    if line := author_line(view):
        out.say(f"{line}.")
    prompts = count(len(view.cards) + view.left_out.scenes, "prompt")
    out.say(_("{title} {version} is imported: {prompts}.", title=view.title, version=view.version, prompts=prompts))
    if hidden := left_out(view.left_out):
        out.say(hidden)
    out.document({"pack": view.id, "version": view.version, "prompts": len(view.cards) + view.left_out.scenes})
    return DONE


def _list(home: Home, out: Output) -> int:
    packs = home.scenes.packs()
    for view in packs:
        facts = {"title": view.title, "version": view.version, "id": view.id, "studio": view.studio.name}
        out.say(_("{title} {version} ({id}), from {studio}", **facts))
        if line := author_line(view):
            out.say(f"  {line}")
        for line in _scenes(view):
            out.say(line)
        if hidden := left_out(view.left_out):
            out.say(f"  {hidden}")
    out.document(
        [
            {
                "pack": view.id,
                "version": view.version,
                "title": view.title,
                "studio": view.studio.name,
                "author": view.author.value,
                "signed_by": view.signed_by,
                "prompts": [
                    {
                        "prompt": c.prompt.id,
                        "title": c.prompt.title,
                        "takes": c.takes,
                        "state": c.state.value,
                        "roles": [role.id for role in c.scene.roles],
                        "languages": list(c.scene.languages),
                        "content_tags": None if c.scene.tags is None else list(c.scene.tags),
                    }
                    for c in view.cards
                ],
                "left_out": view.left_out.scenes,
            }
            for view in packs
        ]
    )
    return DONE


def _scenes(view: PackView) -> Iterator[str]:
    """The scenes of a pack, section by section."""
    rows = [(f"  {c.prompt.id}", c.prompt.title, _played_by(c), scene_state(c.state)) for c in view.cards]
    lines = iter(table(rows))
    for section, cards in groupby(view.cards, key=lambda card: card.scene.section):
        if section is not None:
            yield f"  {section.title}:"
        yield from (next(lines) for _card in cards)


def _played_by(card: SceneCard) -> str:
    return card.character or listing(role.name for role in card.scene.roles)


def _validate(file: Path, out: Output) -> int:
    found = read_pack(file)
    refuse_claim(found, bundled_packs(), file.name)
    pack = found.pack
    if pack.media:  # an import that nobody keeps: so the media are opened as well
        with tempfile.TemporaryDirectory() as folder:
            PackStore(Path(folder) / "packs", bundled_folders(), first_unfit).import_pack(file)
    prompts = count(len(pack.prompts), "prompt")
    out.say(_("{title} {version} is valid: {prompts}.", title=pack.title, version=pack.version, prompts=prompts))
    unsaid = gaps(found)
    if unsaid:
        out.say(gaps_line(unsaid))
    if found.signed_by:
        out.say(_("It is signed with the key {key}.", key=fingerprint(found.signed_by)))
    told: dict[str, list[dict[str, Any]]] = {}
    not_read: dict[str, Unread | None] = {}
    for terms in pack.terms:
        warned = findings(pack.uses, terms, pack.pay, language=pack.language)
        told[terms.language] = warnings_document(warned)
        not_read[terms.language] = unread(terms, pack.uses, language=pack.language)
        if warned or not_read[terms.language]:
            out.say(_("Before they sign, performers who read it in “{language}” will see:", language=terms.language))
            say_warnings(warned, out, unread=not_read[terms.language])
    facts = {"pack": pack.id, "version": pack.version, "prompts": len(pack.prompts), "sha256": found.sha256}
    facts["signed_by"] = fingerprint(found.signed_by) if found.signed_by else ""
    missing = {gap.value: list(scenes) for gap, scenes in unsaid.items()}
    out.document({**facts, "missing": missing, "warnings": told, "warnings_unread": not_read})
    return DONE
