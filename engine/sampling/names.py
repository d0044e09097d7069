"""Sampling names: pure functions of a network's parameters and a seed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.data.training_data import OnProgress, ignore_progress
from engine.data.vocabulary import END, END_INDEX, Vocabulary
from engine.nn.functions import softmax
from engine.nn.kinds import of_blend
from engine.nn.layers.layer_stack import zero_states
from engine.nn.network import read_step
from engine.nn.packing import NO_SYMBOL
from engine.nn.parameters import Array, Parameters
from engine.sampling.decoding import DecodingStrategy, SamplingError
from engine.sampling.name_writers import name_writer
from engine.sampling.random_streams import RandomStreams

MAX_LENGTH = 50
"""Default length after which a name is cut off, in characters, as in the course."""

LOGGED_NAMES = 7
"""Number of names in a log entry, as in the course."""


def sample_names(
    parameters: Parameters,
    vocabulary: Vocabulary,
    count: int,
    *,
    seed: int,
    temperature: float = 1.0,
    prefix: str = "",
    max_length: int = MAX_LENGTH,
    on_progress: OnProgress = ignore_progress,
    backend: str | None = None,
) -> list[str]:
    """Sample `count` names, each letter from softmax(z / temperature).

    Names have at least one letter: without a prefix, a name cannot end at once.

    Parameters
    ----------
    seed : int
        0 or more. The same seed, parameters and arguments give the same names, and a larger count
        only adds names.
    temperature : float
        Above 0. Below 1 likely letters become likelier, above 1 unlikely ones do.
    prefix : str
        What each name begins with. The network reads it as if it had written it.
    max_length : int
        Length in characters, the prefix included, after which a name is cut off.
    on_progress : OnProgress
        Called before each letter. It may raise an exception to end the sampling.
    backend : str, optional
        See `engine.sampling.name_writers.name_writer`. The names do not depend on it.

    Returns
    -------
    list of str
        The names, without their ends.

    Raises
    ------
    SamplingError
        If an argument is out of bounds, or the parameters are not finite.
    UnknownSymbolError
        If `prefix` has a symbol that the vocabulary lacks.
    """
    if count < 1:
        raise SamplingError(f"The number of names must be 1 or more, not {count}.", "count")
    decoding = DecodingStrategy(temperature)
    if END in prefix:
        raise SamplingError("The prefix must be on one line.", "prefix")
    prefix_symbols = vocabulary.encode(prefix)
    if len(prefix_symbols) >= max_length:
        raise SamplingError(
            f"The prefix has {len(prefix_symbols)} letters, but names end after {max_length}. "
            "Shorten it.",
            "prefix",
        )
    check_parameters(parameters)
    sampled = sample_batch(
        parameters,
        np.arange(count),
        prefix_symbols,
        streams=RandomStreams(seed),
        decoding=decoding,
        max_length=max_length,
        on_progress=on_progress,
        backend=backend,
    )
    return sampled.decode(vocabulary)


def check_parameters(parameters: Parameters) -> None:
    """Raise a `SamplingError` if the parameters are not finite, or do not write at once.

    A network that is told kinds writes at a kind or a blend: see `engine.nn.kinds.of_blend`.
    """
    architecture = parameters.architecture
    if architecture.task == "tell":
        raise SamplingError("This network tells kinds. It cannot write.")
    if architecture.n_kinds:
        raise SamplingError("This network knows kinds. Choose a kind, or a blend.")
    if not parameters.is_finite():
        raise SamplingError("The network's parameters are not finite numbers. Restart the run.")


@dataclass(frozen=True)
class SampledNames:
    """Names as indices.

    Attributes
    ----------
    symbols : (m, max_length + 1) array
        One name per row, followed by ends.
    lengths : (m,) array
        Lengths in letters, without the ends.
    has_ended : (m,) array
        Whether the network ended the name. Otherwise it was cut off.
    """

    symbols: NDArray[np.intp]
    lengths: NDArray[np.intp]
    has_ended: NDArray[np.bool_]

    def decode(self, vocabulary: Vocabulary) -> list[str]:
        """Return the names as text, without their ends."""
        # All at once, each with its end, which stands in no other symbol.
        written = np.arange(self.symbols.shape[1]) <= self.lengths[:, None]
        text = vocabulary.decode(self.symbols[written].tolist())
        return text.split(vocabulary.symbols[END_INDEX])[:-1]


def sample_batch(
    parameters: Parameters,
    numbers: NDArray[np.intp],
    prefix: NDArray[np.intp],
    *,
    streams: RandomStreams,
    decoding: DecodingStrategy,
    max_length: int,
    on_progress: OnProgress = ignore_progress,
    backend: str | None = None,
) -> SampledNames:
    """Sample a name for each of `numbers`, all at once.

    Parameters
    ----------
    numbers : (m,) array
        The numbers of the names in the random streams. A name depends on its own number only.
    prefix : (n,) array
        Indices of what each name begins with, `max_length` at most.
    streams : RandomStreams
    decoding : DecodingStrategy
    max_length : int
        Length in letters after which a name has to end. Its end is drawn like a letter.
    on_progress : OnProgress
        Called before each letter. It may raise an exception to end the sampling.
    backend : str, optional
        See `engine.sampling.name_writers.name_writer`.
    """
    m = len(numbers)
    # Rows are filled with ends, so that whatever is not overwritten is one.
    symbols = np.full((m, max_length + 1), END_INDEX, dtype=np.intp)
    symbols[:, : len(prefix)] = prefix
    states, z = read_step(parameters, zero_states(parameters, 1), np.array([NO_SYMBOL]))
    if not len(prefix):
        z[:, END_INDEX] = -np.inf  # a name has at least one letter
    for symbol in prefix:  # the same for all names, so it is read once
        states, z = read_step(parameters, states, np.array([symbol]))
    writer = name_writer(parameters, states, z, m, decoding, streams, backend)
    alive = np.arange(m)
    for t in range(len(prefix), max_length + 1):
        on_progress(t / (max_length + 1))
        chosen = writer.choose(numbers[alive], t)
        symbols[alive, t] = chosen
        kept = (chosen != END_INDEX).nonzero()[0]
        alive = alive[kept]
        if not alive.size or t == max_length:
            break
        writer.read(kept, chosen[kept])
    has_ended = symbols[:, -1] == END_INDEX
    symbols[:, -1] = END_INDEX
    return SampledNames(symbols, _lengths(symbols, len(prefix)), has_ended)


def course_sample(parameters: Parameters, vocabulary: Vocabulary, seed: int) -> str:
    """Sample one name exactly as the course's `sample` does.

    For every letter, the course seeds NumPy's legacy generator with seed + 2 * t and draws one
    number from it. A name may be empty.

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
    """Sample the seven names of a log entry.

    Parameters
    ----------
    is_legacy : bool
        Whether to sample as the course does, with the seeds 0 to 6.
    seed : int
        The seed otherwise.
    """
    if is_legacy:
        return [course_sample(parameters, vocabulary, s) for s in range(LOGGED_NAMES)]
    return sample_names(parameters, vocabulary, LOGGED_NAMES, seed=seed)


def kinds_all_over(n_kinds: int, count: int) -> list[int]:
    """Return so many kinds, as indices, from all over their list: different ones if possible."""
    kinds: list[int] = np.linspace(0, n_kinds - 1, count).round().astype(int).tolist()
    return kinds


def names_of_kinds(
    parameters: Parameters, vocabulary: Vocabulary, count: int, *, seed: int
) -> list[str]:
    """Sample names of a network that is told kinds, one for each of `kinds_all_over`.

    Parameters
    ----------
    count : int
        Names to sample.
    seed : int
        0 or more.
    """
    n_kinds = parameters.architecture.n_kinds
    names = []
    for number, kind in enumerate(kinds_all_over(n_kinds, count)):
        plain = of_blend(parameters, np.eye(n_kinds)[kind])
        names += sample_names(plain, vocabulary, 1, seed=seed + number)
    return names


def _draw(y_hat: NDArray[np.floating], uniform: Array) -> NDArray[np.intp]:
    """Choose an index for each row: the first whose cumulative probability exceeds the number.

    This is what the legacy ``numpy.random.choice`` does.
    """
    cumulative = y_hat.cumsum(axis=1)
    cumulative /= cumulative[:, -1:]
    return np.asarray((cumulative <= uniform[:, None]).sum(axis=1))


def _lengths(symbols: NDArray[np.intp], start: int) -> NDArray[np.intp]:
    """Return the position of the first end from `start` in each row: (m,). There always is one."""
    return np.asarray(start + (symbols[:, start:] == END_INDEX).argmax(axis=1))
