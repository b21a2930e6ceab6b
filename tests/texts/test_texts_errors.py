"""Every error code has its sentence, with its facts and without them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from texts_manners import assert_calm

from perfstudio.model import errors as model_errors
from perfstudio.model.consent import ConsentProblem
from perfstudio.model.errors import ConsentError, DeviceError, ErrorCode
from perfstudio.texts import error_details
from perfstudio.texts.errors import sentence, sentence_for

FACTS: dict[str, str | int | float] = {
    "word": "demo",
    "python": "py",
    "waiting": "1f76 f58c c9d0 38bb",
    "asked": "thresholds-studio",
    "roles": "caller, helper", "role": "The caller", "scene": "Handover", "language": "tlh", "languages": "en, de",
    "id": "Webcam C", "known": "Webcam A, Webcam B", "address": "http://10.0.0.5:8080", "seconds": 5.0,
    "host": "kitchen.local",
    "only": "Home at the lake", "name": "Café Mozart",
    "detail": "the plug is loose", "folder": "/media/takes", "free_mb": 120, "needed_mb": 500, "file": "thresholds.zip",
    "take": "01jdabc", "matches": "01jdabcd, 01jdabce", "state": "undecided", "needed": "accepted",
    "where": "page.seven",
    "problem": "the title is too long", "what": "media/cue.wav", "limit": 4_000_000, "pack": "thresholds",
    "version": "2.1",
    "prompt": "leter", "close": "the-letter", "use": "replica_voice", "offered": "human research",
    "studio": "north lab", "new": "0123 4567 89ab cdef",
    "line": 41, "reason": "the picture is too short", "port": 8765, "minimum": 12, "missing": "label,consent",
    "alike": "practice room", "programs": "VLC media player, Windows Search",
    "variable": "PERFSTUDIO_PASSPHRASE_FILE",
    "option": "--port 99999", "typed": "K7QF-4M2K", "lines": "text", "years": 10, "most": 200,
    "clock": "2026-03-01T12:00:00+00:00", "seen": "2026-05-03T12:00:00+00:00", "by": "north-lab",
    "listed": "iTerm", "switch": "desktop", "group": "video",
}  # fmt: skip
SHOWN = {"seconds": "5 s", "free_mb": "120 MB", "needed_mb": "500 MB", "state": "to decide", "needed": "ready to send"}
SHOWN |= {"missing": "a label and your signature"}
SHOWN |= {"clock": "1 March 2026", "seen": "3 May 2026"}
SHOWN |= {"switch": "the switch for desktop apps"}
SHOWN |= {"use": "Make something that sounds like me", "limit": "4 MB"}
SILENT = {"disk_full": {"folder"}, "microphone_refused": {"detail"}, "sound_system_missing": {"detail"}}
"""Facts that are for the details behind the sentence, not for the sentence."""


def fact_names() -> dict[ErrorCode, list[str]]:
    """The facts of each code, from the comments beside them: the one place where they are agreed."""
    found = {}
    for line in Path(model_errors.__file__).read_text(encoding="utf-8").splitlines():
        match = re.fullmatch(r'    [A-Z_]+ = "([a-z_]+)"(?:  # (.*))?', line)
        if match:
            named = [name.strip() for name in (match[2] or "").split(",")]
            found[ErrorCode(match[1])] = [name for name in named if re.fullmatch("[a-z_]+", name)]
    return found


@pytest.mark.parametrize("code", ErrorCode)
def test_every_code_speaks_with_its_facts(code: ErrorCode) -> None:
    names = fact_names()[code]
    assert set(names) <= set(FACTS), f"{code}: give the test a sample of its new facts"
    text = sentence_for(code, {name: FACTS[name] for name in names})
    assert_calm(text)
    for name in set(names) - SILENT.get(code.value, set()):
        assert SHOWN.get(name, str(FACTS[name])) in text, f"{name} is missing in: {text}"


@pytest.mark.parametrize("code", ErrorCode)
def test_every_code_speaks_when_facts_are_missing_or_empty(code: ErrorCode) -> None:
    assert_calm(sentence_for(code, {}))
    for missing in fact_names()[code]:
        assert_calm(sentence_for(code, {n: "" if n == missing else FACTS[n] for n in fact_names()[code] if n in FACTS}))


def test_an_exception_speaks_by_its_code_and_facts() -> None:
    text = sentence(DeviceError(ErrorCode.CAMERA_NO_ANSWER, address="http://kitchen:8080", seconds=4.97))
    assert text.startswith("The camera at http://kitchen:8080 did not answer within 5 s.")


CAMERA_DETAILS = {
    ErrorCode.CAMERA_OTHER_ANSWER: (
        "gives_page", "gives_data", "gives_text", "gives_sound", "gives_one_picture", "gives_other_picture",
        "gives_nothing", "no_pictures", "points_on", "points_elsewhere", "declines", "breaks_off", "not_http",
        "not_rtsp", "tls",
    ),
    ErrorCode.CAMERA_UNTRUSTED: ("own_making", "unknown_maker", "out_of_date", "not_yet_valid", "other_name"),
    ErrorCode.CAMERA_LINE_LOST: ("fell_silent", "broke_off", "was_ended"),
}  # fmt: skip


@pytest.mark.parametrize(("code", "detail"), [(code, one) for code, all_ in CAMERA_DETAILS.items() for one in all_])
def test_every_cause_at_a_camera_has_its_clause(code: ErrorCode, detail: str) -> None:
    text = sentence_for(code, {"address": "http://kitchen.local:8080/video", "detail": detail})
    assert_calm(text)
    assert f": {error_details.reason(detail)}." in text
    assert error_details.reason(detail) != detail


def test_a_camera_on_the_network_has_no_plug() -> None:
    codes = [c for c in ErrorCode if c.value.startswith("camera_") and {"address", "host"} & set(fact_names()[c])]
    assert len(codes) > 12
    for code in codes:
        assert "plug" not in sentence_for(code, {}).lower()


@pytest.mark.parametrize("problem", ConsentProblem)
def test_every_flaw_of_a_consent_record_has_a_clause(problem: ConsentProblem) -> None:
    text = sentence(ConsentError(ErrorCode.CONSENT_INVALID, where="event 2", problem=problem.value))
    assert_calm(text)
    assert "at act 2: " in text
    assert "_" not in text


@pytest.mark.parametrize(
    "raw", ["ValueError", "[Errno 5] Input/output error", "Invalid data found", "codec failure", "0x8007"]
)
def test_machine_talk_is_left_out_of_sentences(raw: str) -> None:
    text = sentence_for(ErrorCode.MEDIA_UNREADABLE, {"file": "a.mp4", "detail": raw})
    assert text == "The file “a.mp4” cannot be read as video or sound. It was not changed."


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"where": "prompts[3].line", "problem": "too_long", "limit": 200}, "it is too long, at most 200 characters"),
        ({"where": "prompts[3].kind", "problem": "not_one_of", "limit": "'scene' or 'turn'"}, "words: scene or turn"),
        ({"where": "prompts[3].brief", "problem": "no_such_brief"}, "at “prompts[3].brief”: there is no brief with"),
        ({"where": "pack.json", "problem": "missing"}, "at “pack.json”: it is missing."),
        ({"where": "line 7", "problem": "not_json"}, "at line 7: it is not JSON."),
    ],
)
def test_a_pack_is_told_where_and_why_it_does_not_hold(facts: dict[str, str | int | float], said: str) -> None:
    text = sentence_for(ErrorCode.PACK_INVALID, {"file": "thresholds.zip", **facts})
    assert said in text
    assert text.endswith(".")


@pytest.mark.parametrize(
    ("what", "limit", "said"),
    [
        ("file", 600_000_000, "the file is over 600 MB"),
        ("entries", 400, "it holds more than 400 files"),
        ("ratio", 100, "a file unpacks to more than 100 times its size"),
        ("media/cue.wav", 100_000_000, "“media/cue.wav” in it is over 100 MB"),
    ],
)
def test_a_pack_is_told_what_is_too_large(what: str, limit: int, said: str) -> None:
    assert said in sentence_for(ErrorCode.PACK_TOO_LARGE, {"file": "a.perfpack", "what": what, "limit": limit})


def test_close_names_are_offered_as_a_choice() -> None:
    text = sentence_for(ErrorCode.PROMPT_UNKNOWN, {"prompt": "leter", "close": "the-letter, the-hamster"})
    assert "Did you mean the-letter or the-hamster?" in text


def test_facts_are_never_read_as_templates() -> None:
    assert "{file} [x|y]" in sentence_for(ErrorCode.MEDIA_MISSING, {"file": "{file} [x|y]"})


@pytest.mark.parametrize("name", ["file", "reason", "detail", "where", "problem", "address", "state"])
def test_words_of_others_move_nothing_in_a_terminal(name: str) -> None:
    for code in ErrorCode:
        said = sentence_for(code, {name: "a\x1b[31m\x07b\u202ec\ud800d\ne"})
        assert not set(said) & set("\x1b\x07\u202e\ud800\n"), code


def test_codes_become_clauses_and_words_pass() -> None:
    assert error_details.reason("ENOSPC") == "it is full"
    assert error_details.reason("string_too_long") == "string too long"
    assert error_details.reason("The take is too short.") == "The take is too short"
    assert error_details.where("file picture") == "the picture"
    assert error_details.where("prompts.3.line") == "“prompts.3.line”"
    assert error_details.where("") == ""
    assert error_details.state("accepted") == "ready to send"
    assert error_details.state("sealed") == "closed and sealed"


NO_TAKE = [
    code for code in ErrorCode if code.value.startswith(("studio_un", "studio_inv", "token_", "key_pass", "pack_"))
]
"""Said where no take is concerned: a studio is being connected, somebody signs in, a pack is opened."""
ON_THE_WAY = [
    ErrorCode.RECEIVER_UNREACHABLE, ErrorCode.RECEIVER_REFUSED, ErrorCode.RECEIVER_PROTOCOL, ErrorCode.RECEIPT_DIFFERS,
    ErrorCode.RECEIVER_UNSAFE, ErrorCode.TOKEN_WRONG, ErrorCode.TOKEN_MISSING,
]  # fmt: skip
"""Said beside a chip that says whether it goes on by itself: in the window, at the end of a verb, and for good."""
NOTHING_ROLLS = [code for code in ErrorCode if code.value.endswith("_lost") or code.value.startswith("recorder_")]
"""Said on a stage that is merely open, as in the middle of a take."""


@pytest.mark.parametrize("code", NO_TAKE)
def test_no_take_is_spoken_of_where_none_is_concerned(code: ErrorCode) -> None:
    assert not re.search(r"\btakes?\b", sentence_for(code, FACTS | {"file": "x"}))


@pytest.mark.parametrize("code", ON_THE_WAY)
def test_what_comes_next_is_not_promised_by_what_went_wrong(code: ErrorCode) -> None:
    said = sentence_for(code, FACTS)
    assert not re.search("by itself|later|will be|has stopped|stays sent", said)


@pytest.mark.parametrize("code", NOTHING_ROLLS)
def test_a_loss_between_takes_makes_no_take_of_it(code: ErrorCode) -> None:
    assert not re.search("until then|as a take", sentence_for(code, FACTS))


def test_what_is_already_delivered_is_not_said_to_stay() -> None:
    assert "nothing more of it is sent" in sentence_for(ErrorCode.CONSENT_WITHDRAWN, {"take": "01jd"})
