"""What a melody is: notes and rests, one after the other."""

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

    @property
    def beats(self) -> Fraction:
        """How long it lasts, in beats."""
        return sum((note.beats for note in self.notes), Fraction(0))
