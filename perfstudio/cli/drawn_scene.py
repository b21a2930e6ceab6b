"""A scene that was drawn for two who play together: read out, and begun when who plays it says so."""

from __future__ import annotations

import threading
from typing import Final

from perfstudio.cli import enter_key
from perfstudio.cli.output import Output
from perfstudio.cli.verbs.packs_show import scene_lines
from perfstudio.model.errors import CallError, ErrorCode
from perfstudio.session.duet.drawing import DrawnScene
from perfstudio.session.headless.scene_choice import scene_to_read
from perfstudio.session.home import Home
from perfstudio.texts import duet as words

_LOOK_S: Final = 0.2


def read_out(home: Home, drawn: DrawnScene, stop: threading.Event, out: Output) -> None:
    """Nobody has read it before; where somebody sits, they press a key when they have. Raises
    CallError(DUET_STOPPED)."""
    card = scene_to_read(home, drawn.reference, drawn.role)
    out.say(words.drawn(card.prompt.title))
    for line in scene_lines(card):
        out.say(line)
    if not enter_key.terminal_is_there():
        return
    out.say(words.read_in_peace())
    while not enter_key.entered(_LOOK_S):
        if stop.is_set():
            raise CallError(ErrorCode.DUET_STOPPED)
