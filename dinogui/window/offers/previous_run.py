"""Offers the run before, right after another one has taken its place in the window."""

from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QAction

from dinogui.library.earlier.earlier_run import EarlierRun
from dinogui.library.earlier.earlier_runs import EarlierRuns
from dinogui.session.run import Run, RunState
from dinogui.session.session import Session
from dinogui.widgets.banner import Banner

SHOWN_MILLISECONDS = 20_000


class PreviousRunOffer(QObject):
    """Says in the banner that the run before is kept, and shows it again if that is wanted.

    Lives in the GUI thread. The message goes away when training begins, or after a while; File >
    Runs still has it. Another message is not replaced.

    Parameters
    ----------
    session : Session
    earlier : EarlierRuns
    banner : Banner
    """

    def __init__(self, session: Session, earlier: EarlierRuns, banner: Banner) -> None:
        super().__init__(banner)
        self._session, self._earlier, self._banner = session, earlier, banner
        self._left: Run | None = None
        self._is_due = False
        self._show_again = QAction("Show it again", self)
        self._show_again.setToolTip("Show that run again. This one becomes an earlier run")
        self._show_again.triggered.connect(self._open)
        self._timer = QTimer(self, singleShot=True, interval=SHOWN_MILLISECONDS)
        self._timer.timeout.connect(self._withdraw)
        session.closing.connect(self._timer.stop)
        session.run_left.connect(self._note)
        session.state_changed.connect(self._take_state)
        # The last steps of the run before are reported just before the first of this one.
        session.run_begun.connect(self._expect_progress)
        session.progressed.connect(self._offer_once)

    @Slot(object)
    def _note(self, run: Run) -> None:
        self._left = run

    @Slot()
    def _expect_progress(self) -> None:
        self._is_due = True

    @Slot()
    def _offer_once(self) -> None:
        if self._is_due:
            self._is_due = False
            self._earlier.refresh()
            self._offer()

    def _offer(self) -> None:
        run = self._find()
        if run is None or self._banner.isVisible() or self._session.state is RunState.TRAINING:
            return
        is_drawn = self._session.on_plot.is_shown(run.key) and self._is_on_same_data()
        where = " and stays on the plot" if is_drawn else ""
        message = f"The run before, {run.in_a_message}, is kept{where}.{self._change_of_steps()}"
        self._banner.say(message, self._show_again, topic=self)
        self._timer.start()

    def _change_of_steps(self) -> str:
        """Say that the learning rate and the clip value are others, as the run before went bad."""
        left, now = self._left, self._session.hyperparameters
        if left is None or not left.has_gone_bad:
            return ""
        if now != replace(left.plan_elsewhere.hyperparameters, backend=now.backend):
            return ""
        bad = left.hyperparameters
        clipping = "without clipping" if bad.clip is None else f"with a clip value of {bad.clip:g}"
        return (
            f" It went bad at a learning rate of {bad.learning_rate:g} {clipping}, so this one "
            f"begins with {now.learning_rate:g} and a clip value of {now.clip:g}."
        )

    def _is_on_same_data(self) -> bool:
        left, now = self._left, self._session.corpus
        if left is None or left.corpus is None or now is None:
            return False
        return left.corpus.fingerprint == now.fingerprint

    def _find(self) -> EarlierRun | None:
        """Return the run before as it is listed now; None if there is nothing to go back to."""
        left = self._left
        if left is None:
            return None
        return next((run for run in self._earlier.runs if run.run_id == left.id), None)

    @Slot()
    def _open(self) -> None:
        run = self._find()
        if run is not None:
            self._earlier.open(run)

    @Slot()
    def _withdraw(self) -> None:
        self._banner.withdraw(self)

    @Slot(object)
    def _take_state(self, state: RunState) -> None:
        if state is RunState.TRAINING:
            self._withdraw()
