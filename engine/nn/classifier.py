"""The classifier: a network that reads a name and tells its kind; loss and gradients of a batch.

A name of n letters is n + 1 rows of a batch: the first reads nothing, x<1> = 0, and the last reads
the last letter. The end of a name is not read. So what the network says after the first letters of
a name is what it says of a name that consists of these letters: it can be asked after each letter.

The softmax layer reads the last state: y = softmax(Wya a<n + 1> + by). In a network of both
directions, it reads the last state of each direction, that is, of the reverse one the state at
x<1>. The largest value of each unit over all steps, in place of the last state, told no
more of the surnames in 18 languages; see the handbook's page "Decisions".
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.data.vocabulary import EncodedNames, kinds_of
from engine.nn.fast.split_batches import Helper
from engine.nn.functions import log_softmax
from engine.nn.layers.batch_backend import NUMPY, BatchBackend
from engine.nn.layers.layer_stack import Outputs
from engine.nn.layers.softmax_network import DrawMask, SoftmaxNetwork
from engine.nn.packing import Packed
from engine.nn.parameters import Array, Parameters

_BATCH = 256
"""Names that are told at once: bounds the memory, and fills the cache."""


class Classifier(SoftmaxNetwork):
    """A network that tells the kind of each name of a batch, after its last letter.

    Its loss is the sum over the names of -ln p(kind of the name).

    Raises
    ------
    ValueError
        If the network is one that writes.
    """

    def __init__(
        self,
        parameters: Parameters,
        helper: Helper | None = None,
        backend: BatchBackend = NUMPY,
    ) -> None:
        if parameters.architecture.task != "tell":
            raise ValueError(
                f"task must be 'tell' for a classifier, got {parameters.architecture.task!r}."
            )
        super().__init__(parameters, helper, backend)

    def probabilities(self, batch: Packed) -> NDArray[np.float64]:
        """Return the probability of each kind, for each name of the batch: (m, n_kinds)."""
        return np.exp(self.log_probabilities(batch))

    def log_probabilities(self, batch: Packed) -> NDArray[np.float64]:
        """Return the logarithms of `probabilities`, in nats: (m, n_kinds)."""
        z = self._all_logits(batch)  # (m, n_kinds)
        return log_softmax(z.astype(np.float64)).astype(np.float64, copy=False)

    def _read(self, outputs: Outputs, batch: Packed) -> Array:
        # Each direction's own last row: that of the reverse one is the name's first.
        last = [a[batch.last_rows] for a in outputs]  # (m, n_a) each
        return np.concatenate(last, axis=1)

    def _spread(self, da: Array, batch: Packed) -> Outputs:
        parts = np.split(da, self.parameters.architecture.n_directions, axis=1)  # (m, n_a) each
        spread = tuple(np.zeros((len(batch), part.shape[1]), da.dtype) for part in parts)
        for of_direction, part in zip(spread, parts, strict=True):
            of_direction[batch.last_rows] = part
        return spread

    def _targets(self, batch: Packed) -> NDArray[np.intp]:
        assert batch.kinds is not None  # a classifier is trained on names of kinds
        return batch.kinds

    def _draw_read(self, draw: DrawMask, batch: Packed) -> Array:
        return draw(batch.n_names)


def probabilities_of_names(parameters: Parameters, names: EncodedNames) -> NDArray[np.float64]:
    """Return the probability of each kind, for each name of a list: (n_names, n_kinds)."""
    return np.exp(log_probabilities_of_names(parameters, names))


def log_probabilities_of_names(parameters: Parameters, names: EncodedNames) -> NDArray[np.float64]:
    """Return the logarithms of `probabilities_of_names`, in nats: (n_names, n_kinds)."""
    classifier = Classifier(parameters)
    found = np.empty((len(names), parameters.architecture.n_kinds))
    for chosen in _by_length(names):
        found[chosen] = classifier.log_probabilities(Packed.of(names, chosen))
    return found


@dataclass(frozen=True)
class KindsLoss:
    """How well the kinds of a list of names are told.

    Attributes
    ----------
    nats_per_name : float
        The mean of -ln p(kind of the name), in nats.
    accuracy : float
        The share of the names whose kind has the highest probability, from 0 to 1.
    """

    nats_per_name: float
    accuracy: float


def loss_of_kinds(parameters: Parameters, names: EncodedNames) -> KindsLoss:
    """Return how well the kinds of one or more names are told.

    Raises
    ------
    ValueError
        If the names have no kinds.
    """
    kinds = kinds_of(names)
    found = log_probabilities_of_names(parameters, names)
    loss = -float(found[np.arange(len(names)), kinds].mean())
    return KindsLoss(loss, float((found.argmax(axis=1) == kinds).mean()))


def _by_length(names: EncodedNames) -> Iterator[NDArray[np.intp]]:
    """Divide names into batches of about equal lengths, the longest first, as indices.

    The batches are sorted as `Packed.of` sorts, so that their order is that of the batch.
    """
    order = np.argsort(-names.lengths, kind="stable")
    for start in range(0, len(order), _BATCH):
        yield order[start : start + _BATCH]
