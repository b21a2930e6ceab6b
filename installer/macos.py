"""The app for macOS in a disk image: laid out here, signed and notarised where the person has the means.

PERFSTUDIO_SIGN_AS       the name of a certificate, "Developer ID Application: ..."; without it the app is signed for
                         this computer alone, and others are warned of it
PERFSTUDIO_NOTARY        the name of a profile that `xcrun notarytool store-credentials` has stored
"""

from __future__ import annotations

import os
import platform
import plistlib
import shutil
import subprocess
from pathlib import Path

from build_environment import Bench
from freezing import try_it
from system import SetupError, say

PARTS = Path(__file__).resolve().parent / "macos"
TOOLS = ("codesign", "hdiutil", "xcrun")


def image(bench: Bench, frozen: Path) -> Path:
    """`perfstudio-VERSION-macos-MACHINE.dmg` from a folder frozen on macOS. Raises SetupError."""
    absent = [tool for tool in TOOLS if not shutil.which(tool)]
    if platform.system() != "Darwin" or absent:
        missing = f" Missing here: {', '.join(absent)} (install the Xcode command line tools)." if absent else ""
        raise SetupError(f"A disk image of macOS is made on macOS.{missing}")
    folder = bench.work / "image"
    shutil.rmtree(folder, ignore_errors=True)
    app = folder / "perfstudio.app"
    shutil.copytree(frozen.parent / app.name, app, symlinks=True)
    dress(app, bench.version, frozen / "licences")
    sign(app)
    try_it([str(app / "Contents/MacOS/perfstudio")])
    (folder / "Applications").symlink_to("/Applications")
    for paper in ("LICENSE", "NOTICE"):
        shutil.copyfile(frozen / paper, folder / paper)
    target = bench.target / f"perfstudio-{bench.version}-macos-{platform.machine()}.dmg"
    _run(
        [
            "hdiutil",
            "create",
            "-volname",
            "perfstudio",
            "-srcfolder",
            str(folder),
            "-format",
            "ULMO",
            "-ov",
            str(target),
        ]
    )
    notarise(target)
    return target


def dress(app: Path, version: str, licences: Path) -> None:
    """Put into an app what the system asks of it: who it is, what it asks the person for and why; papers."""
    contents, resources = app / "Contents", app / "Contents/Resources"
    shutil.copytree(licences, resources / "licences")
    for strings in sorted(PARTS.glob("*.lproj")):
        shutil.copytree(strings, resources / strings.name)
    facts = plistlib.loads((PARTS / "Info.plist").read_bytes())
    facts |= {"CFBundleVersion": version, "CFBundleShortVersionString": version}
    (contents / "Info.plist").write_bytes(plistlib.dumps(facts))


def sign(app: Path) -> None:
    """From the inside out: libraries first, the app last, with what it may use. Raises SetupError."""
    name = os.environ.get("PERFSTUDIO_SIGN_AS", "")
    if not name:
        say("PERFSTUDIO_SIGN_AS is not set: the app is signed for this computer alone, and others are warned of it.")
    command = ["codesign", "--force", "--sign", name or "-"]
    command += ["--options", "runtime", "--timestamp"] if name else []
    inner = [path for path in sorted(app.rglob("*")) if path.suffix in {".dylib", ".so"} and not path.is_symlink()]
    for path in inner:
        _run([*command, str(path)])
    _run([*command, "--entitlements", str(PARTS / "entitlements.plist"), str(app)])
    _run(["codesign", "--verify", "--deep", "--strict", str(app)])


def notarise(image: Path) -> None:
    """Have Apple look at it, and staple what they said. Raises SetupError."""
    profile = os.environ.get("PERFSTUDIO_NOTARY", "")
    if not profile or not os.environ.get("PERFSTUDIO_SIGN_AS"):
        say("PERFSTUDIO_NOTARY (and a certificate) is not set: the image is not notarised; see installer/macos.py.")
        return
    _run(["xcrun", "notarytool", "submit", str(image), "--keychain-profile", profile, "--wait"])
    _run(["xcrun", "stapler", "staple", str(image)])


def _run(command: list[str]) -> None:
    if subprocess.run(command, check=False).returncode:
        raise SetupError(f"This did not work: {' '.join(command[:3])} ... What it said stands above.")
