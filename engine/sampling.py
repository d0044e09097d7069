"""Names out of a network: pure functions of its parameters and a seed."""

import math

import numpy as np
from numpy.typing import NDArray

from engine.functions import softmax
from engine.network import read_step, zero_states
from engine.packing import NO_SYMBOL
from engine.parameters import Array, Parameters
from engine.vocabulary import END, END_INDEX, Vocabulary

MAX_LENGTH = 50
"""Longest name that is sampled, in characters, as in the course."""

LOGGED_NAMES = 7
"""Names in a log entry, as in the course."""


class SamplingError(ValueError):
    """Names were asked for in a way that makes no sense. The message is a sentence for people."""


def sample_names(
    parameters: Parameters,
    vocabulary: Vocabulary,
    count: int,
    *,
    seed: int,
    temperature: float = 1.0,
    beginning: str = "",
    max_length: int = MAX_LENGTH,
) -> list[str]:
    """Let the network write `count` names, all at once.

    Each letter is drawn from softmax(z / temperature). Names have a letter at least: without a
    beginning, the end is not among the choices for the first one.

    Parameters
    ----------
    seed : int
        0 or more. The same seed, parameters and arguments give the same names.
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
    begun = _check(parameters, vocabulary, count, temperature, beginning, max_length)
    random = np.random.default_rng(seed)
    # A name's letters lie in a row; rows begin as all ends, so that what is not written is one.
    written = np.full((count, max_length), END_INDEX, dtype=np.intp)
    written[:, : len(begun)] = begun
    alive = np.arange(count)
    states = zero_states(parameters, count)
    for t in range(max_length):
        read = written[alive, t - 1] if t else np.full(count, NO_SYMBOL)
        states, z = read_step(parameters, states, read)
        if t < len(begun):
            continue
        if t == 0:
            z[:, END_INDEX] = -np.inf
        with np.errstate(over="ignore"):  # next to no temperature: all but the best are at -inf
            z = (z - z.max(axis=1, keepdims=True)) / temperature
        chosen = _draw(softmax(z), random.random(count)[alive])
        written[alive, t] = chosen
        going_on = chosen != END_INDEX
        alive = alive[going_on]
        states = [tuple(array[going_on] for array in state) for state in states]
        if not alive.size:
            break
    return [vocabulary.decode(row[: _length(row)]) for row in written]


def _check(
    parameters: Parameters,
    vocabulary: Vocabulary,
    count: int,
    temperature: float,
    beginning: str,
    max_length: int,
) -> NDArray[np.intp]:
    """Raise what `sample_names` says of its arguments, or return the beginning as indices."""
    if count < 1:
        raise SamplingError(f"The number of names must be 1 or more, not {count}.")
    if not (temperature > 0 and math.isfinite(temperature)):
        raise SamplingError(f"The temperature must be a number above 0, not {temperature:g}.")
    if END in beginning:
        raise SamplingError("The beginning must stand on one line.")
    begun = vocabulary.encode(beginning)
    if len(begun) >= max_length:
        raise SamplingError(
            f"The beginning has {len(begun)} letters; names end after {max_length}. Shorten it."
        )
    if not parameters.is_finite():
        raise SamplingError("The network's parameters are no numbers any more. Restart the run.")
    return begun


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

    This is also how the legacy ``numpy.random.choice`` picks.
    """
    cumulative = y_hat.cumsum(axis=1)
    cumulative /= cumulative[:, -1:]
    return np.asarray((cumulative <= uniform[:, None]).sum(axis=1))


def _length(row: NDArray[np.intp]) -> int:
    ends = np.flatnonzero(row == END_INDEX)
    return int(ends[0]) if ends.size else len(row)
