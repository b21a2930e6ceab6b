"""What is said at the first start: a heading, a sentence and what to press, step by step."""

from __future__ import annotations

from perfstudio.language.catalogue import N_, _

_TEXTS = (
    (
        N_("You and your limits"),
        N_(
            "Say once what you never play, and what you want to be told of before. It stays on this computer. Your "
            "name is asked for only when you sign."
        ),
        N_("Set your limits"),
    ),
    (
        N_("Camera, microphone and headphones"),
        N_("A minute in the green room: it listens to your room, looks at your picture, and says what would help."),
        N_("Go to the green room"),
    ),
    (
        N_("Your first scene"),
        N_(
            "Begin with “{title}”. Read who you are and what you want; the stage is one key away. F1 helps on every "
            "page."
        ),
        N_("Read the brief"),
    ),
)
STEPS = len(_TEXTS)


def step(number: int, title: str) -> tuple[str, str, str]:
    """Of the step with this number, from 0; `title` is that of the scene to begin with."""
    heading, sentence, action = _TEXTS[number]
    return _(heading), _(sentence, title=title), _(action)
