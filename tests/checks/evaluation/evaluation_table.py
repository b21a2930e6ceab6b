"""Runs cases and counts: what was found, what was missed, what was said without reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from checks_material import frames, heard
from evaluation_cases import PictureCase, SoundCase

from perfstudio.checks.faces import HaarFinder, to_grey
from perfstudio.checks.limits import house_limits
from perfstudio.checks.motion import tiny_luma
from perfstudio.checks.picture import PictureScan, judge_picture
from perfstudio.model.checks import CheckCode, Verdict


@dataclass
class Table:
    """Counts by the name of a degradation."""

    cases: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    said: dict[str, Counter[CheckCode]] = field(default_factory=dict)
    faults: dict[str, CheckCode | None] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)

    def add(self, case: SoundCase | PictureCase, raised: set[CheckCode]) -> None:
        """One result."""
        kind = case.name.rsplit("/", 1)[0]
        self.cases[kind] += 1
        self.faults[kind] = case.fault
        extra = raised - {case.fault} - case.along
        if case.fault is None or case.fault in raised:
            self.found[kind] += case.fault is not None or not raised
        else:
            self.missed.append(case.name)
        self.said.setdefault(kind, Counter()).update(extra)
        if extra and case.fault is None:
            self.alarms.append(f"{case.name}: {', '.join(sorted(extra))}")

    def clean(self) -> int:
        """How many cases were clean."""
        return sum(n for kind, n in self.cases.items() if self.faults[kind] is None)

    def faulty(self) -> int:
        """How many cases had a fault."""
        return sum(self.cases.values()) - self.clean()

    def text(self) -> str:
        """The confusion table: one line per degradation."""
        lines = [f"{'degradation':32}{'expected':16}{'found':>9}  said besides"]
        for kind, count in self.cases.items():
            fault = self.faults[kind]
            besides = ", ".join(f"{code} {n}" for code, n in self.said[kind].most_common())
            lines.append(f"{kind:32}{fault or 'nothing':16}{self.found[kind]:>4}/{count:<4}  {besides}")
        found = self.faulty() - len(self.missed)
        lines.append(f"faults found {found}/{self.faulty()}, false alarms {len(self.alarms)}/{self.clean()}")
        return "\n".join([*lines, *(f"missed {m}" for m in self.missed), *(f"alarm {a}" for a in self.alarms)])


def run(cases: Iterable[SoundCase | PictureCase], table: Table | None = None) -> Table:
    """Measures and judges every case."""
    table = table or Table()
    finder = HaarFinder()
    for case in cases:
        if isinstance(case, SoundCase):
            results = tuple(heard(case.make()).values())
        else:
            scan = PictureScan(finder)
            for at_s, picture in frames(case.scene, case.seconds, case.fps):
                grey = to_grey(picture)
                if scan.frame(tiny_luma(grey), at_s):
                    scan.glimpse(picture, grey, at_s)
            results = judge_picture(scan.finish(), house_limits(), nominal_fps=case.fps)
        table.add(case, {r.code for r in results if r.verdict is not Verdict.GOOD})
    return table
