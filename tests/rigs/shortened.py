"""A proof in two lengths: some of its cases run with the ordinary suite, all of them with `pytest -m soak`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

import pytest
from _pytest.mark.structures import ParameterSet

T = TypeVar("T")


def shortened(cases: Iterable[T], ordinary: Callable[[int, T], bool]) -> list[ParameterSet]:
    """Every case for `parametrize`; those for which `ordinary(number, case)` is false are soak."""
    return [
        pytest.param(
            case,
            marks=() if ordinary(number, case) else pytest.mark.soak,
        )
        for number, case in enumerate(cases)
    ]


def every(step: int) -> Callable[[int, object], bool]:
    """The first of each `step` cases."""
    return lambda number, _: number % step == 0
