"""`consent sign --read-aloud` and `--spoken`: the statement that a pack asks for, read here or brought as a file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from perfstudio.cli import enter_key
from perfstudio.cli.output import Output
from perfstudio.language.catalogue import _
from perfstudio.model.device import MicrophoneRequest
from perfstudio.model.errors import ConsentError, ErrorCode
from perfstudio.model.prompt import Terms
from perfstudio.session.home import Home
from perfstudio.session.spoken import ReadAloud
from perfstudio.session.spoken_sound import heard_aloud, read_aloud, words_of
from perfstudio.session.views import ConsentOffer
from perfstudio.texts import aloud as words
from perfstudio.texts import devices
from perfstudio.texts.errors import sentence
from perfstudio.texts.formatting import duration

READ, BROUGHT = "--read-aloud", "--spoken"
_LOOK_S: Final = 0.1
_WAIT_S: Final = 60.0
_TRIES: Final = 3
_BAR: Final = 20
_QUIETEST_DBFS: Final = -60.0


def add(sign: argparse.ArgumentParser) -> None:
    """The options of `consent sign`."""
    how = sign.add_mutually_exclusive_group()
    how.add_argument(
        READ, action="store_true", help=_("read the pack's statement into the microphone; press Enter to finish")
    )
    how.add_argument("--spoken", type=Path, metavar="FILE", help=_("a recording of you reading that statement"))
    sign.add_argument("--spoken-name", action="store_true", help=_("read the version that has your name in it"))
    sign.add_argument(
        "--microphone",
        metavar="ID",
        help=_("an id, or practice; otherwise the one chosen in the window, or the system's choice"),
    )


def say_asked(offer: ConsentOffer, out: Output) -> None:
    """The statement, where one is asked for."""
    asked = offer.terms.spoken
    if asked is None:
        return
    out.say()
    for line in words.asked(asked):
        out.say(line)
    out.say(f"    {asked.statement}")
    if asked.with_name is not None:
        out.say(_("Or, with your name in it:"))
        out.say(f"    {asked.with_name}")


def read(home: Home, args: argparse.Namespace, terms: Terms, out: Output) -> ReadAloud | None:
    """What was read, or None where no option asks for it.

    Raises ConsentError, DeviceError, MediaError.
    """
    name = args.name if args.spoken_name else ""
    if args.spoken is not None:
        return read_aloud(args.spoken, terms, name=name, shown=args.spoken.name)
    return _listen(home, args.microphone, terms, name, out) if args.read_aloud else None


def _listen(home: Home, microphone: str | None, terms: Terms, name: str, out: Output) -> ReadAloud:
    """Asked for once more when no voice was heard. What is said here is for who reads, also beside `--json`."""
    from perfstudio.session.headless.device_choice import choose  # noqa: PLC0415 - device code loads late

    text = words_of(terms, name)
    if not enter_key.terminal_is_there():
        raise ConsentError(ErrorCode.SPOKEN_NO_TERMINAL, option=BROUGHT)
    asked = MicrophoneRequest(id=microphone) if microphone is not None else None
    chosen = choose(home.settings.now, None, asked, sound_only=True)
    request = chosen.selection.microphone
    out.warn(words.to_read(chosen.microphone_name or devices.spoken(request.id)))
    out.warn(f"\n    {text}\n")
    for _again in range(_TRIES - 1):
        try:
            return _reading(request, terms, name, out)
        except ConsentError as problem:
            if problem.code is not ErrorCode.SPOKEN_SILENT:
                raise
            out.warn(sentence(problem))
    return _reading(request, terms, name, out)


def _reading(request: MicrophoneRequest, terms: Terms, name: str, out: Output) -> ReadAloud:
    from perfstudio.cli.slow_devices import say_slow  # noqa: PLC0415 - as above
    from perfstudio.session.headless.read_aloud import listen  # noqa: PLC0415 - as above

    def goes_on(done_s: float, level_dbfs: float) -> bool:
        line = _("{time}  {level}  Press Enter when you have read it.", time=duration(done_s), level=_bar(level_dbfs))
        out.progress(line)
        return not enter_key.entered(_LOOK_S)

    out.warn(_("Press Enter to begin."))
    while not enter_key.entered(_WAIT_S):
        pass
    try:
        samples, rate_hz = listen(request, goes_on, say_slow(out))
    finally:
        out.progress_done()
    read = heard_aloud(samples, rate_hz, terms, name=name)
    out.warn(words.read(read.duration_s))
    return read


def _bar(level_dbfs: float) -> str:
    shown = round(_BAR * (1.0 - max(level_dbfs, _QUIETEST_DBFS) / _QUIETEST_DBFS))
    return f"[{'#' * shown}{'-' * (_BAR - shown)}]"
