"""What an improvisation is to be like."""

from dataclasses import dataclass, field
from fractions import Fraction

from engine.melody.chords import ChordLine
from engine.melody.note import DEFAULT_BAR, Note
from engine.sampling.decoding import DecodingStrategy, SamplingError

MAX_BARS = 256

DEFAULT_BARS = 16

DEFAULT_TEMPERATURE = 0.9

_LONGEST_BAR = 16


@dataclass(frozen=True)
class MelodyRequest:
    """What is to be played.

    Attributes
    ----------
    bars : int
        Length in bars, what is given included, from 1 to `MAX_BARS`.
    bar : Fraction
        Beats (quarter notes) of a bar.
    seed : int
        The same seed gives the same melody, 0 or more.
    temperature, greedy, top_k, top_p
        As in `engine.sampling.decoding.DecodingStrategy`.
    prefix : tuple of Note
        What the melody begins with. The network reads it as if it had played it.
    chords : ChordLine or None
        The chords under the melody, which repeat.
    stay_in_chord : float
        How much less likely notes outside of the chord become, from 0 to 1: their probability is
        multiplied by (1 - stay_in_chord)². At 1 there are none.

    Raises
    ------
    SamplingError
        If a value is out of bounds. Its `field` is the attribute to change.
    """

    bars: int = DEFAULT_BARS
    bar: Fraction = DEFAULT_BAR
    seed: int = 0
    temperature: float = DEFAULT_TEMPERATURE
    greedy: bool = False
    top_k: int | None = None
    top_p: float = 1.0
    prefix: tuple[Note, ...] = ()
    chords: ChordLine | None = None
    stay_in_chord: float = 0.0
    strategy: DecodingStrategy = field(init=False, repr=False)

    def __post_init__(self) -> None:
        strategy = DecodingStrategy(self.temperature, self.greedy, self.top_k, self.top_p)
        object.__setattr__(self, "strategy", strategy)
        if not 1 <= self.bars <= MAX_BARS:
            raise SamplingError(
                f"The length must be from 1 to {MAX_BARS} bars, not {self.bars}.", "bars"
            )
        if not 0 < self.bar <= _LONGEST_BAR:
            raise SamplingError(
                f"A bar must have more than 0 and at most {_LONGEST_BAR} beats, not {self.bar}.",
                "bar",
            )
        if not 0 <= self.stay_in_chord <= 1:
            raise SamplingError(
                f"Staying in the chord must be from 0 to 1, not {self.stay_in_chord:g}.",
                "stay_in_chord",
            )
        if self.seed < 0:
            raise SamplingError(f"The seed must be 0 or more, not {self.seed}.", "seed")

    @property
    def beats(self) -> Fraction:
        """The length in beats."""
        return self.bars * self.bar
