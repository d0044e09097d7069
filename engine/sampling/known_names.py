"""Novelty: which names are training names, which were held out, and which are new."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

import numpy as np

from engine.data.training_data import OnProgress, ignore_progress
from engine.data.vocabulary import Vocabulary
from engine.evaluation.nearest import NearestName, NearestNames
from engine.nn.kinds import of_blend
from engine.nn.parameters import Parameters
from engine.sampling.names import MAX_LENGTH, sample_names

FRESH_NAMES = 1_000
"""Default number of names that `count_fresh_names` samples."""


class NameStatus(Enum):
    """Whether a network has seen a name. The value is the word for it."""

    NEW = "new"
    HELD_OUT = "held out"
    TRAINING = "training"


class KnownNames:
    """The names of a run, to compare others with.

    Parameters
    ----------
    training : sequence of str
        What the network learns from, repeats included. May be empty.
    held_out : iterable of str
        What it never sees. A name that is in both is a training name.
    one_each : callable
        As in `engine.evaluation.nearest.NearestNames`.
    """

    def __init__(
        self,
        training: Sequence[str],
        held_out: Iterable[str] = (),
        one_each: Callable[[str], str] = str,
    ) -> None:
        self._one_each = one_each
        self.training = tuple(dict.fromkeys(training))
        self._statuses = dict.fromkeys(held_out, NameStatus.HELD_OUT)
        self._statuses |= dict.fromkeys(self.training, NameStatus.TRAINING)

    def status_of(self, name: str) -> NameStatus:
        """Return the status of a name."""
        return self._statuses.get(name, NameStatus.NEW)

    def nearest_of(self, names: Sequence[str]) -> list[NearestName] | list[None]:
        """Return the training name nearest to each name, or None if there are no training names.

        The first call builds an index: about a second for 300,000 names.
        """
        if not self.training:
            return [None] * len(names)
        return self._index.find_all(names)

    @cached_property
    def _index(self) -> NearestNames:
        return NearestNames(self.training, self._one_each)


@dataclass(frozen=True)
class NoveltyCounts:
    """How many names are new, held out and memorised.

    Attributes
    ----------
    new, held_out, memorised : int
        Memorised names are training names.
    """

    new: int
    held_out: int
    memorised: int

    @property
    def total(self) -> int:
        """The number of all names counted."""
        return self.new + self.held_out + self.memorised

    def of_all(self) -> tuple[float, float, float]:
        """Return the three as shares from 0 to 1. All are 0 if nothing was counted."""
        total = max(self.total, 1)
        return self.new / total, self.held_out / total, self.memorised / total


def count_statuses(names: Iterable[str], known: KnownNames) -> NoveltyCounts:
    """Count the statuses of `names`. A name that occurs twice counts twice."""
    counts = dict.fromkeys(NameStatus, 0)
    for name in names:
        counts[known.status_of(name)] += 1
    return NoveltyCounts(
        counts[NameStatus.NEW], counts[NameStatus.HELD_OUT], counts[NameStatus.TRAINING]
    )


def count_fresh_names(
    parameters: Parameters,
    vocabulary: Vocabulary,
    known: KnownNames,
    *,
    seed: int,
    count: int = FRESH_NAMES,
    max_length: int = MAX_LENGTH,
    on_progress: OnProgress = ignore_progress,
) -> NoveltyCounts:
    """Sample `count` names at temperature 1, and count their statuses.

    A network that is told kinds writes as many of each kind, as far as that is possible.

    `on_progress` is that of `engine.sampling.names.sample_names`.

    Raises
    ------
    SamplingError
        As `engine.sampling.names.sample_names` does.
    """
    n_kinds = parameters.architecture.n_kinds
    networks = [of_blend(parameters, kind) for kind in np.eye(n_kinds)] or [parameters]
    names: list[str] = []
    for place, network in enumerate(networks):
        wanted = (count + len(networks) - 1 - place) // len(networks)
        if not wanted:
            break
        names += sample_names(
            *(network, vocabulary, wanted),
            seed=seed,
            max_length=max_length,
            on_progress=on_progress,
        )
    return count_statuses(names, known)
