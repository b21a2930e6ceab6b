"""Days and moments as documents write them: RFC 3339, and only such as exist.

The form is a regular expression that knows the calendar, so that the published schema and the reader say the same and
a validator needs no idea of what a date is. Years are those in which every reader can reckon.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import Annotated, Any, LiteralString

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

_YEAR = "(19[7-9][0-9]|2[0-9]{3})"
_LEAP = "(19(7[26]|8[048]|9[26])|2[0-9](0[48]|[2468][048]|[13579][26])|2[048]00)"
_DAY_OF_YEAR = "((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))"
_DAY = f"({_YEAR}-{_DAY_OF_YEAR}|{_LEAP}-02-29)"
_CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?"
_ZONE = "(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"

DAY = f"^{_DAY}$"
MOMENT = f"^{_DAY}T{_CLOCK}{_ZONE}$"


def _written(form: str, kind: type[date], problem: LiteralString) -> BeforeValidator:
    """Of texts only those of this form; what is a day or a moment already goes on to the type."""
    pattern = re.compile(form)

    def look(value: Any) -> Any:
        if isinstance(value, str) and pattern.fullmatch(value):
            return kind.fromisoformat(value)
        if isinstance(value, date):  # a datetime is one
            return value
        raise PydanticCustomError(problem, problem)

    return BeforeValidator(look)


Day = Annotated[
    date,
    _written(DAY, date, "not_a_date"),
    WithJsonSchema({"type": "string", "format": "date", "pattern": DAY}),
]
"""A day such as 2026-12-18."""
Moment = Annotated[
    datetime,
    _written(MOMENT, datetime, "not_a_moment"),
    WithJsonSchema({"type": "string", "format": "date-time", "pattern": MOMENT}),
]
"""A moment such as 2026-12-18T20:15:00Z, to the microsecond, with its zone."""


def end_of_term(start: datetime, term: str) -> datetime:
    """`start` plus an ISO 8601 duration of days, months or years; the last day of a shorter month counts."""
    amount, unit = int(term[1:-1]), term[-1]
    try:
        if unit == "D":
            return start + timedelta(days=amount)
        months = start.month - 1 + amount * (12 if unit == "Y" else 1)
        year, month = start.year + months // 12, months % 12 + 1
        return start.replace(year=year, month=month, day=min(start.day, monthrange(year, month)[1]))
    except (ValueError, OverflowError, IndexError):  # past the year 9999: for ever
        return datetime.max.replace(tzinfo=start.tzinfo)
