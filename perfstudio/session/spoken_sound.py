"""A statement that is read aloud: from a recording of any kind to what is kept, once a voice is heard in it.

What is kept is made anew: one channel of sound, and nothing else that may have been in the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from perfstudio.consent.names import shown_name
from perfstudio.model.errors import ConsentError, ErrorCode, MediaError
from perfstudio.model.prompt import Terms
from perfstudio.model.spoken import LONGEST_S, MOST_BYTES, SpokenRequest
from perfstudio.session.spoken import ReadAloud

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LEAST_VOICE_S: Final = 1.0
MARGIN_S: Final = 1.0
"""Kept before the first and after the last voice; what was in the room before and after is nobody's."""
FASTEST_LETTERS: Final = 60.0
"""Letters in a second of voice that nobody reads: the fastest readers reach 25 in a second, of which the level of some
three fifths stands out as voice."""


def asked_of(terms: Terms) -> SpokenRequest:
    """What the terms ask to be read aloud. Raises ConsentError(CONSENT_SPOKEN_UNASKED)."""
    if terms.spoken is None:
        raise ConsentError(ErrorCode.CONSENT_SPOKEN_UNASKED)
    return terms.spoken


def words_of(terms: Terms, name: str) -> str:
    """What is to be read: with `name`, in the wording that has a name.

    Raises ConsentError: CONSENT_SPOKEN_UNASKED, CONSENT_NAME_LONG.
    """
    return asked_of(terms).words(shown_name(name))


def read_aloud(file: Path, terms: Terms, *, name: str = "", shown: str = "") -> ReadAloud:
    """The recording in `file` of what `terms` ask to be read. `shown` is what the file is called to its owner, where
    they know it.

    Raises MediaError, ConsentError: SPOKEN_TOO_LONG, and what `words_of` and `heard_aloud` raise.
    """
    words_of(terms, name)  # before anything is decoded
    return heard_aloud(*_samples(file, _named(shown)), terms, name=name, shown=shown)


def heard_aloud(
    samples: NDArray[np.float32], rate_hz: int, terms: Terms, *, name: str = "", shown: str = ""
) -> ReadAloud:
    """The same of samples (frames x channels, full scale 1.0). Raises ConsentError: SPOKEN_SILENT, SPOKEN_TOO_LONG,
    and as `words_of`."""
    from perfstudio.capture.files.flac_in_memory import flac_of  # noqa: PLC0415 - codecs load late
    from perfstudio.checks.sound import SoundScan  # noqa: PLC0415 - as above

    text = words_of(terms, name)
    if not len(samples):
        raise ConsentError(ErrorCode.SPOKEN_SILENT, **_named(shown))
    voice = samples[:, int((samples**2).mean(axis=0).argmax())]  # one microphone is enough for words
    scan = SoundScan(rate_hz, 1)
    scan.push(voice[:, None])
    heard = scan.finish().voice
    if heard.voiced_s < max(LEAST_VOICE_S, len(text) / FASTEST_LETTERS):
        facts = {"seconds": round(heard.voiced_s, 1)} if heard.voiced_s >= 0.1 else {}
        raise ConsentError(ErrorCode.SPOKEN_SILENT, **facts, **_named(shown))
    first, last = heard.voiced[0].start_s - MARGIN_S, heard.voiced[-1].end_s + MARGIN_S
    words = voice[max(0, round(first * rate_hz)) : round(last * rate_hz)]
    sound = flac_of(words, rate_hz)
    if len(sound) > MOST_BYTES:  # of a rate beyond all microphones
        raise ConsentError(ErrorCode.SPOKEN_TOO_LONG, **_named(shown))
    return ReadAloud(sound, round(len(words) / rate_hz, 3), text, terms.language)


def _named(shown: str) -> dict[str, str]:
    return {"file": shown} if shown else {}


def _samples(file: Path, named: dict[str, str]) -> tuple[NDArray[np.float32], int]:
    """Samples (frames x channels) of a file and their rate. Raises MediaError, ConsentError(SPOKEN_TOO_LONG)."""
    import numpy as np  # noqa: PLC0415 - as above

    blocks = list(_blocks(file, named))
    if not blocks:
        raise MediaError(ErrorCode.MEDIA_NO_STREAMS, file=file.name)
    rate_hz = blocks[0][1]
    return np.nan_to_num(np.concatenate([block for block, _ in blocks]), posinf=1.0, neginf=-1.0), rate_hz


def _blocks(file: Path, named: dict[str, str]) -> Iterator[tuple[NDArray[np.float32], int]]:
    from perfstudio.checks.media import Damage, sound_blocks  # noqa: PLC0415 - as above

    seconds = 0.0
    for block, rate_hz in sound_blocks(file, Damage()):
        seconds += len(block) / rate_hz
        if seconds > LONGEST_S:
            raise ConsentError(ErrorCode.SPOKEN_TOO_LONG, seconds=LONGEST_S, **named)
        yield block, rate_hz
