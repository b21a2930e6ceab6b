"""What Review says about a take beside its checks."""

from __future__ import annotations

from perfstudio.language.catalogue import _
from perfstudio.model.checks import CheckCode, CheckResult
from perfstudio.model.clock import utc_now
from perfstudio.model.take_2 import TakeManifest2
from perfstudio.model.timing import MarkerName
from perfstudio.session.takes.review import TakeReview
from perfstudio.texts import formatting, partner, scenes


def subline(review: TakeReview) -> str:
    """Ines, 50 · 2:31 · recorded today 14:06 · in sync within 0.2 ms."""
    manifest = review.manifest
    recorded = formatting.when(review.line.recorded, utc_now().astimezone())
    parts = [
        scenes.who(manifest.prompt.prompt, manifest.prompt.brief),
        formatting.duration(review.duration_s),
        _("recorded {when}", when=recorded),
    ]
    if review.picture is None:
        parts.append(_("sound only"))
    elif manifest.sync is not None:
        parts.append(formatting.in_sync_within(manifest.sync.residual_ms))
        parts.append(_("calibrated") if manifest.sync.calibrated else _("not calibrated"))
    if isinstance(manifest, TakeManifest2) and manifest.partner is not None:
        parts.append(partner.heard_within(manifest.partner))
    return formatting.dotted(parts)


def told(review: TakeReview) -> tuple[CheckResult, ...]:
    """What was found; sync says nothing where there is no picture."""
    judged = review.manifest.judged()
    return judged if review.picture is not None else tuple(c for c in judged if c.code is not CheckCode.SYNC)


def own_points(review: TakeReview) -> bool:
    """Whether in and out are the performer's own, not "go" and "cut"."""
    trim = review.manifest.trim
    places = {m.name: m.at_s for m in review.manifest.markers}
    pairs = ((trim.in_s, places.get(MarkerName.GO)), (trim.out_s, places.get(MarkerName.CUT)))
    return any(own is not None and (made is None or abs(own - made) > 0.01) for own, made in pairs)
