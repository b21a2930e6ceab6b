"""What is said on the Deliveries page: only what a studio has answered, and what was read back from the disk."""

from __future__ import annotations

from datetime import datetime

from perfstudio.model.errors import ErrorCode, PerfstudioError
from perfstudio.session.views import StudioLine, TakenBack
from perfstudio.texts import formatting

TOKEN_KEPT = "The token is kept in this computer's keyring."
ANSWERS_LATER = "Whether {studio} knows it shows when the first take goes there."


def sign_in(line: StudioLine) -> tuple[str, str]:
    """The chip of a studio and its tone: signed in is what the studio said, not what is stored here."""
    if not line.needs_token:
        return "no sign-in needed", "plain"
    if not line.has_token:
        return "not signed in", "look"
    if line.known is None:
        return "token kept", "plain"
    return ("signed in", "good") if line.known else ("does not know your token", "look")


def wants_certificate(problem: PerfstudioError) -> bool:
    """Whether a certificate that the studio hands over would mend it."""
    if problem.code is ErrorCode.TRUST_UNREADABLE:
        return True
    facts = problem.facts
    untrusted = facts.get("detail") == "certificate" and facts.get("why") in ("self_signed", "unknown_authority")
    return problem.code is ErrorCode.RECEIVER_UNSAFE and untrusted


def added(line: StudioLine) -> str:
    """A studio's document was read and is kept; nobody has been asked anything yet."""
    return f"{line.name} is added." + (
        " Type the token it gave you." if line.needs_token and not line.has_token else ""
    )


def token_kept(studio: str) -> str:
    """After a token was typed: where it is, and who has still to answer."""
    return f"{TOKEN_KEPT} {ANSWERS_LATER.format(studio=studio)}"


def taken_back(studio: str, facts: TakenBack) -> str:
    """When it arrived, when it was taken back, and whether the studio has heard of it."""
    arrived = f"It arrived on {_at(facts.arrived)}. " if facts.arrived else ""
    told = f" {studio} was told on {_at(facts.told)}." if facts.told else ""
    if facts.untold:
        told = f" {studio} has not confirmed yet that it heard of it."
    return f"{arrived}You took it back on {_at(facts.at)}; nothing more of it is sent.{told}"


def _at(moment: datetime) -> str:
    here = moment.astimezone()
    return f"{formatting.day(here)}, {formatting.clock(here)}"
