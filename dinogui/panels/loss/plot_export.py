"""Saves and copies the loss plot: as a picture, or its values as a table."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QPoint, Signal, Slot
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from dinogui.common.actions.plot_actions import PlotActions
from dinogui.common.text_saver import SavingError, save_text
from dinogui.panels.export_place import why_not_there
from dinogui.panels.loss.baseline_words import WRITING
from dinogui.panels.loss.loss_plot import LossPlot
from dinogui.panels.loss.readout import axis_label, distribution_near
from dinogui.panels.picture_file import FILTERS, ExportError, save_picture
from dinogui.session.session import Session
from engine.data.training_data import DataKind
from engine.evaluation.units import Unit
from engine.storage.csv_text import csv_line
from engine.training.curves.axis_quantity import AxisQuantity
from engine.training.curves.curve import Curve
from engine.training.curves.run_curves import Curves

_FILTERS = f"{FILTERS};;Table, CSV (*.csv)"
_MOST_ROWS = 4_000
"""About the most rows of a table. A shorter run has one for each step."""

_FRAME = 8
_WITHOUT_GROUND = QWidget.RenderFlag.DrawChildren
Row = Sequence[object]


class PlotExport(QObject):
    """Saves the plot to a file and copies it to the clipboard. Lives in the GUI thread.

    Parameters
    ----------
    session : Session
    loss_plot : LossPlot
        The parent.
    actions : PlotActions

    Signals
    -------
    said(str)
        Where the plot was saved, or why it could not be.
    """

    said = Signal(str)

    def __init__(self, session: Session, loss_plot: LossPlot, actions: PlotActions) -> None:
        super().__init__(loss_plot)
        self._session, self._plot = session, loss_plot
        actions.save.triggered.connect(self._choose)
        actions.copy.triggered.connect(self._copy)

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setPixmap(_Picture(self._plot).grab())

    @Slot()
    def _choose(self) -> None:
        name = f"{self._stem()} loss.png"
        path, chosen = QFileDialog.getSaveFileName(self._plot, "Save plot", name, _FILTERS)
        if path and not Path(path).suffix:
            path += next((end for end in (".svg", ".csv") if end in chosen), ".png")
        if path:
            self.save(path)

    def save(self, path: str) -> None:
        """Save the plot as CSV, SVG or PNG, by the path's ending."""
        refusal = why_not_there(self._session, path)
        if refusal:
            self.said.emit(refusal)
            return
        try:
            if path.lower().endswith(".csv"):
                save_text(path, "".join(map(csv_line, self._table())))
            else:
                save_picture(_Picture(self._plot), path)
        except (ExportError, SavingError) as error:
            self.said.emit(str(error))
        else:
            self.said.emit(f"The plot is saved to “{path}”.")

    def _stem(self) -> str:
        corpus = self._session.corpus
        return Path(corpus.source).stem if corpus is not None else "run"

    def _table(self) -> Iterator[Row]:
        session, plot = self._session, self._plot
        baselines = plot.baselines
        floor = baselines.words.floor
        return plot_table(session.curves, plot.unit, session.kind, baselines.shown, floor)


class _Picture(QWidget):
    """The legend above the plot, without the banners and buttons that may lie over it."""

    def __init__(self, loss_plot: LossPlot) -> None:
        super().__init__()
        self._parts = loss_plot.picture_parts()
        self.setAccessibleName("Loss")
        self.setPalette(loss_plot.palette())
        width = max(part.width() for part in self._parts)
        self.resize(width + 2 * _FRAME, sum(part.height() for part in self._parts) + 3 * _FRAME)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the parts below each other."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().base())
        top = _FRAME
        for part in self._parts:
            # Only the children: each part's own ground is that of the window.
            part.render(painter, QPoint(_FRAME, top), renderFlags=_WITHOUT_GROUND)
            top += part.height() + _FRAME
        painter.end()


def plot_table(
    curves: Curves,
    unit: Unit,
    kind: DataKind,
    baselines: Mapping[int, float],
    floor: str = WRITING.floor,
) -> Iterator[Row]:
    """Yield the rows of a table of all that is drawn, the names of the columns first.

    What is not known in a unit is empty: the training has no accuracy.

    Parameters
    ----------
    curves : Curves
    unit : Unit
        Of all losses.
    kind : str
        The kind of data: "names" or "text".
    baselines : mapping of int to float
        The losses of n-gram models by order, and under 0 that of what needs no reading.
    floor : str
        What the latter is called.
    """
    band = ("10th percentile", "25th percentile", "75th percentile", "90th percentile")
    of_unit = f"({axis_label(unit, kind)})"
    yield [
        *(quantity.label(kind) for quantity in AxisQuantity),
        *(f"{what} {of_unit}" for what in ("smoothed", "held out", "lowest", *band, "highest")),
        *(f"{f'{order}-gram' if order else floor} {of_unit}" for order in baselines),
    ]
    smoothed = _by_step(curves.smoothed(unit))
    held_out = _by_step(curves.held_out(unit))
    steps = np.array(sorted(smoothed.keys() | held_out.keys()))
    amounts = np.column_stack([curves.clock.amounts(quantity, steps) for quantity in AxisQuantity])
    for step, used in zip(steps.tolist(), amounts.tolist(), strict=True):
        nats = [smoothed.get(step), held_out.get(step), *_distribution(curves, step, unit)]
        losses = [None if each is None else float(unit.from_nats(each)) for each in nats]
        yield [int(step), *used[1:], *losses, *baselines.values()]


def _by_step(curve: Curve) -> dict[float, float]:
    steps, nats = curve.points(-np.inf, np.inf, _MOST_ROWS)
    return dict(zip(steps.tolist(), nats.tolist(), strict=True))


def _distribution(curves: Curves, step: float, unit: Unit) -> list[float | None]:
    """Return the lowest loss around a step, the four percentiles, and the highest loss."""
    found = distribution_near(curves, step, unit)
    return [None] * 6 if found is None else list(found)
