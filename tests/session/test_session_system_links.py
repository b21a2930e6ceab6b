"""Invitation links, packs and the three systems: put there, read back, taken away again, and nothing else touched."""

from __future__ import annotations

import importlib.metadata
import os
import plistlib
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from perfstudio.model.errors import ErrorCode, LibraryError
from perfstudio.model.opening import CLIP_TYPE, PACK_TYPE, opened_pack
from perfstudio.paths import AppPaths, usual_home
from perfstudio.session.system_links import linux, start_command
from perfstudio.session.system_links.entry_text import LINK_TYPE, OURS
from perfstudio.session.system_links.linux import ENTRY, INSTALLED_ENTRY, LAUNCHER, LinuxLinks
from perfstudio.session.system_links.macos import MacLinks
from perfstudio.session.system_links.mime_apps import with_default, without
from perfstudio.session.system_links.registration import turned
from perfstudio.session.system_links.start_command import start_words
from perfstudio.session.system_links.states import LinkOwner
from perfstudio.session.system_links.windows import CLASS, CLIP_NAME, PACK_NAME, WindowsLinks
from perfstudio.texts.links import opened_by
from rigs.fake_registry import HKEY_CURRENT_USER, HKEY_LOCAL_MACHINE, FakeRegistry
from rigs.waiting import until

LINK = "perfstudio://connect?at=https%3A%2F%2Flab.example&code=abc&key=def"

INSTALLED = f"[Desktop Entry]\nExec={sys.executable} %U\nMimeType={LINK_TYPE};{PACK_TYPE};{CLIP_TYPE};\n"


class Desktop:
    """The places of one person and of everybody, and no program to ask."""

    def __init__(self, folder: Path) -> None:
        self.own, self.list = folder / "data" / "applications" / ENTRY, folder / "config" / "mimeapps.list"
        self.launcher, self.types = self.own.with_name(LAUNCHER), folder / "data/mime/packages/perfstudio-links.xml"
        self.shared = folder / "shared" / "applications" / INSTALLED_ENTRY
        self.links = LinuxLinks(("/opt/perf studio/python", "-m", "perfstudio"), "perfstudio")

    def shared_entry(self, name: str = INSTALLED_ENTRY, text: str = INSTALLED) -> None:
        self.shared.parent.mkdir(parents=True, exist_ok=True)
        self.shared.with_name(name).write_text(text)


@pytest.fixture
def desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desktop:
    if sys.platform == "win32":
        pytest.skip("places of Linux begin with a slash")
    for name, folder in (("XDG_DATA_HOME", "data"), ("XDG_CONFIG_HOME", "config"), ("XDG_DATA_DIRS", "shared")):
        monkeypatch.setenv(name, str(tmp_path / folder))
    which = shutil.which
    monkeypatch.setattr(shutil, "which", lambda program: which(program) if Path(program).is_absolute() else None)
    return Desktop(tmp_path)


def refused(links: LinuxLinks | WindowsLinks | MacLinks, *, on: bool = True) -> ErrorCode:
    with pytest.raises(LibraryError) as told:
        turned(links, on=on)
    return told.value.code


def test_on_linux_it_is_put_there_and_taken_away_and_nothing_else_is_touched(desktop: Desktop) -> None:
    before = (
        f"# mine\n[Added Associations]\ntext/plain=vi.desktop;\n\n[Default Applications]\n{LINK_TYPE}=other.desktop\n"
    )
    desktop.list.parent.mkdir()
    desktop.list.write_text(before)
    assert desktop.links.look().owner is LinkOwner.NONE, "who is named is not there"
    desktop.shared_entry("other.desktop")
    assert (desktop.links.look().owner, desktop.links.look().by) == (LinkOwner.OTHER, "other.desktop")
    for _ in range(2):
        assert turned(desktop.links, on=True).all_this
    entry = desktop.own.read_text().splitlines()
    assert f"Exec={desktop.launcher} %U" in entry, "xdg-open knows no quotation marks"
    assert "exec '/opt/perf studio/python' -m perfstudio \"$@\"" in desktop.launcher.read_text()
    assert f"MimeType={LINK_TYPE};{PACK_TYPE};{CLIP_TYPE};" in entry
    assert f"{LINK_TYPE}={ENTRY};other.desktop;" in desktop.list.read_text()
    for kind in (PACK_TYPE, CLIP_TYPE):
        assert f"{kind}={ENTRY};" in desktop.list.read_text()
        assert f'type="{kind}"' in desktop.types.read_text()
    another = LinuxLinks(("/elsewhere/python", "-m", "perfstudio"), "perfstudio")
    assert another.look().owner is LinkOwner.OTHER, "another copy of perfstudio"
    another.remove()
    assert desktop.links.look().owner is LinkOwner.THIS, "what is another's stays"
    assert turned(desktop.links, on=False).owner is LinkOwner.OTHER
    assert not any(file.exists() for file in (desktop.own, desktop.launcher, desktop.types))
    assert desktop.list.read_text() == before.replace("other.desktop\n", "other.desktop;\n"), "as it was"


def test_what_is_installed_installed_is_enough(desktop: Desktop) -> None:
    turned(desktop.links, on=True)
    desktop.shared_entry()
    now = turned(desktop.links, on=True)
    assert (now.owner, now.installed, desktop.own.exists()) == (LinkOwner.THIS, True, False)
    assert "installed here" in opened_by(now)
    desktop.shared.unlink()
    mine = desktop.own.with_name(INSTALLED_ENTRY)
    mine.write_text(INSTALLED)
    assert turned(desktop.links, on=True).installed
    assert refused(desktop.links, on=False) is ErrorCode.LINKS_UNCHANGED
    assert mine.read_text() == INSTALLED, "it goes with the program that came with it"
    mine.write_text(INSTALLED.replace(sys.executable, '"/gone with/it"'))
    assert desktop.links.look().owner is LinkOwner.NONE, "an entry whose program is gone opens nothing"


def test_which_of_two_entries_opens_is_said_as_the_desktop_has_it(desktop: Desktop) -> None:
    """This person's own and the one that is installed, in the order in which they came."""
    turned(desktop.links, on=True)
    assert (desktop.own.name == INSTALLED_ENTRY, "NoDisplay=true\n" in desktop.own.read_text()) == (False, True), (
        "of the same name it would hide the installed one in menus"
    )
    desktop.shared_entry()
    now = desktop.links.look()
    assert (now.all_this, now.installed, now.beside) == (True, False, str(desktop.shared))
    said = opened_by(now)
    assert f"links open this perfstudio instead of the installed one ({now.beside})." in said
    assert said.endswith("Packs and clips open it too.")
    assert opened_by(replace(now, clips=LinkOwner.NONE)).endswith("Packs open it too. No program opens clips here yet.")
    desktop.list.write_text(f"[Default Applications]\n{LINK_TYPE}={INSTALLED_ENTRY};{ENTRY}\n{PACK_TYPE}={ENTRY}\n")
    now = desktop.links.look()
    assert (now.installed, now.by, now.packs) == (True, str(desktop.shared), LinkOwner.THIS)
    own = desktop.own.with_name(INSTALLED_ENTRY)
    own.write_text(INSTALLED)
    assert desktop.links.look().by == str(own), "a person's folder stands before everybody's"
    another = LinuxLinks(("/elsewhere/python", "-m", "perfstudio"), "perfstudio")
    assert another.look().packs is LinkOwner.OTHER
    assert "Packs open another program, or another copy of perfstudio." in opened_by(another.look())


def test_what_an_earlier_version_wrote_is_known_and_replaced(desktop: Desktop) -> None:
    """Under the name of the installed entry, which it hid; for links alone."""
    earlier = desktop.own.with_name(INSTALLED_ENTRY)
    earlier.parent.mkdir(parents=True)
    text = f'[Desktop Entry]\nExec="/opt/perf studio/python" -m perfstudio %u\nMimeType={LINK_TYPE};\n{OURS}\n'
    desktop.list.parent.mkdir()
    for act in (True, False):
        earlier.write_text(text)
        desktop.list.write_text(f"[Default Applications]\n{LINK_TYPE}={INSTALLED_ENTRY};\n")
        now = desktop.links.look()
        assert (now.owner, now.packs, now.installed) == (LinkOwner.THIS, LinkOwner.NONE, False)
        assert turned(desktop.links, on=act).all_this is act
        assert not earlier.exists()


def test_a_persons_own_files_are_left_alone(desktop: Desktop, tmp_path: Path) -> None:
    desktop.own.parent.mkdir(parents=True)
    desktop.own.write_text("[Desktop Entry]\nExec=mine\n")
    assert refused(desktop.links) is ErrorCode.LINKS_ENTRY_FOREIGN
    turned(desktop.links, on=False)
    assert desktop.own.read_text() == "[Desktop Entry]\nExec=mine\n"
    desktop.own.unlink()
    dotfiles = tmp_path / "dotfiles"
    dotfiles.write_bytes(b"[Default Applications]\ntext/x-\xff=a.desktop")
    desktop.list.parent.mkdir()
    desktop.list.symlink_to(dotfiles)
    turned(desktop.links, on=True)
    assert desktop.list.is_symlink()
    assert dotfiles.read_bytes() == (
        b"[Default Applications]\napplication/vnd.perfstudio.clip+zip=perfstudio-links.desktop;\n"
        b"application/vnd.perfstudio.pack+zip=perfstudio-links.desktop;\n"
        b"x-scheme-handler/perfstudio=perfstudio-links.desktop;\ntext/x-\xff=a.desktop"
    )
    desktop.list.unlink()
    desktop.list.mkdir()
    assert refused(desktop.links) is ErrorCode.DISK_WRITE


def test_a_system_that_does_not_follow_is_not_believed(desktop: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    desktop.shared_entry("boss.desktop")
    monkeypatch.setattr(linux, "_said_by", lambda *words: "boss.desktop\n" if words[0] == "xdg-mime" else "")
    with pytest.raises(LibraryError) as told:
        turned(desktop.links, on=True)
    assert (told.value.code, told.value.facts) == (ErrorCode.LINKS_UNCHANGED, {"by": "boss.desktop"})


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        ("", "[Default Applications]\nm=e;\n"),
        ("[Default Applications]", "[Default Applications]\nm=e;\n"),
        ("[X]\nm=a\n", "[X]\nm=a\n\n[Default Applications]\nm=e;\n"),
        ("[Default Applications]\nm=a;e;\r\nn=b\r\n", "[Default Applications]\nm=e;a;\nn=b\r\n"),
        ("[Default Applications]\n[Added Associations]\nm=a;\n", None),
    ],
)
def test_a_list_of_what_opens_what(text: str, listed: str | None) -> None:
    changed = with_default(text, "m", "e")
    assert changed == (listed or "[Default Applications]\nm=e;\n[Added Associations]\nm=a;\n")
    assert with_default(changed, "m", "e") == changed
    assert "e" not in without(changed, "m", "e").replace("Default", "").replace("Added", "").partition("m=")[2]


WORDS = ('a b', 'quo"te', "back\\slash", "$HOME `x`", "100%u", "tab\there", "ünï", "~", "")  # fmt: skip


@pytest.mark.parametrize(("tool", "data"), [("gio", "data"), ("gio", "da ta"), ("xdg-open", "data")])
def test_the_desktops_own_program_opens_links_and_packs(
    tool: str, data: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In places of its own, with words of every kind: `gio` reads entries as the specification says, and `xdg-open`
    without a desktop knows no quotation marks. The launcher stands in for them, where its own path needs none."""
    program = shutil.which(tool)
    if program is None:
        pytest.skip(f"{tool} is not here")
    for name, folder in (("XDG_DATA_HOME", data), ("XDG_CONFIG_HOME", "config"), ("HOME", "home")):
        monkeypatch.setenv(name, str(tmp_path / folder))
        (tmp_path / folder).mkdir()
    monkeypatch.setenv("DISPLAY", ":0")  # what is started draws nothing
    for name in ("WAYLAND_DISPLAY", "XDG_CURRENT_DESKTOP", "BROWSER", "KDE_FULL_SESSION", "DESKTOP_SESSION"):
        monkeypatch.delenv(name, raising=False)
    heard, script = tmp_path / "heard", tmp_path / "program"
    script.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {heard}.new && mv {heard}.new {heard}\n')
    script.chmod(0o755)
    knows = tmp_path / "mimetype"  # of Perl's File::MimeInfo, by which xdg-open knows more types than zip
    knows.write_text(f'#!/bin/sh\ncase "$*" in *.perfclip) echo {CLIP_TYPE};; *) echo {PACK_TYPE};; esac\n')
    knows.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    pack = tmp_path / "Ünser Paket 100%.perfpack"
    clip = pack.with_suffix(".perfclip")
    for file in (pack, clip):
        with zipfile.ZipFile(file, "w") as made:
            made.writestr("some.json", "{}")
    assert turned(LinuxLinks((str(script), *WORDS), "perfstudio"), on=True).all_this
    assert (tmp_path / data / "applications" / LAUNCHER).exists() == (data == "data")
    for what in (LINK, str(pack), str(clip)):
        subprocess.run([program, *(["open"] if tool == "gio" else []), what], check=True, capture_output=True)
        until(heard.exists)
        *words, said = heard.read_text().splitlines()
        heard.unlink()
        assert words == list(WORDS)
        assert said == LINK if what == LINK else opened_pack(said) == Path(what)


def test_on_windows_it_is_a_key_of_this_person(monkeypatch: pytest.MonkeyPatch) -> None:
    registry = FakeRegistry()
    monkeypatch.setitem(sys.modules, "winreg", registry)  # type: ignore[arg-type]
    links = WindowsLinks((r"C:\Program Files\perfstudio\perfstudio.exe", "--home", r"D:\takes"))
    assert links.look().owner is LinkOwner.NONE
    assert turned(links, on=True).all_this
    assert registry.keys[HKEY_CURRENT_USER, CLASS.lower()]["URL Protocol"] == ""
    command = registry.keys[HKEY_CURRENT_USER, CLASS.lower() + r"\shell\open\command"][""]
    assert command == r'"C:\Program Files\perfstudio\perfstudio.exe" --home D:\takes "%1"'
    shouted = WindowsLinks((r"C:\PROGRAM FILES\perfstudio\perfstudio.exe", "--home", r"D:\takes"))
    assert shouted.look().owner is LinkOwner.THIS, "names of files have no case there"
    other = WindowsLinks((r"C:\other.exe",))
    other.remove()
    assert (other.look().owner, other.look().by) == (LinkOwner.OTHER, command)
    assert turned(links, on=False).owner is LinkOwner.NONE
    assert not any("perfstudio" in path or "perfpack" in path or "perfclip" in path for _, path in registry.keys), (
        "nothing is left"
    )
    turned(links, on=True)
    key = registry.CreateKeyEx(HKEY_CURRENT_USER, r"Software\Classes\zipper\shell\open\command", 0, 2)
    key.values[""] = "zipper.exe"
    chosen = r"Software\Microsoft\Windows\CurrentVersion\Explorer\FileExts\.perfpack\UserChoice"
    registry.CreateKeyEx(HKEY_CURRENT_USER, chosen, 0, 2).values["ProgId"] = "zipper"
    now = links.look()
    assert (now.owner, now.packs, now.clips) == (LinkOwner.THIS, LinkOwner.OTHER, LinkOwner.THIS), (
        "a choice in the system's settings counts"
    )
    assert refused(links) is ErrorCode.LINKS_UNCHANGED
    registry.keys[HKEY_CURRENT_USER, r"software\classes\.perfpack"][""] = "zipper"
    assert turned(links, on=False).packs is LinkOwner.OTHER
    assert (HKEY_CURRENT_USER, r"software\classes\.perfpack") in registry.keys, "it is another's now"
    registry.keys.clear()
    with registry.CreateKeyEx(HKEY_LOCAL_MACHINE, CLASS + r"\shell\open\command", 0, 2) as key:
        key.values[""] = command
    assert links.look().installed
    for path, value in (
        (".perfpack", PACK_NAME), (PACK_NAME + r"\shell\open\command", command),
        (".perfclip", CLIP_NAME), (CLIP_NAME + r"\shell\open\command", command),
    ):  # fmt: skip
        registry.CreateKeyEx(HKEY_LOCAL_MACHINE, "Software\\Classes\\" + path, 0, 2).values[""] = value
    assert links.look().all_this
    assert refused(links, on=False) is ErrorCode.LINKS_UNCHANGED
    registry.locked = True
    assert refused(other) is ErrorCode.LINKS_REFUSED


def test_on_macos_the_bundle_says_so_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = tmp_path / "perfstudio.app" / "Contents"
    (inside / "MacOS").mkdir(parents=True)
    assert (MacLinks().look().owner, refused(MacLinks())) == (LinkOwner.NONE, ErrorCode.LINKS_BUNDLE_ONLY)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(inside / "MacOS" / "perfstudio"))
    for said in (b"<plist", plistlib.dumps([1]), plistlib.dumps({"CFBundleURLTypes": [{}]})):
        (inside / "Info.plist").write_bytes(said)
        assert MacLinks().look().owner is LinkOwner.NONE
    says: dict[str, object] = {"CFBundleURLTypes": [{"CFBundleURLSchemes": ["perfstudio"]}]}
    (inside / "Info.plist").write_bytes(plistlib.dumps(says))
    assert MacLinks().look().packs is LinkOwner.NONE
    says["CFBundleDocumentTypes"] = [{"LSItemContentTypes": ["perfstudio.pack"]}]
    (inside / "Info.plist").write_bytes(plistlib.dumps(says))
    assert (MacLinks().look().packs, MacLinks().look().all_this) == (LinkOwner.THIS, False), "clips do not open it"
    says["CFBundleDocumentTypes"] = [{"LSItemContentTypes": ["perfstudio.pack", "perfstudio.clip"]}]
    (inside / "Info.plist").write_bytes(plistlib.dumps(says))
    assert turned(MacLinks(), on=True).changeable is False
    assert refused(MacLinks(), on=False) is ErrorCode.LINKS_BUNDLE_ONLY


def test_how_this_program_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not list(importlib.metadata.distributions(name="perfstudio")):
        pytest.skip("perfstudio is not installed in this Python")
    assert start_words(usual_home()) == (sys.executable, "-P", "-m", "perfstudio")
    assert start_words(AppPaths.choose(tmp_path).home)[4:] == ("--home", str(tmp_path))
    said = subprocess.run([*start_words(tmp_path), "--version"], cwd=tmp_path, capture_output=True, check=True)
    assert said.stdout.startswith(b"perfstudio ")

    def missing(name: str) -> None:
        raise start_command.importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(start_command, "importlib", SimpleNamespace(metadata=SimpleNamespace(
        distribution=missing, PackageNotFoundError=start_command.importlib.metadata.PackageNotFoundError
    )))  # fmt: skip
    with pytest.raises(LibraryError):
        start_words(tmp_path)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setitem(os.environ, "APPIMAGE", "/apps/perfstudio.AppImage")
    assert start_words(usual_home()) == ("/apps/perfstudio.AppImage",)
    monkeypatch.delenv("APPIMAGE")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "perfstudio.exe"))
    monkeypatch.setattr(sys, "platform", "win32")
    assert start_words(usual_home()) == (sys.executable,)
    (tmp_path / "perfstudio-window.exe").touch()
    assert start_words(usual_home()) == (str(tmp_path / "perfstudio-window.exe"),), "which opens no terminal"
