"""The worker that fits the n-gram baselines: on a long list this takes a second or two."""

from dinogui.workers.service import Worker
from engine.data.text import Text
from engine.evaluation.baselines import BetweenParts, NGrams, text_losses
from engine.nn.network import NamesLoss
from engine.training.messages import RunRequest


class BaselinesCounter(Worker):
    """Fits n-gram models to a run's training part, and measures them on its held-out part.

    Lives in the loading thread.
    """

    task = "Counting n-grams"

    def count(self, request: RunRequest) -> tuple[NamesLoss, ...]:
        """Return the losses of the n-gram models of a run's data, order 1 first."""
        return tuple(_losses(request, self.order.raise_if_cancelled))


def _losses(request: RunRequest, go_on: BetweenParts) -> list[NamesLoss]:
    """Return the losses; `go_on` raises if they are no longer wanted."""
    corpus, settings = request.corpus, request.settings
    n_symbols = len(corpus.vocabulary)
    if isinstance(corpus, Text):
        return text_losses(*corpus.split(settings.held_out), n_symbols, between_parts=go_on)
    training, held_out = corpus.split(settings.seed, settings.held_out)
    encode = corpus.vocabulary.encode_all
    go_on()
    encoded = encode(training)
    return NGrams(encoded, n_symbols, between_parts=go_on).losses(encode(held_out))
