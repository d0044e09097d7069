"""What the head of the loss plot says of a run, and when it is written."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal, Slot

from dinogui.panels.loss.baseline_words import TELLING
from dinogui.panels.loss.baselines_overlay import BaselinesOverlay
from dinogui.panels.loss.head.legend import LegendContent, LegendRun
from dinogui.panels.loss.head.loss_head import LossHead
from dinogui.panels.loss.head.newest import newest_loss
from dinogui.panels.loss.head.statement import Statement, state
from dinogui.panels.loss.overlay.plotted_run import PlottedRun
from engine.data.training_data import DataKind
from engine.evaluation.held_out.size import HeldOutSize
from engine.evaluation.units import Unit
from engine.training.curves.curve_end import Point
from engine.training.curves.run_curves import Curves
from engine.training.messages import HeldOutLoss
from engine.training.record import Event, network_step

READABLE_MILLISECONDS = 500
"""A figure that changes more often cannot be read."""


class HeadWriter(QObject):
    """Writes the newest loss of a run into the head, no more often than it can be read.

    Lives in the GUI thread.

    Parameters
    ----------
    head : LossHead
    baselines : BaselinesOverlay
        Names the losses that are compared with it.

    Attributes
    ----------
    unit : Unit
    shows_raw : bool
        Whether the loss of each step is drawn.
    full_held_out : HeldOutLoss or None
        The loss on everything that is held out, if it was measured.
    measured_share : float or None
        How far its measurement is.
    has_spikes : bool
        Whether peaks of the loss are marked.
    has_diverged : bool
    runs : sequence of PlottedRun
        Other runs that are drawn.
    looked_at : int or None
        The earlier step that is looked at; its loss is written.
    events : sequence of Event
        What has changed the run's course. If it has gone back to an earlier network and made no
        step since, the loss of that network is written.
    statement : Statement
        What the head says now.
    race : Statement or None
        What is said of a race that is drawn in place of the run.

    Signals
    -------
    written()
        The newest loss has been written because it was due.
    """

    written = Signal()

    def __init__(self, head: LossHead, baselines: BaselinesOverlay, parent: QObject) -> None:
        super().__init__(parent)
        self._head, self._baselines = head, baselines
        self._curves = Curves()
        self._kind: DataKind = "names"
        self.unit = Unit.NATS_PER_NAME
        self.shows_raw, self.has_spikes, self.has_diverged = True, False, False
        self.runs: Sequence[PlottedRun] = ()
        self.looked_at: int | None = None
        self.events: Sequence[Event] = ()
        self.statement = Statement()
        self.race: Statement | None = None
        self._held_out: HeldOutSize | None = None
        self._held_out_since = 0
        self.full_held_out: HeldOutLoss | None = None
        self.measured_share: float | None = None
        self._stated: Point | int = 0  # what the head was written for
        self._since_stated = QElapsedTimer()
        self._next = QTimer(self, singleShot=True)
        self._next.timeout.connect(self.write_newest)

    def show_run(
        self, curves: Curves, kind: DataKind, held_out: HeldOutSize | None, held_out_since: int
    ) -> None:
        """Write about another run; see `LossPlot.show_history`."""
        self._curves, self._kind = curves, kind
        self._held_out, self._held_out_since = held_out, held_out_since
        self.full_held_out = self.measured_share = None

    def write(self) -> None:
        """Write everything now."""
        self._write_statement()
        self.write_legend()

    @Slot()
    def write_newest(self) -> None:
        """Write the newest loss now, unless it is written."""
        if self._stated != self._newest():
            self._write_statement()
            self.written.emit()

    def write_if_stale(self) -> None:
        """Write the newest loss now, or as soon as the last one could be read.

        The first one, and the first held-out one, replace something else and are written at once.
        """
        elapsed, newest, stated = self._since_stated.elapsed(), self._newest(), self._stated
        is_first = not stated or isinstance(newest, int) != isinstance(stated, int)
        if is_first or elapsed >= READABLE_MILLISECONDS:
            self.write_newest()
        elif newest != stated and not self._next.isActive():
            self._next.start(READABLE_MILLISECONDS - elapsed)

    def _newest(self) -> Point | int:
        """Return the last held-out loss, or the last step before there is one."""
        curve, gone_back_to = self._curves.held_out(self.unit), self._gone_back_to
        if gone_back_to is None:
            measured, step = curve.last_point, self._curves.last_step
        else:
            measured, step = curve.latest_until(gone_back_to), gone_back_to
        return measured if measured is not None and measured[0] else step

    @property
    def _gone_back_to(self) -> int | None:
        """The step of the network, if it is an earlier one than the last of the curves."""
        last = self._curves.last_step
        step = network_step(last, self.events)
        return step if step < last else None

    def _write_statement(self) -> None:
        if self.race is not None:
            self.statement = self.race
            self._head.show_statement(self.race)
            return
        shown = newest_loss(
            self._curves,
            self.unit,
            self._kind,
            guessing=self._baselines.guessing,
            n_grams=self._baselines.baselines,
            largest_kind=self._baselines.largest_kind,
            tells=self._baselines.words is TELLING,
            held_out=self._held_out,
            full=self.full_held_out,
            until=self._gone_back_to if self.looked_at is None else self.looked_at,
        )
        has_diverged = self.has_diverged and self.looked_at is None
        shown = replace(shown, has_diverged=has_diverged, looked_at=self.looked_at)
        self.statement = state(shown)
        self._head.show_statement(self.statement)
        self._stated = self._newest()
        self._since_stated.start()
        self._next.stop()

    def write_legend(self) -> None:
        """Write what the lines are."""
        shown = self._baselines.shown
        self._head.show_legend(
            LegendContent(
                self._kind,
                self.unit,
                self.shows_raw,
                shown.get(0),
                self._held_out,
                self._held_out_since,
                self.full_held_out,
                self.measured_share,
                has_n_grams=any(shown),
                has_spikes=self.has_spikes,
                runs=tuple(LegendRun(run.colour, run.title, run.note) for run in self.runs),
                is_race=self.race is not None,
                words=self._baselines.words,
            )
        )
