"""Before signing everything that leaves the computer is listed, file by file."""

from __future__ import annotations

import pytest

from perfstudio.consent.arrival import _PAPERS
from perfstudio.delivery.bundle import FILE_TYPES
from perfstudio.model.take import FILE_NAMES, FileRole
from perfstudio.texts import rights

SENT = [role for role in FileRole if role.value not in _PAPERS]


@pytest.mark.parametrize("role", SENT)
def test_each_file_that_may_be_sent_is_said_by_name_and_in_words(role: FileRole) -> None:
    ((name, told),) = rights.goes([role])
    assert name == "Is sent"
    first, *papers = told.splitlines()
    words, _, file = first.rpartition(": ")
    assert file == FILE_NAMES[role]
    assert len(words) > 10
    assert [line.rpartition(": ")[2] for line in papers] == ["take.json", "consent.json"]
    assert role in FILE_TYPES


def test_nothing_is_said_where_nothing_is_sent() -> None:
    assert rights.goes([]) == ()
