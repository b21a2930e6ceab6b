"""What the demo says after each step."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from perfstudio.language.catalogue import Messages, _
from perfstudio.texts.formatting import count, duration, in_sync_within, size

Facts = Mapping[str, str | int | float]


def sentence(step: str, facts: Facts) -> str:
    """One step in one sentence."""
    return _(_TEXTS[step], **{name: _FORMS.get(name, str)(value) for name, value in facts.items()})


_FORMS: dict[str, Callable[..., str]] = {
    "seconds": duration,
    "frames": lambda n: count(n, "frame"),
    "checks": lambda n: count(n, "finding"),
    "asked": lambda n: count(n, "use"),
    "files": lambda n: count(n, "file"),
    "bytes": size,
    "residual_ms": in_sync_within,
}

_TEXTS: Messages[dict[str, str]] = {
    "brief": "Prompt: “{title}”, played by {character}.",
    "roll": "Recorded {seconds}, {frames}, and read it back.",
    "check": "Checked: {checks}.",
    "label": "Kept, circled, and labelled “{meant}”.",
    "sign": "Signed for {uses} of {asked}; the rest stays off.",
    "deliver": "Delivered: {files}, {bytes}, every hash confirmed.",
    "verify": "Verified what arrived: {files}; seal, signature and consent are valid; {residual_ms}.",
}
