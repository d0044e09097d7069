"""What a piano roll shows: the notes of a melody with their times, its bars and its chords."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import accumulate
from math import ceil, exp

from engine.melody.chords import ChordLine
from engine.melody.note import OCTAVE, Melody, Note
from engine.melody.symbols import REST, pitch_symbol
from engine.sampling.melody.improvise import Improvisation

_LEAST_PITCHES = 15
"""Semitones from the lowest to the highest row, at least: there is a C among them."""

_BESIDE = 2
"""Free rows below the lowest note and above the highest one."""


@dataclass(frozen=True, eq=False)
class RollContent:
    """A melody as a piano roll draws it.

    Attributes
    ----------
    improvisation : Improvisation
    chords : ChordLine
    copied : frozenset of int
        The places of the notes that are in a passage known from a tune.
    """

    improvisation: Improvisation
    chords: ChordLine = field(default_factory=ChordLine)
    copied: frozenset[int] = frozenset()

    @property
    def melody(self) -> Melody:
        """The notes and rests."""
        return self.improvisation.melody

    @cached_property
    def starts(self) -> tuple[Fraction, ...]:
        """When each note and each rest begins, and when the last one ends, in beats."""
        lengths = (note.beats for note in self.melody.notes)
        return tuple(accumulate(lengths, initial=Fraction(0)))

    @cached_property
    def places(self) -> tuple[int, ...]:
        """The places in the melody of what sounds: of all but the rests."""
        notes = self.melody.notes
        return tuple(place for place, note in enumerate(notes) if note.pitch is not None)

    @cached_property
    def chord_symbols(self) -> tuple[tuple[Fraction, str], ...]:
        """Where each chord begins, in beats, and its symbol; in their order."""
        upbeat = self.melody.upbeat
        spans = self.chords.spans(self.beats - upbeat, self.melody.bar)
        return tuple((upbeat + span.begin, span.chord.symbol) for span in spans)

    def surprise(self, place: int) -> float:
        """Return how much a note surprised the network, in nats; NaN if it was not asked."""
        return self.improvisation.surprises[place]

    def is_given(self, place: int) -> bool:
        """Whether a note was given, and not improvised."""
        return place < self.improvisation.n_prefix

    @property
    def beats(self) -> Fraction:
        """How long the roll is, in beats: up to the bar line after the last note."""
        melody = self.melody
        n_bars = ceil((self.starts[-1] - melody.upbeat) / melody.bar)
        return melody.upbeat + max(n_bars, 0 if melody.upbeat else 1) * melody.bar

    @cached_property
    def pitches(self) -> tuple[int, int]:
        """The pitches of the lowest and of the highest row."""
        sounding = [note.pitch for note in self.melody.notes if note.pitch is not None]
        if not sounding:
            return 60, 60 + OCTAVE + _BESIDE
        lowest, highest = min(sounding) - _BESIDE, max(sounding) + _BESIDE
        missing = max(_LEAST_PITCHES - 1 - (highest - lowest), 0)
        return lowest - missing // 2, highest + (missing + 1) // 2

    def note(self, place: int) -> Note:
        """Return the note or rest at a place."""
        return self.melody.notes[place]

    def bar_lines(self) -> Iterator[tuple[int, Fraction]]:
        """Yield the number and the beginning of each bar, and of the one after the last."""
        bar, beat = 1, self.melody.upbeat
        while beat <= self.beats:
            yield bar, beat
            bar, beat = bar + 1, beat + self.melody.bar

    def place_at(self, beat: float, pitch: int) -> int | None:
        """Return the place of the note that sounds at a pitch; None if there is none."""
        for place in self.places:
            if self.starts[place] <= beat < self.starts[place + 1]:
                return place if self.note(place).pitch == pitch else None
        return None

    def bar_and_beat(self, place: int) -> tuple[int, Fraction]:
        """Return the bar in which a note begins, from 1, and the beat in it, from 1.

        Notes before the first bar line are in bar 0.
        """
        bar, beat = divmod(self.starts[place] - self.melody.upbeat, self.melody.bar)
        return int(bar) + 1, beat + 1

    def rows(self) -> Iterator[list[object]]:
        """Yield the headings of a table of the notes and rests, and its rows."""
        yield ["note", "beats", "begins at beat", "probability", "nats", "given", "known"]
        for place, note in enumerate(self.melody.notes):
            yield [
                REST if note.pitch is None else pitch_symbol(note.pitch),
                float(note.beats),
                float(self.starts[place]),
                exp(-self.surprise(place)),
                self.surprise(place),
                "yes" if self.is_given(place) else "no",
                "yes" if place in self.copied else "no",
            ]
