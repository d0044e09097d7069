"""The frozen values that go to the threads in which names and text are written, and come back."""

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
        Seed of the split.
    held_out : float
        Share of the names that is held out; 0 for none.
    """

    corpus: Corpus
    seed: int
    held_out: float

    def known(self) -> KnownNames:
        """Split the names as the run does; a long list takes a second."""
        if not self.held_out:
            return KnownNames(self.corpus.distinct, one_each=self.corpus.vocabulary.one_each)
        return KnownNames(
            *self.corpus.split(self.seed, self.held_out), self.corpus.vocabulary.one_each
        )


@dataclass(frozen=True)
class NameReading:
    """How a network reads a name that a person is writing.

    Attributes
    ----------
    text : str
    step : int
        Steps that the network had made.
    symbols : tuple of str
        The vocabulary's, the end of a name first.
    probabilities : (n_y,) array
        Probability of each symbol to come next.
    score : NameScore
        NameScore of the text as a complete name.
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
    """How many of a network's fresh samples were new, memorised and so on at a step.

    Attributes
    ----------
    step : int
    shares : NoveltyCounts
    seconds : float
        How long the measurement took.
    """

    step: int
    shares: NoveltyCounts
    seconds: float


@dataclass(frozen=True)
class TextRequest:
    """A text to write.

    Attributes
    ----------
    prompt : str
        What it begins with, of any length.
    temperature : float
        Above 0.
    length : int
        Symbols to write after the prompt, 1 or more.
    seed : int
        0 or more.
    one_document : bool
        Whether to end at the end of a document, if that comes before `length`.
    """

    prompt: str
    temperature: float
    length: int
    seed: int
    one_document: bool = False
