"""A film for the performer's own reel: what goes out, how it is made, and what is there then."""

from __future__ import annotations

from perfstudio.language.catalogue import N_, _
from perfstudio.session.reel_made import ReelMade
from perfstudio.texts import formatting, playing

OPEN = N_("Make a video for your reel")
HEADING = N_("A video for your reel")
WHAT = N_("Which part")
PART, WHOLE = N_("In to out point"), N_("The whole take")
SLATE = N_("Before it")
CLEAN, SLATED = N_("Nothing"), N_("A slate")
NAME = N_("Name on the slate, if you want one")
SAVE = N_("Choose where …")
CLOSE = N_("Close")
STOP = N_("Stop")
MAKING = N_("The video is being made.")
STOPPED = N_("Stopped. No video was made.")
SHOW = N_("Show in folder")
_HOLDS = N_(
    "Picture and sound from {start} to {end}, and the sound alone beside it as WAV: what your own camera and "
    "microphone recorded, without your partner's clip. What goes out of here cannot be fetched back."
)
_HEARD = N_(
    "The sound from {start} to {end}, and the same beside it as WAV: what your own microphone recorded, without your "
    "partner's clip. What goes out of here cannot be fetched back."
)


def holds(from_s: float, to_s: float, *, picture: bool) -> str:
    """What goes out."""
    start, end = formatting.duration(from_s), formatting.duration(to_s)
    return _(_HOLDS if picture else _HEARD, start=start, end=end)


def done(made: ReelMade) -> str:
    """What is there now."""
    length = formatting.span(made.seconds)
    return _("{film} and {wave} are there: {length}.", film=made.film.name, wave=made.wave.name, length=length)


def file_name(title: str, number: int) -> str:
    """What the file is called unless somebody wants otherwise: The-letter-Take-2.mp4."""
    said = f"{title} {playing.take(number)}"
    words = "".join(letter if letter.isalnum() else " " for letter in said).split()
    return "-".join(words) + ".mp4"
