"""The frozen values that go to the thread in which names are written, and come back."""

from dataclasses import dataclass

from engine.data.corpus import Corpus
from engine.nn.parameters import Array
from engine.sampling.known_names import KnownNames, NameStatus, NoveltyCounts
from engine.sampling.scoring import NameScore


@dataclass(frozen=True)
class NamesOfRun:
    """What a run learns from, and what it holds out.

    Attributes
    ----------
    corpus : Corpus
    seed : int
        Of the split.
    held_out : float
        The share that is held out; 0 for none.
    """

    corpus: Corpus
    seed: int
    held_out: float

    def known(self) -> KnownNames:
        """Split the names as the run does; of a long list it takes a second."""
        if not self.held_out:
            return KnownNames(self.corpus.distinct)
        return KnownNames(*self.corpus.split(self.seed, self.held_out))


@dataclass(frozen=True)
class NameReading:
    """What a network makes of a name that somebody is writing.

    Attributes
    ----------
    text : str
    step : int
        Steps that the network had made.
    symbols : tuple of str
        The vocabulary's, the end of a name first.
    probabilities : (n_y,) array
        Of each symbol to come next.
    score : NameScore
        Of the text as a whole name.
    status : NameStatus
    """

    text: str
    step: int
    symbols: tuple[str, ...]
    probabilities: Array
    score: NameScore
    status: NameStatus


@dataclass(frozen=True)
class Measurement:
    """What fresh samples were at a step.

    Attributes
    ----------
    step : int
    shares : NoveltyCounts
    seconds : float
        How long it took to find out.
    """

    step: int
    shares: NoveltyCounts
    seconds: float
