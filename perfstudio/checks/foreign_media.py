"""Whether a file that somebody sent is what it says, found by playing it: its streams, its size, its length, its bytes.

Runs where a decoder that is led astray takes nothing with it (`session.guarded_work`), and is bounded by itself as
well: all packets are read, all sound is decoded, and of the pictures at most `MOST_PICTURES`, spread over the film.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import av

from perfstudio.checks.opening import UNREADABLE, open_media
from perfstudio.model.errors import MediaError
from perfstudio.model.media_claim import MediaClaim, MediaForm, Unfit

MOST_PICTURES = 900
"""Half a minute at 30 a second. A short film is decoded whole, of a long one stretches from a key picture on."""
MOST_PIXELS = 7680 * 4320
"""Of one picture: 8K."""
DAMAGED_SHARE = 0.05
"""So many of the pictures or pieces of sound may be damaged: one bad spot is no reason to turn a take away."""
LENGTH_S, LENGTH_SHARE = 1.0, 0.01
"""How far a length may be from what was said: a container rounds, and a camera ends a little after its microphone."""
SOUND_RATES = range(8_000, 768_001)
MOST_CHANNELS = 32
_FILMS = (MediaForm.FILM, MediaForm.SILENT_FILM, MediaForm.CLIP)
_CONTAINERS = dict.fromkeys(_FILMS, "mov,mp4") | {MediaForm.FLAC: "flac", MediaForm.WAV: "wav"}
_STILLS = {MediaForm.JPEG: "mjpeg", MediaForm.PNG: "png", MediaForm.WEBP: "webp"}
_FITTING: dict[MediaForm, Callable[[int, int, int], bool]] = {
    MediaForm.FILM: lambda films, sounds, others: films == 1 and sounds <= 1 and others == 0,
    MediaForm.SILENT_FILM: lambda films, sounds, others: films == 1 and sounds == others == 0,
    MediaForm.CLIP: lambda films, sounds, others: 0 < films + sounds <= 2 and films <= 1,
    MediaForm.FLAC: lambda films, sounds, others: films <= 1 and sounds == 1,
    MediaForm.WAV: lambda films, sounds, others: films == 0 and sounds == 1,
}
"""How many streams of which kind. A FLAC may carry its cover, a clip of a telephone its clock."""
_FILM_CODECS = frozenset({"h264", "hevc", "av1", "vp9", "mpeg4", "mjpeg"})
_SOUND_CODECS = frozenset({"flac", "aac", "opus", "mp3", "alac"})


def unfit(claim: MediaClaim) -> Unfit | None:
    """What is wrong with the file, or None. Reads nothing but this file, and writes nothing."""
    try:
        if claim.form in _STILLS:
            return _unfit_still(Path(claim.file), _STILLS[claim.form])
        with open_media(Path(claim.file)) as container:
            if not container.format.name.startswith(_CONTAINERS[claim.form]):
                return Unfit.OTHER_KIND
            streams = list(container.streams)
            return _unfit_streams(streams, claim) or _Playing(_played(streams, claim)).through(container, claim)
    except MemoryError:
        return Unfit.TOO_COSTLY
    except MediaError as bad:
        return Unfit.TOO_COSTLY if isinstance(bad.__cause__, MemoryError) else Unfit.OTHER_KIND
    except UNREADABLE:
        return Unfit.CUT_SHORT


def _played(streams: list[Any], claim: MediaClaim) -> list[Any]:
    """Cover pictures and clocks are passed over; in a film there are none."""
    kinds = ("audio",) if claim.form in (MediaForm.FLAC, MediaForm.WAV) else ("video", "audio")
    return [stream for stream in streams if stream.type in kinds]


def _unfit_still(file: Path, codec: str) -> Unfit | None:
    decoder: Any = av.CodecContext.create(codec, "r")
    decoder.options = {"max_pixels": str(MOST_PIXELS), "err_detect": "explode"}
    decoder.thread_count = 1
    data = file.read_bytes()
    if not _ends(data, codec):
        return Unfit.CUT_SHORT
    frames: list[Any] = [*decoder.decode(av.Packet(data)), *decoder.decode(None)]
    whole = len(frames) == 1 and not frames[0].is_corrupt
    return None if whole else Unfit.CUT_SHORT


def _ends(data: bytes, codec: str) -> bool:
    """A picture ends as its form says, and nothing lies behind it. (Cameras do put things behind a JPEG.)"""
    match codec:
        case "png":
            return data.endswith(b"\x00\x00\x00\x00IEND\xaeB`\x82") and data.count(b"IEND\xaeB`\x82") == 1
        case "webp":
            return len(data) - 8 in (size := int.from_bytes(data[4:8], "little"), size + 1)
        case _:
            return b"\xff\xd9" in data


def _unfit_streams(streams: list[Any], claim: MediaClaim) -> Unfit | None:
    films = [s for s in streams if s.type == "video"]
    sounds = [s for s in streams if s.type == "audio"]
    others = len(streams) - len(films) - len(sounds)
    if not _FITTING[claim.form](len(films), len(sounds), others):
        return Unfit.OTHER_KIND
    shown = films if MediaForm.FLAC is not claim.form else []
    return next((bad for s in shown if (bad := _unfit_film(s, claim))), None) or next(
        (bad for s in sounds if (bad := _unfit_sound(s, claim))), None
    )


def _unfit_film(stream: Any, claim: MediaClaim) -> Unfit | None:
    if stream.codec_context is None or stream.codec_context.name not in _FILM_CODECS:
        return Unfit.OTHER_KIND
    if not 0 < stream.width * stream.height <= MOST_PIXELS:
        return Unfit.TOO_COSTLY
    said = (claim.width or stream.width) & ~1, (claim.height or stream.height) & ~1
    return Unfit.OTHER_SHAPE if said != (stream.width & ~1, stream.height & ~1) else None


def _unfit_sound(stream: Any, claim: MediaClaim) -> Unfit | None:
    codec = stream.codec_context.name if stream.codec_context is not None else ""
    if codec not in _SOUND_CODECS and not (claim.form is MediaForm.WAV and codec.startswith("pcm_")):
        return Unfit.OTHER_KIND
    if stream.rate not in SOUND_RATES or not 0 < stream.channels <= MOST_CHANNELS:
        return Unfit.OTHER_SHAPE
    said = (claim.rate_hz or stream.rate, claim.channels or stream.channels)
    return Unfit.OTHER_SHAPE if said != (stream.rate, stream.channels) else None


@dataclass(slots=True)
class _Heard:
    """What came of one stream."""

    packets: int = 0
    decoded: int = 0
    damaged: int = 0
    begin_s: float = math.inf
    """When the first packet begins, the last one does, and the last one to end ends."""
    last_s: float = -math.inf
    end_s: float = 0.0
    samples: int = 0

    def hear_of(self, packet: Any) -> None:
        """One packet more."""
        self.packets += 1
        if packet.pts is not None:
            at_s = float(packet.pts * packet.time_base)
            self.begin_s, self.last_s = min(self.begin_s, at_s), max(self.last_s, at_s)
            self.end_s = max(self.end_s, float((packet.pts + (packet.duration or 0)) * packet.time_base))

    def is_at_another_rate(self, said: float | None) -> bool:
        """Whether the pictures come at another pace than was said; one alone has none."""
        if said is None or self.packets < 2:
            return False
        took_s = self.last_s - self.begin_s
        return took_s <= 0 or abs((self.packets - 1) / took_s - said) > LENGTH_SHARE * said


@dataclass(slots=True)
class _Playing:
    """One file on its way from the first packet to the last."""

    streams: list[Any]
    heard: dict[int, _Heard] = field(default_factory=dict)
    decoding: bool = True

    def through(self, container: Any, claim: MediaClaim) -> Unfit | None:
        """Play it. Raises what FFmpeg raises where the container breaks off."""
        for stream in self.streams:
            self.heard[stream.index] = _Heard()
            stream.codec_context.thread_count = 1
            stream.codec_context.options = {"max_pixels": str(MOST_PIXELS)}
        for packet in self._packets(container, self.streams):
            if packet.is_corrupt:
                return Unfit.CUT_SHORT
            self._play(packet, claim)
            if self._is_longer(packet.stream, claim):
                return Unfit.OTHER_LENGTH
        return next((bad for s in self.streams if (bad := self._judged(s, claim))), None)

    @staticmethod
    def _packets(container: Any, streams: list[Any]) -> Iterator[Any]:
        return (packet for packet in container.demux(*streams) if packet.size or packet.dts is None)

    def _play(self, packet: Any, claim: MediaClaim) -> None:
        heard = self.heard[packet.stream.index]
        if packet.size:
            heard.hear_of(packet)
        if packet.stream.type == "video" and not self._wanted(packet, heard, claim.pictures):
            return
        try:
            frames = packet.decode()
        except MemoryError:
            raise
        except UNREADABLE:
            heard.damaged += 1
            return
        heard.decoded += len(frames)
        for frame in frames:
            heard.damaged += bool(frame.is_corrupt)
            heard.samples += getattr(frame, "samples", 0)

    def _wanted(self, packet: Any, heard: _Heard, said: int | None) -> bool:
        """Whether this picture is decoded. It is asked at each key picture; a stretch is decoded to its end."""
        of = max(said or 0, packet.stream.frames or 0, heard.packets)
        if packet.is_keyframe and of > MOST_PICTURES:
            was, self.decoding = self.decoding, heard.decoded * of <= MOST_PICTURES * heard.packets
            if was != self.decoding:
                packet.stream.codec_context.flush_buffers()
        elif of > MOST_PICTURES and heard.decoded > 2 * MOST_PICTURES:
            self.decoding = False
        return self.decoding

    def _is_longer(self, stream: Any, claim: MediaClaim) -> bool:
        """Longer than anybody said: the rest is not played."""
        heard = self.heard[stream.index]
        if stream.type == "video":
            return claim.pictures is not None and heard.packets > claim.pictures + _slack(claim.pictures)
        most = math.inf if claim.duration_s is None else (claim.duration_s + _slack(claim.duration_s)) * stream.rate
        return heard.samples > min(most, math.inf if claim.samples is None else claim.samples)

    def _judged(self, stream: Any, claim: MediaClaim) -> Unfit | None:
        heard = self.heard[stream.index]
        if heard.decoded == 0 or heard.damaged > DAMAGED_SHARE * (heard.decoded + heard.damaged):
            return Unfit.CUT_SHORT
        if stream.type == "video":
            return self._judged_film(stream, heard, claim)
        if claim.samples not in (None, heard.samples):
            return Unfit.OTHER_LENGTH
        if claim.form in _FILMS or claim.duration_s is None:
            return None
        off_s = heard.samples / stream.rate - claim.duration_s
        return Unfit.OTHER_LENGTH if abs(off_s) > _slack(claim.duration_s) else None

    @staticmethod
    def _judged_film(stream: Any, heard: _Heard, claim: MediaClaim) -> Unfit | None:
        """A film may end before the sound: a camera can be lost in the middle of a take."""
        if stream.frames and heard.packets < stream.frames:
            return Unfit.CUT_SHORT
        if heard.is_at_another_rate(claim.fps):
            return Unfit.OTHER_LENGTH
        few = claim.pictures is not None and heard.packets < claim.pictures - _slack(claim.pictures)
        late = claim.duration_s is not None and heard.end_s > claim.duration_s + _slack(claim.duration_s)
        return Unfit.OTHER_LENGTH if few or late else None


def _slack(said: float) -> float:
    return max(LENGTH_S, LENGTH_SHARE * said)
