"""What two computers say to each other through a receiver, so that they find each other: never a sound or a picture.

One code, two seats. Whoever takes a seat says how they can be reached, and hears what the other seat said last. The
receiver passes it on and looks at nothing in it.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from perfstudio.model.base import Document
from perfstudio.model.call_servers import RelayPass
from perfstudio.model.dates import Moment

CODE_SIGNS = "0123456789abcdefghjkmnpqrstvwxyz"
"""No letter that is read as a number or as another letter."""
CODE_LENGTH = 12
"""60 bits. A code is good for minutes, its door is slow to those who guess, and nobody without a token comes to it."""
MOST_SAID = 24_000
"""Characters: a description of a connection with a dozen addresses has 3,000."""

DuetCode = Annotated[str, StringConstraints(pattern=rf"^[{CODE_SIGNS}]{{{CODE_LENGTH}}}$")]
"""Good for one duet."""
DuetSeat = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{16,64}$")]
"""Drawn by each side for itself, and told to the receiver alone: by it the two are told apart."""


class DuetOpened(Document):
    """Answer to `POST /v1/duets`: a code for two."""

    code: DuetCode
    """Whoever comes with it first takes the first seat, whoever comes next the second. Told in this answer alone."""
    good_until: Moment
    """Until then the second one has to come."""


class DuetSaid(Document):
    """Body of `POST /v1/duets/{code}`: a side takes its seat, or keeps it, and says something, or only listens."""

    seat: DuetSeat
    """The side's own."""
    says: Annotated[str, Field(min_length=1, max_length=MOST_SAID)] | None = None
    """What the other side is to hear, in the place of what was said before; absent: that stands."""
    leaves: bool = False
    """The duet is over, for both."""


class DuetHeard(Document):
    """Answer to it: what the other side said last."""

    first: bool
    """Whether this is the first seat."""
    both_here: bool
    """Whether the other seat is taken."""
    number: int = Field(ge=0)
    """How often the other side has said something."""
    says: Annotated[str, Field(min_length=1, max_length=MOST_SAID)] | None = None
    """What it said last; absent where it has said nothing."""
    ends_at: Moment
    """Until then the code is kept, if neither leaves."""
    relay: RelayPass | None = None
    """What the studio's relay asks for, where its document names one."""
