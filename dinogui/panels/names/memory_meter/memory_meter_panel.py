"""The widget of the Memory meter: the shares of new and memorised names over the run."""

from collections.abc import Iterable

import numpy as np
from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from dinogui.common.theme import Colours, Theme
from dinogui.panels.heading import PanelHeading
from dinogui.panels.panel import Panel
from dinogui.panels.picture_export import PictureExport
from dinogui.session.session import Session
from dinogui.startup.lean_pyqtgraph import pg
from dinogui.widgets.message_line import MessageLine
from engine.sampling.known_names import FRESH_NAMES

_WORDS = ("new", "held out", "memorised")
_LINES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine)
_NOT_YET = "Not measured yet. The first measurement comes as soon as there is a network."
_NO_NAMES = "Nothing to measure: this counts names, and this run does not learn names."
_LEAST_STEPS = 100
"""The steps that the axis shows at least."""

_SIGNS = ("━", "╍", "┅")


class MemoryMeterPanel(QWidget):
    """Draws the shares of new, held-out and memorised names among fresh samples.

    The session measures them whether the panel is visible or not, so the curves have no gaps. The
    panel draws only while it is visible. Lives in the GUI thread.

    Parameters
    ----------
    panel : Panel
        Its description.
    session : Session
    theme : Theme
    """

    def __init__(self, panel: Panel, session: Session, theme: Theme) -> None:
        super().__init__()
        self.setAccessibleName(panel.name)
        self._name_generation = name_generation = session.name_generation
        self._colours = theme.colours
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.RichText)
        self._text.setWordWrap(True)
        self._text.setAccessibleName("Shares of the latest samples")
        self._text.setToolTip(
            f"Shares of {FRESH_NAMES:,} fresh names at temperature 1: new ones, ones from the data "
            "that the network never saw, and ones that it was trained on"
        )
        self.plot = pg.PlotWidget()
        self.plot.setAccessibleName("Shares over the steps")
        self.plot.setAcceptDrops(False)
        self.plot.setMenuEnabled(False)
        self.plot.hideButtons()
        self.plot.setMouseEnabled(x=False, y=False)
        self.plot.setYRange(0, 100)
        self.plot.setLabel("bottom", "step")
        self.plot.setLabel("left", "percent")
        for side in ("left", "bottom"):
            self.plot.getAxis(side).enableAutoSIPrefix(False)
        self.curves = [self.plot.plot() for _ in _WORDS]
        picture = QWidget()
        inner = QVBoxLayout(picture)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self._text)
        inner.addWidget(self.plot, 1)
        self._note = MessageLine(1, "Notes", most=3)
        self.export = PictureExport(panel, session, picture, self.table, self._say)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.setSpacing(4)
        layout.addWidget(PanelHeading(panel, (), self.export))
        layout.addWidget(picture, 1)
        layout.addWidget(self._note)
        name_generation.measured.connect(self._draw)
        name_generation.begun.connect(self._draw)
        theme.changed.connect(self._show_colours)
        self._show_colours(theme.colours)

    def sizeHint(self) -> QSize:
        """Return the size of a strip below the plot."""
        return QSize(760, 270)

    def minimumSizeHint(self) -> QSize:
        """Do with little: the plot of pyqtgraph would ask for more."""
        return QSize(200, 10 * self.fontMetrics().height())

    def table(self) -> Iterable[Iterable[object]]:
        """Return a row for each measurement."""
        measured = self._name_generation.measurements
        return [
            ["step", *(f"{word}, percent" for word in _WORDS)],
            *([one.step, *(100 * share for share in one.shares.of_all())] for one in measured),
        ]

    @property
    def note(self) -> str:
        """Why the picture could not be saved."""
        return self._note.message

    def _say(self, message: str) -> None:
        self._note.say(message, is_error=True)

    @property
    def message(self) -> str:
        """The text about the latest samples."""
        return self._text.text()

    @Slot(object)
    def _show_colours(self, colours: Colours) -> None:
        self._colours = colours
        self.plot.setBackground(colours.base)
        for side in ("left", "bottom"):
            self.plot.getAxis(side).setPen(colours.grid)
            self.plot.getAxis(side).setTextPen(colours.faint_text)
        for curve, colour, line in zip(self.curves, self._hues(), _LINES, strict=True):
            curve.setPen(pg.mkPen(colour, width=2, style=line))
            curve.setSymbol("o")
            curve.setSymbolSize(4)
            curve.setSymbolPen(colour)
            curve.setSymbolBrush(colour)
        self._draw()

    def _hues(self) -> tuple[str, str, str]:
        return self._colours.smoothed, self._colours.held_out, self._colours.memorised

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what was measured while it was hidden."""
        super().showEvent(event)
        self._draw()

    @Slot()
    def _draw(self) -> None:
        measured = self._name_generation.measurements
        if not self.isVisible():
            return
        if not measured:
            self._text.setText(_NOT_YET if self._name_generation.corpus else _NO_NAMES)
            for curve in self.curves:
                curve.setData([], [])
            self.plot.hide()
            return
        self.plot.show()
        steps = np.array([measurement.step for measurement in measured], dtype=float)
        self.plot.setXRange(0, max(steps[-1], _LEAST_STEPS), padding=0.02)
        percents = 100 * np.array([measurement.shares.of_all() for measurement in measured])
        for place, curve in enumerate(self.curves):
            curve.setData(steps, percents[:, place])
        shares = "&nbsp;&nbsp; ".join(
            f'<span style="color:{hue}">{sign}</span> {word} <b>{percent:.1f} %</b>'
            for hue, sign, word, percent in zip(
                self._hues(), _SIGNS, _WORDS, percents[-1].tolist(), strict=True
            )
        )
        total = measured[-1].shares.total
        self._text.setText(f"{shares}&nbsp;&nbsp; of {total:,} names after step {steps[-1]:,.0f}")
