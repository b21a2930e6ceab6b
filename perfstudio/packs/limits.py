"""How large a pack may be. Every limit is checked against bytes that were counted, never against what a header says."""

from __future__ import annotations

from typing import Final

PACK_BYTES: Final = 600_000_000
"""The .perfpack file."""
UNPACKED_BYTES: Final = 700_000_000
"""Everything that is read from it. Media hardly shrink in a zip, so this is little more than the file."""
ENTRIES: Final = 900
"""Two hundred media, each with its shadow of macOS, a folder around them, and what else systems leave there."""
DIRECTORY_BYTES: Final = 450_000
"""The zip's table of contents: about 500 bytes an entry. Checked before the table is read."""
RATIO: Final = 100
"""Unpacked to packed. JSON texts reach 10; a bomb of zeros 1,000."""
RATIO_FREE_BYTES: Final = 1_000_000
"""Below this size the ratio does not matter."""
JSON_BYTES: Final = 4_000_000
"""pack.json: a thousand prompts of three pages each."""
MEDIA_BYTES: Final = {"image": 10_000_000, "sound": 100_000_000, "clip": 400_000_000}
IMAGE_SIDE: Final = 4096
"""Pixels; 4096 x 4096 is 64 MB once decoded."""
LIST_ITEMS: Final = 1_000
"""Members of one list: the most prompts a pack may have."""
