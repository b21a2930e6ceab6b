"""Which parts of the libraries the frozen program carries. Read by perfstudio.spec, and by nothing that runs later."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.metadata import packages_distributions

CASCADES = ("haarcascade_frontalface_alt2.xml", "haarcascade_profileface.xml")
"""The face models of OpenCV that `perfstudio/checks/faces.py` reads."""

LANGUAGES = ("en", "de", "es")
"""Those that the program speaks: what Qt says by itself is carried in them."""

EXCLUDED = (
    "tkinter", "test", "setuptools", "pip", "pkg_resources", "numpy.f2py",
    "pydoc_data",  # what Python's own prompt says of help
    "babel",  # makes catalogues; nothing that runs needs it
    "readline", "curses", "_curses", "_dbm", "_gdbm",  # Python's own prompt, and databases of old
)  # fmt: skip
"""Modules that nothing of ours imports, and that others import where they are there."""


def of_others(locked: Iterable[str]) -> list[str]:
    """The modules of packages that lie in this Python and are not among the `locked` ones (those of tests, say).

    Others import them where they are there, and what is built would hang on what somebody has installed.
    """
    ours = {_normal(name) for name in (*locked, "perfstudio")}
    found = packages_distributions().items()
    return sorted(module for module, packages in found if ours.isdisjoint(map(_normal, packages)))


def _normal(name: str) -> str:
    """A package's name as every spelling of it is compared (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


_PLUGINS = re.compile(
    r"PySide6/(Qt/)?plugins/(?!(iconengines/|imageformats/(lib)?q(jpeg|svg|png|webp)|platforms/|platformthemes/"
    r"|platforminputcontexts/(lib)?(compose|ibus)|styles/|networkinformation/|wayland-|xcbglintegrations/))"
)
"""Plugins of Qt but those of the window system, its input methods, its look, its network, and pictures of packs."""

_PLATFORMS = re.compile(r"/platforms/(lib)?q(eglfs|linuxfb|minimal|minimalegl|vnc|vkkhrdisplay|direct2d|webgl)")
"""Qt without a desktop. `offscreen` stays: the program is tried with it."""

_LIBRARIES = re.compile(
    r"Qt6?(Qml\w*|Quick\w*|VirtualKeyboard\w*|Egl(FS|Fs)\w*|Labs\w*|Designer\w*|Test|Sql|PrintSupport|ShaderTools|Pdf\w*)\b"
)
"""Libraries of Qt that only plugins left out here ask for."""

_TRANSLATIONS = re.compile(rf"PySide6/(Qt/)?translations/(?!qtbase_({'|'.join(LANGUAGES)})\.qm)")
_OTHERS = re.compile(
    r"opengl32sw\.dll$"  # a software OpenGL of 20 MB: the window draws without any
    r"|cv2/(gapi|aruco|barcode|cuda|misc/version)/|opencv_videoio_ffmpeg\w*\.dll$"  # films are PyAV's work
    r"|portaudio-binaries/libportaudio(32bit|arm64|64bit-asio)"  # other processors; another sound system
    r"|numpy/(.*/)?tests/|\.pyi$"
    r"|\.dist-info/(?!METADATA|entry_points)"  # licences lie in a folder of their own
    r"|assets/locale/(.*\.pot?|glossary\.toml)$"  # for translators; the program reads what is made of it
)


def is_needed(name: str) -> bool:
    """Whether a file (its path in the folder of the program) goes along."""
    path = name.replace("\\", "/")
    unwanted = (_PLUGINS, _PLATFORMS, _LIBRARIES, _TRANSLATIONS, _OTHERS)
    return not any(pattern.search(path) for pattern in unwanted)


def without_console(platform: str) -> bool:
    """Whether a second program is needed, behind which no black window stands (`sys.platform` of the target)."""
    return platform == "win32"
