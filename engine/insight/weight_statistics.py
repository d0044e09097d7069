"""Images and histograms of a network's matrices, and how fast the matrices change."""

from dataclasses import dataclass

import numpy as np

from engine.insight.histograms import Histogram, of_signed
from engine.insight.results import read_only
from engine.nn.parameters import Array, Parameters
from engine.training.messages import Snapshot


@dataclass(frozen=True)
class Weight:
    """One matrix or bias.

    Attributes
    ----------
    name : str
        As in `Parameters.named`: "Waa", or "2.Waa" with several layers.
    image : (rows, columns) array
        In the course's orientation: a row for each unit, a column for each of its inputs; a bias
        is one column. Read-only, in the network's own type.
    histogram : Histogram
        Of its entries.
    spread : float
        Standard deviation of its entries; NaN if an entry is not finite.
    """

    name: str
    image: Array
    histogram: Histogram
    spread: float

    @property
    def share_zero(self) -> float:
        """Share of its entries that are exactly zero, 0 to 1."""
        return self.histogram.zeros / self.image.size

    @property
    def not_finite(self) -> int:
        """Entries that are infinite or NaN."""
        return self.histogram.not_finite


def weights(snapshot: Snapshot) -> tuple[Weight, ...]:
    """Describe every matrix and bias of a network, in the order of `Parameters.named`."""
    with np.errstate(all="ignore"):
        return tuple(
            Weight(
                name,
                read_only(array.reshape(len(array), -1)),
                of_signed(array),
                float(np.std(array, dtype=np.float64)),
            )
            for name, array in snapshot.parameters.named.items()
        )


def update_ratios(before: Parameters, after: Parameters) -> dict[str, float]:
    """Return how far each matrix has moved: ||after - before|| / ||before||.

    For a single step the ratio tells whether the learning rate is right: about 1e-3 is good.

    Parameters
    ----------
    before, after : Parameters
        Of the same architecture.

    Returns
    -------
    dict of str to float
        By the names of `Parameters.named`. NaN if both norms are zero; infinite if only that of
        `before` is, as for a bias at the start.

    Raises
    ------
    ValueError
        If the architectures differ.
    """
    if before.architecture != after.architecture:
        raise ValueError(
            f"after must be of the architecture {before.architecture}, got {after.architecture}."
        )
    later = after.named
    with np.errstate(all="ignore"):
        return {
            name: _ratio(np.subtract(later[name], array, dtype=np.float64), array)
            for name, array in before.named.items()
        }


def sgd_update_ratios(
    parameters: Parameters, gradients: Parameters, learning_rate: float
) -> dict[str, float]:
    """Return the ratios of `update_ratios` for a step of plain SGD, without making it.

    Parameters
    ----------
    parameters : Parameters
    gradients : Parameters
        Of the same architecture, after clipping.
    learning_rate : float

    Raises
    ------
    ValueError
        If the architectures differ.
    """
    if parameters.architecture != gradients.architecture:
        raise ValueError(
            f"gradients must be of the architecture {parameters.architecture}, "
            f"got {gradients.architecture}."
        )
    g = gradients.named
    with np.errstate(all="ignore"):
        return {
            name: _ratio(learning_rate * g[name].astype(np.float64), array)
            for name, array in parameters.named.items()
        }


def _ratio(update: Array, weight: Array) -> float:
    return float(np.divide(_norm(update), _norm(weight)))


def _norm(array: Array) -> float:
    # In float64, as the squares of small updates underflow in float32.
    return float(np.sqrt(np.square(array, dtype=np.float64).sum()))
