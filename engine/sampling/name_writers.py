"""What writes names side by side: the steps of the network, and the choice of each letter.

`NumpyWriter` uses NumPy. `CompiledWriter` uses the compiled kernels, where the process has loaded
them already: loading them would take as long as some 30,000 names. Logits differ in the last bits,
so names do only where two letters come out equal to that many digits: not in 20,000 names of any
network that was tried, with float32 either, if it was trained. One with large random weights, which
amplifies all differences, writes one name in some hundred otherwise with float32.
"""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.nn.fast.compiled.kernel_store import load_kernels, loaded_kernels
from engine.nn.layers.batch_backend import State
from engine.nn.layers.compiled_steps import CompiledSteps
from engine.nn.network import read_step
from engine.nn.parameters import Array, Parameters
from engine.sampling.decoding import DecodingStrategy
from engine.sampling.random_streams import RandomStreams

Indices = NDArray[np.intp]

_ROWS_OF_NOISE = 16
"""Rows whose noise is computed at once: with usual vocabularies, it stays in the fastest cache."""


class NameWriter(Protocol):
    """Writes names that begin alike; each has a row."""

    def choose(self, names: Indices, position: int) -> Indices:
        """Choose the next letter of each row.

        Parameters
        ----------
        names : (k,) array
            The numbers of the rows' names in the random streams.
        position : int
            The letter's position in its name.

        Returns
        -------
        (k,) array
            Indices of symbols, valid until the next call.
        """
        ...

    def read(self, kept: Indices, symbols: Indices) -> None:
        """Let the network read the letters of the names that go on, which are the rows from now on.

        Parameters
        ----------
        kept : (k,) array
            Their rows so far, at least one, in ascending order.
        symbols : (k,) array
            Indices of their letters.
        """
        ...


def name_writer(
    parameters: Parameters,
    states: list[State],
    z: Array,
    m: int,
    decoding: DecodingStrategy,
    streams: RandomStreams,
    backend: str | None = None,
) -> NameWriter:
    """Return what writes m names after the same beginning.

    Parameters
    ----------
    parameters : Parameters
    states : list of State
        The states of each layer after the beginning: (1, n_a).
    z : (1, n_y) array
        The logits of the letter that follows it; -inf for one that must not be chosen.
    m : int
        The number of names.
    decoding : DecodingStrategy
    streams : RandomStreams
    backend : str, optional
        One of `engine.nn.backends.BACKENDS`; by default, the compiled one if its kernels are
        loaded.

    Raises
    ------
    KernelsNotReadyError
        If `backend` is the compiled one, and its kernels are not ready.
    """
    if backend is None:
        backend = "numpy" if loaded_kernels() is None else "compiled"
    is_compiled = backend == "compiled" and CompiledSteps.serves(parameters)
    chosen = CompiledWriter if is_compiled else NumpyWriter
    return chosen(parameters, states, z, m, decoding, streams)


class NumpyWriter:
    """Writes names by NumPy alone; see `name_writer`."""

    def __init__(
        self,
        parameters: Parameters,
        states: list[State],
        z: Array,
        m: int,
        decoding: DecodingStrategy,
        streams: RandomStreams,
    ) -> None:
        self._parameters, self._decoding, self._streams = parameters, decoding, streams
        self._states = [tuple(np.repeat(each, m, axis=0) for each in state) for state in states]
        self._z = np.repeat(z, m, axis=0)

    def choose(self, names: Indices, position: int) -> Indices:
        """Choose the next letters."""
        noise = self._streams.gumbel(names, position, self._z.shape[1])
        return self._decoding.choose(self._z, noise)

    def read(self, kept: Indices, symbols: Indices) -> None:
        """Read the letters of the names that go on."""
        states = [tuple(each[kept] for each in state) for state in self._states]
        self._states, self._z = read_step(self._parameters, states, symbols)


class CompiledWriter:
    """Writes names with the compiled kernels; see `name_writer`.

    Raises
    ------
    KernelsNotReadyError
        If they are not compiled.
    """

    def __init__(
        self,
        parameters: Parameters,
        states: list[State],
        z: Array,
        m: int,
        decoding: DecodingStrategy,
        streams: RandomStreams,
    ) -> None:
        kernels, n_y = load_kernels().choice, z.shape[1]
        self._steps, self._z = CompiledSteps(parameters, states, m), np.repeat(z, m, axis=0)
        k = 1 if decoding.greedy else min(decoding.top_k or n_y, n_y)
        self._kernel, self._start = kernels.choose, streams.start
        self._strategy = kernels.Strategy(float(decoding.temperature), k, float(decoding.top_p))
        self._log_weights, self._order = np.empty(n_y), np.empty(n_y, np.int64)
        self._noise = np.empty(_ROWS_OF_NOISE * n_y)
        self._chosen = np.empty(m, np.int64)

    def choose(self, names: Indices, position: int) -> Indices:
        """Choose the next letters."""
        chosen = self._chosen[: len(names)]
        self._kernel(
            *(self._z, names, position, self._start, self._strategy),
            *(self._log_weights, self._order, self._noise, chosen),
        )
        return chosen

    def read(self, kept: Indices, symbols: Indices) -> None:
        """Read the letters of the names that go on."""
        self._z = self._steps.read(kept, symbols)
