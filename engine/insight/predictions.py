"""What the network expects after each letter of a name."""

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
    """What was expected at each step, and what came. All arrays are read-only.

    Attributes
    ----------
    probabilities : (T, n_symbols) array
        y_hat<t>, 0 to 1; each row sums to 1.
    path : (T,) array
        What came, as indices: the name itself.
    surprisal : (T,) array
        -ln y_hat<t>[path<t>], in nats; their sum is the name's loss.
    entropy : (T,) array
        Mean surprisal to be expected at each step, in nats.
    not_finite : int
        Probabilities that are no number.
    """

    probabilities: Array
    path: NDArray[np.intp]
    surprisal: Array
    entropy: Array
    not_finite: int

    @property
    def loss(self) -> float:
        """Of the name, in nats."""
        return float(self.surprisal.sum())


def next_letters(snapshot: Snapshot, name: ArrayLike, *, first: int | None = None) -> NextLetters:
    """Read a name, in float64, and return what was expected at each step.

    Parameters
    ----------
    snapshot : Snapshot
    name : (T,) array
        As indices, its END included; or a stretch of a text. Read from a zero state.
    first : int, optional
        What is read first, x<1>: the symbol before a stretch of a text. Absent, x<1> = 0.

    Raises
    ------
    ValueError
        If there is nothing in the name, or what is no index of a symbol.
    """
    parameters = in_float64(snapshot.parameters)
    batch = one_name(name, len(snapshot.vocabulary), first)
    with np.errstate(all="ignore"):
        logarithms = log_softmax(logits(parameters, read(parameters, batch)))
        probabilities = np.exp(logarithms)
        # What cannot happen adds nothing, though its logarithm may be infinite.
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
