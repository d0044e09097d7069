"""What held-out names that are written and those whose kinds are told have in common."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.data.training_data import OnProgress
from engine.data.vocabulary import EncodedNames
from engine.evaluation.held_out.size import MAX_NAMES, HeldOutSize, measured_names
from engine.evaluation.names_loss import loss_of
from engine.nn.parameters import Parameters


@dataclass(frozen=True)
class _Totals:
    """Sums over some names: of the losses in nats, and of those whose kind is told right."""

    nats: float
    right: float


class HeldOutSample:
    """Held-out names, of which a sample is measured during training.

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
    noun : str
        What an example is called: "name", or "passage" of a tune.
    """

    def __init__(
        self,
        training: EncodedNames,
        names: EncodedNames,
        seed: int,
        n_symbols: int,
        weights: Sequence[int] | None = None,
        noun: str = "name",
    ) -> None:
        self._training, self._names, self._n_symbols = training, names, n_symbols
        self._weights = weights
        self._sample = measured_names(names, seed)
        self.size = HeldOutSize(len(self._sample), len(names), noun)

    def names(self, *, in_full: bool = False) -> EncodedNames:
        """Return the names that are measured."""
        return self._names if in_full else self._sample

    def _measure(
        self, parameters: Parameters, names: EncodedNames, on_progress: OnProgress
    ) -> _Totals:
        """Measure a network on names, part by part."""
        nats = right = 0.0
        for begin in range(0, len(names), MAX_NAMES):
            on_progress(begin / len(names))
            part = names.part(begin, begin + MAX_NAMES)
            loss = loss_of(parameters, part)
            nats += loss.nats_per_name * len(part)
            right += (loss.accuracy or 0.0) * len(part)
        return _Totals(nats, right)
