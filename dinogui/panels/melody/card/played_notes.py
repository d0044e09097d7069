"""Notes that a person plays on a keyboard, brought to the grid of the network."""

import numpy as np

from engine.melody.grid import DEFAULT_GRID, on_grid
from engine.melody.note import Note
from engine.melody.played import PlayedMelody

SECONDS_A_MINUTE = 60.0
_SHORTEST_SECONDS = 0.02


class PlayedNotes:
    """Collects notes by the clock, and says what they are in beats.

    Parameters
    ----------
    tempo : float
        Beats a minute.
    grid : str
        A name in `engine.melody.grid.GRIDS`.
    """

    def __init__(self, tempo: float, grid: str = DEFAULT_GRID) -> None:
        self.tempo, self.grid = tempo, grid
        self._pitches: list[int] = []
        self._onsets: list[float] = []
        self._seconds: list[float] = []

    def __len__(self) -> int:
        return len(self._pitches)

    def add(self, pitch: int, onset: float, seconds: float) -> None:
        """Add a note that was released.

        Parameters
        ----------
        pitch : int
            As in MIDI.
        onset : float
            When it was pressed, in seconds by any clock.
        seconds : float
            For how long.
        """
        self._pitches.append(pitch)
        self._onsets.append(onset)
        self._seconds.append(max(seconds, _SHORTEST_SECONDS))

    def clear(self) -> None:
        """Forget all notes."""
        self._pitches, self._onsets, self._seconds = [], [], []

    @property
    def notes(self) -> tuple[Note, ...]:
        """The notes and the rests between them, in the order in which they were pressed."""
        if not self._pitches:
            return ()
        beats = self.tempo / SECONDS_A_MINUTE
        onsets = np.array(self._onsets)
        order = np.argsort(onsets, kind="stable")
        # Of keys that are pressed together, one comes a moment later, so that none lasts no time.
        onsets = np.maximum.accumulate(onsets[order] - onsets.min())
        onsets += _SHORTEST_SECONDS * np.arange(len(onsets)) * (np.diff(onsets, prepend=-1.0) == 0)
        played = PlayedMelody(
            np.array(self._pitches)[order],
            onsets * beats,
            np.array(self._seconds)[order] * beats,
            tempo=self.tempo,
        )
        return on_grid(played, self.grid).melody.notes
