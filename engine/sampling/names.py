"""Names out of a network: pure functions of its parameters and a seed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.data.vocabulary import END, END_INDEX, Vocabulary
from engine.nn.functions import softmax
from engine.nn.network import read_step, zero_states
from engine.nn.packing import NO_SYMBOL
from engine.nn.parameters import Array, Parameters
from engine.sampling.decoding import DecodingStrategy
from engine.sampling.decoding import (
    SamplingError as SamplingError,  # what callers of this module meet
)
from engine.sampling.random_streams import RandomStreams

MAX_LENGTH = 50
"""Longest name that is sampled, in characters, as in the course."""

LOGGED_NAMES = 7
"""Names in a log entry, as in the course."""


def sample_names(
    parameters: Parameters,
    vocabulary: Vocabulary,
    count: int,
    *,
    seed: int,
    temperature: float = 1.0,
    prefix: str = "",
    max_length: int = MAX_LENGTH,
) -> list[str]:
    """Let the network write `count` names, all at once.

    Each letter is drawn from softmax(z / temperature). Names have a letter at least: without a
    beginning, the end is not among the choices for the first one.

    Parameters
    ----------
    seed : int
        0 or more. The same seed, parameters and arguments give the same names; a larger count
        gives the same ones, and more.
    temperature : float
        Above 0: below 1 the likely becomes likelier, above 1 everything becomes possible.
    beginning : str
        What each name begins with; the network reads it as if it had written it.
    max_length : int
        Characters, the beginning included, after which a name is cut off.

    Returns
    -------
    list of str
        Without their ends.

    Raises
    ------
    SamplingError
        If an argument is out of bounds, or the parameters are no numbers any more.
    UnknownSymbolError
        If `beginning` holds a symbol that the vocabulary lacks.
    """
    if count < 1:
        raise SamplingError(f"The number of names must be 1 or more, not {count}.", "count")
    choice = DecodingStrategy(temperature)
    if END in prefix:
        raise SamplingError("The prefix must stand on one line.", "prefix")
    begun = vocabulary.encode(prefix)
    if len(begun) >= max_length:
        raise SamplingError(
            f"The prefix has {len(begun)} letters; names end after {max_length}. Shorten it.",
            "prefix",
        )
    check_numbers(parameters)
    written = write_names(
        parameters,
        np.arange(count),
        begun,
        streams=RandomStreams(seed),
        choice=choice,
        max_length=max_length,
    )
    return written.decode(vocabulary)


def check_numbers(parameters: Parameters) -> None:
    """Raise `SamplingError` if the parameters are no numbers any more."""
    if not parameters.is_finite():
        raise SamplingError("The network's parameters are no numbers any more. Restart the run.")


@dataclass(frozen=True)
class Written:
    """Names as they were drawn.

    Attributes
    ----------
    symbols : (m, max_length + 1) array
        A name a row, its end and nothing but ends behind it.
    lengths : (m,) array
        Letters, the end not counted.
    has_ended : (m,) array
        Whether the network ended the name; otherwise it was cut off.
    """

    symbols: NDArray[np.intp]
    lengths: NDArray[np.intp]
    has_ended: NDArray[np.bool_]

    def decode(self, vocabulary: Vocabulary) -> list[str]:
        """Return the names as texts, without their ends."""
        rows = zip(self.symbols.tolist(), self.lengths.tolist(), strict=True)
        return [vocabulary.decode(row[:length]) for row, length in rows]


def write_names(
    parameters: Parameters,
    numbers: NDArray[np.integer],
    begun: NDArray[np.intp],
    *,
    streams: RandomStreams,
    choice: DecodingStrategy,
    max_length: int,
) -> Written:
    """Let the network write a name for each of `numbers`, all at once.

    Parameters
    ----------
    numbers : (m,) array
        What the dice know each name by: a name depends on its own number only.
    begun : (n,) array
        Indices of what each name begins with, `max_length` at most.
    max_length : int
        Letters after which a name has to end; its end is drawn like a letter.
    """
    m, n_y = len(numbers), parameters.architecture.n_symbols
    # Rows begin as all ends, so that what is not written is one.
    symbols = np.full((m, max_length + 1), END_INDEX, dtype=np.intp)
    symbols[:, : len(begun)] = begun
    states, z = read_step(parameters, zero_states(parameters, 1), np.array([NO_SYMBOL]))
    if not len(begun):
        z[:, END_INDEX] = -np.inf  # a name has a letter at least
    for symbol in begun:  # the same for all, so it is read once
        states, z = read_step(parameters, states, np.array([symbol]))
    z = np.repeat(z, m, axis=0)
    states = [tuple(np.repeat(array, m, axis=0) for array in state) for state in states]
    alive = np.arange(m)
    for t in range(len(begun), max_length + 1):
        chosen = choice.choose(z, streams.gumbel(numbers[alive], t, n_y))
        symbols[alive, t] = chosen
        going_on = chosen != END_INDEX
        alive = alive[going_on]
        if not alive.size or t == max_length:
            break
        states = [tuple(array[going_on] for array in state) for state in states]
        states, z = read_step(parameters, states, chosen[going_on])
    has_ended = symbols[:, -1] == END_INDEX
    symbols[:, -1] = END_INDEX
    return Written(symbols, _lengths(symbols, len(begun)), has_ended)


def course_sample(parameters: Parameters, vocabulary: Vocabulary, seed: int) -> str:
    """Let the network write one name exactly as the course's `sample` does.

    The course seeds NumPy's legacy generator anew for every letter, with seed + 2 * t, and draws
    one number from it. A name may be empty.

    Parameters
    ----------
    seed : int
        0 or more.
    """
    written: list[int] = []
    states = zero_states(parameters, 1)
    for t in range(MAX_LENGTH):
        states, z = read_step(parameters, states, np.array(written[-1:] or [NO_SYMBOL]))
        y_hat = softmax(z)  # (1, n_y)
        uniform = np.random.RandomState(seed + 2 * t).random_sample(1)
        chosen = int(_draw(y_hat, uniform)[0])
        if chosen == END_INDEX:
            break
        written.append(chosen)
    return vocabulary.decode(written)


def logged_names(
    parameters: Parameters, vocabulary: Vocabulary, *, is_legacy: bool, seed: int
) -> list[str]:
    """Write the seven names of a log entry.

    Parameters
    ----------
    is_legacy : bool
        Whether to write them as the course does, with its seeds 0 to 6.
    seed : int
        Used otherwise.
    """
    if is_legacy:
        return [course_sample(parameters, vocabulary, s) for s in range(LOGGED_NAMES)]
    return sample_names(parameters, vocabulary, LOGGED_NAMES, seed=seed)


def title_case(name: str) -> str:
    """Write the first letter large, for people to read; the rest is left as it is."""
    return name[:1].upper() + name[1:]


def _draw(y_hat: NDArray[np.floating], uniform: Array) -> NDArray[np.intp]:
    """Pick an index a row: the first whose cumulative probability exceeds the row's number.

    This is how the legacy ``numpy.random.choice`` picks.
    """
    cumulative = y_hat.cumsum(axis=1)
    cumulative /= cumulative[:, -1:]
    return np.asarray((cumulative <= uniform[:, None]).sum(axis=1))


def _lengths(symbols: NDArray[np.intp], begun: int) -> NDArray[np.intp]:
    """Return where the first end stands in each row: (m,). There is one."""
    return np.asarray(begun + (symbols[:, begun:] == END_INDEX).argmax(axis=1))
