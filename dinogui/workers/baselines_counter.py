"""The worker that fits the n-gram baselines: on a long list this takes a second or two."""

from dataclasses import dataclass

from dinogui.workers.service import Worker
from engine.nn.network import NamesLoss
from engine.training.messages import RunRequest


@dataclass(frozen=True)
class Baselines:
    """The losses of n-gram models on held-out data, order 1 first.

    Attributes
    ----------
    measured : tuple of NamesLoss
        On what the held-out curve is measured on during training; empty until they are counted.
    in_full : tuple of NamesLoss
        On everything that is held out; empty until they are counted.
    """

    measured: tuple[NamesLoss, ...] = ()
    in_full: tuple[NamesLoss, ...] = ()


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
        models = held_out.fit_n_grams(go_on)
        measured = tuple(held_out.n_gram_losses(models))
        if held_out.size.is_whole:
            return Baselines(measured, measured)
        self.report(Baselines(measured))
        return Baselines(measured, tuple(held_out.n_gram_losses(models, in_full=True)))
