"""How numbers and symbols are written in and below the pictures."""

import numpy as np
from numpy.typing import NDArray

from engine.data.vocabulary import END, Vocabulary

START = "·"
"""Stands where nothing has been read yet."""

_SHOWN = {END: "⏎", " ": "␣", "\t": "⇥"}


def write_number(value: float) -> str:
    """Write a number with three digits, or say that it is infinite or not a number."""
    text = f"{value:.3g}"
    return {"nan": "not a number", "inf": "infinite", "-inf": "minus infinite"}.get(text, text)


def write_symbol(symbol: str) -> str:
    """Return a symbol as it is shown: the end of a name and blanks have signs of their own."""
    return _SHOWN.get(symbol, symbol)


def write_symbols(vocabulary: Vocabulary, indices: NDArray[np.intp]) -> list[str]:
    """Return symbols as they are shown, one by one."""
    return [write_symbol(vocabulary.symbols[index]) for index in indices]
