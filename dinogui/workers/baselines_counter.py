"""The worker that fits the n-gram baselines: on a long list this takes a second or two."""

from dataclasses import dataclass

from dinogui.workers.service import Worker
from engine.evaluation.held_out.kinds import HeldOutKinds
from engine.nn.network import NamesLoss
from engine.training.messages import RunRequest


@dataclass(frozen=True)
class Baselines:
    """The losses on held-out data of n-gram models, order 1 first, and of what needs no reading.

    Attributes
    ----------
    measured : tuple of NamesLoss
        On what the held-out curve is measured on during training; empty until they are counted.
    in_full : tuple of NamesLoss
        On everything that is held out; empty until they are counted.
    largest_kind, largest_kind_in_full : NamesLoss or None
        The same of always telling the largest kind, where kinds are told.
    """

    measured: tuple[NamesLoss, ...] = ()
    in_full: tuple[NamesLoss, ...] = ()
    largest_kind: NamesLoss | None = None
    largest_kind_in_full: NamesLoss | None = None


class BaselinesCounter(Worker):
    """Fits n-gram models to a run's training part, and measures them on its held-out part.

    Lives in the loading thread.
    """

    task = "Counting n-grams"

    def count(self, request: RunRequest) -> Baselines:
        """Return the losses of n-gram models; the quicker part of them is reported before."""
        go_on = self.order.raise_if_cancelled
        held_out = request.held_out_data()
        go_on()
        largest = largest_in_full = None
        if isinstance(held_out, HeldOutKinds):
            largest = held_out.largest_kind_loss()
            largest_in_full = held_out.largest_kind_loss(in_full=True)
            self.report(Baselines((), (), largest, largest_in_full))
        models = held_out.fit_n_grams(go_on)
        measured = tuple(held_out.n_gram_losses(models))
        if held_out.size.is_whole:
            return Baselines(measured, measured, largest, largest_in_full)
        self.report(Baselines(measured, (), largest, largest_in_full))
        in_full = tuple(held_out.n_gram_losses(models, in_full=True))
        return Baselines(measured, in_full, largest, largest_in_full)
