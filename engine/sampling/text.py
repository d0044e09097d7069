"""Sampling text symbol by symbol, even from a network that goes on learning."""

import math

import numpy as np

from engine.data.reading.casing import unify
from engine.data.vocabulary import END, Vocabulary
from engine.nn.functions import softmax
from engine.nn.network import State, read_step, zero_states
from engine.nn.packing import NO_SYMBOL
from engine.nn.parameters import Array, Parameters
from engine.sampling.decoding import SamplingError
from engine.sampling.names import check_parameters

RECALLED = 300
"""Symbols that are read again when a network of another shape continues a text."""


class TextGenerator:
    """Continues a prompt, each symbol drawn from softmax(z / temperature).

    The same parameters, prompt, seed and temperatures give the same text, however it is divided
    into calls. Without a prompt, the text starts as after a newline, if the vocabulary has one.

    Parameters
    ----------
    parameters : Parameters
    vocabulary : Vocabulary
    prompt : str
        What the text begins with, of any length. The network reads it as if it had written it.
    seed : int
        0 or more.
    temperature : float
        Above 0. Below 1 likely symbols become likelier, above 1 unlikely ones do.
    window : int, optional
        The length of the windows that the network was trained on, in symbols. Each symbol is then
        predicted from the window before it alone. If absent, the whole text is remembered.
    lower_case : bool
        Whether the network knows only lower-case text. The prompt is then lower-cased.

    Attributes
    ----------
    temperature : float
        Applies to the next symbol. Can be set.
    text : str
        The prompt and what has been written so far.

    Raises
    ------
    SamplingError
        If the temperature is out of bounds, or the parameters are not finite.
    UnknownSymbolError
        If the prompt has a symbol that the vocabulary lacks.
    """

    def __init__(
        self,
        parameters: Parameters,
        vocabulary: Vocabulary,
        prompt: str = "",
        *,
        seed: int = 0,
        temperature: float = 1.0,
        window: int | None = None,
        lower_case: bool = False,
    ) -> None:
        self._vocabulary = vocabulary
        self._random = np.random.default_rng(seed)
        prefix = vocabulary.encode(unify(prompt, lower_case=lower_case)).tolist()
        self._written: list[int] = prefix
        self.temperature = temperature
        self._parameters = _checked(parameters)
        # One row for each symbol of a window. Every row reads every symbol, and one row after the
        # other is reset. So one row has always read exactly the window, and nothing is read twice.
        self._rows = window or 1
        self._has_window = window is not None
        self._has_read = 0
        self._states: list[State] = []
        self._z: Array = np.empty(0)
        self._read_from(0)

    @property
    def temperature(self) -> float:
        """What the logits are divided by."""
        return self._temperature

    @temperature.setter
    def temperature(self, value: float) -> None:
        if not (value > 0 and math.isfinite(value)):
            raise SamplingError(f"The temperature must be a number above 0, not {value:g}.")
        self._temperature = value

    @property
    def text(self) -> str:
        """The prompt and what has been written so far."""
        return self._vocabulary.decode(self._written)

    def write(self, count: int = 1) -> str:
        """Write `count` more symbols, and return them."""
        new = [self._write_one() for _ in range(count)]
        return self._vocabulary.decode(new)

    def set_parameters(self, parameters: Parameters) -> None:
        """Continue with other parameters for the same vocabulary.

        If the architecture is the same, the hidden state is kept. Otherwise the last `RECALLED`
        symbols of the text are read again.

        Raises
        ------
        SamplingError
            If the parameters are not finite. The old ones stay in use.
        ValueError
            If they are for a vocabulary of another size.
        """
        n_symbols = parameters.architecture.n_symbols
        if n_symbols != len(self._vocabulary):
            raise ValueError(
                f"parameters must be for {len(self._vocabulary)} symbols, got {n_symbols}."
            )
        is_same = parameters.architecture == self._parameters.architecture
        self._parameters = _checked(parameters)
        if not is_same:
            self._read_from(max(len(self._written) - RECALLED, 0))

    def _write_one(self) -> int:
        # In double precision, because a temperature near 0 would overflow single precision.
        with np.errstate(over="ignore"):
            z = (self._z - self._z.max()).astype(np.float64) / self._temperature
        cumulative = np.cumsum(softmax(z))
        chosen = int(np.searchsorted(cumulative, self._random.random() * cumulative[-1], "right"))
        self._written.append(chosen)
        self._read(chosen)
        return chosen

    def _read_from(self, position: int) -> None:
        """Read the text from a position on, starting with a zero state."""
        self._states = zero_states(self._parameters, self._rows)
        self._has_read = 0
        if not self._written:
            self._read(self._vocabulary.index_of.get(END, NO_SYMBOL))
        for symbol in self._written[position:]:
            self._read(symbol)

    def _read(self, symbol: int) -> None:
        if self._has_window:
            for state in self._states:
                for array in state:
                    array[self._has_read % self._rows] = 0.0
        read = np.full(self._rows, symbol)
        self._states, z = read_step(self._parameters, self._states, read)
        self._has_read += 1
        self._z = z[self._has_read % self._rows]


def _checked(parameters: Parameters) -> Parameters:
    check_parameters(parameters)
    return parameters
