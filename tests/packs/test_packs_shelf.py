"""The shelf: importing, versions, finding, and what an interrupted or repeated import leaves."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from packs_made import media_of, pack, png, prompt, zipped

from perfstudio.model.errors import ErrorCode, PackError
from perfstudio.packs.pack_store import PackStore
from rigs.systems import mode_of, posix_only, private


def refused(shelf: PackStore, path: Path) -> PackError:
    with pytest.raises(PackError) as caught:
        shelf.import_pack(path)
    return caught.value


def tree(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*")}


def test_an_import_is_kept_under_hash_names(tmp_path: Path, shelf: PackStore) -> None:
    picture = png()
    document = pack(media=[media_of("kitchen.png", picture, "image")])
    shelf.import_pack(zipped(tmp_path / "a.perfpack", document, {"media/kitchen.png": picture}))
    kept = shelf.pack("evening")
    file = kept.file("kitchen")
    assert file is not None
    assert file.read_bytes() == picture
    assert file.relative_to(tmp_path / "packs").parts == (kept.sha256, "media", document["media"][0]["sha256"] + ".png")
    root = tmp_path / "packs"
    assert tree(root) == {
        kept.sha256,
        f"{kept.sha256}/pack.json",
        f"{kept.sha256}/media",
        file.relative_to(root).as_posix(),
    }
    for path in (root, *root.rglob("*")):
        assert mode_of(path) == private(0o700 if path.is_dir() else 0o600)


def test_importing_twice_is_harmless(tmp_path: Path, shelf: PackStore) -> None:
    path = zipped(tmp_path / "a.perfpack", pack())
    assert shelf.import_pack(path) == shelf.import_pack(path)
    assert len(list((tmp_path / "packs").iterdir())) == 1


def test_the_newest_version_is_shown_and_older_ones_stay_readable(tmp_path: Path, shelf: PackStore) -> None:
    for version in ("1.9", "1.10", "1.2"):
        shelf.import_pack(zipped(tmp_path / "a.perfpack", pack(version=version, title=f"V {version}")))
    assert [f.pack.title for f in shelf.packs()] == ["V 1.10", "Practice"]
    assert shelf.pack("evening", "1.2").pack.title == "V 1.2"
    assert shelf.is_bundled("practice")
    assert not shelf.is_bundled("evening")


def test_same_version_with_other_words_is_refused(tmp_path: Path, shelf: PackStore) -> None:
    shelf.import_pack(zipped(tmp_path / "a.perfpack", pack()))
    for version in ("1.0", "1", "1.0.0"):
        error = refused(shelf, zipped(tmp_path / "b.perfpack", pack(version=version, summary="Other words.")))
        assert (error.code, error.facts["pack"]) == (ErrorCode.PACK_CHANGED, "evening")
    assert shelf.pack("evening").pack.summary == "Two scenes in a kitchen."
    again = PackStore(tmp_path / "packs", [tmp_path / "bundled"])
    assert refused(again, tmp_path / "b.perfpack").code is ErrorCode.PACK_CHANGED


def test_finding_prompts(tmp_path: Path, shelf: PackStore) -> None:
    shelf.import_pack(zipped(tmp_path / "a.perfpack", pack()))
    file, found = shelf.find_prompt("the-letter")
    assert (file.pack.id, found.id) == ("evening", "the-letter")
    assert shelf.find_prompt(" Evening/The-Door ")[1].id == "the-door"
    for reference, code, fact, value in (
        ("the-leter", ErrorCode.PROMPT_UNKNOWN, "close", "the-letter"),
        ("evening/letter", ErrorCode.PROMPT_UNKNOWN, "close", "the-letter"),
        ("the letter", ErrorCode.PROMPT_UNKNOWN, "close", "the-letter"),
        ("zzzzzzzz", ErrorCode.PROMPT_UNKNOWN, "close", ""),
        ("", ErrorCode.PROMPT_UNKNOWN, "close", ""),
        ("nowhere/the-letter", ErrorCode.PACK_UNKNOWN, "pack", "nowhere"),
    ):
        with pytest.raises(PackError) as caught:
            shelf.find_prompt(reference)
        assert (caught.value.code, caught.value.facts[fact]) == (code, value)


def test_one_name_in_two_packs_is_ambiguous(tmp_path: Path, shelf: PackStore) -> None:
    shelf.import_pack(zipped(tmp_path / "a.perfpack", pack()))
    shelf.import_pack(zipped(tmp_path / "b.perfpack", pack(id="morning")))
    with pytest.raises(PackError) as caught:
        shelf.find_prompt("the-letter")
    assert caught.value.code is ErrorCode.PROMPT_AMBIGUOUS
    assert caught.value.facts["matches"] == "evening/the-letter, morning/the-letter"


def test_a_damaged_kept_pack_is_named_and_does_no_harm(tmp_path: Path, shelf: PackStore) -> None:
    shelf.import_pack(zipped(tmp_path / "a.perfpack", pack()))
    (kept,) = (tmp_path / "packs").iterdir()
    changed = json.loads((kept / "pack.json").read_text())
    changed["summary"] = "Tampered."
    (kept / "pack.json").write_text(json.dumps(changed))
    (tmp_path / "packs" / "notes").mkdir()
    again = PackStore(tmp_path / "packs", [tmp_path / "bundled"])
    assert [f.pack.id for f in again.packs()] == ["practice"]
    assert again.damaged() == (kept.name,)


def test_a_refused_pack_leaves_nothing(tmp_path: Path, shelf: PackStore) -> None:
    picture = png()
    document = pack(media=[media_of("a.png", picture, "image"), media_of("b.png", png(9, 9), "image")])
    path = zipped(tmp_path / "a.perfpack", document, {"media/a.png": picture, "media/b.png": picture})
    assert refused(shelf, path).facts["where"] == "media[1].sha256"
    assert tree(tmp_path / "packs") == set()


IMPORT = """
import sys
from pathlib import Path
from perfstudio.model.errors import PackError
from perfstudio.packs.pack_store import PackStore
limit, full = int(sys.argv[4]), sys.argv[5] == 'full'
shelf = PackStore(Path(sys.argv[1]), [Path(sys.argv[2])])
if limit and full:
    import errno, os
    from perfstudio.packs import pack_store
    write = pack_store.write_durably
    def half(path, data):
        write(path, data[:limit])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
    pack_store.write_durably = half
elif limit:
    import resource, signal
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
print("ready", flush=True)
try:
    shelf.import_pack(Path(sys.argv[3]))
except PackError as error:
    print(error.code.value, flush=True)
else:
    print("imported", flush=True)
"""


def importing(tmp_path: Path, path: Path, limit: int = 0, why: str = "") -> subprocess.Popen[str]:
    arguments = [str(tmp_path / "packs"), str(tmp_path / "bundled"), str(path), str(limit), why]
    return subprocess.Popen([sys.executable, "-c", IMPORT, *arguments], stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize(
    ("why", "code"),
    [
        ("full", "disk_full"),
        pytest.param("no larger file", "disk_write", marks=posix_only("no limit on the size of files")),
    ],
)
def test_imp_12_a_full_disk_is_said_and_nothing_is_half_there(
    tmp_path: Path, bundled: Path, why: str, code: str
) -> None:
    path = zipped(tmp_path / "a.perfpack", pack())
    with importing(tmp_path, path, limit=1000, why=why) as child:
        said, _ = child.communicate(timeout=60)
    assert said.split() == ["ready", code]
    assert tree(tmp_path / "packs") == set()


def test_imp_12_a_killed_import_leaves_the_whole_pack_or_none(tmp_path: Path, bundled: Path) -> None:
    picture = png() + os.urandom(8_000_000)
    document = pack(media=[media_of("a.png", picture, "image")])
    path = zipped(tmp_path / "a.perfpack", document, {"media/a.png": picture})
    for _ in range(2):
        with importing(tmp_path, path) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == "ready\n"
            child.kill()
        shelf = PackStore(tmp_path / "packs", [bundled])
        assert shelf.damaged() == ()
        assert [f.pack.id for f in shelf.packs()][-1] == "practice"
    PackStore(tmp_path / "packs", [bundled]).import_pack(path)
    kept = PackStore(tmp_path / "packs", [bundled]).pack("evening").file("a")
    assert kept is not None
    assert kept.read_bytes() == picture


def test_packs_of_two_studios_may_share_an_id(tmp_path: Path, shelf: PackStore) -> None:
    other = pack(prompts=[prompt("elsewhere")])
    other["studio"] = dict(other["studio"], id="cellar")
    shelf.import_pack(zipped(tmp_path / "a.perfpack", pack()))
    shelf.import_pack(zipped(tmp_path / "b.perfpack", other))
    assert len(shelf.packs()) == 3
    assert shelf.find_prompt("evening/elsewhere")[0].pack.studio.id == "cellar"


@pytest.mark.parametrize(
    ("pack_id", "studio_id"), [("practice", "practice"), ("practice", "evil-lab"), ("evening", "practice")]
)
def test_nobody_takes_the_names_of_the_practice_room(
    pack_id: str, studio_id: str, tmp_path: Path, shelf: PackStore
) -> None:
    document = pack(id=pack_id, version="9.0", title="Practice room")
    document["studio"] = {**document["studio"], "id": studio_id}
    file = zipped(tmp_path / "room.perfpack", document)
    told = refused(shelf, file)
    assert (told.code, told.facts) == (ErrorCode.PACK_RESERVED, {"file": "room.perfpack", "id": "practice"})
    assert [f.pack.title for f in shelf.packs()] == ["Practice"]
    assert not [p for p in (tmp_path / "packs").rglob("*") if p.is_file()]
    kept = kept_by_an_earlier_version(tmp_path / "packs", document)
    assert [f.pack.title for f in shelf.packs()] == ["Practice"]
    assert shelf.pack("practice").pack.title == "Practice"
    assert shelf.by_hash(kept) is not None, "takes made from it keep their words"
    assert shelf.pack(pack_id, "9.0").sha256 == kept
    assert refused(shelf, file).code is ErrorCode.PACK_RESERVED


def kept_by_an_earlier_version(root: Path, document: dict) -> str:
    """The pack, as an import without this rule left it; its hash."""
    from perfstudio.model.base import canonical_bytes, sha256_hex

    name = sha256_hex(canonical_bytes(document))
    (root / name).mkdir(parents=True)
    (root / name / "pack.json").write_bytes(canonical_bytes(document))
    return name
