"""The GUI thread's side of the sound thread: melodies are played."""

from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from dinogui.workers.service import Refusal, Threads, WorkerClient
from engine.melody.chords import ChordLine
from engine.melody.note import Melody


class Playing(QObject):
    """Plays melodies, one at a time. Its thread is started when something is played first.

    Lives in the GUI thread.

    Parameters
    ----------
    threads : Threads
        They get one named "sound".
    parent : QObject, optional

    Attributes
    ----------
    is_playing : bool
        Whether a melody is being played, or is about to be.
    melody : Melody or None
        The melody that is being played or was played last; None before the first one.
    n_dropouts : int
        How often the sound was interrupted in the melody that ended last.

    Signals
    -------
    started()
        A melody is heard from now on.
    moved(float)
        The beat that is heard, counted from the beginning of the melody; some 20 times a second.
    ended()
        The melody is over, was stopped, was replaced by another one, or failed.
    failed(str)
        Nothing can be heard; a sentence says why, and what to do. It follows `ended`.
    """

    started = Signal()
    moved = Signal(float)
    ended = Signal()
    failed = Signal(str)

    def __init__(self, threads: Threads, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.is_playing = False
        self.melody: Melody | None = None
        self.n_dropouts = 0
        self._threads = threads
        self._client: WorkerClient | None = None
        self._n_played = 0
        self._is_heard = False
        self._has_failed = False

    @Slot()
    def prepare(self) -> None:
        """Get ready, so that the first melody begins without delay."""
        from dinogui.workers.sound.player import Player

        self._player().order(Player.prepare)

    def play(
        self,
        melody: Melody,
        chords: ChordLine | None = None,
        *,
        swing: float = 0.5,
        tempo: float | None = None,
        begin_beat: float = 0.0,
        instrument: str = "electric piano",
    ) -> None:
        """Play a melody in place of the one that is being played.

        Parameters
        ----------
        melody : Melody
        chords : ChordLine, optional
            The accompaniment.
        swing : float
            As in `engine.melody.sound.swing.swung`.
        tempo : float, optional
            Beats a minute; that of the melody if absent.
        begin_beat : float
            Where to begin, in beats from the melody's beginning.
        instrument : str
            A name in `engine.melody.sound.tones.INSTRUMENTS`.
        """
        from dinogui.workers.sound.player import Player, PlayRequest

        self._end()
        self.is_playing, self.melody, self._is_heard = True, melody, False
        self._n_played += 1
        self._player().order(
            Player.play,
            PlayRequest(melody, chords, swing, tempo, begin_beat, instrument),
            done=self._take_end,
            refused=self._take_refusal,
            dropped=partial(self._take_drop, self._n_played),
            reported=self._take_beat,
            supersedes=True,
        )

    def sound_note(self, pitch: int, instrument: str = "electric piano") -> None:
        """Let a single note sound, as a key of a keyboard does.

        A melody that is being played stops. Where nothing can be heard, `failed` is emitted the
        first time only.
        """
        from dinogui.workers.sound.player import Player

        self.stop()
        self._player().order(
            Player.sound_note, pitch, instrument, refused=self._take_note_refusal, supersedes=True
        )

    @Slot()
    def stop(self) -> None:
        """Stop the melody that is being played."""
        if self.is_playing and self._client is not None:
            from dinogui.workers.sound.player import Player

            self._client.cancel(Player.play)
            self._client.order(Player.stop)
            self._end()

    def _player(self) -> WorkerClient:
        if self._client is None:
            from dinogui.workers.sound.player import Player

            self._client = WorkerClient(Player(), self._threads.start("sound"), self)
        return self._client

    def _end(self) -> None:
        if self.is_playing:
            self.is_playing = False
            self.ended.emit()

    def _take_beat(self, beat: float) -> None:
        if not self._is_heard:
            self._is_heard = True
            self.started.emit()
        self.moved.emit(beat)

    def _take_end(self, n_dropouts: int) -> None:
        self.n_dropouts = n_dropouts
        self._end()

    def _take_drop(self, number: int) -> None:
        """Note that a melody was stopped; it is the present one if the application closes."""
        if number == self._n_played:
            self._end()

    def _take_refusal(self, refusal: Refusal) -> None:
        self._end()
        self.failed.emit(refusal.sentence)

    def _take_note_refusal(self, refusal: Refusal) -> None:
        if not self._has_failed:
            self._has_failed = True
            self.failed.emit(refusal.sentence)
