"""Sampling text symbol by symbol, even from a network that goes on learning."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from engine.data.vocabulary import DOCUMENT_END, END, END_INDEX, Vocabulary
from engine.nn.functions import softmax
from engine.nn.layers.batch_backend import State
from engine.nn.layers.layer_stack import zero_states
from engine.nn.network import read_step
from engine.nn.packing import NO_SYMBOL
from engine.nn.parameters import Array, Parameters
from engine.sampling.decoding import DecodingStrategy
from engine.sampling.names import check_parameters
from engine.sampling.prompts import unified_prompt

RECALLED = 300
"""Symbols that are read again when a network of another shape continues a text."""


class TextGenerator:
    """Continues a prompt, each symbol drawn from softmax(z / temperature).

    The same parameters, prompt, seed and temperatures give the same text, however it is divided
    into calls. Without a prompt, the text starts as after a newline, if the vocabulary has one.

    A network that was trained on documents begins one, with the prompt as its first symbols. After
    the end of a document it begins the next, which knows nothing of the one before.

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
    greedy, top_k, top_p
        As in `engine.sampling.decoding.DecodingStrategy`.
    window : int, optional
        The length of the windows that the network was trained on, in symbols. Each symbol is then
        predicted from the window before it alone. If absent, the whole text is remembered.
    lower_case : bool
        Whether the network knows only lower-case text. The prompt is then lower-cased.
    document_break : str, optional
        What stands between two documents, if the network was trained on documents.

    Attributes
    ----------
    temperature : float
        Applies to the next symbol. Can be set.
    is_at_end : bool
        Whether the symbol written last ended a document.
    text : str
        The prompt and what has been written so far.

    Raises
    ------
    SamplingError
        If a value of the decoding is out of bounds, or the parameters are not finite.
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
        greedy: bool = False,
        top_k: int | None = None,
        top_p: float = 1.0,
        window: int | None = None,
        lower_case: bool = False,
        document_break: str | None = None,
    ) -> None:
        self._vocabulary = vocabulary
        self._random = np.random.default_rng(seed)
        self._document_break = document_break
        prefix = vocabulary.encode(unified_prompt(prompt, lower_case=lower_case)).tolist()
        self._written: list[int] = prefix
        self._strategy = DecodingStrategy(temperature, greedy, top_k, top_p)
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
        return self._strategy.temperature

    @temperature.setter
    def temperature(self, value: float) -> None:
        self._strategy = replace(self._strategy, temperature=value)

    @property
    def is_at_end(self) -> bool:
        """Whether the symbol written last ended a document."""
        return self._document_break is not None and self._written[-1:] == [END_INDEX]

    @property
    def text(self) -> str:
        """The prompt and what has been written so far."""
        return self._decode(self._written)

    def write(self, count: int = 1) -> str:
        """Write `count` more symbols, and return them. The end of a document is one symbol."""
        return self._decode([self._write_one() for _ in range(count)])

    def write_until(self, most: int, until: str | None = None) -> Iterator[str]:
        """Write symbol by symbol up to an end.

        Parameters
        ----------
        most : int
            The most symbols to write.
        until : str, optional
            What the text has to contain as its last symbols; the empty text never comes. By
            default, the end of a document is the end; it is written, but not returned.

        Yields
        ------
        str
            The next symbol.
        """
        recent = ""
        for _ in range(most):
            symbol = self.write()
            if until is None:
                if self.is_at_end:
                    return
                yield symbol
                continue
            yield symbol
            recent = (recent + symbol)[-len(until) - len(symbol) :]
            if until and until in recent:
                return

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
        z = (self._z - self._z.max()).astype(np.float64)
        cumulative = np.cumsum(softmax(self._strategy.log_weights(z[None])[0]))
        chosen = int(np.searchsorted(cumulative, self._random.random() * cumulative[-1], "right"))
        self._written.append(chosen)
        self._read(chosen)
        return chosen

    def _read_from(self, position: int) -> None:
        """Read the text from a position on, starting with a zero state."""
        self._begin()
        for symbol in self._written[position:]:
            self._read(symbol)

    def _begin(self) -> None:
        """Forget what was read, and read what precedes a text or a document."""
        self._states = zero_states(self._parameters, self._rows)
        self._has_read = 0
        if self._document_break is not None:
            # In windows, a document follows the end of another one, as in the training.
            self._read_next(END_INDEX if self._has_window else NO_SYMBOL)
        elif not self._written:
            self._read_next(self._vocabulary.index_of.get(END, NO_SYMBOL))

    def _read(self, symbol: int) -> None:
        is_end = self._document_break is not None and symbol == END_INDEX
        if is_end and not self._has_window:
            self._begin()
        else:
            self._read_next(symbol)

    def _read_next(self, symbol: int) -> None:
        if self._has_window:
            for state in self._states:
                for array in state:
                    array[self._has_read % self._rows] = 0.0
        read = np.full(self._rows, symbol)
        self._states, z = read_step(self._parameters, self._states, read)
        self._has_read += 1
        self._z = z[self._has_read % self._rows]

    def _decode(self, symbols: list[int]) -> str:
        text = self._vocabulary.decode(symbols)
        if self._document_break is None:
            return text
        return text.replace(DOCUMENT_END, self._document_break)


def _checked(parameters: Parameters) -> Parameters:
    check_parameters(parameters)
    return parameters
