"""Notices each single step that a run makes, whichever button or key asked for it."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from dinogui.session.run import RunState
from dinogui.session.session import Session
from engine.training.messages import Progress, Snapshot


@dataclass(frozen=True)
class SingleStep:
    """A step that the run made by itself.

    Attributes
    ----------
    before, after : Snapshot
        The networks before and after it.
    epoch : float
        Passes over the data since the learning rate was last set, as its decay counts them.
    """

    before: Snapshot
    after: Snapshot
    epoch: float


class SingleSteps(QObject):
    """Watches for two networks that are one step apart, outside of training.

    Lives in the GUI thread.

    Signals
    -------
    made(SingleStep)
    """

    made = Signal(object)

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._snapshot: Snapshot | None = None
        self._earlier: Progress | None = None
        self._latest: Progress | None = None
        session.run_begun.connect(self._begin)
        session.progressed.connect(self._take_progress)
        session.snapshot_taken.connect(self._take_snapshot)
        self._begin()

    @Slot()
    def _begin(self) -> None:
        self._snapshot = self._session.snapshot
        self._earlier, self._latest = None, self._session.progress

    @Slot(object)
    def _take_progress(self, progress: Progress) -> None:
        self._earlier, self._latest = self._latest, progress

    @Slot(object)
    def _take_snapshot(self, snapshot: Snapshot) -> None:
        before, self._snapshot = self._snapshot, snapshot
        earlier = self._earlier
        if before is None or earlier is None or self._session.state is RunState.TRAINING:
            return
        if earlier.step == before.step == snapshot.step - 1:
            epoch = earlier.decay_epoch_of(self._session.hyperparameters)
            self.made.emit(SingleStep(before, snapshot, epoch))
