"""Counts n-grams in a thread of its own: of a long list it takes a second or two."""

from PySide6.QtCore import QObject, Signal, Slot

from engine.data.text import Text
from engine.evaluation.baselines import BetweenParts, NGrams, text_losses
from engine.nn.network import NamesLoss
from engine.training.messages import RunRequest


class _AbandonedError(Exception):
    """Nobody wants the losses any more."""


class BaselinesCounter(QObject):
    """Fits n-gram models to a run's training part, and measures them on what is held out.

    Lives in the loading thread; its slot is reached by queued signals only.

    Signals
    -------
    counted(int, tuple of NamesLoss)
        The run's generation, and what the orders from 1 up cost.
    """

    counted = Signal(int, object)

    def __init__(self) -> None:
        super().__init__()
        # A number that one thread writes and the other reads, as in the loader: an order to stop
        # cannot wait in the queue behind the work that it is to stop.
        self._wanted_from = 0.0

    def abandon_before(self, run_id: float) -> None:
        """Give up the counting for earlier runs. Called from the GUI thread."""
        self._wanted_from = run_id

    @Slot(object)
    def count(self, request: RunRequest) -> None:
        """Count in the names or the text of a run, unless it is over."""

        def go_on() -> None:
            if request.run_id < self._wanted_from:
                raise _AbandonedError

        try:
            losses = tuple(_losses(request, go_on))
        except _AbandonedError:
            return
        self.counted.emit(request.run_id, losses)


def _losses(request: RunRequest, go_on: BetweenParts) -> list[NamesLoss]:
    corpus, settings = request.corpus, request.settings
    go_on()
    n_symbols = len(corpus.vocabulary)
    if isinstance(corpus, Text):
        return text_losses(*corpus.split(settings.held_out), n_symbols, between_parts=go_on)
    training, held_out = corpus.split(settings.seed, settings.held_out)
    encode = corpus.vocabulary.encode_all
    go_on()
    encoded = encode(training)
    return NGrams(encoded, n_symbols, between_parts=go_on).losses(encode(held_out))
