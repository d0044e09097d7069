"""What the banner says of the faster step: that the run shown can take it, or why there is none."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QAction

from dinogui.session.kernel_compilation import KernelCompilation
from dinogui.session.racing.shown_race import RaceState
from dinogui.session.run import RunState
from dinogui.session.session import Session
from dinogui.widgets.banner import Banner
from dinogui.widgets.overlay import Overlay
from engine.training.settings import Hyperparameters

_OFFER = "The faster step is ready. New runs take it, and this one can go on with it."


class FasterStepOffer(QObject):
    """Offers the faster step to the run in hand, once, when it has been compiled meanwhile.

    Nobody is asked twice, and a run that is shown later is not asked at all: its settings are where
    the step is chosen. While something else is said above the plot, an earlier step is looked at,
    or a race is shown, the offer waits. Lives in the GUI thread.

    Parameters
    ----------
    session : Session
    compilation : KernelCompilation
    banner : Banner
    others : sequence of Overlay
        What else may stand above the plot.
    """

    def __init__(
        self,
        session: Session,
        compilation: KernelCompilation,
        banner: Banner,
        others: Sequence[Overlay],
    ) -> None:
        super().__init__(session)
        self._session, self._compilation, self._banner = session, compilation, banner
        self._above_the_plot = (banner, *others)
        self._is_due = False
        self._failure = ""
        self._use = QAction("Use it", self)
        self._use.setToolTip(
            "Let this run go on with the faster step. It is an event of the run, and can be undone"
        )
        self._use.triggered.connect(self._use_it)
        # The answer to a message that has just been closed may have something to say first.
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._say)
        compilation.became_ready.connect(self._note_ready)
        compilation.failed.connect(self._note_failure)
        session.run_begun.connect(self._forget)
        session.hyperparameters_changed.connect(self._note_change)
        session.state_changed.connect(self._try_soon)
        session.past.asked.connect(self._try_soon)
        session.racing.state_changed.connect(self._note_race)
        for each in self._above_the_plot:
            each.room_changed.connect(self._try_soon)

    @Slot()
    def _note_ready(self) -> None:
        self._is_due = True
        self._try_soon()

    @Slot(str)
    def _note_failure(self, sentence: str) -> None:
        self._failure = sentence
        self._try_soon()

    @Slot()
    def _try_soon(self) -> None:
        if self._is_due or self._failure:
            self._soon.start()

    @Slot()
    def _say(self) -> None:
        """Say what waits to be said if nothing else is said."""
        if not all(each.isHidden() for each in self._above_the_plot):
            return
        if self._failure:
            self._banner.say(self._failure, topic=self._compilation)
            self._failure = ""
        elif self._is_due and self._can_be_offered():
            self._banner.say(_OFFER, self._use, topic=self)
            self._is_due = False

    def _can_be_offered(self) -> bool:
        session = self._session
        is_in_hand = session.state in (RunState.READY, RunState.TRAINING, RunState.PAUSED)
        if not is_in_hand or session.past.is_on or session.racing.is_on:
            return False
        if session.hyperparameters.backend != "numpy":
            return False
        # Imported here, because no start needs to wait for it.
        from engine.training.backend_gain import gains_from_kernels

        architecture = session.architecture
        return architecture is not None and gains_from_kernels(
            architecture, session.hyperparameters, reads_names=session.kind == "names"
        )

    @Slot()
    def _use_it(self) -> None:
        try:
            self._session.set_hyperparameters(backend="compiled")
        except ValueError as error:  # its files have been removed meanwhile
            self._banner.say(str(error))

    @Slot()
    def _forget(self) -> None:
        self._is_due = False

    @Slot(object)
    def _note_change(self, hyperparameters: Hyperparameters) -> None:
        if hyperparameters.backend != "numpy":
            self._is_due = False
            self._banner.withdraw(self)
        self._try_soon()

    @Slot(object)
    def _note_race(self, state: RaceState) -> None:
        """Take the offer back while a race is shown, in which no run goes on."""
        if state is not RaceState.OFF and self._banner.withdraw(self):
            self._is_due = True
        self._try_soon()
