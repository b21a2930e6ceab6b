"""The signing key: look at it, put a new one in its place, lay a lost one aside.

`change` and `lost` ask first. The passphrase of a key file comes from the terminal, or from PERFSTUDIO_PASSPHRASE_FILE
in scripts.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from perfstudio.cli import passphrase
from perfstudio.cli.asking import says_yes
from perfstudio.cli.home_option import open_home
from perfstudio.cli.output import DONE, REASON, Output
from perfstudio.language.catalogue import _
from perfstudio.model.errors import ConsentError, ErrorCode
from perfstudio.model.jws import fingerprint
from perfstudio.session.home import Home
from perfstudio.session.key_changing import ChangedKey
from perfstudio.texts import signing_keys as words
from perfstudio.texts.formatting import day_and_clock, here

_LOST = (ErrorCode.KEY_PASSPHRASE_WRONG, ErrorCode.KEY_UNAVAILABLE, ErrorCode.KEY_DAMAGED)
"""What a key that is lost looks like."""


def add(parser: argparse.ArgumentParser) -> None:
    """Sub-verbs of `keys`."""
    verbs = parser.add_subparsers(dest="keys_verb", required=True, metavar="WHAT")
    verbs.add_parser("show", help=_("show the fingerprint of your signing key, where it is kept, and earlier keys"))
    change = verbs.add_parser(
        "change", help=_("replace the current key with a new one; signing that is the old key's last act")
    )
    lost = verbs.add_parser("lost", help=_("set a lost key aside; your next signature makes a new one"))
    for verb in (change, lost):
        verb.add_argument("--yes", action="store_true", help=_("do it without asking"))
    change.add_argument(
        "--new-passphrase-file",
        type=Path,
        metavar="FILE",
        help=_("a file with the passphrase of the new key; in scripts, the old key's passphrase is used without it"),
    )


def run(args: argparse.Namespace, out: Output) -> int:
    """Run the sub-verb."""
    with open_home(args) as home:
        if args.keys_verb == "show":
            _show(home, out)
            return DONE
        own = home.keys.require_made()
        for line in _before(home) if args.keys_verb == "change" else words.before_laying_aside():
            out.say(line)
        if not (args.yes or _agreed(out)):
            out.document({"changed": False})
            return REASON
        if args.keys_verb == "lost":
            own = home.keys.lay_aside()
            out.say(words.laid_aside(own))
            out.document({"changed": True, "before": fingerprint(own)})
        else:
            _change(home, args.new_passphrase_file, out)
    return DONE


def _before(home: Home) -> tuple[str, ...]:
    away = words.away(home.keys.away())
    return (*words.before(), away) if away else words.before()


def _change(home: Home, new_passphrase: Path | None, out: Output) -> None:
    try:
        changed = home.keys.change(lambda: passphrase.passphrase(new=False), lambda: passphrase.another(new_passphrase))
    except ConsentError as problem:
        if problem.code in _LOST:
            out.warn(_(words.LOST))
        raise
    for line in words.after(changed):
        out.say(line)
    out.document({"changed": True, **_facts(changed)})


def _agreed(out: Output) -> bool:
    nobody = _("Nothing was changed. Where nobody can be asked, add --yes.")
    return says_yes(_("Continue? Type yes: "), out, nobody=nobody, no=_("Nothing was changed."))


def _show(home: Home, out: Output) -> None:
    own, place = home.keys.own(), home.keys.place()
    out.say(words.now(own.current, place.value))
    for change in reversed(own.changes):
        facts = {"key": fingerprint(change.public_key or ""), "when": day_and_clock(here(change.at))}
        out.say("  " + _("{key} signed until {when}", **facts))
    for key in sorted(own.laid_aside):
        out.say("  " + _("{key} was set aside", key=fingerprint(key)))
    out.document(
        {
            "key": {"public_key": own.current, "fingerprint": fingerprint(own.current)} if own.current else None,
            "place": place.value,
            "changes": [change.to_json() for change in own.changes],
            "laid_aside": sorted(own.laid_aside),
        }
    )


def _facts(changed: ChangedKey) -> dict[str, object]:
    return {
        "public_key": changed.change.new_key,
        "fingerprint": changed.fingerprint,
        "before": fingerprint(changed.change.public_key or ""),
        "records": changed.records,
        "old_left": changed.old_left,
    }
