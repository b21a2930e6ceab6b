"""Scripted clocks: an hour of sound arrivals in no time, with drift, lumps, jitter, stalls and losses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from perfstudio.capture.timing.timing_log import BLOCKS, BlockFlag, Log

RATE = 48000
BLOCK = 480
ORIGIN_NS = 10**15


@dataclass(frozen=True)
class Script:
    """How the sound arrives. Gaps are (after seconds of delivered sound, seconds lost)."""

    minutes: float
    ppm: float
    seed: int = 0
    lump: int = 2
    jitter_s: float = 0.8e-3
    stalls: bool = True
    gaps: tuple[tuple[float, float], ...] = ()
    wander_ppm: float = 0.0


@dataclass(frozen=True)
class Arrivals:
    """The log, and when the last sample of each block was really taken."""

    blocks: Log
    true_ns: NDArray[np.int64]
    truth: NDArray[np.float64]
    """True take time of each block's end: samples taken so far, lost ones included, over the rate."""


def play(script: Script) -> Arrivals:
    """Make the observations of a script."""
    rng = np.random.default_rng(script.seed)
    count = int(script.minutes * 60 * RATE / BLOCK)
    taken = np.arange(1, count + 1, dtype=np.float64) * BLOCK
    for at_s, lost_s in script.gaps:
        taken[int(at_s * RATE / BLOCK) :] += round(lost_s * RATE)
    true_s = taken / (RATE * (1 + script.ppm * 1e-6))
    if script.wander_ppm:  # warming up: the rate moves by so much over the take
        true_s = true_s + np.cumsum(np.linspace(0, script.wander_ppm * 1e-6, count)) * BLOCK / RATE
    arrived = _deliver(true_s, script, rng)
    blocks = np.zeros(count, BLOCKS)
    blocks["first_sample"] = np.arange(count) * BLOCK
    blocks["frames"] = BLOCK
    blocks["flags"] = BlockFlag.WRITTEN
    blocks["host_ns"] = (arrived * 1e9).astype(np.int64) + ORIGIN_NS
    return Arrivals(blocks, (true_s * 1e9).astype(np.int64) + ORIGIN_NS, taken / RATE)


def _deliver(true_s: NDArray[np.float64], script: Script, rng: np.random.Generator) -> NDArray[np.float64]:
    """Lumps wait for their last block, everything is a little late, and now and then the machine stands still."""
    last = np.minimum(np.arange(len(true_s)) // script.lump * script.lump + script.lump - 1, len(true_s) - 1)
    arrived = np.maximum(true_s, true_s[last]) + 0.3e-3 + rng.exponential(script.jitter_s, len(true_s))
    at = 5 + rng.random() * 10
    while script.stalls and at < true_s[-1]:
        length = rng.uniform(0.03, 0.2)
        held = (arrived >= at) & (arrived < at + length)
        arrived[held] = at + length + np.arange(held.sum()) * 1e-5
        at += rng.uniform(10, 30)
    return np.maximum.accumulate(arrived)


def busy_end(seed: int) -> Log:
    """Some seconds whose last half to whole one arrives late by ever other lengths, for want of the processor."""
    rng = np.random.default_rng([21, seed])
    blocks = play(Script(minutes=rng.uniform(2, 8) / 60, ppm=0, seed=seed, stalls=False, lump=1)).blocks
    tail = int(rng.uniform(0.42, 1.4) * RATE / BLOCK)
    host_s = (blocks["host_ns"][-tail:] - ORIGIN_NS) * 1e-9
    if seed % 3 == 0:  # wanders
        late = np.abs(np.cumsum(rng.normal(0, 6e-3, tail)) + rng.uniform(0.03, 0.1)) + 4e-3
    elif seed % 3 == 1:  # the reader comes on for short whiles and never quite catches up
        ends = host_s[0] + np.cumsum(rng.uniform(0.01, 0.08, 400))
        turn = np.searchsorted(ends, host_s)
        late = ends[turn] - host_s + rng.uniform(8e-3, 0.06, 400)[turn]
    else:  # falls behind
        late = np.linspace(5e-3, rng.uniform(0.05, 0.4), tail) + rng.exponential(5e-3, tail)
    blocks["host_ns"][-tail:] += (late * 1e9).astype(np.int64)
    blocks["host_ns"] = np.maximum.accumulate(blocks["host_ns"])
    return blocks
