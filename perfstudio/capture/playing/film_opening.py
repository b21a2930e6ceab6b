"""Opens a film: which streams it has, and a reader for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, cast

import av
from av.container import InputContainer

from perfstudio.capture.playing.film_pictures import FilmPictures, ShownPicture
from perfstudio.capture.playing.film_sound import FilmSound
from perfstudio.capture.playing.held_file import HeldFile
from perfstudio.capture.playing.laid_sound import LaidSound, MixedSound
from perfstudio.capture.playing.picture_feed import PictureFeed
from perfstudio.capture.playing.sound_feed import MakeSpeaker, SoundFeed

_OPTIONS = {"protocol_whitelist": "", "probesize": "32768"}
"""FFmpeg reads what is given to it, and opens nothing by itself. It looks at little, for the head of the file tells it
what it needs: 5 ms instead of 13."""


@dataclass(frozen=True, slots=True)
class FilmParts:
    """What a film has: pictures, sound to be heard, or both. `duration_s` is where the longer stream ends."""

    pictures: PictureFeed | None
    sound: SoundFeed | None
    duration_s: float


def open_parts(
    file: HeldFile,
    stack: ExitStack,
    show: Callable[[ShownPicture], None],
    make_speaker: MakeSpeaker | None,
    beside: LaidSound | None = None,
) -> FilmParts:
    """Open a film, until the stack ends. Pictures and sound have a reader each: they are at different places. The sound
    of a film `beside` it is heard with its own.

    Raises what `decoding.UNREADABLE` names.
    """
    box = stack.enter_context(container(file))
    pictures = FilmPictures(box) if box.streams.video else None
    if pictures is not None:
        stack.callback(pictures.close)
    sound = None
    if box.streams.audio:
        sound = FilmSound(stack.enter_context(container(file)) if pictures is not None else box)
    if pictures is None and sound is None:
        raise ValueError("neither picture nor sound")
    ends = [part.end_s for part in (pictures, sound) if part is not None]
    heard = None
    source = MixedSound(sound, beside) if beside is not None else sound
    if source is not None and make_speaker is not None:
        heard = SoundFeed(source, make_speaker)
        stack.callback(heard.close)
    return FilmParts(PictureFeed(pictures, show) if pictures is not None else None, heard, max(ends))


@contextmanager
def container(file: HeldFile) -> Iterator[InputContainer]:
    """A film as FFmpeg reads it. Raises what `decoding.UNREADABLE` names."""
    with av.open(cast("Any", file.reader()), "r", options=_OPTIONS) as box:
        yield box
