"""The sheet of keys: what each key does on each page, as the pages were written. What a performer changes of it is
`key_map`'s."""

from __future__ import annotations

from perfstudio.language.catalogue import N_, Messages
from perfstudio.ui.keyboard import CTRL, DELETE

_ARROWS = ("←", "→", "↑", "↓")
KEYS: dict[str, tuple[tuple[tuple[str, ...], str], ...]] = {
    "Everywhere": (
        ((f"{CTRL} 1",), N_("Scenes")),
        ((f"{CTRL} 2",), N_("Green room")),
        ((f"{CTRL} 3",), N_("Takes")),
        ((f"{CTRL} 4",), N_("Deliveries")),
        ((f"{CTRL} 5",), N_("Consent")),
        ((f"{CTRL} 6",), N_("Ledger")),
        ((f"{CTRL} 7",), N_("Settings")),
        ((f"{CTRL} ,",), N_("Settings, too")),
        ((f"{CTRL} F",), N_("search this page")),
        (("F1",), N_("help for this page")),
        (("F11",), N_("full screen, and back")),
        ((f"{CTRL} Q",), N_("close the window")),
        ((f"{CTRL} +", f"{CTRL} −"), N_("larger, smaller text")),
        ((f"{CTRL} Z",), N_("undo the last decision")),
        ((f"⇧ {CTRL} Z",), N_("redo what was undone")),
        (("Tab",), N_("the next control")),
        (("↵", "Space"), N_("press the focused control")),
    ),
    "Scenes": (
        (_ARROWS, N_("another card")),
        (("Home", "End"), N_("the first card, the last card")),
        (("PgUp", "PgDn"), N_("scroll by a page")),
    ),
    "Brief": (
        (("Space", "↵"), N_("step on stage")),
        (("G",), N_("green room")),
        (("Esc",), N_("back to the scenes")),
        (("↑", "↓"), N_("scroll")),
        (("PgUp", "PgDn"), N_("scroll by a page")),
    ),
    "Green room": (
        (("Space",), N_("begin, continue")),
        (("R",), N_("check again, or choose devices")),
        (("P",), N_("play it")),
        (("S",), N_("skip the check")),
        (("O",), N_("open the system's settings")),
        (("G",), N_("guides")),
        (("Esc",), N_("stop, back")),
        (("↑", "↓"), N_("scroll")),
    ),
    "Stage": (
        (("Space",), N_("roll, cut")),
        (("R",), N_("again")),
        (("M",), N_("mark this moment")),
        (("B",), N_("broke character")),
        (("Esc",), N_("abandon; the take is kept")),
        (("V",), N_("hide me")),
        (("G",), N_("guides")),
        (("D",), N_("other camera, microphone or headphones")),
        (("+", "−"), N_("size of the prompt")),
        (("⇧ ←", "⇧ →", "⇧ ↑", "⇧ ↓"), N_("move the line to your lens")),
        (("⇧ Home",), N_("the line at the top again")),
    ),
    "Review": (
        (("Space",), N_("play, pause")),
        (("←", "→"), N_("one second back, forward")),
        (("⇧ ←", "⇧ →"), N_("five seconds back, forward")),
        ((",", "."), N_("one frame back, forward")),
        (("Home", "End"), N_("the start, the end")),
        (("K",), N_("keep")),
        (("C",), N_("circle")),
        (("R",), N_("again")),
        ((DELETE,), N_("bin, restore")),
        (("I", "O"), N_("in and out points")),
        (("M",), N_("mark this moment")),
        (("B",), N_("broke character")),
        (("L",), N_("play again and again")),
        (("<", ">"), N_("slower, faster")),
        (("−", "+"), N_("softer, louder")),
        (("P", "N"), N_("the take before, the take after")),
        (("E",), N_("make a video for your reel")),
        (("V",), N_("another take of the scene beside it")),
        (("H",), N_("who is heard: yourself, your partner, or the other take")),
        (("G",), N_("lock two takes at “go” or at the first word")),
        (("A", "S", "D", "F", "J"), N_("what you meant, by its word")),
        (("W",), N_("another word for what you meant")),
        (("Q", "T", "Z"), N_("how strong it was")),
        (("1–9",), N_("how it felt")),
        (("Y", "X"), N_("the character held, or slipped")),
        (("↑", "↓"), N_("the line the number keys rate")),
        (("↵",), N_("go to consent")),
        (("Esc",), N_("later")),
    ),
    "Consent": (
        ((f"{CTRL} ↵",), N_("sign")),
        ((f"{CTRL} ⌫",), N_("take it back")),
        (("S",), N_("same as the last take")),
        (("↵",), N_("turn on, when it is signed")),
        (("Esc",), N_("decide later")),
        (("↑", "↓"), N_("scroll the terms")),
        (("PgUp", "PgDn"), N_("by a page")),
    ),
    "Takes": (
        (_ARROWS, N_("another take")),
        (("⇧ ←", "⇧ →", "⇧ ↑", "⇧ ↓"), N_("choose on the way there")),
        (("Space",), N_("choose the take, or no longer")),
        ((f"{CTRL} A",), N_("choose all")),
        (("Esc",), N_("choose none")),
        (("Home", "End"), N_("the first take, the last take")),
        (("PgUp", "PgDn"), N_("scroll by a page")),
        (("K",), N_("keep")),
        (("C",), N_("circle")),
        (("L",), N_("label: say what you meant")),
        (("U",), N_("use: go to consent")),
        (("P",), N_("make a clip for a partner")),
        (("S",), N_("send, or show what is missing")),
        ((DELETE,), N_("bin, restore")),
        (("⇧ F10",), N_("everything you can do")),
    ),
    "Settings": (
        (("←", "→"), N_("another section")),
        (("↑", "↓"), N_("scroll")),
        (("PgUp", "PgDn"), N_("scroll by a page")),
        (("Esc",), N_("leave a field")),
    ),
    "Help": (
        (("↑", "↓"), N_("scroll")),
        (("PgUp", "PgDn"), N_("scroll by a page")),
        (("Esc",), N_("back to where you were")),
    ),
}
"""By page: the caps, and what they do there. A test presses each of them, and every other key."""
COLUMNS: Messages[tuple[tuple[str, ...], ...]] = (
    ("Everywhere", "Scenes", "Brief", "Settings", "Help"),
    ("Green room", "Stage", "Consent"),
    ("Review", "Takes"),
)
EVERYWHERE = N_("Everywhere")
WALKING = frozenset({"Tab", "↵", "Space"})
"""Of what works everywhere: how every program is walked, which stays as it is."""


def name_of(heading: str) -> str:
    """The name that a page of the sheet has in the window."""
    return heading.casefold().replace(" ", "_")
