"""Whether a receipt still says where a take is: a studio lets go of what was taken back, also if it is given anew."""

from __future__ import annotations

from perfstudio.library.take_row import is_withdrawn, lost_a_needed_line
from perfstudio.library.written import as_written
from perfstudio.model.base import sha256_hex
from perfstudio.model.consent import ConsentRecord, ConsentStatus
from perfstudio.model.delivery import Arrival, Receipt
from perfstudio.model.take import FileRole


def is_over(receipt: Arrival, consent: ConsentRecord) -> bool:
    """Whether the studio that `receipt` is about had to let go of the take since, while what stands now is newer.

    A receipt names its record, and consent.json by its hash, so the order of the acts decides, and no clock does. One
    of 0.1.0 names no record: then it is over when the record is the younger one and its hash is of no state of it.
    """
    named = receipt.record_id if isinstance(receipt, Receipt) else None
    signed_anew = named != consent.record_id if named is not None else consent.created_at > receipt.at
    quiet = all(act.state is not ConsentStatus.WITHDRAWN for act in consent.events)
    if _gone(consent) or (quiet and not signed_anew):
        return False
    cuts = [consent.model_copy(update={"events": consent.events[:n]}) for n in range(1, len(consent.events) + 1)]
    confirmed = next((f.sha256 for f in receipt.files if f.role == FileRole.CONSENT), "")
    for place, cut in enumerate(cuts):
        if confirmed in (sha256_hex(as_written(cut)), cut.digest()):
            return any(_gone(later) for later in cuts[place:])
    return signed_anew


def _gone(consent: ConsentRecord) -> bool:
    return is_withdrawn(consent) or lost_a_needed_line(consent)
