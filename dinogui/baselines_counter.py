"""Counts n-grams in a thread of its own: of a long list it takes a second or two."""

from PySide6.QtCore import QObject, Signal, Slot

from engine.baselines import NGrams
from engine.messages import RunRequest


class BaselinesCounter(QObject):
    """Fits n-gram models to a run's training names, and measures them on those held out.

    Lives in the loading thread; its slot is reached by queued signals only.

    Signals
    -------
    counted(int, tuple of NamesLoss)
        The run's generation, and what the orders from 1 up cost.
    """

    counted = Signal(int, object)

    @Slot(object)
    def count(self, request: RunRequest) -> None:
        """Count in the names of a run."""
        corpus, settings = request.corpus, request.settings
        training, held_out = corpus.split(settings.seed, settings.held_out)
        encode = corpus.vocabulary.encode_all
        models = NGrams(encode(training), len(corpus.vocabulary))
        self.counted.emit(request.generation, tuple(models.losses(encode(held_out))))
