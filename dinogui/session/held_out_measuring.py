"""The held-out loss in full: measured at a pause, at the end of training, and when asked."""

from functools import partial

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal, Slot

from dinogui.session.run import Run, RunState
from dinogui.session.shown_run import ShownRun
from dinogui.workers.held_out_measurer import HeldOutMeasurer
from dinogui.workers.service import Refusal, WorkerClient
from engine.training.messages import HeldOutLoss, Snapshot

SETTLE_MILLISECONDS = 200
"""From a pause to its measurement: steps that are made one by one need not all be measured."""

_SILENT_MILLISECONDS = 400
"""A measurement that takes no longer than this is not announced."""


class HeldOutMeasuring(QObject):
    """Measures the network of the run shown on everything that the run holds out.

    Lives in the GUI thread; the measuring thread has the work. While a run trains, its curve is
    measured on a part of the held-out data if there is much. The loss in full is noted in
    `Run.full_held_out`, and forgotten when the training goes on.

    Parameters
    ----------
    session : ShownRun
        Its threads get one named "measuring".

    Signals
    -------
    changed()
        There is another loss in full of the run shown, or none. What was advanced is over.
    advanced(float)
        The share of a measurement that is done, if it takes long.
    """

    changed = Signal()
    advanced = Signal(float)

    def __init__(self, session: ShownRun) -> None:
        super().__init__(session)
        self._session = session
        self._since = QElapsedTimer()
        thread = session.threads.start("measuring")
        self._client = WorkerClient(HeldOutMeasurer(), thread, self)
        self._soon = QTimer(self, singleShot=True, interval=SETTLE_MILLISECONDS)
        self._soon.timeout.connect(self.measure)
        session.snapshot_taken.connect(self._take_snapshot)
        session.state_changed.connect(self._take_state)
        session.run_begun.connect(self._give_up)

    @Slot()
    def measure(self) -> None:
        """Measure the latest network of the run shown, whether it trains or not."""
        run = self._session.run
        if run.snapshot is None or run.held_out_size is None:
            return
        self._soon.stop()
        self._since.start()
        self._client.order(
            HeldOutMeasurer.measure,
            run.request(),
            run.snapshot,
            run.state is RunState.TRAINING,
            done=partial(self._take_loss, run),
            refused=self._take_refusal,
            reported=self._take_share,
            supersedes=True,
        )

    @Slot(object)
    def _take_snapshot(self, snapshot: Snapshot) -> None:
        if self._session.state is RunState.PAUSED and snapshot.step:
            self._soon.start()

    @Slot(object)
    def _take_state(self, state: RunState) -> None:
        if state is RunState.TRAINING:
            self._session.run.full_held_out = None
            self._give_up()
        elif state is RunState.PAUSED and self._session.snapshot_step:
            self._soon.start()

    @Slot()
    def _give_up(self) -> None:
        """Measure no longer what was to be measured."""
        self._soon.stop()
        self._client.cancel(HeldOutMeasurer.measure)
        self.changed.emit()

    def _take_share(self, share: float) -> None:
        if self._since.elapsed() >= _SILENT_MILLISECONDS:
            self.advanced.emit(share)

    def _take_loss(self, run: Run, loss: HeldOutLoss) -> None:
        run.full_held_out = loss
        self.changed.emit()

    def _take_refusal(self, _refusal: Refusal) -> None:
        self.changed.emit()
