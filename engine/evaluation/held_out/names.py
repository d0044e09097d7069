"""Held-out names."""

from collections.abc import Sequence

from engine.data.training_data import OnProgress, ignore_progress
from engine.data.vocabulary import EncodedNames
from engine.evaluation.baselines import MAX_ORDER, BetweenParts, NGrams
from engine.evaluation.held_out.size import MAX_NAMES, HeldOutSize, measured_names
from engine.evaluation.kind_n_grams import KindNGrams, NGramLosses
from engine.nn.network import NamesLoss, loss_of_names
from engine.nn.parameters import Parameters


class HeldOutNames:
    """Held-out names. Network and n-gram models read each from its beginning.

    Parameters
    ----------
    training, names : EncodedNames
        The names to train on, and those held out.
    seed : int
        The run's, which draws the sample.
    n_symbols : int
        Size of the vocabulary.
    weights : sequence of int, optional
        Weights of the training names, with which the n-gram models count. The loss is the mean over
        the held-out names, whatever their weights.

    If the names have kinds, the n-gram models are told them too, as the network is.
    """

    def __init__(
        self,
        training: EncodedNames,
        names: EncodedNames,
        seed: int,
        n_symbols: int,
        weights: Sequence[int] | None = None,
    ) -> None:
        self._training, self._names, self._n_symbols = training, names, n_symbols
        self._weights = weights
        self._sample = measured_names(names, seed)
        self.size = HeldOutSize(len(self._sample), len(names), "name")

    def names(self, *, in_full: bool = False) -> EncodedNames:
        """Return the names that are measured."""
        return self._names if in_full else self._sample

    def loss(
        self,
        parameters: Parameters,
        *,
        in_full: bool = False,
        on_progress: OnProgress = ignore_progress,
    ) -> NamesLoss:
        """Return the loss of a network on the names."""
        names = self.names(in_full=in_full)
        count, total = len(names), 0.0
        for begin in range(0, count, MAX_NAMES):
            on_progress(begin / count)
            part = names.part(begin, begin + MAX_NAMES)
            total += loss_of_names(parameters, part).nats_per_name * len(part)
        return NamesLoss(total / count, total / len(names.symbols))

    def fit_n_grams(self, between_parts: BetweenParts | None = None) -> NGrams | KindNGrams:
        """Return n-gram models of the training names, of all orders up to `MAX_ORDER`."""
        training, fit = self._training, (MAX_ORDER, between_parts, self._weights)
        if training.kinds is None:
            return NGrams(training, self._n_symbols, *fit)
        n_kinds = int(training.kinds.max()) + 1  # each kind has a name to train on
        return KindNGrams(training, n_kinds, self._n_symbols, *fit)

    def n_gram_losses(
        self, models: NGrams | KindNGrams, *, in_full: bool = False
    ) -> list[NamesLoss]:
        """Return the losses of these models on the names, order 1 first."""
        losses = models.losses(self.names(in_full=in_full))
        return losses.lowest if isinstance(losses, NGramLosses) else losses
