"""Held-out names that a network writes."""

from engine.data.training_data import OnProgress, ignore_progress
from engine.evaluation.baselines import MAX_ORDER, BetweenParts, NGrams
from engine.evaluation.held_out.sample import HeldOutSample
from engine.evaluation.kind_n_grams import KindNGrams, NGramLosses
from engine.nn.network import NamesLoss
from engine.nn.parameters import Parameters


class HeldOutNames(HeldOutSample):
    """Held-out names. Network and n-gram models read each from its beginning.

    If the names have kinds, the n-gram models are told them too, as the network is.
    """

    def loss(
        self,
        parameters: Parameters,
        *,
        in_full: bool = False,
        on_progress: OnProgress = ignore_progress,
    ) -> NamesLoss:
        """Return the loss of a network on the names."""
        names = self.names(in_full=in_full)
        nats = self._measure(parameters, names, on_progress).nats
        return NamesLoss(nats / len(names), nats / len(names.symbols))

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
