"""Who else is in a take that has come: told to the studio where it decides of the take, or puts it into something."""

from __future__ import annotations

from collections.abc import Iterable

from perfstudio.cli.output import Output
from perfstudio.consent.reading import CONSENT, read_record
from perfstudio.language.catalogue import _
from perfstudio.model.consent import ConsentRecord
from perfstudio.model.errors import ConsentError
from perfstudio.model.others import Others
from perfstudio.receiver.layout import ReceiverLayout, read_or_none
from perfstudio.texts.template import one_line


def say_others(layout: ReceiverLayout, take_ids: Iterable[str], out: Output) -> dict[str, dict[str, str | None]]:
    """Say it of each take in which somebody else is; returns what was stated, for programs. Raises OSError."""
    stated = {}
    for take_id in dict.fromkeys(take_ids):
        record = _record(layout, take_id)
        if record is None or record.others is None:
            continue
        stated[take_id] = {"others": record.others.value, "partner": record.partner}
        match record.others:
            case Others.BYSTANDER:
                out.say(
                    _(
                        "Somebody who was not asked appears in take {take} by chance. It is given for review only.",
                        take=take_id,
                    )
                )
            case Others.PARTNER:
                out.say(
                    _(
                        "A partner is in take {take}: {name}. The performer states that they agreed to every line.",
                        take=take_id,
                        name=one_line(record.partner or ""),
                    )
                )
    return stated


def _record(layout: ReceiverLayout, take_id: str) -> ConsentRecord | None:
    data = read_or_none(layout.folder / take_id / CONSENT)
    try:
        return read_record(data) if data is not None else None
    except ConsentError:  # whoever verifies the folder is told what is wrong with it
        return None
