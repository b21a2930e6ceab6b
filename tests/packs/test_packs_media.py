"""The media of a pack are opened, in a process of their own, before the pack is in."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest
from packs_made import media_of, pack, wav, zipped

from perfstudio import frozen
from perfstudio.model.errors import ErrorCode, PackError
from perfstudio.packs.pack_store import PackStore
from perfstudio.session.pack_media import first_unfit
from perfstudio.texts.errors import sentence
from rigs import small_media


@pytest.fixture
def store(tmp_path: Path, shelf: PackStore) -> PackStore:
    shelf._first_unfit = first_unfit
    return shelf


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, bytes]]:
    folder = tmp_path_factory.mktemp("media")
    pictures = {f"{form}.{form}": ("image", small_media.picture(form)) for form in ("png", "jpg", "webp")}
    clip = small_media.film(folder / "clip.mp4", 20).read_bytes()
    sound = small_media.flac(folder / "sound.flac", 0.5).read_bytes()
    return {**pictures, "clip.mp4": ("clip", clip), "flac.flac": ("sound", sound), "wav.wav": ("sound", wav())}


def packed(path: Path, media: dict[str, tuple[str, bytes]]) -> Path:
    entries = [media_of(name, data, kind) for name, (kind, data) in media.items()]
    return zipped(path, pack(media=entries), {f"media/{name}": data for name, (_, data) in media.items()})


def test_what_opens_is_imported(store: PackStore, media: dict[str, tuple[str, bytes]], tmp_path: Path) -> None:
    store.import_pack(packed(tmp_path / "a.perfpack", media))
    assert len(store.pack("evening").files) == len(media)


@pytest.mark.parametrize(
    ("name", "how"),
    [(name, "cut") for name in ("png.png", "jpg.jpg", "webp.webp", "clip.mp4", "flac.flac")]
    + [(name, "noise") for name in ("png.png", "clip.mp4", "flac.flac")],
)
def test_imp_6_what_does_not_open_is_not_imported(
    name: str, how: str, store: PackStore, media: dict[str, tuple[str, bytes]], tmp_path: Path
) -> None:
    kind, data = media[name]
    bad = data[: len(data) // 2] if how == "cut" else data[:64] + random.Random(5).randbytes(len(data) - 64)
    with pytest.raises(PackError) as refused:
        store.import_pack(packed(tmp_path / "a.perfpack", {"wav.wav": media["wav.wav"], name: (kind, bad)}))
    assert (refused.value.code, refused.value.facts["where"]) == (ErrorCode.PACK_INVALID, "media[1].file")
    assert "damaged" in sentence(refused.value) or "not a kind of file" in sentence(refused.value)
    assert list((tmp_path / "packs").iterdir()) == [], "nothing is kept"


def test_what_brings_its_player_down_leaves_us_alone(
    store: PackStore, media: dict[str, tuple[str, bytes]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frozen, "command", lambda module: (sys.executable, "-c", "import os; os.abort()"))
    with pytest.raises(PackError) as refused:
        store.import_pack(packed(tmp_path / "a.perfpack", {"png.png": media["png.png"]}))
    assert refused.value.facts["problem"] == "damaged"


def test_this_process_decodes_nothing(media: dict[str, tuple[str, bytes]], tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from perfstudio.cli.main import run\n"
        "for verb in ('validate', 'import'):\n"
        "    assert run(['packs', verb, sys.argv[1], '--home', sys.argv[2]]) == 0\n"
        "print(sorted({'av', 'cv2', 'PIL', 'PySide6'} & set(sys.modules)))\n"
    )
    words = [sys.executable, "-c", program, str(packed(tmp_path / "a.perfpack", media)), str(tmp_path / "home")]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1:] == ["[]"], done.stderr
