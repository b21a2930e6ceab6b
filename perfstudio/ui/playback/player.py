"""Plays one file: QMediaPlayer behind seconds, with frames for a widget of ours and no need for a sound device."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, QUrl, Signal

from perfstudio.session.recorder.process_memory import trim

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QMediaPlayer, QVideoFrame

TICK_MS = 33


class Playback(QObject):
    """`moved` tells the position in seconds, `played` whether it runs, `frame` the newest picture (a QVideoFrame),
    `failed` that the file cannot be played. Between in and out points it plays only what lies between them.

    The player, its decoders and their pictures exist only while a file is open: what rolls next needs the memory.
    """

    HOLDS_NAMES = sys.platform == "win32"
    """Here a folder cannot get another name while one of its files is open."""

    moved = Signal(float)
    played = Signal(bool)
    frame = Signal(object)
    failed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._player: QMediaPlayer | None = None
        self._file: Path | None = None
        self._opened: Path | None = None
        self._in_s, self._out_s = 0.0, 0.0
        self._goal: float | None = None
        self._start = self._rested = self._plays_on = False
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._on_tick)

    def open(self, file: Path, duration_s: float, *, play: bool = True) -> None:
        """Load a file and play it from its beginning."""
        self.close()
        self._in_s, self._out_s = 0.0, duration_s
        self._load(file, play=play)

    def close(self) -> None:
        """Let the file go."""
        self._file = None
        self._unload()
        self._goal, self._rested, self._plays_on = None, False, False

    def rest(self) -> None:
        """Let the file go for as long as nobody looks; `wake` goes on where it stood."""
        if self._player is not None:
            at = self.position_s
            self._unload()
            self._goal, self._rested = at, True

    def wake(self) -> None:
        """The file that rested, held at the moment where it was left."""
        if self._player is None and self._file is not None:
            self._load(self._file, play=False)

    def let_go(self) -> None:
        """Its folder is about to move: where that needs it, the file is closed until `move_to`."""
        if self.HOLDS_NAMES:
            self._plays_on = self._plays_on or self._start or self.playing
            self.rest()

    def move_to(self, file: Path, *, play: bool) -> None:
        """The same file, by its new name. What played plays on where it was; with `play` False it rests on."""
        self._file = file
        plays_on, self._plays_on = self._plays_on, False
        if not play:
            return
        if self._player is None:
            self._load(file, play=plays_on)
        elif self._player.error() is not self._player.Error.NoError:
            self._load_anew()

    def _load(self, file: Path, *, play: bool) -> None:
        from PySide6.QtMultimedia import QAudioOutput, QMediaDevices, QMediaPlayer, QVideoSink  # noqa: PLC0415 - s. above

        self._opened = file
        player, sink = QMediaPlayer(self), QVideoSink()
        sink.setParent(player)
        player.setVideoSink(sink)
        if QMediaDevices.audioOutputs():  # without a sound device it plays in silence
            player.setAudioOutput(QAudioOutput(player))
        sink.videoFrameChanged.connect(self._on_frame)
        player.mediaStatusChanged.connect(self._on_status)
        player.playbackStateChanged.connect(self._on_state)
        player.errorOccurred.connect(self._on_error)
        player.destroyed.connect(trim)
        self._player, self._file, self._start = player, file, play
        player.setSource(QUrl.fromLocalFile(str(file)))

    def _unload(self) -> None:
        self._tick.stop()
        self._start = False
        player, self._player = self._player, None
        if player is not None:
            playing = player.isPlaying()
            player.blockSignals(True)
            player.videoSink().blockSignals(True)
            player.stop()
            player.setSource(QUrl())
            player.blockSignals(False)
            player.deleteLater()
            if playing:
                self.played.emit(False)

    def trim(self, in_s: float | None, out_s: float | None) -> None:
        """In and out points; None is the end of the file."""
        self._in_s = in_s or 0.0
        self._out_s = out_s if out_s is not None else self.duration_s

    @property
    def duration_s(self) -> float:
        """Length of the file in seconds, 0 before it is loaded."""
        return self._player.duration() / 1000 if self._player is not None else 0.0

    @property
    def position_s(self) -> float:
        """Where it stands, in seconds."""
        if self._goal is not None:
            return self._goal
        return self._player.position() / 1000 if self._player is not None else 0.0

    @property
    def playing(self) -> bool:
        """Whether the film is playing."""
        return self._player is not None and self._player.isPlaying()

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
        self._run()

    def pause(self) -> None:
        """Pause at the current frame."""
        if self._player is not None:
            self._player.pause()

    def play_from(self, seconds: float) -> None:
        """Play from a moment, wherever it lies."""
        self.seek(seconds)
        self._run()

    def seek(self, seconds: float) -> None:
        """Go to a take time in seconds."""
        if self._player is None:
            return
        if not self._player.isPlaying():
            self._player.pause()  # a stopped player shows no frame
        goal = max(0.0, min(seconds, self.duration_s))
        self._player.setPosition(round(goal * 1000))
        self._goal = None if self.playing else goal
        self.moved.emit(goal)

    def _run(self) -> None:
        if self._player is not None:
            self._goal = None
            self._player.play()

    def _on_frame(self, frame: QVideoFrame) -> None:
        if frame.isValid() and self._player is not None:  # one that was on its way when the film was let go
            self.frame.emit(frame)

    def _on_status(self, status: QMediaPlayer.MediaStatus) -> None:
        if status is status.LoadedMedia:
            self._loaded()
        elif status is status.EndOfMedia and self._goal is None:  # the word may come after it was moved elsewhere
            self._goal = self.duration_s
            self.moved.emit(self.duration_s)

    def _loaded(self) -> None:
        if self._out_s <= 0:
            self._out_s = self.duration_s
        start, rested = self._start, self._rested
        self._start = self._rested = False
        if rested:
            self.seek(self.position_s)
        if start:
            self.play()
        elif not rested:
            self.pause()

    def _on_error(self) -> None:
        if self._file is not None and self._file != self._opened:
            self._load_anew()
        else:
            self.failed.emit()

    def _load_anew(self) -> None:
        """It moved before it was open."""
        wanted = self._start
        self._unload()
        if self._file is not None:
            self._load(self._file, play=wanted)

    def _on_state(self, state: QMediaPlayer.PlaybackState) -> None:
        running = state is state.PlayingState
        if running:
            self._goal = None
            self._tick.start()
        else:
            self._tick.stop()
        self.played.emit(running)

    def _on_tick(self) -> None:
        at = self._player.position() / 1000 if self._player is not None else 0.0
        if self._in_s < self._out_s <= at < self.duration_s - 0.02:
            self.pause()
        self.moved.emit(at)
