"""A stream that the server moves is noticed, also by a server that is too busy to answer each look."""

from __future__ import annotations

import pytest

from perfstudio.capture.devices import pulseaudio
from perfstudio.capture.devices.pulseaudio_watch import StreamWatch

HERE, ELSEWHERE = 3, 4
SINK = pulseaudio.PulseSink(HERE, "ears", "Ears", channels=2, rate_hz=48000, is_default=False)


class Server:
    """What the server answers to each look, by hand; and whether it said that something changed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: dict[int, int] | None) -> None:
        self.answers = list(answers)
        self.changed = True
        self.looks = 0
        monkeypatch.setattr(pulseaudio, "playing_of", self.streams)
        monkeypatch.setattr(pulseaudio, "move_playing", lambda stream, sink: False)
        monkeypatch.setattr(pulseaudio.Subscription, "start", lambda _: None)
        monkeypatch.setattr(pulseaudio.Subscription, "take_changes", self.take_changes)

    def streams(self, process_id: int) -> dict[int, int] | None:
        self.looks += 1
        return self.answers.pop(0)

    def take_changes(self, _: object = None) -> bool:
        changed, self.changed = self.changed, False
        return changed


def test_a_look_that_is_not_answered_is_taken_again(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server(monkeypatch, {}, {7: HERE}, None, {7: ELSEWHERE}, {7: HERE})
    watch = StreamWatch(SINK)
    assert watch.begin()
    assert not watch.has_moved(), "nobody answered"
    assert watch.has_moved(), "although nothing more was said"
    server.changed = True
    assert not watch.has_moved(), "it is back"
    looks = server.looks
    assert not watch.has_moved()
    assert server.looks == looks, "a quiet server is not asked"


def test_a_stream_that_could_not_be_found_at_once_is_found_later(monkeypatch: pytest.MonkeyPatch) -> None:
    Server(monkeypatch, {5: ELSEWHERE}, None, None, {5: ELSEWHERE, 7: ELSEWHERE})
    watch = StreamWatch(SINK)
    assert watch.begin()
    assert not watch.has_moved()
    assert watch.has_moved(), "the fresh one is elsewhere"


def test_who_has_no_stream_there_has_none_that_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    Server(monkeypatch, {}, {}, {8: ELSEWHERE})
    watch = StreamWatch(SINK)
    assert watch.begin()
    assert not watch.has_moved(), "another stream of this program is not ours"


def test_a_stream_that_is_put_elsewhere_and_stays_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    Server(monkeypatch, {}, {7: ELSEWHERE})
    assert not StreamWatch(SINK).begin()
