"""Whatever cannot be kept names what stands in its way, also where no page asked for a file."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from perfstudio.model.delivery import Studio
from perfstudio.model.errors import ConsentError, DeliveryError, ErrorCode, PerfstudioError
from perfstudio.paths import AppPaths
from perfstudio.session.delivery.delivery_service import DeliveryService
from perfstudio.session.home import Home
from perfstudio.session.worker import SerialWorker
from perfstudio.texts.errors import sentence


def told_by(work: Callable[[], object]) -> PerfstudioError:
    """What a worker of the window makes of it."""
    heard: list[PerfstudioError] = []
    worker = SerialWorker(lambda call: call())
    worker.run(work, lambda _: None, heard.append)
    worker.close()
    (problem,) = heard
    return problem


def test_a_signing_key_that_cannot_be_kept_is_said_by_its_culprit(tmp_path: Path) -> None:
    with Home(AppPaths(tmp_path / "home"), use_keyring=False) as home:
        keys = tmp_path / "home" / "keys"
        keys.rmdir()
        keys.symlink_to(tmp_path / "drive that is away")
        with pytest.raises(ConsentError) as caught:
            home.consents.open_key(lambda: "three calm horses")
    assert caught.value.code is ErrorCode.DISK_WRITE
    assert "“keys” could not be written to the disk: something with that name is in the way" in sentence(caught.value)


def test_a_studio_that_cannot_be_kept_is_said_by_its_culprit(tmp_path: Path) -> None:
    studio = Studio(id="attic", name="Attic", legal_name="Attic Ltd", contact="x", tus="https://attic.example/files")
    document = tmp_path / "studio.json"
    document.write_text(json.dumps(studio.to_json()))
    with Home(AppPaths(tmp_path / "home"), use_keyring=False) as home:
        service = DeliveryService(home.library, home.paths)
        (tmp_path / "home" / "studios").write_text("in the way")
        with pytest.raises(DeliveryError) as caught:
            service.connect(document)
        service.close()
    assert caught.value.code is ErrorCode.DISK_WRITE
    assert "“studios” could not be written to the disk: something with that name is in the way" in sentence(
        caught.value
    )


@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.ENOSPC, ErrorCode.DISK_FULL), (errno.EROFS, ErrorCode.DISK_READ_ONLY), (errno.EIO, ErrorCode.DISK_GONE)],
)
def test_work_of_a_page_that_meets_the_disk_is_told_by_its_culprit(
    tmp_path: Path, number: int, code: ErrorCode
) -> None:
    def work() -> None:
        raise OSError(number, "x", str(tmp_path / "take.json"))

    problem = told_by(work)
    assert (problem.code, problem.facts["folder"]) == (code, str(tmp_path))


def test_work_of_a_page_names_the_file(tmp_path: Path) -> None:
    problem = told_by((tmp_path / ("n" * 300)).touch)
    assert problem.code is ErrorCode.NAME_TOO_LONG
    assert problem.facts["file"] == "n" * 300
