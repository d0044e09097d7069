"""Which names a network has learned from, which were held out of it, and which are new."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from engine.data.vocabulary import Vocabulary
from engine.evaluation.nearest import Nearest, NearestNames
from engine.nn.parameters import Parameters
from engine.sampling.names import MAX_LENGTH, sample_names

FRESH_NAMES = 1_000
"""Names that `fresh_shares` counts, unless told otherwise."""


class Status(Enum):
    """What a name is to a network. The value is the word for it."""

    NEW = "new"
    HELD_OUT = "held out"
    TRAINING = "training"


class KnownNames:
    """The names of a run, to hold others against.

    Parameters
    ----------
    training : sequence of str
        What the network learns from; may be empty.
    held_out : iterable of str
        What it never sees. A name in both is a training name.
    """

    def __init__(self, training: Sequence[str], held_out: Iterable[str] = ()) -> None:
        self.training = tuple(training)
        self._statuses = dict.fromkeys(held_out, Status.HELD_OUT)
        self._statuses |= dict.fromkeys(self.training, Status.TRAINING)

    def status_of(self, name: str) -> Status:
        """Say what a name is."""
        return self._statuses.get(name, Status.NEW)

    def nearest_of(self, names: Sequence[str]) -> list[Nearest] | list[None]:
        """Return the training name nearest to each name; None where there are no training names.

        The first call builds an index: about a second for 300,000 names.
        """
        if not self.training:
            return [None] * len(names)
        return self._index.find_all(names)

    @cached_property
    def _index(self) -> NearestNames:
        return NearestNames(self.training)


@dataclass(frozen=True)
class Shares:
    """How many names are new, held out and memorised.

    Attributes
    ----------
    new, held_out, memorised : int
        Memorised names stand in the training data.
    """

    new: int
    held_out: int
    memorised: int

    @property
    def total(self) -> int:
        """All names that were counted."""
        return self.new + self.held_out + self.memorised

    def of_all(self) -> tuple[float, float, float]:
        """Return the three as shares, from 0 to 1; all 0 where nothing was counted."""
        total = max(self.total, 1)
        return self.new / total, self.held_out / total, self.memorised / total


def shares(names: Iterable[str], known: KnownNames) -> Shares:
    """Count what `names` are; a name that occurs twice counts twice."""
    counts = dict.fromkeys(Status, 0)
    for name in names:
        counts[known.status_of(name)] += 1
    return Shares(counts[Status.NEW], counts[Status.HELD_OUT], counts[Status.TRAINING])


def fresh_shares(
    parameters: Parameters,
    vocabulary: Vocabulary,
    known: KnownNames,
    *,
    seed: int,
    count: int = FRESH_NAMES,
    max_length: int = MAX_LENGTH,
) -> Shares:
    """Let the network write `count` names at temperature 1, and count what they are.

    Raises
    ------
    SamplingError
        As `engine.sampling.names.sample_names` does.
    """
    names = sample_names(parameters, vocabulary, count, seed=seed, max_length=max_length)
    return shares(names, known)
