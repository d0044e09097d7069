"""How surprising a network finds a name, letter by letter, and what it expects next."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.data.vocabulary import EncodedNames, Vocabulary
from engine.nn.functions import log_softmax
from engine.nn.layers.layer_stack import zero_states
from engine.nn.network import read_step
from engine.nn.packing import NO_SYMBOL
from engine.nn.parameters import Parameters
from engine.sampling.decoding import DecodingStrategy
from engine.sampling.names import check_parameters

_AT_ONCE = 512
"""Names that are scored at once. Bounds the memory."""


@dataclass(frozen=True)
class NameScore:
    """How well a name fits a network: the lower, the better.

    Attributes
    ----------
    symbols : str or tuple of str
        The name as `Vocabulary.split` cuts it.
    surprisals : tuple of float
        -ln of the probability of each letter given those before it, and last that of the end, in
        nats; at temperature 1, among all symbols.
    """

    symbols: str | tuple[str, ...]
    surprisals: tuple[float, ...]

    @property
    def name(self) -> str:
        """The name as it is written."""
        return "".join(self.symbols)

    @property
    def nats_per_character(self) -> float:
        """The mean of `surprisals`. The end counts as a character."""
        return sum(self.surprisals) / len(self.surprisals)


def score_names(
    parameters: Parameters, vocabulary: Vocabulary, names: Sequence[str]
) -> list[NameScore]:
    """Score each of `names`, whether or not the network wrote it.

    Raises
    ------
    SamplingError
        If the parameters are not finite.
    UnknownSymbolError
        If a name has a letter that the vocabulary lacks.
    """
    check_parameters(parameters)
    scores: list[NameScore] = []
    for start in range(0, len(names), _AT_ONCE):
        part = names[start : start + _AT_ONCE]
        encoded = vocabulary.encode_all(part)
        surprisals = _surprisals(parameters, encoded).tolist()
        bounds = encoded.bounds.tolist()
        scores += [
            NameScore(vocabulary.split(name), tuple(surprisals[begin:end]))
            for name, begin, end in zip(part, bounds, bounds[1:], strict=False)
        ]
    return scores


def next_letter_probabilities(
    parameters: Parameters,
    vocabulary: Vocabulary,
    prefix: str,
    decoding: DecodingStrategy | None = None,
) -> NDArray[np.float64]:
    """Return the probability of each symbol after `prefix`.

    Parameters
    ----------
    prefix : str
        The name so far. If it is empty, the end is still possible.
    decoding : DecodingStrategy, optional
        The temperature, top-k and top-p to apply. The default is none.

    Returns
    -------
    (n_y,) array
        Probabilities in the order of the vocabulary: the end comes first. They sum to 1.

    Raises
    ------
    SamplingError
        If the parameters are not finite.
    UnknownSymbolError
        If `prefix` has a symbol that the vocabulary lacks.
    """
    check_parameters(parameters)
    states = zero_states(parameters, 1)
    for symbol in (NO_SYMBOL, *vocabulary.encode(prefix)):
        states, z = read_step(parameters, states, np.array([symbol]))
    return np.asarray((decoding or DecodingStrategy()).probabilities(z)[0])


def _surprisals(parameters: Parameters, names: EncodedNames) -> NDArray[np.float64]:
    """Return -ln p of every symbol, in the order of ``names.symbols``: (n,), nats."""
    longest_first = np.argsort(-names.lengths, kind="stable")
    lengths, begins = names.lengths[longest_first], names.bounds[:-1][longest_first]
    surprisals = np.empty(len(names.symbols))
    states = zero_states(parameters, len(names))
    read = np.full(len(names), NO_SYMBOL)
    for t in range(int(lengths.max(initial=0))):
        alive = int(
            np.searchsorted(-lengths, -t, side="left")
        )  # number of names with a t-th symbol
        states = [tuple(array[:alive] for array in state) for state in states]
        states, z = read_step(parameters, states, read[:alive])
        places = begins[:alive] + t
        read = names.symbols[places]
        surprisals[places] = -log_softmax(z.astype(np.float64))[np.arange(alive), read]
    return surprisals
