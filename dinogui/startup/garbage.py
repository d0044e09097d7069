"""When and where Python looks for garbage in reference cycles."""

import gc

from PySide6.QtCore import QObject, QTimer, Slot

from dinogui.startup.switches import is_enabled

_INTERVAL_MILLISECONDS = 1_000


class GarbageCollector(QObject):
    """Replaces Python's automatic garbage collection with a timer in the GUI thread.

    Lives in the GUI thread. It has no signals.

    This is for safety, not for speed. Python collects garbage in whichever thread allocates the
    next object. In a worker's thread, that would destroy unused widgets outside the GUI thread,
    which Qt forbids: their timers cannot be stopped, and the next change of the palette reaches a
    widget that is half destroyed.
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
            generation
            for generation, (count, threshold) in enumerate(zip(counts, thresholds, strict=True))
            if count > threshold
        ]
        if due:
            gc.collect(due[-1])


def freeze_objects() -> None:
    """Exclude all objects that exist now from garbage collection.

    Modules, classes and the window stay until the program ends. Searching them for garbage again
    and again stops window and training for 42 ms in every full collection (measured on two cores).
    """
    if is_enabled("freeze"):
        gc.freeze()
