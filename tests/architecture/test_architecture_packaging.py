"""What installers are made of: parts, marks, papers, a desktop's and the systems' files, and the file that installs."""

from __future__ import annotations

import argparse
import configparser
import ctypes.util
import os
import plistlib
import re
import shutil
import struct
import subprocess
import sys
import tarfile
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
INSTALLER = TOP / "installer"
sys.path.insert(0, str(INSTALLER))

import archives  # noqa: E402
import at_start  # noqa: E402
import build_environment  # noqa: E402
import debian  # noqa: E402
import desktop_files  # noqa: E402
import freezing  # noqa: E402
import icons  # noqa: E402
import macos  # noqa: E402
import manual  # noqa: E402
import papers  # noqa: E402
import parts  # noqa: E402
import runfile  # noqa: E402
import slim_linux  # noqa: E402
import windows  # noqa: E402
from build_environment import Bench  # noqa: E402
from perfstudio import __version__  # noqa: E402
from perfstudio.checks import faces  # noqa: E402
from perfstudio.model.links import SCHEME  # noqa: E402
from perfstudio.model.opening import CLIP_SUFFIX, CLIP_TYPE, PACK_SUFFIX, PACK_TYPE  # noqa: E402
from perfstudio.session.system_links.macos import CLIP_UTI, PACK_UTI  # noqa: E402
from perfstudio.session.system_links.windows import CLIP_NAME, PACK_NAME  # noqa: E402
from perfstudio.systems.identity import APP_ID  # noqa: E402
from system import SetupError  # noqa: E402

EPOCH = 1_764_460_800


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    for name in ("work", "dist"):
        (tmp_path / name).mkdir()
    return Bench([sys.executable], tmp_path / "work", tmp_path / "dist", "1.2.3", EPOCH)


def test_the_version_stands_in_one_place() -> None:
    assert build_environment.version() == __version__
    assert f'"{__version__}"' not in (TOP / "pyproject.toml").read_text(encoding="utf-8")


def test_parts_that_nothing_of_ours_asks_for_are_left_out() -> None:
    kept = [
        "PySide6/Qt/plugins/platforms/libqxcb.so", "PySide6/plugins/platforms/qwindows.dll",
        "PySide6/Qt/plugins/platforms/libqoffscreen.so", "PySide6/Qt/plugins/imageformats/libqjpeg.so",
        "PySide6/Qt/translations/qtbase_de.qm", "PySide6/Qt6Gui.dll", "PySide6/Qt/lib/libQt6Network.so.6",
        "cv2/cv2.abi3.so", "cv2/data/haarcascade_profileface.xml", "numpy/linalg/lapack_lite.so",
    ]  # fmt: skip
    left = [
        "PySide6/Qt/plugins/platforms/libqeglfs.so", "PySide6\\plugins\\platforms\\qminimal.dll",
        "PySide6/Qt/plugins/tls/libqopensslbackend.so", "PySide6/Qt/plugins/imageformats/libqtiff.so",
        "PySide6/Qt/translations/qtquick_de.qm", "PySide6/Qt6Quick.dll", "PySide6/Qt/lib/libQt6QmlModels.so.6",
        "PySide6/opengl32sw.dll", "cv2/opencv_videoio_ffmpeg4140_64.dll", "numpy/_core/tests/test_umath.py",
    ]  # fmt: skip
    assert [name for name in kept if not parts.is_needed(name)] == []
    assert [name for name in left if parts.is_needed(name)] == []


def test_what_is_frozen_is_what_is_locked_whatever_else_lies_in_that_python() -> None:
    """The packages of the tests lie in this one."""
    left = parts.of_others(build_environment.locked_names())
    assert {"pytest", "hypothesis", "yaml", "mypy"} <= {*left}
    assert not {"perfstudio", "PySide6", "cv2", "numpy", "pydantic_core", "_cffi_backend", "keyring"} & {*left}


def test_the_face_models_that_are_read_go_along() -> None:
    source = Path(faces.__file__).read_text(encoding="utf-8")
    assert set(re.findall(r"haarcascade_\w+\.xml", source)) == set(parts.CASCADES)


def test_a_build_does_not_depend_on_who_builds(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    monkeypatch.setenv("PERFSTUDIO_HOME", "/mine")
    environment = bench.environment()
    assert "PYTHONPATH" not in environment
    assert "PERFSTUDIO_HOME" not in environment
    assert (environment["PYTHONHASHSEED"], environment["SOURCE_DATE_EPOCH"]) == ("0", str(EPOCH))


def test_the_same_content_makes_the_same_archive(tmp_path: Path) -> None:
    made = []
    for round_, mask in (("one", 0o022), ("two", 0o077)):
        folder = tmp_path / round_
        (folder / "bin").mkdir(parents=True)
        for name in ("b", "ä", "B") if mask == 0o022 else ("B", "ä", "b"):
            (folder / name).write_text(name, encoding="utf-8")
            (folder / name).chmod(0o666 & ~mask)
            os.utime(folder / name, (mask, mask))
        (folder / "bin" / "run").write_text("#!/bin/sh\n")
        (folder / "bin" / "run").chmod(0o700)
        made.append(archives.tar(tmp_path / f"{round_}.tar", folder, archives.under(folder), inside="x", epoch=EPOCH))
    assert archives.sha256(made[0]) == archives.sha256(made[1])
    with tarfile.open(made[0]) as archive:
        assert [m.name for m in archive] == ["x/B", "x/b", "x/bin", "x/bin/run", "x/ä"]
        assert {m.mtime for m in archive} == {EPOCH}
        assert [archive.getmember(name).mode for name in ("x/b", "x/bin/run")] == [0o644, 0o755]


def test_the_marks_hold_a_picture_of_every_size() -> None:
    pictures = {size: b"\x89PNG" + bytes(size) for size in {*icons.ICO_SIZES, *icons.ICNS_TYPES.values()}}
    ico = icons.ico({size: pictures[size] for size in icons.ICO_SIZES})
    assert struct.unpack_from("<HHH", ico) == (0, 1, len(icons.ICO_SIZES))
    for place, size in enumerate(icons.ICO_SIZES):
        width, *_, length, offset = struct.unpack_from("<BBBBHHII", ico, 6 + 16 * place)
        assert (width or 256, ico[offset : offset + length]) == (size, pictures[size])
    icns = icons.icns(pictures)
    assert (icns[:4], struct.unpack_from(">I", icns, 4)[0]) == (b"icns", len(icns))
    at = 8
    while at < len(icns):
        kind, length = icns[at : at + 4], struct.unpack_from(">I", icns, at + 4)[0]
        assert icns[at + 8 : at + length] == pictures[icons.ICNS_TYPES[kind]]
        at += length


def test_a_desktop_finds_the_program_its_links_and_its_packs() -> None:
    entry = configparser.ConfigParser(interpolation=None)
    entry.optionxform = str  # type: ignore[assignment,method-assign]
    entry.read(desktop_files.LINUX / "perfstudio.desktop", encoding="utf-8")
    said = entry["Desktop Entry"]
    assert said["Exec"] == "perfstudio %U", "several packs are handed over at once"
    assert said["MimeType"] == f"x-scheme-handler/{SCHEME};{PACK_TYPE};{CLIP_TYPE};"
    assert said["Terminal"] == "false"
    named = re.search(r'setDesktopFileName\("(\w+)"\)', (TOP / "perfstudio/app.py").read_text(encoding="utf-8"))
    assert named is not None
    assert (desktop_files.LINUX / f"{named[1]}.desktop").is_file()
    types = ET.parse(desktop_files.LINUX / "perfstudio.xml")  # noqa: S314 - our own
    assert [kind.get("type") for kind in types.findall("{*}mime-type")] == [PACK_TYPE, CLIP_TYPE]
    assert [glob.get("pattern") for glob in types.findall(".//{*}glob")] == [f"*{PACK_SUFFIX}", f"*{CLIP_SUFFIX}"]
    about = ET.parse(desktop_files.LINUX / "perfstudio.metainfo.xml").getroot()  # noqa: S314 - our own
    assert about.findtext("launchable") == "perfstudio.desktop"
    assert {kind.text for kind in about.findall("provides/mediatype")} == set(said["MimeType"].strip(";").split(";"))
    assert about.findtext("project_license") == "GPL-3.0-or-later"


def test_the_manual_page_has_every_verb_and_option() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", metavar="DIR", help="where perfstudio keeps everything; 5 %% of it")
    parser.add_argument("--secret", help=argparse.SUPPRESS)
    verbs = parser.add_subparsers()
    consent = verbs.add_parser("consent", help="show it").add_subparsers()
    consent.add_parser("take-back", help=".so it is").add_argument("--uses", choices=["a", "b"])
    page = manual.page(parser, "1.2.3", "2026-11-30")
    for line in (
        r"\fB\-\-home DIR\fR",
        "where perfstudio keeps everything; 5 % of it",
        r'.SS "consent take\-back"',
        r"\&.so it is",
    ):
        assert f"\n{line}\n" in page, line
    assert r"\fB\-\-uses a|b\fR" in page
    assert "secret" not in page


def test_papers_name_every_work_and_bring_its_licence(tmp_path: Path) -> None:
    assert papers.collect(tmp_path, ["numpy", "requests", "not-on-this-system"]) == 4
    said = (tmp_path / "README.txt").read_text(encoding="utf-8")
    assert re.search(r"^numpy \d.*: BSD", said, re.MULTILINE)
    assert re.search(r"^requests \d.*: Apache", said, re.MULTILINE)
    assert "not-on-this-system" not in said
    assert list((tmp_path / "numpy").glob("LICENSE*"))
    assert "numpy" in build_environment.locked_names()


def test_a_frozen_program_that_fails_its_self_test_is_not_packed(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import sys; sys.stdout.buffer.write(b'\\x93Everything works here.\\x94')\n"
        "sys.exit('self-test' not in sys.argv)"
    )
    freezing.try_it([sys.executable, str(program)])
    program.write_text("import sys; sys.exit('no codec')")
    with pytest.raises(SetupError, match="no codec"):
        freezing.try_it([sys.executable, str(program)])


def test_programs_that_the_frozen_one_starts_find_their_own_libraries(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The browser the system's, a further process of ours those of the folder: that one has to begin anew."""
    (tmp_path / "libportaudio.so.2").touch()
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    monkeypatch.setattr(ctypes.util, "find_library", lambda name: f"the system's {name}")
    for name, value in (("LD_LIBRARY_PATH", str(tmp_path)), ("LD_LIBRARY_PATH_ORIG", "/own")):
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PYINSTALLER_RESET_ENVIRONMENT", "")
    at_start.begin()
    assert os.environ["LD_LIBRARY_PATH"] == "/own"
    assert "LD_LIBRARY_PATH_ORIG" not in os.environ
    assert os.environ["PYINSTALLER_RESET_ENVIRONMENT"] == "1"
    assert ctypes.util.find_library("portaudio") == str(tmp_path / "libportaudio.so.2")
    assert ctypes.util.find_library("pulse") == "the system's pulse"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads programs of Linux")
def test_a_library_that_the_loader_would_refuse_is_seen() -> None:
    whole = bytearray(Path(sys.executable).resolve().read_bytes())
    assert slim_linux.is_aligned(bytes(whole))
    table, size, number = struct.unpack_from("<Q", whole, 32)[0], *struct.unpack_from("<HH", whole, 54)
    first = next(at for at in range(table, table + size * number, size) if struct.unpack_from("<I", whole, at)[0] == 1)
    struct.pack_into("<Q", whole, first + 8, 16)
    assert not slim_linux.is_aligned(bytes(whole))


def test_what_lies_in_the_folder_is_not_asked_of_the_system(tmp_path: Path) -> None:
    inside = tmp_path / "_internal"
    inside.mkdir()
    (inside / "libportaudio.so.2").touch()
    asked = [name for need in debian.left_to_the_system(tmp_path) for name in need.apt]
    assert "libportaudio2" not in asked
    assert {"libpulse0", "libegl1", "libglib2.0-0t64"} <= set(asked)
    assert not {"xvfb", "pulseaudio"} & set(asked)


def test_an_app_asks_for_camera_and_microphone_in_three_languages(tmp_path: Path) -> None:
    app, licences = tmp_path / "perfstudio.app", tmp_path / "licences"
    for folder in (app / "Contents/Resources", licences):
        folder.mkdir(parents=True)
    macos.dress(app, "1.2.3", licences)
    facts = plistlib.loads((app / "Contents/Info.plist").read_bytes())
    assert (facts["CFBundleShortVersionString"], facts["CFBundleExecutable"]) == ("1.2.3", "perfstudio")
    assert facts["CFBundleURLTypes"][0]["CFBundleURLSchemes"] == [SCHEME]
    kinds = {PACK_UTI: (PACK_SUFFIX, PACK_TYPE), CLIP_UTI: (CLIP_SUFFIX, CLIP_TYPE)}
    assert [kind["LSItemContentTypes"] for kind in facts["CFBundleDocumentTypes"]] == [[uti] for uti in kinds]
    for declared, (uti, (suffix, media_type)) in zip(facts["UTExportedTypeDeclarations"], kinds.items(), strict=True):
        tags = declared["UTTypeTagSpecification"]
        assert declared["UTTypeIdentifier"] == uti
        assert (tags["public.filename-extension"], tags["public.mime-type"]) == ([suffix[1:]], media_type)
    assert facts["CFBundleIdentifier"] == APP_ID
    asked = {"NSCameraUsageDescription", "NSMicrophoneUsageDescription"}
    assert asked <= set(facts)
    for language in facts["CFBundleLocalizations"]:
        strings = (app / f"Contents/Resources/{language}.lproj/InfoPlist.strings").read_text(encoding="utf-8")
        said = dict(re.findall(r'(?m)^(\w+) = "([^"]+)";$', strings))
        assert set(said) == asked, language
        assert (said["NSCameraUsageDescription"] == facts["NSCameraUsageDescription"]) == (language == "en")
    allowed = plistlib.loads((macos.PARTS / "entitlements.plist").read_bytes())
    assert {f"com.apple.security.device.{device}" for device in ("camera", "audio-input")} <= set(allowed)
    assert "com.apple.security.app-sandbox" not in allowed, "the sandbox would refuse the takes' folder"


def test_a_disk_image_is_said_to_need_macos(bench: Bench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(macos.shutil, "which", lambda name: None)
    with pytest.raises(SetupError, match="codesign, hdiutil, xcrun"):
        macos.image(bench, tmp_path)


def test_what_the_windows_setup_put_there_can_be_removed_in_the_order_of_its_list(tmp_path: Path) -> None:
    (tmp_path / "_internal/deep").mkdir(parents=True)
    for name in ("perfstudio.exe", "_internal/a.dll", "_internal/deep/b.dll"):
        (tmp_path / name).touch()
    names = windows.names(tmp_path)
    assert names.index("_internal\\deep\\b.dll") < names.index("_internal\\deep") < names.index("_internal")
    script = windows.SCRIPT.read_text(encoding="utf-8")
    assert "RequestExecutionLevel user" in script
    assert "HKLM" not in script
    assert "RMDir /r" not in script, "nothing but what was installed is removed"
    commands = dict(re.findall(r"\$\{CLASSES\}\\([\w.]+)\\shell\\open\\command\" \"\" '(.*)'", script))
    assert commands == dict.fromkeys((SCHEME, PACK_NAME, CLIP_NAME), '"$INSTDIR\\perfstudio-window.exe" "%1"')
    removed = re.findall(r'DeleteRegKey HKCU "\$\{CLASSES\}\\([\w.]+)"', script)
    assert set(removed) == {SCHEME, PACK_NAME, PACK_SUFFIX, CLIP_NAME, CLIP_SUFFIX}
    assert f'!define APP_ID "{APP_ID}"' in script, "as the process says of itself"
    assert script.index("CreateShortcut ") < script.index('!insertmacro Identify "$SMPROGRAMS\\perfstudio.lnk"')


PROGRAM = """#!/bin/sh
[ "$1" != self-test ] || { [ -w "${PERFSTUDIO_HOME%/*}" ] && echo "Everything works here."; exit; }
echo "it runs: $*"
"""


def made(bench: Bench, monkeypatch: pytest.MonkeyPatch, program: str = PROGRAM, needs: str = "") -> Path:
    """A file that installs, with a program of three lines in it."""
    frozen = bench.work / "frozen"
    (frozen / "_internal").mkdir(parents=True)
    (frozen / "perfstudio").write_text(program)
    (frozen / "perfstudio").chmod(0o755)
    (frozen / "_internal" / "a file.txt").write_text("inside")

    def lay(_bench: Bench, share: Path) -> None:
        (share / "applications").mkdir(parents=True)
        shutil.copyfile(desktop_files.LINUX / "perfstudio.desktop", share / "applications/perfstudio.desktop")

    monkeypatch.setattr(desktop_files, "lay", lay)
    monkeypatch.setattr(runfile, "glibc", lambda frozen: "2.28")
    monkeypatch.setattr(runfile, "left_to_the_system", lambda frozen: [])
    if needs:
        text = runfile.SCRIPT.read_text(encoding="utf-8").replace("@NEEDS@", needs)
        changed = bench.work / "install.sh"
        changed.write_text(text, encoding="utf-8")
        monkeypatch.setattr(runfile, "SCRIPT", changed)
    return runfile.runfile(bench, frozen)


def started(*words: str | Path, home: Path) -> subprocess.CompletedProcess[str]:
    home.mkdir(exist_ok=True)
    return subprocess.run(
        words, env={"PATH": os.environ["PATH"], "HOME": str(home)}, capture_output=True, text=True, check=False
    )


linux = pytest.mark.skipif(
    not sys.platform.startswith("linux") or not shutil.which("xz"), reason="a file that installs on Linux, with xz"
)


@linux
def test_one_file_installs_is_installed_again_and_leaves_nothing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file, home, prefix = made(bench, monkeypatch), tmp_path / "home", tmp_path / "a pläce"
    (prefix / "share/applications").mkdir(parents=True)
    (prefix / "share/applications/other.desktop").touch()
    for _ in range(2):
        done = started("sh", file, "--prefix", prefix, home=home)
        assert done.returncode == 0, done.stderr
        assert "Everything works here." in done.stderr
        assert started(prefix / "bin/perfstudio", "takes", "list", home=home).stdout == "it runs: takes list\n"
    entry = (prefix / "share/applications/perfstudio.desktop").read_text(encoding="utf-8")
    assert f'Exec="{prefix}/lib/perfstudio/program/perfstudio" %U\n' in entry
    assert (prefix / "lib/perfstudio/program/_internal/a file.txt").read_text() == "inside"
    assert [path.name for path in (prefix / "lib").iterdir()] == ["perfstudio"]
    assert started(prefix / "lib/perfstudio/remove.sh", home=home).returncode == 0
    left = {path.relative_to(prefix / "share/applications").as_posix() for path in prefix.rglob("*") if path.is_file()}
    assert left - {"mimeinfo.cache"} == {"other.desktop"}  # the cache is the system's, of what is there
    alone = tmp_path / "alone"
    assert started("sh", file, "--prefix", alone, home=home).returncode == 0
    entry = (alone / "share/applications/perfstudio.desktop").read_text(encoding="utf-8")
    assert f"Exec={alone}/lib/perfstudio/program/perfstudio %U\n" in entry, "no quotation marks where none are needed"
    assert started(alone / "lib/perfstudio/remove.sh", home=home).returncode == 0
    assert list(alone.iterdir()) == list(home.iterdir()) == []


@linux
def test_a_file_that_is_cut_short_or_damaged_installs_nothing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = made(bench, monkeypatch)
    whole = file.read_bytes()
    for broken, said in ((whole[:-9], "not whole"), (whole[:-9] + bytes(9), "damaged")):
        file.write_bytes(broken)
        done = started("sh", file, "--prefix", tmp_path / "place", home=tmp_path / "home")
        assert (done.returncode, said in done.stderr) == (1, True), done.stderr
        assert not (tmp_path / "place").exists()


@linux
def test_a_program_that_does_not_work_here_is_not_installed(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = made(bench, monkeypatch, "#!/bin/sh\necho 'no codec'; exit 1\n")
    done = started("sh", file, home=tmp_path / "home")
    assert done.returncode == 1
    assert "no codec" in done.stderr
    assert "Nothing was installed." in done.stderr
    assert [p for p in (tmp_path / "home").rglob("*") if p.is_file()] == []


@linux
def test_what_the_system_lacks_is_named_with_its_command(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = made(bench, monkeypatch, needs="libc.so.6 libc6 glibc glibc\nlibnowhere.so.9 nowhere9 nowhere nowhere")
    done = started("sh", file, home=tmp_path / "home")
    assert done.returncode == 1
    assert "Missing on this computer: libnowhere.so.9" in done.stderr
    assert "libc6" not in done.stderr
