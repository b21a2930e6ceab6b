"""Plays one file: QMediaPlayer behind seconds, with frames for a widget of ours and no need for a sound device."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, QUrl, Signal
from PySide6.QtMultimedia import QAudioOutput, QMediaDevices, QMediaPlayer, QVideoFrame, QVideoSink

TICK_MS = 33


class Playback(QObject):
    """`moved` tells the position in seconds, `played` whether it runs, `frame` the newest picture, `failed` that the
    file cannot be played. Between in and out points it plays only what lies between them.
    """

    moved = Signal(float)
    played = Signal(bool)
    frame = Signal(QVideoFrame)
    failed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._player = QMediaPlayer(self)
        self._sink = QVideoSink(self)
        self._player.setVideoSink(self._sink)
        self._output: QAudioOutput | None = None
        self._in_s, self._out_s = 0.0, 0.0
        self._goal: float | None = None
        self._start = False
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._on_tick)
        self._sink.videoFrameChanged.connect(self._on_frame)
        self._player.mediaStatusChanged.connect(self._on_status)
        self._player.playbackStateChanged.connect(self._on_state)
        self._player.errorOccurred.connect(lambda *_: self.failed.emit())

    def open(self, file: Path, duration_s: float, *, play: bool = True) -> None:
        """Load a file and play it from its beginning."""
        self.close()
        self._hear()
        self._in_s, self._out_s = 0.0, duration_s
        self._start = play
        self._player.setSource(QUrl.fromLocalFile(str(file)))

    def close(self) -> None:
        """Let the file go."""
        self._tick.stop()
        self._goal, self._start = None, False
        self._player.stop()
        self._player.setSource(QUrl())

    def trim(self, in_s: float | None, out_s: float | None) -> None:
        """In and out points; None is the end of the file."""
        self._in_s = in_s or 0.0
        self._out_s = out_s if out_s is not None else self.duration_s

    @property
    def duration_s(self) -> float:
        """Length of the file in seconds, 0 before it is loaded."""
        return self._player.duration() / 1000

    @property
    def position_s(self) -> float:
        """Where it stands, in seconds."""
        return self._goal if self._goal is not None else self._player.position() / 1000

    @property
    def playing(self) -> bool:
        """Whether it runs."""
        return self._player.playbackState() is QMediaPlayer.PlaybackState.PlayingState

    def toggle(self) -> None:
        """Play or pause."""
        if self.playing:
            self.pause()
        else:
            self.play()

    def play(self) -> None:
        """Go on; from the in point when it stands at the end."""
        if self.position_s >= self._out_s - 0.05 or self.position_s < self._in_s - 0.05:
            self.seek(self._in_s)
        self._goal = None
        self._player.play()

    def pause(self) -> None:
        """Hold."""
        self._player.pause()

    def play_from(self, seconds: float) -> None:
        """Play from a moment, wherever it lies."""
        self.seek(seconds)
        self._goal = None
        self._player.play()

    def seek(self, seconds: float) -> None:
        """Show a moment."""
        if self._player.playbackState() is QMediaPlayer.PlaybackState.StoppedState:
            self._player.pause()  # a stopped player shows no frame
        goal = max(0.0, min(seconds, self.duration_s))
        self._player.setPosition(round(goal * 1000))
        self._goal = None if self.playing else goal
        self.moved.emit(goal)

    def _hear(self) -> None:
        """A sound device when there is one now; without one it plays in silence."""
        if self._output is None and QMediaDevices.audioOutputs():
            self._output = QAudioOutput(self)
            self._player.setAudioOutput(self._output)

    def _on_frame(self, frame: QVideoFrame) -> None:
        if frame.isValid():
            self.frame.emit(frame)

    def _on_status(self, status: QMediaPlayer.MediaStatus) -> None:
        if status is QMediaPlayer.MediaStatus.LoadedMedia and self._out_s <= 0:
            self._out_s = self.duration_s
        if status is QMediaPlayer.MediaStatus.LoadedMedia and self._start:
            self._start = False
            self.play()
        elif status is QMediaPlayer.MediaStatus.LoadedMedia:
            self._player.pause()
        elif status is QMediaPlayer.MediaStatus.EndOfMedia:
            self._goal = self.duration_s
            self.moved.emit(self.duration_s)

    def _on_state(self, state: QMediaPlayer.PlaybackState) -> None:
        running = state is QMediaPlayer.PlaybackState.PlayingState
        if running:
            self._goal = None
            self._tick.start()
        else:
            self._tick.stop()
        self.played.emit(running)

    def _on_tick(self) -> None:
        at = self._player.position() / 1000
        if self._in_s < self._out_s <= at < self.duration_s - 0.02:
            self.pause()
        self.moved.emit(at)
