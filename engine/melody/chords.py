"""Lines of chords, such as "| Dm7 | G7 | Cmaj7 | % |", and which chord sounds at which beat."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from engine.melody.chord import Chord, ChordSymbolError, read_chord
from engine.melody.errors import MelodyError

BAR_LINE = "|"
REPEAT = "%"
"""Stands for the bar before it."""

GO_ON = "/"
"""Stands for the chord before it, so that chords of a bar may differ in length."""

NO_CHORD = "N.C."
_NO_CHORD = ("n.c.", "nc", "n.c")

_WORD = re.compile(r"[^\s|]+")
_BAR = re.compile(r"[^|]+")


class ChordError(MelodyError):
    """A line of chords cannot be read.

    Attributes
    ----------
    character : int
        The first character that cannot be read, counted from 1.
    """

    def __init__(self, sentence: str, character: int) -> None:
        super().__init__(f"Character {character}: {sentence}")
        self.character = character


@dataclass(frozen=True)
class ChordSpan:
    """A chord that sounds from one beat to another.

    Attributes
    ----------
    begin, end : Fraction
        In beats from the first bar line.
    chord : Chord
    """

    begin: Fraction
    end: Fraction
    chord: Chord


@dataclass(frozen=True)
class ChordLine:
    """The chords of some bars, which repeat from the beginning after the last one.

    ``str`` writes the line, which reads back as the same chords.

    Attributes
    ----------
    bars : tuple of tuple of (Chord or None)
        The chords of each bar, which share its beats equally; None where no chord sounds.
    """

    bars: tuple[tuple[Chord | None, ...], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.bars)

    def __str__(self) -> str:
        written = (
            " ".join(chord.symbol if chord else NO_CHORD for chord in bar) for bar in self.bars
        )
        return f"{BAR_LINE} {f' {BAR_LINE} '.join(written)} {BAR_LINE}" if self.bars else ""

    def at(self, beat: Fraction, bar: Fraction) -> Chord | None:
        """Return the chord that sounds at a beat; None if there is none.

        Parameters
        ----------
        beat : Fraction
            Counted from the first bar line. In an upbeat, below 0, no chord sounds.
        bar : Fraction
            Beats of a bar.
        """
        if not self.bars or beat < 0:
            return None
        place, within = divmod(beat, bar)
        chords = self.bars[place % len(self.bars)]
        return chords[int(within * len(chords) / bar)]

    def spans(self, beats: Fraction, bar: Fraction) -> Iterator[ChordSpan]:
        """Yield the chords that sound from the first bar line on, up to a beat.

        Parameters
        ----------
        beats : Fraction
            Where to end; a chord that would sound longer is cut.
        bar : Fraction
            Beats of a bar.
        """
        n_bars = -(-beats // bar) if self.bars else 0
        for place in range(n_bars):
            chords = self.bars[place % len(self.bars)]
            share = bar / len(chords)
            for index, chord in enumerate(chords):
                begin = place * bar + index * share
                if chord is not None and begin < beats:
                    yield ChordSpan(begin, min(begin + share, beats), chord)


def read_chords(line: str) -> ChordLine:
    """Read a line of chords.

    Bar lines part the bars. Without any, each chord has a bar of its own. "%" repeats a bar, "/"
    a chord, and "N.C." is no chord. An empty line has no bars.

    Raises
    ------
    ChordError
        If it cannot be read.
    """
    bars: list[tuple[Chord | None, ...]] = []
    for words in _bars_of(line):
        bars.append(_read_bar(words, bars[-1] if bars else ()))
    return ChordLine(tuple(bars))


def _bars_of(line: str) -> Iterator[list[tuple[str, int]]]:
    """Yield the words of each bar with their places in the line."""
    if BAR_LINE not in line:
        for found in _WORD.finditer(line):
            yield [(found.group(), found.start())]
        return
    last = line.rstrip().rfind(BAR_LINE)
    for bar in _BAR.finditer(line):
        words = [(word.group(), word.start()) for word in _WORD.finditer(line, *bar.span())]
        if words:
            yield words
        elif bar.start() > line.find(BAR_LINE) and bar.end() <= last:
            raise ChordError(
                f"This bar is empty. Write “{REPEAT}” to repeat the bar before it, or "
                f"“{NO_CHORD}” for no chord.",
                bar.start() + 1,
            )


def _read_bar(
    words: list[tuple[str, int]], before: tuple[Chord | None, ...]
) -> tuple[Chord | None, ...]:
    """Read a bar from its words and their places, after the chords of the bar before it."""
    chords: list[Chord | None] = []
    for word, place in words:
        if word == REPEAT:
            if len(words) > 1 or not before:
                raise ChordError(
                    f"“{REPEAT}” repeats the bar before it, and has a bar of its own.", place + 1
                )
            return before
        chords.append(_read_word(word, place, [*before, *chords]))
    return tuple(chords)


def _read_word(word: str, place: int, before: list[Chord | None]) -> Chord | None:
    """Read what stands for one chord, after the chords before it."""
    if word.lower() in _NO_CHORD:
        return None
    if word == GO_ON:
        if not before:
            raise ChordError(f"“{GO_ON}” repeats a chord, but there is none before it.", place + 1)
        return before[-1]
    try:
        return read_chord(word)
    except ChordSymbolError as error:
        raise ChordError(str(error), place + error.place + 1) from error
