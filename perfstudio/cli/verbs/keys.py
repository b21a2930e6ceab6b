"""The signing key: look at it, and put a new one in its place.

`change` asks first. The passphrase of a key file comes from the terminal, or from PERFSTUDIO_PASSPHRASE_FILE in scripts.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from perfstudio.cli import passphrase, terminal
from perfstudio.cli.home_option import open_home
from perfstudio.cli.output import DONE, REASON, Output
from perfstudio.language.catalogue import _
from perfstudio.model.jws import fingerprint
from perfstudio.session.home import Home
from perfstudio.session.key_changing import ChangedKey
from perfstudio.texts import signing_keys as words
from perfstudio.texts.formatting import day_and_clock


def add(parser: argparse.ArgumentParser) -> None:
    """Sub-verbs of `keys`."""
    verbs = parser.add_subparsers(dest="keys_verb", required=True, metavar="WHAT")
    verbs.add_parser("show", help=_("the fingerprint of your signing key, where it lies, and the ones before it"))
    change = verbs.add_parser("change", help=_("a new key in place of the one in use, which signs that as its last"))
    change.add_argument("--yes", action="store_true", help=_("change it without asking"))
    change.add_argument(
        "--new-passphrase-file",
        type=Path,
        metavar="FILE",
        help=_("holds the passphrase of the new key; without it, it is the one of the old key in scripts"),
    )


def run(args: argparse.Namespace, out: Output) -> int:
    """Run the sub-verb."""
    with open_home(args) as home:
        if args.keys_verb == "show":
            _show(home, out)
            return DONE
        home.keys.require_made()
        for line in words.before():
            out.say(line)
        if not (args.yes or _agreed()):
            out.say(_("Nothing was changed."))
            out.document({"changed": False})
            return REASON
        changed = home.keys.change(
            lambda: passphrase.passphrase(new=False), lambda: passphrase.another(args.new_passphrase_file)
        )
    for line in words.after(changed):
        out.say(line)
    out.document({"changed": True, **_facts(changed)})
    return DONE


def _agreed() -> bool:
    if not terminal.asks():
        return False
    return terminal.yes(_("Change the key?"))


def _show(home: Home, out: Output) -> None:
    own, place = home.keys.own(), home.keys.place()
    for line in words.now(own.current, place.value):
        out.say(line)
    for change in reversed(own.changes):
        facts = {"key": fingerprint(change.public_key or ""), "when": day_and_clock(change.at.astimezone())}
        out.say("  " + _("{key} signed until {when}", **facts))
    out.document(
        {
            "key": {"public_key": own.current, "fingerprint": fingerprint(own.current)} if own.current else None,
            "place": place.value,
            "changes": [change.to_json() for change in own.changes],
        }
    )


def _facts(changed: ChangedKey) -> dict[str, object]:
    return {
        "public_key": changed.change.new_key,
        "fingerprint": changed.fingerprint,
        "before": fingerprint(changed.change.public_key or ""),
        "records": changed.records,
    }
