"""Takes in the library: list, show, keep, bin, restore, circle, label, played, note, clip, recover."""

from __future__ import annotations

import argparse

from perfstudio.cli import options
from perfstudio.cli.home_option import open_home
from perfstudio.cli.output import DONE, REASON, Output, table
from perfstudio.cli.reports import say_checks, take_document
from perfstudio.cli.studio_news import say_pairs, say_ruling
from perfstudio.cli.verbs import takes_clip, takes_played
from perfstudio.language.catalogue import Messages, _
from perfstudio.model.errors import ErrorCode, LibraryError
from perfstudio.model.labels import Labels
from perfstudio.model.prompt import Intensity
from perfstudio.model.reading import value_of
from perfstudio.model.strict_json import JsonProblemError
from perfstudio.model.take import TakeManifest, TakeState
from perfstudio.model.take_2 import TakeManifest2
from perfstudio.session.home import Home
from perfstudio.session.takes.partner_clips import PartnerClips
from perfstudio.session.takes.recovery import recover_unsealed
from perfstudio.session.views import TakeLine
from perfstudio.texts.clips import went
from perfstudio.texts.damage import broken
from perfstudio.texts.errors import sentence
from perfstudio.texts.formatting import chain, duration, listing, size
from perfstudio.texts.partner import written
from perfstudio.texts.states import state_of, waits_for
from perfstudio.texts.template import one_line, quoted

_SCALES: Messages[dict[str, str]] = {
    "valence": "how pleasant it felt (valence)",
    "arousal": "how much energy you felt (arousal)",
    "dominance": "how much in control you felt (dominance)",
    "authenticity": "how true it was: 1 is put on, 9 is true",
    "meant_valence": "how pleasant the character was meant to feel",
    "meant_arousal": "how much energy the character was meant to have",
    "meant_dominance": "how much in control the character was meant to be",
}


def add(parser: argparse.ArgumentParser) -> None:
    """Sub-verbs of `takes`."""
    verbs = parser.add_subparsers(dest="takes_verb", required=True, metavar="WHAT")
    listing = verbs.add_parser("list", help=_("list all takes, newest first"))
    listing.add_argument("--bin", action="store_true", help=_("list what is in the bin instead"))
    for name, text in (
        ("show", _("show everything about one take")),
        ("keep", _("keep it")),
        ("bin", _("put it in the bin")),
        ("restore", _("take it out of the bin")),
        ("circle", _("prefer it over the other takes of its prompt")),
        ("label", _("say in your own words what you played")),
        ("played", _("say in which language, accent and age you played it")),
        ("note", _("write a note to yourself")),
        ("clip", _("make a clip of it that a partner plays to")),
    ):
        verb = verbs.add_parser(name, help=text)
        verb.add_argument("take", help=_("an id, the start of one, or prompt/number"))
        if name == "label":
            _label_options(verb)
        if name == "played":
            takes_played.add(verb)
        if name == "clip":
            takes_clip.add(verb)
        if name == "note":
            verb.add_argument("text")
    verbs.add_parser("recover", help=_("turn interrupted recordings into takes"))


def _label_options(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--meant", required=True, metavar="A,B", help=_("what you meant to play"))
    verb.add_argument("--intensity", choices=[i.value for i in Intensity])
    for scale, text in _SCALES.items():
        verb.add_argument(f"--{scale.replace('_', '-')}", type=options.scale, metavar="1-9", help=_(text))
    verb.add_argument("--held", choices=["all_the_way", "slipped"], help=_("whether the character held"))
    verb.add_argument("--words", default="", help=_("one line in your own words"))


def run(args: argparse.Namespace, out: Output) -> int:
    """Run the sub-verb."""
    with open_home(args) as home:
        if args.takes_verb == "list":
            return _list(home, args, out)
        if args.takes_verb == "recover":
            return _recover(home, out)
        take_id = home.takes.find(args.take)
        if args.takes_verb == "show":
            return _show(home, take_id, out)
        if args.takes_verb == "clip":
            return takes_clip.run(home, take_id, args, out)
        _change(home, take_id, args)
        line = home.takes.line(take_id)
        out.say(_("{take}: {state}.", take=_named(line), state=_standing(line)))
        if args.takes_verb in {"label", "played", "note"}:
            _say_words(home.takes.manifest(take_id), out)
        out.document(take_document(home.takes.manifest(take_id), line))
    return DONE


def _change(home: Home, take_id: str, args: argparse.Namespace) -> None:
    match args.takes_verb:
        case "keep":
            home.takes.keep(take_id)
        case "bin":
            home.takes.bin(take_id)
        case "restore":
            home.takes.restore(take_id)
        case "circle":
            home.takes.circle(take_id)
        case "note":
            home.takes.note(take_id, args.text)
        case "label":
            home.takes.label(take_id, _labels(args))
        case "played":
            takes_played.change(home, take_id, args)


def _labels(args: argparse.Namespace) -> Labels:
    try:
        return value_of(
            Labels,
            meant=tuple(word.strip() for word in args.meant.split(",") if word.strip()),
            intensity=Intensity(args.intensity) if args.intensity else None,
            **{scale: getattr(args, scale) for scale in _SCALES},
            held_character=args.held,
            note=args.words,
        )
    except JsonProblemError as found:
        raise LibraryError(ErrorCode.LABELS_INVALID, where=found.where, problem=found.problem, **found.facts) from found


def _list(home: Home, args: argparse.Namespace, out: Output) -> int:
    lines = home.takes.lines({TakeState.BINNED} if args.bin else None)
    rows = [
        (
            line.take_id,
            f"{line.title} {line.number}",
            duration(line.duration_s) if line.duration_s is not None else "",
            chain([_standing(line), _waits(line), broken(line.damage)]),
            size(line.size),
        )
        for line in lines
    ]
    for text in table(rows):
        out.say(text)
    if not rows:
        out.say(_("The bin is empty.") if args.bin else _("No takes yet."))
    out.document([take_document(None, line) for line in lines])
    return DONE


def _show(home: Home, take_id: str, out: Output) -> int:
    line, manifest = home.takes.line(take_id), home.takes.manifest(take_id)
    out.say(_("{take}: {state}", take=_named(line), state=state_of(line)))
    say_ruling(home, line, out)
    pairs = say_pairs(home, take_id, out)
    if line.missing:
        out.say(_("Before it can be sent, it needs {missing}.", missing=waits_for(line.missing)))
    length, recorded = duration(line.duration_s or 0.0), f"{line.recorded:%Y-%m-%d %H:%M} UTC"
    out.say(chain([line.character, length, recorded]))
    _say_words(manifest, out)
    if isinstance(manifest, TakeManifest2) and manifest.partner is not None:
        out.say(written(manifest.partner))
    clips = home.library.clips.of(take_id)
    for given in clips:
        out.say(went(given))
    say_checks(manifest.judged(), out)
    out.say(_("Files: {folder}", folder=home.library.folder(take_id)))
    out.document(take_document(manifest, line) | {"pairs": pairs, "clips": [given.to_json() for given in clips]})
    return DONE


def _say_words(manifest: TakeManifest, out: Output) -> None:
    """What the performer wrote of it, as it is on the disk."""
    said = manifest.said()
    if said is not None and said.meant:
        out.say(_("You meant {words}.", words=listing([one_line(word) for word in said.meant])))
    takes_played.say(manifest.how_played(), out)
    for text in (said.note if said is not None else "", manifest.note):
        if text:
            out.say(quoted(one_line(text)))


def _named(line: TakeLine) -> str:
    return _("{title}, take {number}", title=line.title, number=line.number)


def _waits(line: TakeLine) -> str:
    return _("needs {missing}", missing=waits_for(line.missing)) if line.missing else ""


def _standing(line: TakeLine) -> str:
    return chain([state_of(line), _("circled") if line.circled else ""])


def _recover(home: Home, out: Output) -> int:
    clips = PartnerClips(home.library, home.shelf)
    found = recover_unsealed(home.library, home.calibrations.for_devices, clip_of=clips.of, even_after_tries=True)
    for take_id in found.recovered:
        line = home.takes.line(take_id)
        out.say(_("{take} is safe: {time}.", take=_named(line), time=duration(line.duration_s or 0.0)))
    for take_id, problem in found.left:
        out.warn(f"{take_id}: {sentence(problem)}")
    if not found.recovered and not found.left:
        out.say(_("No recording was cut short."))
    out.document({"recovered": list(found.recovered), "left": [take_id for take_id, _problem in found.left]})
    return REASON if found.left else DONE
