"""What the library says when it refuses."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from perfstudio.model.errors import ErrorCode, PerfstudioError


def code_of(call: Callable[[], object]) -> ErrorCode:
    """The code of the error that this call has to raise."""
    with pytest.raises(PerfstudioError) as caught:
        call()
    return caught.value.code
