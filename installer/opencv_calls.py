"""What the program calls of OpenCV, read from its source, and whether a library has it. Run by a Python with NumPy:

    python installer/opencv_calls.py LIBRARY

prints what is missing; 0 when nothing is.
"""

from __future__ import annotations

import ast
import re
import sys
from functools import cache, reduce
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

SOURCES = Path(__file__).resolve().parent.parent / "perfstudio"
BY_NAME = "cv2.CAP_V4L2"
"""Asked for by a name that is put together while the program runs, on Linux."""
_DOTTED = re.compile(r"cv2(\.\w+)+")


@cache
def called() -> dict[str, str]:
    """Every dotted name of `cv2` in the program's source, and a file that uses it."""
    found = {BY_NAME: "capture/devices/opencv_camera.py"}
    for path in sorted(SOURCES.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if "cv2" in text else ():
            if isinstance(node, ast.Attribute) and _DOTTED.fullmatch(name := ast.unparse(node)):
                found[name] = path.relative_to(SOURCES).as_posix()
    return found


def missing(library: ModuleType) -> list[str]:
    """The names that it does not have, and the kinds of work that it cannot do, each in a few words."""
    names = [f"{name} ({file})" for name, file in sorted(called().items()) if not _has(library, name)]
    return names or [what for what, works in _works(library) if not works]


def _has(library: ModuleType, name: str) -> bool:
    try:
        reduce(getattr, name.split(".")[1:], library)
    except AttributeError:
        return False
    return True


def _works(cv2: ModuleType) -> list[tuple[str, bool]]:
    """What a name does not tell: what is left out leaves names behind."""
    grey = cv2.convertScaleAbs(cv2.getGaussianKernel(64, 8), alpha=4000)
    written, data = cv2.imencode(".jpg", grey)
    read = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE) if written else None
    linux = sys.platform == "linux"
    return [
        ("JPEG pictures", read is not None and read.shape == grey.shape),
        ("cameras of Linux (V4L2)", not linux or cv2.CAP_V4L2 in cv2.videoio_registry.getCameraBackends()),
        ("face models (dnn)", hasattr(cv2, "dnn")),
    ]


def main(words: list[str]) -> int:
    """See above."""
    if len(words) != 1:
        print(__doc__)
        return 2
    spec = spec_from_file_location("cv2", words[0])
    if spec is None or spec.loader is None:
        print(f"{words[0]} is no library that Python loads.")
        return 2
    library = module_from_spec(spec)
    sys.modules["cv2"] = library
    spec.loader.exec_module(library)
    lacking = missing(library)
    print("\n".join(lacking))
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
