"""Improvising: a network plays a melody, note by note."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from engine.data.vocabulary import Vocabulary
from engine.melody.note import DEFAULT_TEMPO, Melody, Note
from engine.nn.functions import softmax
from engine.nn.layers.layer_stack import zero_states
from engine.nn.network import read_step
from engine.nn.packing import NO_SYMBOL
from engine.nn.parameters import Parameters
from engine.sampling.melody.grammar import MelodyGrammar
from engine.sampling.melody.request import MelodyRequest
from engine.sampling.names import check_parameters

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Improvisation:
    """A melody that a network has played.

    Attributes
    ----------
    melody : Melody
        Its bar lines are at the multiples of the bar.
    surprises : tuple of float
        For each note and rest of the melody, -ln of the probability that the network gave to its
        pitch and its duration, in nats, before any temperature, chord or bar.
    expected : tuple of int or None
        For each, the pitch that the network found likeliest; None for a rest.
    n_prefix : int
        How many of the notes were given.
    """

    melody: Melody
    surprises: tuple[float, ...]
    expected: tuple[int | None, ...]
    n_prefix: int = 0


def improvise(
    parameters: Parameters,
    vocabulary: Vocabulary,
    request: MelodyRequest,
    tempo: float = DEFAULT_TEMPO,
) -> Improvisation:
    """Let a network play a melody.

    Each symbol is drawn among those that may follow: a pitch or a rest, then a duration. Where the
    network has learned bar lines, they stand where the bars of the request begin. The last note
    ends with the last bar, or before it where no duration fits.

    Parameters
    ----------
    parameters : Parameters
        Of a network that learned from melodies.
    vocabulary : Vocabulary
    request : MelodyRequest
    tempo : float
        Of the melody, in beats a minute.

    Returns
    -------
    Improvisation

    Raises
    ------
    SamplingError
        If the parameters are not finite.
    ValueError
        If the vocabulary is not one of melodies.
    """
    check_parameters(parameters)
    player = _Player(parameters, vocabulary, request)
    for note in request.prefix:
        player.take(note)
    n_prefix = len(player.notes)
    while player.left >= player.grammar.shortest:
        player.play_one()
    melody = Melody(tuple(player.notes), "", tempo, request.bar, has_bars=True)
    return Improvisation(melody, tuple(player.surprises), tuple(player.expected), n_prefix)


class _Player:
    """A melody that grows note by note."""

    def __init__(
        self, parameters: Parameters, vocabulary: Vocabulary, request: MelodyRequest
    ) -> None:
        self.grammar = MelodyGrammar(vocabulary)
        self._parameters, self._request = parameters, request
        self._random = np.random.default_rng(request.seed)
        self._states = zero_states(parameters, 1)
        self.notes: list[Note] = []
        self.surprises: list[float] = []
        self.expected: list[int | None] = []
        self._beat = Fraction(0)
        self._next_line = request.bar
        self._read(NO_SYMBOL)

    @property
    def left(self) -> Fraction:
        """The beats that are left."""
        return self._request.beats - self._beat

    def take(self, note: Note) -> None:
        """Go on as if the network had played this note."""
        encoded = self.grammar.encoded(note)
        if encoded is None or self.left < self.grammar.shortest:
            return
        self._read_bar_line()
        self._add(*encoded)

    def play_one(self) -> None:
        """Play one more note or rest."""
        self._read_bar_line()
        first = self._drawn(self.grammar.beginnings(), self._less_likely())
        likeliest = self._likeliest(self.grammar.beginnings())
        surprise = self._surprise(first)
        self._read(first)
        second = self._drawn(self.grammar.durations(self.left))
        self._end_note(first, second, surprise, likeliest)

    def _add(self, first: int, second: int) -> None:
        surprise, likeliest = self._surprise(first), self._likeliest(self.grammar.beginnings())
        self._read(first)
        self._end_note(first, second, surprise, likeliest)

    def _end_note(self, first: int, second: int, surprise: float, likeliest: int) -> None:
        notes = self.grammar.notes
        beats = notes.durations[second]
        assert beats is not None
        self.notes.append(Note(notes.pitches[first], min(beats, self.left)))
        self.surprises.append(surprise + self._surprise(second))
        self.expected.append(notes.pitches[likeliest])
        self._read(second)
        self._beat += beats

    def _read_bar_line(self) -> None:
        """Read the bar line if a bar has ended, and the network knows bar lines."""
        bar_line = self.grammar.notes.bar_line
        if self._beat < self._next_line:
            return
        self._next_line += ((self._beat - self._next_line) // self._request.bar + 1) * (
            self._request.bar
        )
        if bar_line is not None:
            self._read(bar_line)

    def _less_likely(self) -> NDArray[np.float64] | None:
        """Return what is added to the logits of notes outside of the chord; None if nothing is."""
        request = self._request
        if request.chords is None or not request.stay_in_chord:
            return None
        chord = request.chords.at(self._beat, request.bar)
        if chord is None:
            return None
        with np.errstate(divide="ignore"):
            penalty = 2 * np.log(1 - np.float64(request.stay_in_chord))
        return np.where(self.grammar.outside(chord.pitch_classes), penalty, 0.0)

    def _drawn(self, allowed: Mask, added: NDArray[np.float64] | None = None) -> int:
        """Draw one of the symbols that are allowed."""
        z = np.where(allowed, self._z.astype(np.float64), -np.inf)
        if added is not None and np.isfinite((z + added).max()):
            z = z + added
        cumulative = np.cumsum(softmax(self._request.strategy.log_weights(z[None])[0]))
        return int(np.searchsorted(cumulative, self._random.random() * cumulative[-1], "right"))

    def _likeliest(self, allowed: Mask) -> int:
        return int(np.where(allowed, self._z, -np.inf).argmax())

    def _surprise(self, symbol: int) -> float:
        z = self._z.astype(np.float64)
        return float(np.log(np.exp(z - z.max()).sum()) + z.max() - z[symbol])

    def _read(self, symbol: int) -> None:
        self._states, z = read_step(self._parameters, self._states, np.array([symbol]))
        self._z = z[0]
