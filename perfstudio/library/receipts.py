"""Whether a receipt still says where a take is: a studio lets go of what was taken back, also if it is given anew."""

from __future__ import annotations

from perfstudio.library.take_row import is_withdrawn, lost_a_needed_line
from perfstudio.library.written import as_written
from perfstudio.model.base import sha256_hex
from perfstudio.model.consent import ConsentRecord, ConsentStatus
from perfstudio.model.delivery import Arrival
from perfstudio.model.take import FileRole


def is_over(receipt: Arrival, consent: ConsentRecord) -> bool:
    """Whether the studio that `receipt` is about had to let go of the take since, while what stands now is newer.

    A receipt names consent.json by its hash, so the order of the acts decides, and no clock does. Where that hash is
    of no state of this record, the take was signed anew: the receipt is over when the record is the younger one.
    """
    signed_later = consent.created_at > receipt.at
    if not signed_later and all(act.state is not ConsentStatus.WITHDRAWN for act in consent.events):
        return False
    if _gone(consent):
        return False
    cuts = [consent.model_copy(update={"events": consent.events[:n]}) for n in range(1, len(consent.events) + 1)]
    confirmed = next((f.sha256 for f in receipt.files if f.role == FileRole.CONSENT), "")
    for place, cut in enumerate(cuts):
        if confirmed in (sha256_hex(as_written(cut)), cut.digest()):
            return any(_gone(later) for later in cuts[place:])
    return signed_later


def _gone(consent: ConsentRecord) -> bool:
    return is_withdrawn(consent) or lost_a_needed_line(consent)
