"""NumPy's algebra without what nobody asks of it: OpenBLAS's 28 MB (20 on Windows) that become a tenth of one.

NumPy's wheels are linked with all of BLAS and LAPACK for every processor. What NumPy asks of BLAS (products and sums of
products) is in `algebra/`, in C, and stands in OpenBLAS's place; LAPACK is refused, and NumPy says so with LinAlgError.
`tests/architecture/test_architecture_algebra.py` holds it against OpenBLAS, and the source to not asking for LAPACK.
It takes a compiler: `gcc`, on Linux and, from MinGW-w64, on Windows. Where the numbers lie otherwise (macOS, which has
an algebra of its own) nothing is put in its place.
"""

from __future__ import annotations

import platform
import shutil
import subprocess
import tempfile
from pathlib import Path

from system import SetupError

SOURCE = Path(__file__).resolve().parent / "algebra" / "algebra.c"
PLACE = "numpy.libs/libscipy_openblas64_*"
COMPILERS = {"linux": ("gcc", "cc"), "win32": ("x86_64-w64-mingw32-gcc", "gcc")}
"""By `sys.platform` of the target, the first that is there."""
_WANTED = ("-O3", "-shared", "-fvisibility=hidden", "-fcx-limited-range", "-Wall", "-Wextra", "-Wno-unused-parameter")
_LINKED = {
    "linux": ("-fPIC", "-Wl,--build-id=none", "-Wl,-s"),
    "win32": ("-static", "-Wl,--no-insert-timestamp", "-Wl,-s"),
}


def put(inside: Path, system: str) -> list[Path]:
    """Ours in the place of OpenBLAS below `_internal`; where that was. Raises SetupError."""
    found = [path for path in sorted(inside.glob(PLACE)) if not path.is_symlink()]
    for path in found:
        make(path, system)
    return found


def make(library: Path, system: str) -> None:
    """Write the library, by the name that is asked for. The same compiler makes the same. Raises SetupError."""
    compiler = next((found for name in COMPILERS[system] if (found := shutil.which(name))), None)
    if compiler is None:
        raise SetupError(f"{COMPILERS[system][0]} is missing: it makes NumPy's algebra (packages gcc and libc6-dev; "
                         "on Windows MinGW-w64: winget install BrechtSanders.WinLibs.POSIX.UCRT).")  # fmt: skip
    name = ("-Wl,-soname," + library.name,) if system == "linux" else ()
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "made.dll"  # MinGW would add an ending to a name without one
        words = [compiler, *_WANTED, *_LINKED[system], *name, "-o", str(made), SOURCE.name]
        done = subprocess.run(words, cwd=SOURCE.parent, capture_output=True, text=True, check=False)
        if done.returncode or done.stderr:
            raise SetupError(f"NumPy's algebra could not be made by {compiler}:\n{done.stderr}")
        if library.exists():
            made.chmod(library.stat().st_mode)
        shutil.copy2(made, library)


def can_make() -> bool:
    """Whether a library for this system can be made and loaded here."""
    return platform.system() == "Linux" and any(shutil.which(name) for name in COMPILERS["linux"])
