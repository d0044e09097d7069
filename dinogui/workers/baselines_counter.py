"""The worker that fits the n-gram baselines: on a long list this takes a second or two."""

from dinogui.workers.service import Worker
from engine.nn.network import NamesLoss
from engine.training.messages import RunRequest

Losses = tuple[NamesLoss, ...]
"""The losses of n-gram models, order 1 first."""


class BaselinesCounter(Worker):
    """Fits n-gram models to a run's training part, and measures them on its held-out part.

    Lives in the loading thread.
    """

    task = "Counting n-grams"

    def count(self, request: RunRequest) -> Losses:
        """Return the losses of n-gram models on all held-out data.

        Those on what is measured during training are reported before.
        """
        go_on = self.order.raise_if_cancelled
        held_out = request.held_out_data()
        go_on()
        models = held_out.fit_n_grams(go_on)
        sampled = tuple(held_out.n_gram_losses(models))
        self.report(sampled)
        if held_out.size.is_whole:
            return sampled
        return tuple(held_out.n_gram_losses(models, in_full=True))
