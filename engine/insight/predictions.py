"""The network's predictions after each letter of a name."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.insight.reading import in_float64, logits, one_name, read
from engine.insight.results import count_not_finite, read_only
from engine.nn.functions import log_softmax
from engine.nn.parameters import Array
from engine.training.messages import Snapshot


@dataclass(frozen=True)
class NextLetters:
    """The prediction at each step, and the symbol that followed. All arrays are read-only.

    Attributes
    ----------
    probabilities : (T, n_symbols) array
        y_hat<t>, 0 to 1; each row sums to 1.
    path : (T,) array
        The symbols that followed, as indices: the name itself.
    surprisal : (T,) array
        -ln y_hat<t>[path<t>], in nats; the sum is the name's loss.
    entropy : (T,) array
        -sum of y_hat<t> ln y_hat<t>: the expected surprisal at each step, in nats.
    not_finite : int
        Probabilities that are NaN.
    """

    probabilities: Array
    path: NDArray[np.intp]
    surprisal: Array
    entropy: Array
    not_finite: int

    @property
    def loss(self) -> float:
        """The loss of the name, in nats."""
        return float(self.surprisal.sum())


def next_letters(snapshot: Snapshot, name: ArrayLike, *, first: int | None = None) -> NextLetters:
    """Return the prediction at each step of a name, computed in float64.

    Parameters
    ----------
    snapshot : Snapshot
    name : (T,) array
        As indices, its END included, or a chunk of a text. The initial state is zero.
    first : int, optional
        x<1>: the symbol before a chunk of a text. If absent, x<1> = 0.

    Raises
    ------
    ValueError
        If the name is empty or holds something other than indices of symbols.
    """
    parameters = in_float64(snapshot.parameters)
    batch = one_name(name, len(snapshot.vocabulary), first)
    with np.errstate(all="ignore"):
        logarithms = log_softmax(logits(parameters, read(parameters, batch)))
        probabilities = np.exp(logarithms)
        # A probability of 0 adds nothing, though its logarithm may be infinite.
        terms = np.where(probabilities == 0.0, 0.0, probabilities * logarithms)
    path = batch.targets.copy()
    path.flags.writeable = False
    return NextLetters(
        read_only(probabilities),
        path,
        read_only(-logarithms[np.arange(len(path)), path]),
        read_only(-terms.sum(axis=1)),
        count_not_finite(probabilities),
    )
