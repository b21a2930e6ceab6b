"""Wrong tokens cost time: the more of them come from an address, the later each is answered."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

FREE = 5
"""So many wrong tokens are answered at once: somebody mistypes, a program tries again."""
FIRST_S = 0.1
LONGEST_S = 10.0
FORGOTTEN_S = 600.0
"""An address from which nothing wrong came for so long begins anew."""
MOST_ADDRESSES = 4096


@dataclass
class _Address:
    wrong: int = 0
    free_at_s: float = 0.0
    """When the answers that are owed will have been given."""


class WrongTokens:
    """Counts by address. One at a time is answered, each twice as late as the one before it, up to `LONGEST_S`."""

    def __init__(self) -> None:
        self._addresses: OrderedDict[str, _Address] = OrderedDict()

    def __len__(self) -> int:
        return len(self._addresses)

    def wait_s(self, address: str, now_s: float) -> float | None:
        """How long this answer is held back; None when so many are owed already that it is not worth holding."""
        known = self._addresses.pop(address, None)
        if known is None or now_s - known.free_at_s > FORGOTTEN_S:
            known = _Address(free_at_s=now_s)
        self._addresses[address] = known
        if len(self._addresses) > MOST_ADDRESSES:
            self._addresses.popitem(last=False)
        if known.free_at_s - now_s > LONGEST_S:
            return None
        known.wrong += 1
        late_s = 0.0 if known.wrong <= FREE else min(LONGEST_S, FIRST_S * 2.0 ** min(known.wrong - FREE - 1, 16))
        known.free_at_s = max(now_s, known.free_at_s) + late_s
        return known.free_at_s - now_s
