"""The units of the loss, and of how many kinds are told right; how to convert between them."""

import math
from collections.abc import Mapping
from enum import Enum
from typing import Protocol, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from engine.data.training_data import DataKind

Values = TypeVar("Values", float, NDArray[np.floating])

_MAX_EXPONENT = 700.0  # exp(709.8) is the largest that float64 holds
_SHORTEN_FROM = 1e6
PERCENT = "\u00a0%"
"""What an accuracy is written with."""
_DECIMALS, _MOST_DECIMALS = ((999.995, 0), (0.0995, 2), (0.00995, 3)), 4
"""Losses from which on so many decimals are written, and those of smaller ones."""


class MeanLoss(Protocol):
    """A mean loss, and the accuracy where kinds are told; see `engine.nn.network.NamesLoss`."""

    @property
    def nats_per_name(self) -> float: ...  # noqa: D102

    @property
    def nats_per_character(self) -> float: ...  # noqa: D102

    @property
    def accuracy(self) -> float | None: ...  # noqa: D102


class Unit(Enum):
    """A unit of the loss. The value is its name in the window.

    There are two sorts: the loss summed over a name, as the course prints it, or over a document;
    and the loss per character, with the end of the name or document counted as one. Melodies have
    the loss per note, summed over the note's pitch and duration. Besides, there is the accuracy of
    a network that tells kinds: only of what is held out, and higher is better.
    """

    NATS_PER_NAME = "nats per name"
    NATS_PER_DOCUMENT = "nats per document"
    NATS_PER_NOTE = "nats per note"
    BITS_PER_NOTE = "bits per note"
    NATS_PER_CHARACTER = "nats per character"
    BITS_PER_CHARACTER = "bits per character"
    PERPLEXITY = "perplexity"
    TOLD_RIGHT = "told right"

    @property
    def is_accuracy(self) -> bool:
        """Whether it is the share of names whose kind is told right, and no loss."""
        return self is Unit.TOLD_RIGHT

    @property
    def of_losses(self) -> "Unit":
        """The unit in which losses are written where no accuracy is known."""
        return Unit.NATS_PER_NAME if self.is_accuracy else self

    @property
    def is_per_name(self) -> bool:
        """Whether the loss is that of a whole name, document or note, not of a character."""
        return self in _PER_NAME

    @property
    def is_in_nats(self) -> bool:
        """Whether a loss in nats is one in this unit."""
        return self is Unit.NATS_PER_CHARACTER or (
            self.is_per_name and self is not Unit.BITS_PER_NOTE
        )

    def from_nats(self, nats: Values) -> Values:
        """Convert a loss from nats to this unit, or an accuracy to percent.

        Parameters
        ----------
        nats : float or array
            Nats per name, document or note if `is_per_name`; the share that is told right, from 0
            to 1, if `is_accuracy`; else nats per character.
        """
        if self.is_accuracy:
            return nats * 100.0
        if self in (Unit.BITS_PER_CHARACTER, Unit.BITS_PER_NOTE):
            return nats / math.log(2)
        if self is Unit.PERPLEXITY:
            return cast(Values, np.exp(np.minimum(nats, _MAX_EXPONENT)))
        return nats

    def base_of(self, loss: MeanLoss) -> float:
        """Return what `from_nats` converts to this unit, of a mean loss.

        Raises
        ------
        ValueError
            If the unit is that of an accuracy, and there is none.
        """
        if not self.is_accuracy:
            return loss.nats_per_name if self.is_per_name else loss.nats_per_character
        if loss.accuracy is None:
            raise ValueError("there is no accuracy where no kinds are told.")
        return loss.accuracy

    def write(self, value: float) -> str:
        """Format a loss in this unit, with the same precision wherever one is shown.

        It has two decimals; below 0.1 three or four, for two digits that count; from 1,000 on none;
        and from a million on, such as a perplexity, it has three digits. An accuracy is in percent,
        with one decimal.
        """
        if self.is_accuracy:
            return f"{value:.1f}{PERCENT}"
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

        Raises
        ------
        ValueError
            If `is_accuracy`; see `of_losses`.
        """
        if self.is_accuracy:
            raise ValueError("a loss cannot be converted to an accuracy.")
        nats = nats_per_name if self.is_per_name else nats_per_name / characters_per_name
        return float(self.from_nats(nats))

    def label(self, kind: DataKind) -> str:
        """Return the name in the window. Only names have characters, all else has symbols.

        Of tunes, it is passages whose kinds are told.
        """
        if kind == "names":
            return self.value
        what = self.value.replace("character", "symbol")
        return what.replace("name", "passage") if kind == "melodies" else what


_PER_NAME = (Unit.NATS_PER_NAME, Unit.NATS_PER_DOCUMENT, Unit.NATS_PER_NOTE, Unit.BITS_PER_NOTE)
_PER_CHARACTER = (Unit.NATS_PER_CHARACTER, Unit.BITS_PER_CHARACTER, Unit.PERPLEXITY)


def percent_text(share: float, digits: int = 1) -> str:
    """Write a share from 0 to 1 in percent."""
    return f"{100 * share:.{digits}f}{PERCENT}"


def nats_unit(kind: DataKind, *, tells: bool = False) -> str:
    """Return what the loss of a run is in where it is not converted.

    Parameters
    ----------
    kind : str
        Of the data.
    tells : bool
        Whether the network tells kinds: a loss for each name, or passage of a tune, that is told.
    """
    unit = Unit.NATS_PER_NAME if tells else Unit.NATS_PER_CHARACTER
    return unit.label(kind)


UNITS: Mapping[DataKind, tuple[Unit, ...]] = {
    "names": (Unit.NATS_PER_NAME, *_PER_CHARACTER),
    "text": _PER_CHARACTER,
    "melodies": (Unit.NATS_PER_NOTE, Unit.BITS_PER_NOTE, *_PER_CHARACTER),
}
"""The units for each kind of data, the usual one first. A text has no loss per name."""

DOCUMENT_UNITS = (Unit.NATS_PER_DOCUMENT, *_PER_CHARACTER)
"""The units of runs that read a text document by document."""

TELLING_UNITS = (Unit.NATS_PER_NAME, Unit.TOLD_RIGHT)
"""The units of runs that tell the kinds of names: a kind has no characters."""
