"""The units of the loss, and how to convert between them."""

import math
from collections.abc import Mapping
from enum import Enum
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from engine.data.training_data import DataKind

Values = TypeVar("Values", float, NDArray[np.floating])

_MAX_EXPONENT = 700.0  # exp(709.8) is the largest that float64 holds
_SHORTEN_FROM = 1e6
_DECIMALS, _MOST_DECIMALS = ((999.995, 0), (0.0995, 2), (0.00995, 3)), 4
"""Losses from which on so many decimals are written, and those of smaller ones."""


class Unit(Enum):
    """A unit of the loss. The value is its name in the window.

    There are two kinds: the loss summed over a name, as the course prints it, or over a document;
    and the loss per character, with the end of the name or document counted as one.
    """

    NATS_PER_NAME = "nats per name"
    NATS_PER_DOCUMENT = "nats per document"
    NATS_PER_CHARACTER = "nats per character"
    BITS_PER_CHARACTER = "bits per character"
    PERPLEXITY = "perplexity"

    @property
    def is_per_name(self) -> bool:
        """Whether the loss is that of a whole name or document, not of a character."""
        return self in (Unit.NATS_PER_NAME, Unit.NATS_PER_DOCUMENT)

    @property
    def is_in_nats(self) -> bool:
        """Whether a loss in nats is one in this unit."""
        return self.is_per_name or self is Unit.NATS_PER_CHARACTER

    def from_nats(self, nats: Values) -> Values:
        """Convert a loss from nats to this unit.

        Parameters
        ----------
        nats : float or array
            Nats per name or document if `is_per_name`, else nats per character.
        """
        if self is Unit.BITS_PER_CHARACTER:
            return nats / math.log(2)
        if self is Unit.PERPLEXITY:
            return cast(Values, np.exp(np.minimum(nats, _MAX_EXPONENT)))
        return nats

    def write(self, value: float) -> str:
        """Format a loss in this unit, with the same precision wherever one is shown.

        It has two decimals; below 0.1 three or four, for two digits that count; from 1,000 on none;
        and from a million on, such as a perplexity, it has three digits.
        """
        size = abs(value)
        if size >= _SHORTEN_FROM:
            return f"{value:.3g}"
        decimals = next((count for least, count in _DECIMALS if size >= least), _MOST_DECIMALS)
        return f"{value:,.{decimals}f}"

    def of(self, nats_per_name: float, characters_per_name: float) -> float:
        """Convert a mean loss per name.

        Parameters
        ----------
        nats_per_name : float
            Nats; of a run on documents, per document.
        characters_per_name : float
            Mean length of the names or documents, their ends included; 1 for a running text.
        """
        nats = nats_per_name if self.is_per_name else nats_per_name / characters_per_name
        return float(self.from_nats(nats))

    def label(self, kind: DataKind) -> str:
        """Return the name in the window. For a text, a character is called a symbol."""
        return self.value.replace("character", "symbol") if kind == "text" else self.value


_PER_CHARACTER = tuple(unit for unit in Unit if not unit.is_per_name)


def nats_unit(kind: DataKind, *, tells: bool = False) -> str:
    """Return what the loss of a run is in where it is not converted.

    Parameters
    ----------
    kind : str
        Of the data.
    tells : bool
        Whether the network tells the kinds of names: a loss for each name that is told.
    """
    unit = Unit.NATS_PER_NAME if tells else Unit.NATS_PER_CHARACTER
    return unit.label(kind)


UNITS: Mapping[DataKind, tuple[Unit, ...]] = {
    "names": (Unit.NATS_PER_NAME, *_PER_CHARACTER),
    "text": _PER_CHARACTER,
}
"""The units for each kind of data. A text has no loss per name."""

DOCUMENT_UNITS = (Unit.NATS_PER_DOCUMENT, *_PER_CHARACTER)
"""The units of runs that read a text document by document."""
