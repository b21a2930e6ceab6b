"""A file is opened as a file: no name is an address, no list is followed, and none of FFmpeg's words is said."""

from __future__ import annotations

import os
import re
import socket
import sys
import zipfile
from pathlib import Path

import av
import pytest
from checks_material import RATE, Scene, frames, voice, write_film, write_sound

from perfstudio.checks import opening
from perfstudio.checks.bleed import PartnerClip
from perfstudio.checks.faces import YuNetFinder
from perfstudio.checks.media import Damage, probe, sound_blocks
from perfstudio.checks.opening import open_media
from perfstudio.checks.report import check_media
from perfstudio.model.checks import CheckCode
from perfstudio.model.errors import ErrorCode, MediaError
from perfstudio.texts.errors import sentence

SPOKEN = voice(1)[: RATE + RATE // 5]
SHORT = SPOKEN[-RATE // 10 :]
POSIX = sys.platform != "win32"

NAMES = [
    "Scene 3: night.wav", "12:30:05.wav", "file:take.wav", "http:take.wav", "https:take.wav", "concat:a.wav|b.wav",
    "subfile,,start,0,end,9,,:a.wav", "pipe:0", "data:audio,x.wav", "crypto:a.wav", "cache:a.wav", "tcp:1.wav",
    "-x.wav", "--json", "%03d.wav", "%d.png", "[0-9]*.wav", "a?b#c.wav", "a;b&c.wav", "~.wav", "$HOME.wav",
    "two\nlines.wav", "quo\"te's.wav", "trailing .wav ", " leading.wav", ".wav", "no ending", "wrong.mp4", "a.M3U8",
    "Zoe\u0308.wav", "Zo\u00eb.wav", "\u5927\u58f0.wav", "\U0001f3a4.wav", "\u202egnp.wav", "n" * 240 + ".wav",
]  # fmt: skip


def refusal(path: Path) -> MediaError:
    with pytest.raises(MediaError) as caught:
        check_media(path, None)
    return caught.value


@pytest.mark.skipif(not POSIX, reason="names that Windows does not allow")
@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_no_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    plain = write_sound(tmp_path / "plain.wav", SHORT)
    plain.rename(name)
    for path in (Path(name), tmp_path / name):
        assert sum(len(samples) for samples, _ in sound_blocks(path, Damage())) == len(SHORT)


@pytest.mark.skipif(sys.platform != "linux", reason="names that are no text")
def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"bad\xff\xfe.wav")
    write_sound(tmp_path / "plain.wav", SPOKEN).rename(path)
    assert probe(path).sound is not None
    path.write_text("words")
    said = sentence(refusal(path))
    said.encode()
    assert "it is text" in said


def test_a_name_with_two_lines_is_said_in_one(tmp_path: Path) -> None:
    said = sentence(MediaError(ErrorCode.MEDIA_MISSING, file="two\nlines\x1b[31m.wav\u202e"))
    assert said.isprintable()


@pytest.fixture
def listener() -> socket.socket:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


LISTS = {
    "a.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{url}/a.ts\n#EXT-X-ENDLIST\n",
    "a.m3u": "\n\n#EXTM3U\n{url}/a.wav\n",
    "bom.m3u8": "\ufeff#EXTM3U\n#EXTINF:1,\n{url}/a.ts\n",
    "a.mp4": "ffconcat version 1.0\nfile '{url}/a.wav'\n",
    "here.ffconcat": "ffconcat version 1.0\nfile 'beside.wav'\n",
    "local.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nbeside.mp3\n#EXT-X-ENDLIST\n",
    "a.sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio {port} RTP/AVP 0\n",
    "a.pls": "[playlist]\nFile1={url}/a.wav\n",
    "a.mpd": "<?xml version='1.0'?>\n<MPD><BaseURL>{url}/</BaseURL></MPD>\n",
    "a.asx": "<asx version='3.0'><entry><ref href='{url}/a.wav'/></entry></asx>\n",
    "a.smil": "<smil><body><audio src='{url}/a.wav'/></body></smil>\n",
    "a.ram": "rtsp://127.0.0.1:{port}/a.rm\n",
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_other_files_is_refused_and_nobody_is_called(
    tmp_path: Path, listener: socket.socket, name: str
) -> None:
    port = listener.getsockname()[1]
    write_sound(tmp_path / "beside.wav", SPOKEN)
    path = tmp_path / name
    path.write_text(LISTS[name].format(url=f"http://127.0.0.1:{port}", port=port), encoding="utf-8")
    found = refusal(path)
    assert found.code is ErrorCode.MEDIA_UNREADABLE
    assert found.facts["detail"] == ("text" if name == "a.ram" else "playlist")
    with pytest.raises(BlockingIOError):
        listener.accept()


@pytest.mark.parametrize(("name", "form"), [("local.m3u8", "hls"), ("here.ffconcat", "concat")])
def test_even_a_list_that_is_not_seen_to_be_one_leads_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, form: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for kind in ("wav", "mp3"):
        write_sound(tmp_path / f"beside.{kind}", SPOKEN)
    path = tmp_path / name
    path.write_text(LISTS[name])
    monkeypatch.setattr(opening, "_reason", lambda _: None)
    monkeypatch.setattr(opening, "_LISTS", frozenset())
    real = av.open
    monkeypatch.setattr(av, "open", lambda *given, **more: real(*given, **more, format=form))
    assert not _packets(path)


def _packets(path: Path) -> list[av.Packet]:
    try:
        with open_media(path) as container:
            return [packet for packet in container.demux() if packet.size]
    except MediaError:
        return []


def _zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as box:
        box.writestr("a.txt", "words")


WHAT = {
    "empty": (lambda p: p.write_bytes(b""), "it is empty"),
    "words.mp4": (lambda p: p.write_text("not a film\n" * 500), "it is text"),
    "umlauts.wav": (lambda p: p.write_text("äöü " * 5000, encoding="utf-8"), "it is text"),
    "art.ans": (lambda p: p.write_text("\x1b[31mred\n" * 50), "it is text"),
    "page.mp4": (lambda p: p.write_text("<!doctype html><html></html>"), "it is text"),
    "packed.mp4": (_zip, "it is a compressed folder"),
    "paper.mov": (lambda p: p.write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(900)), "it is a document"),
    "noise.wav": (lambda p: p.write_bytes(bytes(range(7, 256)) * 40), "its format is not known here"),
    "zeros.mp4": (lambda p: p.write_bytes(bytes(5000)), "its format is not known here"),
    "cut.mp4": (lambda p: p.write_bytes(b"\0\0\0\x20ftypisom" + bytes(4000)), "it is damaged, or its end is missing"),
    "cut.wav": (lambda p: p.write_bytes(b"RIFF\xff\xff\0\0WAVEfmt "), "it is damaged, or its end is missing"),
    "cut.mkv": (lambda p: p.write_bytes(b"\x1aE\xdf\xa3" + bytes(4000)), "it is damaged, or its end is missing"),
    "folder": (lambda p: p.mkdir(), "it is a folder"),
}
_OF_A_LIBRARY = re.compile(r"protocol|argument|invalid|errno|ffmpeg|\bav\b|numpy|error|exception|option", re.IGNORECASE)


@pytest.mark.parametrize("name", WHAT)
def test_what_is_no_media_is_said_in_one_plain_sentence(tmp_path: Path, name: str) -> None:
    make, why = WHAT[name]
    make(tmp_path / name)
    said = sentence(refusal(tmp_path / name))
    assert name in said
    assert why in said
    assert not _OF_A_LIBRARY.search(said.replace(name, ""))


@pytest.mark.parametrize("media", ["a.wav", "a.flac", "a.mkv", "a.mp4"])
def test_no_cut_of_a_file_says_a_word_of_a_library(tmp_path: Path, media: str) -> None:
    whole = tmp_path / media
    small = Scene(width=160, height=120)
    if media in ("a.wav", "a.flac"):
        write_sound(whole, SPOKEN)
    else:
        write_film(whole, frames(small, 0.5, 10), sound=SPOKEN[: RATE // 2])
    data = whole.read_bytes()
    for share in (0.001, 0.01, 0.1, 0.5, 0.9, 0.999):
        cut = tmp_path / f"cut{share}{whole.suffix}"
        cut.write_bytes(data[: max(1, int(share * len(data)))])
        assert not _OF_A_LIBRARY.search(said(cut)), said(cut)


def said(path: Path) -> str:
    """What is said of a file that cannot be read, or nothing."""
    try:
        check_media(path, None)
    except MediaError as problem:
        return sentence(problem)
    return ""


@pytest.mark.skipif(not POSIX, reason="no pipes with names here")
def test_pipes_and_devices_are_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.wav"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/null"), Path("/dev/zero")):
        assert refusal(path).facts["detail"] == "no_file"
        with pytest.raises(MediaError) as caught:
            YuNetFinder(path)
        assert (caught.value.code, caught.value.facts["reason"]) == (ErrorCode.FACE_MODEL, "no_file")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert refusal(tmp_path / "loop").code is ErrorCode.MEDIA_MISSING
    assert refusal(tmp_path / ("n" * 300)).code is ErrorCode.MEDIA_MISSING


@pytest.mark.skipif(not POSIX or os.geteuid() == 0, reason="everything may be read here")
def test_what_may_not_be_read_is_said(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "a.wav", SPOKEN)
    path.chmod(0)
    assert "permission is missing" in sentence(refusal(path))


@pytest.mark.skipif(not POSIX, reason="an open file cannot be removed here")
def test_a_file_that_vanishes_while_it_is_read_is_read_to_its_end(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "a.wav", voice(1))
    blocks = sound_blocks(path, Damage())
    length = len(next(blocks)[0])
    path.unlink()
    assert length + sum(len(samples) for samples, _ in blocks) == len(voice(1))


def test_a_file_that_is_cut_while_it_is_read_gives_what_was_there(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "a.wav", voice(1))
    blocks, damage = sound_blocks(path, Damage()), Damage()
    first = len(next(blocks)[0])
    os.truncate(path, 4 * RATE)
    assert 0 < first + sum(len(samples) for samples, _ in blocks) < len(voice(1))
    assert damage.pieces == 0


def test_a_partner_is_opened_like_everything_else(tmp_path: Path) -> None:
    mine = write_sound(tmp_path / "a.wav", SPOKEN)
    for name, content, code in (
        ("gone.wav", None, ErrorCode.MEDIA_MISSING),
        ("a.txt", "x", ErrorCode.MEDIA_UNREADABLE),
    ):
        if content:
            (tmp_path / name).write_text(content)
        with pytest.raises(MediaError) as caught:
            check_media(mine, None, partner=PartnerClip(tmp_path / name, 0.0))
        assert (caught.value.code, caught.value.facts["file"]) == (code, name)


def test_a_cover_alone_beside_sound_is_only_sound(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "a.wav", SPOKEN)
    assert CheckCode.FACE not in {r.code for r in check_media(path, None)}
