"""Held-out names whose kinds a network tells."""

from collections.abc import Sequence

from engine.data.training_data import OnProgress, ignore_progress
from engine.data.vocabulary import EncodedNames
from engine.evaluation.baselines import MAX_ORDER, BetweenParts
from engine.evaluation.held_out.sample import HeldOutSample
from engine.evaluation.kind_baselines import NGramBayes, largest_kind, largest_kind_loss
from engine.evaluation.names_loss import as_names_loss
from engine.nn.network import NamesLoss
from engine.nn.parameters import Parameters


class HeldOutKinds(HeldOutSample):
    """Held-out names of kinds. The network and n-gram models read each and tell its kind.

    Parameters
    ----------
    training, names, seed, n_symbols, weights, noun
        As in `HeldOutSample`; the names have kinds.
    n_kinds : int
    """

    def __init__(
        self,
        training: EncodedNames,
        names: EncodedNames,
        seed: int,
        n_kinds: int,
        n_symbols: int,
        weights: Sequence[int] | None = None,
        noun: str = "name",
    ) -> None:
        super().__init__(training, names, seed, n_symbols, weights, noun)
        self._n_kinds = n_kinds

    def loss(
        self,
        parameters: Parameters,
        *,
        in_full: bool = False,
        on_progress: OnProgress = ignore_progress,
    ) -> NamesLoss:
        """Return the loss and the accuracy of a network on the names."""
        names = self.names(in_full=in_full)
        totals, count = self._measure(parameters, names, on_progress), len(names)
        return NamesLoss(totals.nats / count, totals.nats / count, totals.right / count)

    def fit_n_grams(self, between_parts: BetweenParts | None = None) -> NGramBayes:
        """Return n-gram models of the training names of each kind, which tell kinds together."""
        return NGramBayes(
            self._training,
            self._n_symbols,
            self._n_kinds,
            MAX_ORDER,
            between_parts,
            self._weights,
        )

    def n_gram_losses(self, models: NGramBayes, *, in_full: bool = False) -> list[NamesLoss]:
        """Return the losses and accuracies of these models on the names, order 1 first."""
        return [as_names_loss(loss) for loss in models.losses(self.names(in_full=in_full))]

    @property
    def largest_kind(self) -> int:
        """The kind that has most of the training names."""
        return largest_kind(self._training, self._n_kinds, self._weights)

    def largest_kind_loss(self, *, in_full: bool = False) -> NamesLoss:
        """Return what is reached on the names by the sizes of the kinds alone."""
        names = self.names(in_full=in_full)
        loss = largest_kind_loss(self._training, names, self._n_kinds, self._weights)
        return as_names_loss(loss)
