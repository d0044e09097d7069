"""The values of the loss plot under the pointer, or where the arrow keys have moved to."""

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRectF, Qt, Slot
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
)
from PySide6.QtWidgets import QLabel, QWidget

from dinogui.common.documented_keys import DocumentedKeys
from dinogui.common.event_words import RateChanges, events_text
from dinogui.common.theme import SMALL_RADIUS
from dinogui.panels.loss.axes.scales import HorizontalScale
from dinogui.panels.loss.overlay.plotted_run import PlottedRun, values_at
from dinogui.panels.loss.pane.curve_pane import CurvePane
from dinogui.panels.loss.readout import curve_to_read, values_near, write_used
from dinogui.startup.lean_pyqtgraph import pg
from dinogui.widgets.charts.chart_cursor import announce
from engine.data.training_data import DataKind
from engine.evaluation.units import Unit
from engine.training.curves.run_curves import Curves
from engine.training.messages import LossSpike
from engine.training.record import Event

_MARGIN, _EDGE = 8, 4
"""Pixels around the text, and from the edges of the plot."""
_WALK, _LEAP = 0.01, 0.1
"""How far the cursor moves with a key, as shares of the view."""
_MOST_EVENTS = 5
"""Of a flag's events, the first ones are written."""
_SIGNS = {
    Qt.Key.Key_Left: -1.0,
    Qt.Key.Key_Right: 1.0,
    Qt.Key.Key_Home: -math.inf,
    Qt.Key.Key_End: math.inf,
}
_BY_KEYS = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)

KEYS = DocumentedKeys(
    "Loss plot",
    (
        ("Left, Right", "Read the values at the next point"),
        ("Ctrl+Left, Ctrl+Right", "Go ten times as far"),
        ("Home, End", "Read the values of the first or the last step in view"),
        ("Esc", "End the reading"),
    ),
)


class PointerReadout(QLabel):
    """Writes step and values under the pointer, and marks the step in the plot.

    It lies over the plot, away from the pointer, and is hidden while there is nothing to say. Where
    the plot has the focus, the arrow keys walk along the curves, and the values are announced to
    screen readers.

    Lives in the GUI thread.

    Parameters
    ----------
    plot : PlotWidget
    pane : CurvePane
    canvas : QWidget
        The parent, which holds the plot.
    """

    def __init__(self, plot: pg.PlotWidget, pane: CurvePane, canvas: QWidget) -> None:
        super().__init__(canvas)
        self.setProperty("role", "label")
        self.setAccessibleName("Values under the pointer")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setWordWrap(True)
        self.setMargin(_MARGIN)
        self.hide()
        self._plot, self._canvas = plot, canvas
        self._box, self._pane = plot.getViewBox(), pane
        self._curves, self._across = Curves(), HorizontalScale()
        self._unit = Unit.NATS_PER_NAME
        self._kind: DataKind = "names"
        self._spikes: Sequence[LossSpike] = ()
        self._others: Sequence[PlottedRun] = ()
        self._events: Sequence[Event] = ()
        self._rates: RateChanges = dict
        self._pointer: QPointF | None = None
        self._step: float | None = None
        self._words = ""
        self._box.sigRangeChanged.connect(self._look_again)
        plot.scene().sigMouseMoved.connect(self._point_at)
        plot.installEventFilter(self)
        pane.installEventFilter(self)

    def show_run(
        self,
        curves: Curves,
        across: HorizontalScale,
        unit: Unit,
        kind: DataKind,
        spikes: Sequence[LossSpike],
    ) -> None:
        """Read other curves, or the same in another unit; see `values_near`."""
        if curves is not self._curves:
            self._step = None
        self._curves, self._across, self._unit = curves, across, unit
        self._kind, self._spikes = kind, spikes
        self._look_at(self._step)

    def show_others(self, runs: Sequence[PlottedRun]) -> None:
        """Read the curves of other runs, too."""
        self._others = runs

    def show_events(self, events: Sequence[Event], rates: RateChanges = dict) -> None:
        """Say what has happened where the pointer is on a flag; `rates` has more about some."""
        self._events, self._rates = events, rates
        self._look_again()

    def make_way(self) -> None:
        """Leave the label of the step that is looked at free, which has come or gone."""
        if not self.isHidden():
            self._look_at(self._step)

    @Slot(QPointF)
    def _point_at(self, place: QPointF) -> None:
        self._pointer = place
        position = self._box.mapSceneToView(place).x()
        inside = self._box.sceneBoundingRect().contains(place)
        self._look_at(self._across.step(position) if inside else None)

    @Slot()
    def _look_again(self) -> None:
        """Show the values under the pointer or the cursor again after the view has changed."""
        if self._pointer is not None:
            self._point_at(self._pointer)
        elif self._step is not None:
            self._look_at(self._step)

    def _look_at(self, step: float | None) -> None:
        """Show the values at a step and mark it, or show none."""
        drawn = curve_to_read(self._curves, self._unit)
        found = None if step is None else drawn.nearest(step)
        self._step = step
        is_beyond = found is None or (step is not None and step > self._curves.last_step)
        if step is not None and is_beyond and self._read_others_alone(step):
            return
        self._pane.show_cursor(found[0] if found else None)
        if step is None or found is None:
            self._words = ""
            self.setText("")
            self.hide()
            return
        near = self._pane.spike_near(step)
        spike = None if near is None else self._spikes[near]
        about = self._unit, self._kind, spike, self._across.quantity, self._pane.grain_at(step)
        others = self._values_of_others(found[0])
        events = self._events_near(step)
        lines = values_near(self._curves, step, found, *about), others, events
        self._say("\n".join(filter(None, lines)), found[0])

    def _read_others_alone(self, step: float) -> bool:
        """Show the values of other runs at a step that this run has not made; say if there are."""
        others = self._values_of_others(step)
        if others:
            self._pane.show_cursor(step)
            position = float(self._across.position(np.array([step], float))[0])
            used = self._across.amount(position)
            self._say(f"{write_used(used, self._across.quantity, self._kind)}\n{others}", step)
        return bool(others)

    def _values_of_others(self, step: float) -> str:
        position = float(self._across.position(np.array([step], float))[0])
        return values_at(self._others, self._across, position, self._unit)

    def _events_near(self, step: float) -> str:
        """Say what changed the run's course at a step, a line for each event."""
        near = self._pane.flag_near(step)
        if near is None:
            return ""
        places, rates = near[:_MOST_EVENTS], self._rates()
        more = len(near) - _MOST_EVENTS
        text = events_text([self._events[place] for place in places], [*map(rates.get, places)])
        return f"{text}\nand {more:,} more" if more > 0 else text

    def _say(self, text: str, step: float) -> None:
        """Show a text at the upper edge of the plot, on the side that is away from a step.

        The label of the step that is looked at stays free. Of a text that is higher than the plot,
        the first lines are shown: the most important come first.
        """
        pane = self._pane
        corner = self._canvas.mapFromGlobal(pane.mapToGlobal(QPoint()))
        self._words = text
        above = _EDGE + (0 if pane.past is None else pane.past.label_height)
        lines = text.splitlines()
        width, height = self._size_of(lines)
        while len(lines) > 1 and above + height > pane.height():
            width, height = self._size_of(lines := lines[:-1])
        left = corner.x() + pane.width() - width - _EDGE
        if corner.x() + pane.x_of(step) > left - _EDGE:
            left = corner.x() + _EDGE
        self.setGeometry(left, corner.y() + above, width, height)
        self.setVisible(above + height <= pane.height())

    def _size_of(self, lines: Sequence[str]) -> tuple[int, int]:
        """Write lines, and return the width and height that they need in the plot."""
        self.setText("\n".join(lines))
        self.setWordWrap(False)
        width = min(self.sizeHint().width(), self._pane.width() - 2 * _EDGE)
        self.setWordWrap(True)
        return width, self.heightForWidth(width)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a ground on which the text can be read."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self.palette().mid().color())
        painter.setBrush(self.palette().base())
        rect = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(rect, SMALL_RADIUS, SMALL_RADIUS)
        painter.end()
        super().paintEvent(event)

    # The keyboard

    def _walk(self, key: int, *, leaps: bool) -> None:
        """Move the cursor along the curves, within the view, and say what is there."""
        across, ((left, right), _) = self._across, self._box.viewRange()
        first = max(across.step(left), 1.0)
        ends = [run.reach(across) for run in self._others]
        end = max([float(self._curves.last_step), *map(across.step, ends)])
        last = min(across.step(right), end)
        step = last if self._step is None else self._step
        if self._step is None or not math.isfinite(_SIGNS[Qt.Key(key)]):
            step = first if key == Qt.Key.Key_Home else last
        else:
            by = _SIGNS[Qt.Key(key)]
            place = float(across.position(np.array([step]))[0])
            goal = across.step(place + by * (right - left) * (_LEAP if leaps else _WALK))
            step = max(step + 1, goal) if by > 0 else min(step - 1, goal)
        self._pointer = None
        self._look_at(min(max(round(step), first), max(first, last)))
        announce(self._plot, self._words)

    def _handles_key(self, event: QKeyEvent) -> bool:
        if event.key() in _SIGNS:
            leaps = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            self._walk(event.key(), leaps=leaps)
            self._show_focus(True)
            return True
        if event.key() == Qt.Key.Key_Escape and self._step is not None:
            self._look_at(None)
            return True
        return False

    def _show_focus(self, is_shown: bool) -> None:
        accent = self.palette().color(QPalette.ColorGroup.Active, QPalette.ColorRole.Highlight)
        self._pane.show_focus(accent if is_shown else None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Show no values when the pointer or the focus leaves the plot; take the arrow keys."""
        if watched is self._pane:
            if event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
                self._look_again()  # the place of the text, and the room for it, are others
            return False
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._handles_key(event)
        if isinstance(event, QFocusEvent):
            self._show_focus(event.gotFocus() and event.reason() in _BY_KEYS)
        if event.type() in (QEvent.Type.Leave, QEvent.Type.FocusOut):
            self._pointer = None
            self._look_at(None)
        return super().eventFilter(watched, event)
