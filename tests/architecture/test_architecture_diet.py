"""What installers leave out, and that nothing of the program asks for it: filters, stand-ins, ICU's data, goals."""

from __future__ import annotations

import ctypes
import importlib.util
import platform
import re
import shutil
import struct
import sys
from pathlib import Path

import av
import pytest
from av.codec.codec import Codec

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "installer"))

import alike  # noqa: E402
import archives  # noqa: E402
import goals  # noqa: E402
import icu  # noqa: E402
import parts  # noqa: E402
import slim_windows  # noqa: E402
import stand_ins  # noqa: E402
from stand_ins import Answer  # noqa: E402
from system import SetupError  # noqa: E402

SOURCES = sorted((TOP / "perfstudio").rglob("*.py"))


def test_nothing_asks_for_the_encoders_that_installers_leave_out() -> None:
    given_up = ("x265", "svtav1", "svt-av1", "hevc_", "libaom", "libvpx", "libwebp", "mp3lame", "libopus", "_qsv")
    sources = [path for path in SOURCES if path.parent.name != "call"]  # the live line is no part of an installer
    texts = {path.name: path.read_text(encoding="utf-8").lower() for path in sources}
    assert [name for name, text in texts.items() if any(word in text for word in given_up)] == []


def test_what_is_read_is_read_by_ffmpegs_own_decoders() -> None:
    """A library that installers leave out is not what FFmpeg takes first; the next release may think otherwise."""
    wheel = Path(str(av.__file__)).parent
    codecs = [*wheel.parent.glob("av.libs/*avcodec*"), *wheel.glob(".dylibs/libavcodec*")]
    if not codecs:
        pytest.skip("this PyAV brings no FFmpeg")
    find = ctypes.CDLL(str(codecs[0])).avcodec_find_decoder
    find.restype = ctypes.POINTER(ctypes.c_char_p)  # the first field of a decoder is its name
    for kind in ("vp8", "vp9", "opus", "webp", "amrnb", "amrwb", "hevc"):
        assert find(Codec(kind, "r").id)[0] == kind.encode()
    assert find(Codec("mp3", "r").id)[0] in (b"mp3", b"mp3float")


LAYOUTS = ("PySide6/Qt/", "PySide6/", "PySide6\\")
"""Linux and macOS; Windows, as its paths are asked and as they are written."""


@pytest.mark.parametrize("layout", LAYOUTS)
def test_qt_goes_along_in_what_the_program_speaks_and_shows(layout: str) -> None:
    spoken = {path.name for path in (TOP / "assets/locale").iterdir() if path.is_dir()}
    assert spoken | {"en"} == set(parts.LANGUAGES) == set(icu.LANGUAGES)
    plugins = ("imageformats/libqwebp.so", "imageformats/libqwebp.dylib", "imageformats/qwebp.dll",
               "networkinformation/libqnetworkmanager.so", "networkinformation/qnetworklistmanager.dll",
               "platforms/libqcocoa.dylib", "styles/libqmacstyle.dylib")  # fmt: skip
    kept = [f"plugins/{name}" for name in plugins] + [f"translations/qtbase_{tag}.qm" for tag in parts.LANGUAGES]
    left = ["translations/qtbase_fr.qm", "translations/qt_de.qm", "plugins/imageformats/libqgif.so",
            "plugins/tls/qschannelbackend.dll", "plugins/sqldrivers/libqsqlite.dylib"]  # fmt: skip
    assert [name for name in kept if not parts.is_needed(layout + name)] == []
    assert [name for name in left if parts.is_needed(layout + name)] == []


def test_what_a_pack_may_show_can_be_shown() -> None:
    source = (TOP / "perfstudio/packs/file_type.py").read_text(encoding="utf-8")
    for ending in set(re.findall(r'"image", "(\w+)"', source)) - {"png"}:  # png is in Qt itself
        plugin = {"jpg": "jpeg"}.get(ending, ending)
        assert parts.is_needed(f"PySide6/Qt/plugins/imageformats/libq{plugin}.so"), ending


def test_translations_go_along_and_what_translators_work_on_does_not() -> None:
    for name, needed in (("perfstudio.pot", False), ("de/LC_MESSAGES/perfstudio.po", False),
                         ("de/LC_MESSAGES/perfstudio.mo", True), ("de/conventions.json", True)):  # fmt: skip
        assert parts.is_needed(f"assets/locale/{name}") is needed, name


def test_papers_of_packages_lie_in_one_folder_and_what_is_read_stays() -> None:
    for name, needed in (
        ("METADATA", True),
        ("entry_points.txt", True),
        ("RECORD", False),
        ("licenses/LICENSE", False),
    ):
        assert parts.is_needed(f"keyring-25.7.0.dist-info/{name}") is needed, name


linux = pytest.mark.skipif(
    platform.machine() not in stand_ins._CODE or not sys.platform.startswith("linux") or not shutil.which("as"),
    reason="makes libraries of Linux, with binutils",
)


@linux
def test_a_stand_in_has_the_functions_and_answers_as_it_should(tmp_path: Path) -> None:
    answers: dict[Answer, int | None] = {Answer.NOTHING: None, Answer.FAILED: 2**64 - 1}
    for answer in (Answer.NOTHING, Answer.FAILED, Answer.EMPTY):
        file = tmp_path / f"lib{answer.name}.so"
        file.touch(0o755)
        (tmp_path / "made").mkdir(exist_ok=True)
        code = stand_ins._CODE[platform.machine()][answer]
        for _ in range(2):
            stand_ins.link(stand_ins.assembly(["one", "other"], code), file, "libx.so.1", tmp_path / "made")
            before = file.read_bytes()
        assert file.read_bytes() == before, "the same from the same"
        assert stand_ins.soname_of(file) == "libx.so.1"
        library = ctypes.CDLL(str(file))
        library.one.restype = library.other.restype = ctypes.c_void_p
        found = library.other()
        assert library.one() == found
        if answer is Answer.EMPTY:
            table = ctypes.cast(found, ctypes.POINTER(ctypes.CFUNCTYPE(ctypes.c_void_p)))
            assert [table[slot]() for slot in (0, 1, stand_ins._TABLE_SLOTS - 1)] == [None] * 3
        else:
            assert found == answers[answer]


@linux
def test_only_what_is_asked_for_is_in_a_stand_in() -> None:
    spec = importlib.util.find_spec("av")
    assert spec is not None
    assert spec.origin is not None
    libraries = Path(spec.origin).parents[1] / "av.libs"
    ((encoder,), (codecs,)) = (list(libraries.glob(f"{name}-*.so*")) for name in ("libSvtAv1Enc", "libavcodec"))
    names = stand_ins.asked(encoder, [codecs])
    assert "svt_av1_enc_init_handle" in names
    assert len(names) < 20
    (utilities,) = libraries.glob("libavutil-*.so*")
    with pytest.raises(SetupError, match="cannot be left out"):
        stand_ins.asked(utilities, [codecs])


@pytest.mark.parametrize("answer", [Answer.NOTHING, Answer.FAILED, Answer.EMPTY])
def test_a_stand_in_for_windows_has_the_functions_and_its_code(answer: Answer) -> None:
    functions = ["a_function", "x265_api_get_216", "z"]
    made = slim_windows.library("libx265-1.dll", functions, answer)
    assert made == slim_windows.library("libx265-1.dll", functions, answer)
    assert slim_windows.exported(made) == functions
    assert b"libx265-1.dll\0" in made
    code = made[slim_windows._HEAD :]
    if answer is Answer.EMPTY:
        for ask, goes_to in ((b"\x4c\x8d\x05", 0x1000), (b"\x4c\x8d\x0d", code.index(slim_windows._NULL))):
            at = code.index(ask)
            assert at + 7 + struct.unpack_from("<i", code, at + 3)[0] == goes_to
    for broken in (made[:100], b"", b"MZ" + bytes(400)):
        with pytest.raises(SetupError):
            slim_windows.exported(broken)


def test_the_encoders_of_windows_are_replaced_where_they_lie(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    libraries = tmp_path / "_internal/av.libs"
    libraries.mkdir(parents=True)
    given = slim_windows.library("libSvtAv1Enc-c4dd.dll", ["svt_av1_enc_init_handle"], Answer.NOTHING)
    for name in ("libSvtAv1Enc-c4dd.dll", "avcodec-62.dll", "libstdc++-6.dll"):
        (libraries / name).write_bytes(given)
    asked = {"_internal/av.libs/avcodec-62.dll": "libsvtav1enc-c4dd.dll", "perfstudio.exe": "avcodec-62.dll"}
    (tmp_path / "perfstudio.exe").write_bytes(given)
    monkeypatch.setattr(slim_windows, "imports", lambda path: {asked.get(path.relative_to(tmp_path).as_posix(), "")})
    slim_windows.slim(tmp_path)
    assert (libraries / "avcodec-62.dll").read_bytes() == given
    now = (libraries / "libSvtAv1Enc-c4dd.dll").read_bytes()
    assert slim_windows.exported(now) == ["svt_av1_enc_init_handle"]
    assert slim_windows._FAILED in now
    assert not (libraries / "libstdc++-6.dll").exists(), "nobody asks for it"


def test_what_a_library_of_windows_asks_for_is_read_from_it(tmp_path: Path) -> None:
    made = bytearray(slim_windows.library("libx265-1.dll", ["one"], Answer.NOTHING))
    assert slim_windows.imported(bytes(made)) == set()
    name = made.index(b"libx265-1.dll\0") - slim_windows._HEAD + slim_windows._CODE_AT
    room, head = len(made) - 200, 0x40
    for row, at, place in ((1, room, 12), (13, room + 80, 4)):  # at once, and when it is first called
        struct.pack_into("<I", made, head + 24 + 112 + 8 * row, at - slim_windows._HEAD + slim_windows._CODE_AT)
        struct.pack_into("<I", made, at + place, name)
        assert slim_windows.imported(bytes(made)) == {"libx265-1.dll"}
        struct.pack_into("<I", made, head + 24 + 112 + 8 * row, 0)
    with pytest.raises(SetupError, match="damaged"):
        slim_windows.imported(bytes(made[:200]))
    file = tmp_path / "libportaudioarm64.dll"
    struct.pack_into("<H", made, head + 4, 0xAA64)
    file.write_bytes(made)
    assert slim_windows.imports(file) == set(), "for another processor"


def items(**content: bytes) -> bytes:
    """Data as ICU packs it."""
    named = {f"icudt73l/{name.replace('__', '/').replace('0', '.')}": item for name, item in sorted(content.items())}
    body = icu._joined([(name.encode(), item) for name, item in named.items()])
    return struct.pack("<HBBHHBBBB4s", 32, 0xDA, 0x27, 20, 0, 0, 0, 2, 0, b"CmnD") + bytes(16) + body


def test_of_icu_stay_sorting_and_the_languages_spoken() -> None:
    whole = items(coll__fr0res=b"sorts", de0res=b"German", fr0res=b"French", region__de0res=b"lands", root0res=b"root!",
                  res_index0res=b"index", ibm0cnv=b"old", en_GB0res=b"British")  # fmt: skip
    assert icu.without(whole) == items(
        coll__fr0res=b"sorts", de0res=b"German", root0res=b"root!", res_index0res=b"index", en_GB0res=b"British"
    )
    assert len(icu.without(whole)) < len(whole)


def test_a_build_that_is_too_heavy_says_what_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "large.so").write_bytes(bytes(3_000_000))
    goals.hold_installed(tmp_path, "linux")
    goals.hold_download(tmp_path / "large.so")
    monkeypatch.setitem(goals.INSTALLED_MB, "linux", 2.0)
    with pytest.raises(SetupError, match=r"weighs 3 MB and may weigh 2\. The heaviest: large\.so 3\."):
        goals.hold_installed(tmp_path, "linux")
    with pytest.raises(SetupError, match=r"large\.so weighs 3 MB and may weigh 1:"):
        goals.hold_download(tmp_path / "large.so", 1.0)


def test_two_folders_are_alike_or_what_differs_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("one", "other"):
        (tmp_path / name / "deep").mkdir(parents=True)
        (tmp_path / name / "deep/file").write_bytes(b"same")
    words = [str(tmp_path / "one"), str(tmp_path / "other")]
    assert alike.main(words) == 0
    (tmp_path / "other/deep/file").write_bytes(b"else")
    (tmp_path / "one/more").touch()
    assert alike.main(words) == 1
    said = capsys.readouterr().out
    assert archives.sha256(tmp_path / "one/deep/file") in said
    assert "more\n" in said
    assert "3 and 2 paths, 2 different." in said
