"""What a melody is: notes and rests, one after the other."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

LOWEST_PITCH, HIGHEST_PITCH = 0, 127
"""Of MIDI. Middle C is 60."""

OCTAVE = 12
"""Semitones."""

DEFAULT_TEMPO = 120.0
"""Beats a minute, where a file does not say."""

DEFAULT_BAR = Fraction(4)
"""Beats of a bar, where a file does not say."""


@dataclass(frozen=True)
class Note:
    """A note or a rest.

    Attributes
    ----------
    pitch : int or None
        Semitones as in MIDI, where middle C is 60; None for a rest.
    beats : Fraction
        How long it lasts, in quarter notes, above 0.

    Raises
    ------
    ValueError
        If one of them is out of bounds.
    """

    pitch: int | None
    beats: Fraction

    def __post_init__(self) -> None:
        if self.pitch is not None and not LOWEST_PITCH <= self.pitch <= HIGHEST_PITCH:
            raise ValueError(
                f"pitch must be from {LOWEST_PITCH} to {HIGHEST_PITCH}, got {self.pitch}."
            )
        if self.beats.numerator <= 0:  # quicker than to compare fractions
            raise ValueError(f"beats must be above 0, got {self.beats}.")


@dataclass(frozen=True)
class Melody:
    """A melody of one voice.

    Attributes
    ----------
    notes : tuple of Note
    title : str
    tempo : float
        Beats (quarter notes) a minute.
    bar : Fraction
        Beats of a bar.
    upbeat : Fraction
        Beats before the first bar line, from 0 to below `bar`.
    has_bars : bool
        Whether it is known where the bar lines stand.
    """

    notes: tuple[Note, ...]
    title: str = ""
    tempo: float = DEFAULT_TEMPO
    bar: Fraction = DEFAULT_BAR
    upbeat: Fraction = Fraction(0)
    has_bars: bool = False

    @property
    def n_notes(self) -> int:
        """The number of notes, without the rests."""
        return sum(note.pitch is not None for note in self.notes)

    def in_bars(self) -> Iterator[tuple[int, list[Note]]]:
        """Yield the number of each bar and the notes and rests that begin in it.

        The upbeat is bar 0. A bar in which none begins is left out.
        """
        beat = -self.upbeat
        number, begun = 0, list[Note]()
        for note in self.notes:
            if begun and beat // self.bar + 1 != number:
                yield number, begun
                begun = []
            number = beat // self.bar + 1
            begun.append(note)
            beat += note.beats
        if begun:
            yield number, begun

    @property
    def beats(self) -> Fraction:
        """How long it lasts, in beats."""
        return sum((note.beats for note in self.notes), Fraction(0))
