"""Text out of a network, a symbol at a time, also from one that learns meanwhile."""

import math

import numpy as np

from engine.data.text_file import unify
from engine.data.vocabulary import END, Vocabulary
from engine.nn.functions import softmax
from engine.nn.network import State, read_step, zero_states
from engine.nn.packing import NO_SYMBOL
from engine.nn.parameters import Array, Parameters
from engine.sampling.names import SamplingError

RECALLED = 300
"""Symbols that are read again where a network of another shape goes on with a text."""


class Writer:
    """Continues a beginning, symbol by symbol, each drawn from softmax(z / temperature).

    The same parameters, beginning, seed and temperatures give the same text, however it is divided
    into calls. Without a beginning it begins as after a newline, where the vocabulary has one.

    Parameters
    ----------
    parameters : Parameters
    vocabulary : Vocabulary
    prompt : str
        The beginning, of any length; the network reads it as if it had written it.
    seed : int
        0 or more.
    temperature : float
        Above 0: below 1 the likely becomes likelier, above 1 everything becomes possible.
    window : int, optional
        For a network that has learned from windows of so many symbols: each symbol is then
        predicted from the window before it alone. All is remembered where absent.
    lower_case : bool
        Whether the network knows lower-cased text only; the beginning is then lower-cased.

    Attributes
    ----------
    temperature : float
        In force for the next symbol; may be set.
    text : str
        The beginning and what is written so far.

    Raises
    ------
    SamplingError
        If the temperature is out of bounds, or the parameters are no numbers any more.
    UnknownSymbolError
        If the beginning holds a symbol that the vocabulary lacks.
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
        begun = vocabulary.encode(unify(prompt, lower_case=lower_case)).tolist()
        self._written: list[int] = begun
        self.temperature = temperature
        self._parameters = _sound(parameters)
        # A row for each symbol of a window: every row reads every symbol, and forgets all in its
        # turn. So one row has always read exactly the window, and no symbol is read twice.
        self._rows = window or 1
        self._forgets = window is not None
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
        """The beginning and what is written so far."""
        return self._vocabulary.decode(self._written)

    def write(self, count: int = 1) -> str:
        """Write so many symbols more, and return them."""
        new = [self._write_one() for _ in range(count)]
        return self._vocabulary.decode(new)

    def renew(self, parameters: Parameters) -> None:
        """Go on with other parameters over the same vocabulary.

        Those of the same shape take over the state as it is. For those of another, the last
        `RECALLED` symbols of the text are read again.

        Raises
        ------
        SamplingError
            If they are no numbers any more; the old ones stay in use.
        ValueError
            If they are not made for this vocabulary.
        """
        n_symbols = parameters.architecture.n_symbols
        if n_symbols != len(self._vocabulary):
            raise ValueError(
                f"parameters must be for {len(self._vocabulary)} symbols, got {n_symbols}."
            )
        is_same = parameters.architecture == self._parameters.architecture
        self._parameters = _sound(parameters)
        if not is_same:
            self._read_from(max(len(self._written) - RECALLED, 0))

    def _write_one(self) -> int:
        # In double precision, as next to no temperature would overflow single.
        with np.errstate(over="ignore"):
            z = (self._z - self._z.max()).astype(np.float64) / self._temperature
        cumulative = np.cumsum(softmax(z))
        chosen = int(np.searchsorted(cumulative, self._random.random() * cumulative[-1], "right"))
        self._written.append(chosen)
        self._read(chosen)
        return chosen

    def _read_from(self, place: int) -> None:
        """Read the text so far from a place on, from a zero state."""
        self._states = zero_states(self._parameters, self._rows)
        self._has_read = 0
        if not self._written:
            self._read(self._vocabulary.index_of.get(END, NO_SYMBOL))
        for symbol in self._written[place:]:
            self._read(symbol)

    def _read(self, symbol: int) -> None:
        if self._forgets:
            for state in self._states:
                for array in state:
                    array[self._has_read % self._rows] = 0.0
        read = np.full(self._rows, symbol)
        self._states, z = read_step(self._parameters, self._states, read)
        self._has_read += 1
        self._z = z[self._has_read % self._rows]


def _sound(parameters: Parameters) -> Parameters:
    if not parameters.is_finite():
        raise SamplingError("The network's parameters are no numbers any more. Restart the run.")
    return parameters
