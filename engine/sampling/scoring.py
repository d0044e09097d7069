"""What a network thinks of a name, letter by letter, and of what could come next."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.data.vocabulary import EncodedNames, Vocabulary
from engine.nn.functions import log_softmax
from engine.nn.network import read_step, zero_states
from engine.nn.packing import NO_SYMBOL
from engine.nn.parameters import Parameters
from engine.sampling.decoding import DecodingStrategy
from engine.sampling.names import check_numbers

_AT_ONCE = 512
"""Names read together: bounds the memory."""


@dataclass(frozen=True)
class Score:
    """How well a name fits a network: the lower, the better.

    Attributes
    ----------
    name : str
    surprisals : tuple of float
        -ln of the probability of each letter after those before it, and last that of the end, in
        nats; at temperature 1, with nothing left out.
    """

    name: str
    surprisals: tuple[float, ...]

    @property
    def nats_per_character(self) -> float:
        """The mean of `surprisals`: the end counts as a character."""
        return sum(self.surprisals) / len(self.surprisals)


def score(parameters: Parameters, vocabulary: Vocabulary, names: Sequence[str]) -> list[Score]:
    """Score each of `names`, whoever wrote it.

    Raises
    ------
    SamplingError
        If the parameters are no numbers any more.
    UnknownSymbolError
        If a name holds a letter that the vocabulary lacks.
    """
    check_numbers(parameters)
    found: list[Score] = []
    for start in range(0, len(names), _AT_ONCE):
        some = names[start : start + _AT_ONCE]
        encoded = vocabulary.encode_all(some)
        surprisals = _surprisals(parameters, encoded).tolist()
        begins = encoded.bounds.tolist()
        found += [
            Score(name, tuple(surprisals[begin:end]))
            for name, begin, end in zip(some, begins, begins[1:], strict=False)
        ]
    return found


def next_letter(
    parameters: Parameters,
    vocabulary: Vocabulary,
    prefix: str,
    choice: DecodingStrategy | None = None,
) -> NDArray[np.float64]:
    """Return how likely each symbol is to come next after `beginning`.

    Parameters
    ----------
    beginning : str
        What is there so far; may be empty. Then the end is not likely but possible.
    choice : DecodingStrategy, optional
        The temperature, top-k and top-p to go by; without it, the network's own probabilities.

    Returns
    -------
    (n_y,) array
        Probabilities, in the order of the vocabulary: the end comes first. They sum to 1.

    Raises
    ------
    SamplingError
        If the parameters are no numbers any more.
    UnknownSymbolError
        If `beginning` holds a symbol that the vocabulary lacks.
    """
    check_numbers(parameters)
    states = zero_states(parameters, 1)
    for symbol in (NO_SYMBOL, *vocabulary.encode(prefix)):
        states, z = read_step(parameters, states, np.array([symbol]))
    return np.asarray((choice or DecodingStrategy()).probabilities(z)[0])


def _surprisals(parameters: Parameters, names: EncodedNames) -> NDArray[np.float64]:
    """Return -ln p of every symbol, in the order of ``names.symbols``."""
    longest_first = np.argsort(-names.lengths, kind="stable")
    lengths, begins = names.lengths[longest_first], names.bounds[:-1][longest_first]
    found = np.empty(len(names.symbols))
    states = zero_states(parameters, len(names))
    read = np.full(len(names), NO_SYMBOL)
    for t in range(int(lengths.max(initial=0))):
        alive = int(np.searchsorted(-lengths, -t, side="left"))  # names with a t-th symbol
        states = [tuple(array[:alive] for array in state) for state in states]
        states, z = read_step(parameters, states, read[:alive])
        places = begins[:alive] + t
        read = names.symbols[places]
        found[places] = -log_softmax(z.astype(np.float64))[np.arange(alive), read]
    return found
