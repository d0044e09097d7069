"""How numbers and symbols are written in and below the pictures."""

import numpy as np
from numpy.typing import NDArray

from engine.data.visible_symbols import visible
from engine.data.vocabulary import Vocabulary

START = "·"
"""Stands where nothing has been read yet."""


def write_number(value: float) -> str:
    """Write a number with three digits, or say that it is infinite or not a number."""
    text = f"{value:.3g}"
    return {"nan": "not a number", "inf": "infinite", "-inf": "minus infinite"}.get(text, text)


def write_symbols(vocabulary: Vocabulary, indices: NDArray[np.intp]) -> list[str]:
    """Return symbols as they are shown, one by one."""
    return [visible(vocabulary.symbols[index]) for index in indices]
