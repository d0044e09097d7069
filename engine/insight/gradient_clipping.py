"""The effect of clipping on a name's gradient."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from engine.insight.histograms import Histogram, of_magnitudes
from engine.insight.reading import in_float64, one_name
from engine.insight.results import read_only
from engine.nn.network import Network
from engine.nn.optimizers import CLIPPINGS, clip_entries, clip_norm
from engine.nn.parameters import Array
from engine.training.messages import Snapshot


@dataclass(frozen=True)
class ClippedGradient:
    """The effect of clipping on the gradient of one matrix or bias.

    Attributes
    ----------
    name : str
        As in `Parameters.named`: "Waa", or "2.Waa" with several layers.
    gradient : array
        dL/d(parameter) before clipping, in nats, in the course's shape. Read-only.
    share_clipped : float
        Share of its entries that clipping changes, 0 to 1.
    """

    name: str
    gradient: Array
    share_clipped: float


@dataclass(frozen=True)
class Clipping:
    """The effect of clipping on a name's gradient.

    Attributes
    ----------
    loss : float
        Loss of the name, in nats.
    gradients : tuple of ClippedGradient
        One for each matrix and bias.
    histogram : Histogram
        |dL/d(parameter)| of all of them, in nats, before clipping.
    norm_before, norm_after : float
        Euclidean norm of the whole gradient, in nats; not finite if an entry is not, or if its
        square overflows.
    """

    loss: float
    gradients: tuple[ClippedGradient, ...]
    histogram: Histogram
    norm_before: float
    norm_after: float

    @property
    def not_finite(self) -> int:
        """Entries before clipping that are infinite or NaN."""
        return self.histogram.not_finite


def clipping(
    snapshot: Snapshot,
    name: ArrayLike,
    clip: float | None,
    clipping: str = "entries",
    *,
    first: int | None = None,
) -> Clipping:
    """Compute a name's gradient in float64, and clip it as the trainer does.

    Parameters
    ----------
    snapshot : Snapshot
    name : (T,) array
        As indices, its END included, or a chunk of a text. The initial state is zero.
    clip : float or None
        Above 0; None for no clipping.
    clipping : str
        One of `engine.nn.optimizers.CLIPPINGS`.
    first : int, optional
        x<1>: the symbol before a chunk of a text. If absent, x<1> = 0.

    Raises
    ------
    ValueError
        If an argument is out of range.
    """
    if clip is not None and not clip > 0:
        raise ValueError(f"clip must be above 0, or None for off, got {clip!r}.")
    if clipping not in CLIPPINGS:
        raise ValueError(f"clipping must be one of {', '.join(CLIPPINGS)}, got {clipping!r}.")
    network = Network(in_float64(snapshot.parameters))
    with np.errstate(all="ignore"):
        loss = network.loss_and_gradients(one_name(name, len(snapshot.vocabulary), first))
        gradients = network.gradients
        norm_before = norm_after = _norm(gradients.flat)
        bound = np.inf
        if clip is not None:
            after = gradients.flat.copy()
            (clip_entries if clipping == "entries" else clip_norm)(after, clip)
            norm_after = _norm(after)
            if clipping == "entries":
                bound = clip
            elif norm_before > clip:
                bound = 0.0  # every entry but zero is scaled down
        clipped = tuple(
            ClippedGradient(
                name, read_only(array), np.count_nonzero(np.abs(array) > bound) / array.size
            )
            for name, array in gradients.named.items()
        )
    return Clipping(loss, clipped, of_magnitudes(gradients.flat), norm_before, norm_after)


def _norm(flat: Array) -> float:
    return float(np.sqrt(flat @ flat))
