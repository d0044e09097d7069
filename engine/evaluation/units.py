"""The units a loss is shown in, and how to get from one to the other."""

import math
from collections.abc import Mapping
from enum import Enum
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from engine.data.text import DataKind

Values = TypeVar("Values", float, NDArray[np.floating])

_MAX_EXPONENT = 700.0  # exp(709.8) is the largest that float64 holds
_SHORTEN_FROM = 1e6


class Unit(Enum):
    """A unit of loss. The value is its name in the window.

    Two kinds exist: the loss summed over a name, as the course prints it, and the loss per
    character, the end of the name counted as one.
    """

    NATS_PER_NAME = "nats per name"
    NATS_PER_CHARACTER = "nats per character"
    BITS_A_CHARACTER = "bits per character"
    PERPLEXITY = "perplexity"

    @property
    def is_per_name(self) -> bool:
        """Whether it measures a whole name and not a character."""
        return self is Unit.NATS_PER_NAME

    def from_nats(self, nats: Values) -> Values:
        """Convert a loss in nats, of a name or of a character as the unit wants it.

        Parameters
        ----------
        nats : float or array
            Nats a name if `is_per_name`, else nats per character.
        """
        if self is Unit.BITS_A_CHARACTER:
            return nats / math.log(2)
        if self is Unit.PERPLEXITY:
            return cast(Values, np.exp(np.minimum(nats, _MAX_EXPONENT)))
        return nats

    def write(self, value: float) -> str:
        """Write a value in this unit for people: a perplexity has no largest value."""
        return f"{value:,.3f}" if abs(value) < _SHORTEN_FROM else f"{value:.3g}"

    def of(self, nats_per_name: float, characters_a_name: float) -> float:
        """Convert a mean loss a name, in nats, where a name has so many characters on average."""
        nats = nats_per_name if self.is_per_name else nats_per_name / characters_a_name
        return float(self.from_nats(nats))

    def label(self, kind: DataKind) -> str:
        """Return its name in the window: of a text, a character is a symbol."""
        return self.value.replace("character", "symbol") if kind == "text" else self.value


UNITS: Mapping[DataKind, tuple[Unit, ...]] = {
    "names": tuple(Unit),
    "text": tuple(unit for unit in Unit if not unit.is_per_name),
}
"""The units that a loss can be shown in: a text has no names to measure."""
