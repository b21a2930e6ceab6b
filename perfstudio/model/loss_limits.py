"""From when on a rolling take counts as being lost: every limit once, for the recorder, the live checks and the judge.

All are seconds. Whoever measures one of these takes its limit from here, so that window, verb and recorder say the
same at the same moment.
"""

from __future__ import annotations

from typing import Final

ARRIVING_S: Final = 1.0
"""What has come within this time is coming. Longer than the pauses of any device that works, and still "now"."""
NO_SOUND_S: Final = 0.9
"""Without sound for so long. Blocks come every 10 to 100 ms; within a second a take has a gap that is heard."""
NO_PICTURE_S: Final = 1.8
"""Without pictures for so long: said within two seconds. A camera that is slow in poor light is not silent."""
PAUSE_S: Final = 0.5
"""What comes back is steady once it comes without pauses longer than this."""
BACK_AFTER_S: Final = 2.0
"""How long it must come so before it is called back; twice as long after each stall, up to BACK_AFTER_MOST_S."""
BACK_AFTER_MOST_S: Final = 60.0
MUTED_S: Final = 1.5
"""Nothing but exact zeros for so long. A live microphone never sends them; noise gates of headsets do, for moments."""
BLACK_S: Final = 2.0
"""A black picture for so long. A hand before the lens is shorter; from here on the checks call a take lost."""
STILL_S: Final = 2.5
"""The same picture for so long. Network cameras repeat one for a second now and then; the checks' own limit is 3 s."""
UNWRITTEN_S: Final = 1.5
"""What arrives has not made its file grow for so long. Files grow some six times a second; a disk that syncs holds a
write up for a second now and then, and nobody who plays needs to hear of that."""
BEHIND_S: Final = 5.0
"""The same for pictures while the encoder is behind and works: then the computer is slow, and not the disk."""
LONGEST_STEP_S: Final = 0.25
"""Two looks further apart than this count as so far apart: a watcher that came late has not seen what was between."""
UNHEARD_S: Final = 1.8
"""The recorder says how it is ten times a second. After so long without a word nothing is known of the take."""
MICROPHONE_GONE_S: Final = 10.0
"""A microphone that is silent this long without having been reported lost is treated as lost while rolling."""
DISK_LOW_S: Final = (600.0, 120.0)
"""Recording time left at which it is said that the disk is getting full; at the last one the end is near."""
DISK_EASED_S: Final = 180.0
"""Recording time left from which on the end is no longer near: a forecast wavers."""
STAYS_S: Final = 3.0
"""What is said stays this long after it is over, so that what comes and goes does not flicker."""
