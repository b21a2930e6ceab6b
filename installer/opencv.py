"""OpenCV for Linux, built from its source with what the program calls: the wheel is one library of 70 MB, and as much
again of what it is linked with.

The source is that of the version in `requirements.lock`, and checked by its hash there. Left out are modules, kinds of
pictures and ways to read films that nothing here asks for (films are PyAV's work), Intel's closed kernels, and the
algebra of large matrices, for which OpenCV then uses its own. `opencv_calls.py` tries what was built. It takes half an
hour on two cores, and is kept in the work folder while the version, the words below and the tools are the same.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from build_environment import Bench
from environment import LOCK
from relock import blocks
from system import SetupError, say

PACKAGE = "opencv-python-headless"
LIBRARY, PAPERS = "cv2.abi3.so", "papers"
TOOLS = {"c++": "g++", "cmake": "cmake", "ninja": "ninja-build"}
"""What builds it, and Debian's packages of it."""
_OF_PROCESSOR = {"x86_64": {"nasm": "nasm"}}
"""JPEG pictures are read three times as fast with what it makes."""

MODULES = "core,imgproc,imgcodecs,videoio,objdetect,dnn,python3"
"""What these are built on comes with them; `dnn` for the model of faces that a person may supply (YuNet)."""
_ON = ("WITH_V4L", "WITH_JPEG", "BUILD_JPEG", "BUILD_ZLIB", "WITH_PROTOBUF", "BUILD_PROTOBUF", "PYTHON3_LIMITED_API",
       "OPENCV_SKIP_PYTHON_LOADER", "BUILD_INFO_SKIP_TIMESTAMP", "BUILD_INFO_SKIP_SYSTEM_VERSION")  # fmt: skip
_OFF = (
    "BUILD_SHARED_LIBS", "BUILD_TESTS", "BUILD_PERF_TESTS", "BUILD_DOCS", "BUILD_JAVA", "BUILD_opencv_apps",
    "BUILD_opencv_python2", "ENABLE_CCACHE", "CV_TRACE", "OPENCV_DNN_OPENCL",
    "WITH_IPP", "WITH_ITT", "WITH_OPENCL", "WITH_LAPACK", "WITH_EIGEN", "WITH_FLATBUFFERS", "WITH_VULKAN",
    "WITH_OPENVX", "WITH_ADE", "WITH_GTK", "WITH_QT", "WITH_VTK",
    "WITH_FFMPEG", "WITH_GSTREAMER", "WITH_VA", "WITH_VA_INTEL", "WITH_OBSENSOR", "WITH_1394",
    "WITH_AVIF", "WITH_WEBP", "WITH_TIFF", "WITH_OPENEXR", "WITH_OPENJPEG", "WITH_JASPER", "WITH_PNG",
    "WITH_IMGCODEC_GIF", "WITH_IMGCODEC_HDR", "WITH_IMGCODEC_SUNRASTER", "WITH_IMGCODEC_PXM", "WITH_IMGCODEC_PFM",
)  # fmt: skip
_PROCESSORS = {"x86_64": ("-DCPU_BASELINE=SSE3", "-DCPU_DISPATCH=SSE4_1;SSE4_2;AVX;FP16;AVX2")}
"""As the wheel, but for AVX-512, which few computers of performers have. Measured on one that has it: the checks of a
take of ten seconds cost 1.25 s of processor with either, faces are found in 4 % more time, and a picture changes its
colours in 0.1 to 0.4 ms more."""


def put(folder: Path, bench: Bench) -> None:
    """Ours in the place of the wheel's and all that it was linked with, and its papers. Raises SetupError."""
    built = library(bench)
    for place in (folder / "_internal").glob("cv2/cv2*.so"):
        shutil.copyfile(built / LIBRARY, place)
    for linked in (folder / "_internal").glob("opencv*.libs"):
        shutil.rmtree(linked)
    shutil.copytree(built / PAPERS, folder / "licences" / PACKAGE, dirs_exist_ok=True)


def library(bench: Bench) -> Path:
    """The folder with the library and the papers of what is in it, built now or before. Raises SetupError."""
    archive = source(bench)
    built = archive.with_name("built")
    stamp = built / "stamp"
    wanted = _wanted(archive)
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return built
    say("Building OpenCV: half an hour on two cores, once ...")
    shutil.rmtree(built, ignore_errors=True)
    _build(archive, built, bench)
    _hold(built / LIBRARY, bench)
    stamp.write_text(wanted, encoding="utf-8")
    return built


def source(bench: Bench) -> Path:
    """Its source as its makers published it, fetched once; the hash is one of the lock's. Raises SetupError."""
    lines = dict(blocks(LOCK.read_text(encoding="utf-8")))[PACKAGE]
    version = lines.split()[0].partition("==")[2]
    file = bench.work / "opencv" / f"{PACKAGE.replace('-', '_')}-{version}.tar.gz"
    if file.is_file() and _sha256(file) in lines:
        return file
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        named = Path(place) / "named.txt"
        named.write_text(lines, encoding="utf-8")
        words = ["--disable-pip-version-check", "--quiet", "download", "--no-deps", "--require-hashes"]
        kind = ["--no-binary", ":all:", "--no-build-isolation"]
        _run([*bench.python, "-m", "pip", *words, *kind, "-r", str(named), "-d", str(file.parent)], bench, None)
    if not file.is_file():
        raise SetupError(f"{file.name} was not among what was fetched: {LOCK.name} names no source of OpenCV.")
    return file


def words(folder: Path, python: list[str], include: str) -> list[str]:
    """What CMake is told; `folder` is where source and build lie."""
    mapped = f"-ffile-prefix-map={folder}=."  # or messages name where it was built
    options = [*(f"-D{name}=ON" for name in _ON), *(f"-D{name}=OFF" for name in _OFF)]
    paths = [
        f"-DPYTHON3_EXECUTABLE={python[0]}",
        f"-DPYTHON_DEFAULT_EXECUTABLE={python[0]}",
        f"-DPYTHON3_INCLUDE_DIR={include}",
        "-DPYTHON3_LIBRARY=libpython3.a",  # asked for, and not linked with
        "-DOPENCV_PYTHON3_INSTALL_PATH=python",
    ]
    flags = [f"-DCMAKE_C_FLAGS={mapped}", f"-DCMAKE_CXX_FLAGS={mapped}", *_PROCESSORS.get(platform.machine(), ())]
    return ["-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release", f"-DBUILD_LIST={MODULES}", *options, *paths, *flags]


def _build(archive: Path, built: Path, bench: Bench) -> None:
    """Unpack, configure, build; what was broken off before is gone on with. Raises SetupError."""
    folder = archive.parent
    made, log = folder / "made", folder / "build.log"
    prefix, include = _of_python(bench)
    tree = folder / archive.name.removesuffix(".tar.gz")
    if not tree.is_dir():
        shutil.rmtree(made, ignore_errors=True)
        with tarfile.open(archive) as packed:
            packed.extractall(folder, filter="data")
    log.unlink(missing_ok=True)
    told = words(folder, bench.python, include)
    _run(["cmake", "-S", str(tree / "opencv"), "-B", str(made), *told], bench, log)
    for said in (made / "modules/core/version_string.inc", made / "opencv_data_config.hpp"):
        said.write_text(_of_no_place(said.read_text(encoding="utf-8"), folder, prefix), encoding="utf-8")
    _run(["ninja", "-C", str(made), "-j", str(os.cpu_count() or 2)], bench, log)
    if not (made / "lib/python3" / LIBRARY).is_file():
        raise SetupError(f"OpenCV was built without its Python library, as it is where NumPy is missing: see {log}.")
    _run(["cmake", "--install", str(made), "--prefix", str(folder / "put"), "--component", "licenses"], bench, log)
    shutil.copytree(folder / "put/share/licenses/opencv4", built / PAPERS)
    shutil.copyfile(made / "lib/python3" / LIBRARY, built / LIBRARY)
    for heavy in (tree, made, folder / "put"):
        shutil.rmtree(heavy)


def _of_no_place(said: str, folder: Path, prefix: str) -> str:
    """What OpenCV tells of its build, without where that was: two builds in two folders are alike."""
    lines = said.replace(str(folder), "").splitlines(keepends=True)
    return "".join(line for line in lines if prefix not in line)


def _of_python(bench: Bench) -> tuple[str, str]:
    """Where the Python that is frozen lies, and its headers. Raises SetupError."""
    asked = "import sys, sysconfig; print(sys.prefix); print(sysconfig.get_path('include'))"
    done = subprocess.run([*bench.python, "-c", asked], capture_output=True, text=True, check=True)
    prefix, include = done.stdout.splitlines()
    if not (Path(include) / "Python.h").is_file():
        raise SetupError(f"The headers of Python are missing in {include}: OpenCV is built with them (python3-dev).")
    return prefix, include


def _hold(made: Path, bench: Bench) -> None:
    script = Path(__file__).with_name("opencv_calls.py")
    done = subprocess.run(
        [*bench.python, str(script), str(made)], capture_output=True, text=True, env=bench.environment(), check=False
    )
    if done.returncode:
        raise SetupError(f"OpenCV was built without what the program calls:\n{done.stdout}{done.stderr}")


def _wanted(archive: Path) -> str:
    """What a library was made from, and with; the same makes the same. Raises SetupError."""
    asked = "\n".join(words(Path(), ["python"], ""))
    return hashlib.sha256("\n".join([_sha256(archive), asked, *_tools()]).encode()).hexdigest() + "\n"


def _tools() -> list[str]:
    """What the tools say of themselves. Raises SetupError where one is missing, with the command that brings it."""
    tools = TOOLS | _OF_PROCESSOR.get(platform.machine(), {})
    if missing := {tool: package for tool, package in tools.items() if shutil.which(tool) is None}:
        raise SetupError(f"To build OpenCV {', '.join(missing)} is missing; on Debian and Ubuntu:\n"
                         f"    sudo apt-get install {' '.join(missing.values())}")  # fmt: skip
    return [subprocess.run([tool, "--version"], capture_output=True, text=True, check=True).stdout for tool in tools]


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _run(command: list[str], bench: Bench, log: Path | None) -> None:
    """Run it; what it says goes into the log, and its end into the SetupError that is raised when it fails."""
    done = subprocess.run(
        command, env=bench.environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if log:
        with log.open("a", encoding="utf-8") as opened:
            opened.write(done.stdout)
    if done.returncode:
        end = "\n".join(done.stdout.splitlines()[-20:])
        raise SetupError(
            f"This did not work: {' '.join(command[:4])} ...\n{end}" + (f"\nAll of it: {log}" if log else "")
        )
