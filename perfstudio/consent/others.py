"""What may be signed of a take in which somebody is by chance: it can be kept and reviewed, and nothing else."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from perfstudio.language.catalogue import N_
from perfstudio.model.consent import ConsentRecord, RequestedUse, UseId
from perfstudio.model.errors import ConsentError, ErrorCode
from perfstudio.model.others import Others

BYSTANDER_USES = frozenset({UseId.STORE_REVIEW})
"""What may be done with a take of which one person in it was not asked: those who were named look at it, and decide."""
BYSTANDER_SOURCE = "GDPR Art. 4(11) and 6(1)(a): consent is given by the person whose data it is"
"""The rule's source; a name, so it is not translated. That review stays open is a choice of perfstudio, not of the law:
the studio learns from the record that somebody was not asked, and can refuse the take."""
BYSTANDER_WHY = N_("Only the person who is in it by chance could allow this, and they were not asked.")
"""What is said at each line that cannot be given."""


def barred(others: Others | None, uses: Iterable[UseId]) -> frozenset[UseId]:
    """Those of `uses` that cannot be given, whoever signs."""
    return frozenset(uses) - BYSTANDER_USES if others is Others.BYSTANDER else frozenset()


def require_free(others: Others | None, uses: Iterable[RequestedUse], wanted: Collection[UseId]) -> None:
    """No line is wanted, or needed by the studio, that a person would have to allow who was not asked.

    Raises ConsentError: CONSENT_BYSTANDER, CONSENT_BYSTANDER_NEEDED (use).
    """
    for use in uses:
        if barred(others, (use.id,)) and (use.id in wanted or use.required):
            code = ErrorCode.CONSENT_BYSTANDER_NEEDED if use.required else ErrorCode.CONSENT_BYSTANDER
            raise ConsentError(code, use=use.id.value)


def answer(others: Others | None, partner: str) -> dict[str, object]:
    """What a record holds of it: nothing where nothing was said. `partner` is a name as it is shown.

    Raises ConsentError: CONSENT_PARTNER_UNNAMED, CONSENT_PARTNER_UNSAID (a name of nobody who agreed).
    """
    if others is Others.PARTNER and not partner:
        raise ConsentError(ErrorCode.CONSENT_PARTNER_UNNAMED)
    if partner and others is not Others.PARTNER:
        raise ConsentError(ErrorCode.CONSENT_PARTNER_UNSAID)
    said: dict[str, object] = {"others": others} if others is not None else {}
    return said | ({"partner": partner} if partner else {})


def unanswered(record: ConsentRecord, *, found: bool) -> bool:
    """Whether the record does not say who else is in the take, and is of a version that asks where somebody was found.

    An agreement without a name is nobody's, and a name without one says nothing. Records of a version that did not ask
    do not state the performer's age either.
    """
    if (record.others is Others.PARTNER) != bool(record.partner):
        return True
    return found and record.others is None and record.subject.adult is not None
