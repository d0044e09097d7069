"""Garbage in cycles is collected in the GUI thread, and only there."""

import gc

from PySide6.QtCore import QObject, QTimer, Slot

_INTERVAL_MILLISECONDS = 1_000


class GarbageCollector(QObject):
    """Turns Python's own collecting off, and collects by a timer, as Python would.

    Python collects in whichever thread happens to make the next object. Where that is a worker's,
    it destroys widgets that nobody needs any more outside the GUI thread, which Qt does not allow:
    timers cannot be stopped, and the next change of colours meets a widget that is half gone.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._collect_if_due)
        self._timer.start(_INTERVAL_MILLISECONDS)

    @Slot()
    def _collect_if_due(self) -> None:
        counts, thresholds = gc.get_count(), gc.get_threshold()
        due = [
            run_id
            for run_id, (count, threshold) in enumerate(zip(counts, thresholds, strict=True))
            if count > threshold
        ]
        if due:
            gc.collect(due[-1])


def never_collect_what_there_is() -> None:
    """Leave everything that was made so far out of every collection to come.

    Modules, classes and the window stay until the program ends. To look at them again and again
    for garbage holds up window and training for 60 ms every two minutes.
    """
    gc.freeze()
