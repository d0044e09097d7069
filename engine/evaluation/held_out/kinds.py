"""Held-out names whose kinds a network tells."""

from collections.abc import Sequence

from engine.data.training_data import OnProgress, ignore_progress
from engine.data.vocabulary import EncodedNames
from engine.evaluation.baselines import MAX_ORDER, BetweenParts
from engine.evaluation.held_out.size import MAX_NAMES, HeldOutSize, measured_names
from engine.evaluation.kind_baselines import NGramBayes, largest_kind_loss
from engine.evaluation.names_loss import loss_of
from engine.nn.classifier import KindsLoss
from engine.nn.network import NamesLoss
from engine.nn.parameters import Parameters


class HeldOutKinds:
    """Held-out names of kinds. The network and n-gram models read each and tell its kind.

    Parameters
    ----------
    training, names : EncodedNames
        The names to train on, and those held out, with their kinds.
    seed : int
        The run's, which draws the sample.
    n_kinds, n_symbols : int
    weights : sequence of int, optional
        Weights of the training names, with which the n-gram models count.
    """

    def __init__(
        self,
        training: EncodedNames,
        names: EncodedNames,
        seed: int,
        n_kinds: int,
        n_symbols: int,
        weights: Sequence[int] | None = None,
    ) -> None:
        self._training, self._names = training, names
        self._n_kinds, self._n_symbols, self._weights = n_kinds, n_symbols, weights
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
        """Return the loss and the accuracy of a network on the names."""
        names = self.names(in_full=in_full)
        count, total, right = len(names), 0.0, 0.0
        for begin in range(0, count, MAX_NAMES):
            on_progress(begin / count)
            part = names.part(begin, begin + MAX_NAMES)
            loss = loss_of(parameters, part)
            total += loss.nats_per_name * len(part)
            right += (loss.accuracy or 0.0) * len(part)
        return NamesLoss(total / count, total / count, right / count)

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
        losses = models.losses(self.names(in_full=in_full))
        return [_names_loss(loss) for loss in losses]

    def largest_kind_loss(self, *, in_full: bool = False) -> NamesLoss:
        """Return what is reached on the names by the sizes of the kinds alone."""
        names = self.names(in_full=in_full)
        return _names_loss(largest_kind_loss(self._training, names, self._n_kinds, self._weights))


def _names_loss(loss: KindsLoss) -> NamesLoss:
    return NamesLoss(loss.nats_per_name, loss.nats_per_name, loss.accuracy)
