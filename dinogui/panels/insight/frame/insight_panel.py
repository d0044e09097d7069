"""The base of the panels that look inside the network: layout, buttons, and when to compute."""

import math
from abc import abstractmethod
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from dinogui.common.theme import Colours, Theme
from dinogui.panels.export_place import why_not_there
from dinogui.panels.heading import PanelHeading
from dinogui.panels.insight.frame.export import FILTERS, ExportError, copy_table, save_picture
from dinogui.panels.insight.frame.heat_map import HeatMap
from dinogui.panels.insight.frame.pacing import PacedTask
from dinogui.panels.panel import Panel
from dinogui.session.background import BackgroundThread, Work
from dinogui.session.session import Session
from dinogui.widgets.chart import Chart
from dinogui.widgets.message_line import MessageLine
from dinogui.widgets.reading_line import ReadingLine
from dinogui.widgets.vertical_scroll import VerticalScroll

_SIDE_WIDTH = 232
"""Pixels; the controls are wider in a font that needs more room."""

_WIDGET_MAXIMUM = 16_777_215
"""Qt's own upper limit of a widget's width, which stands for no limit."""

_USUAL = QSize(760, 270)
_BY_TAB = Qt.FocusPolicy.TabFocus


class InsightPanel(QWidget):
    """A question, the picture that answers it, and buttons that save and copy the picture.

    It computes when there is a new snapshot, but only while somebody can see it: it is neither
    hidden, nor behind another tab, nor in a minimised window. Lives in the GUI thread.

    Parameters
    ----------
    panel : Panel
        Its description.
    session : Session
    theme : Theme
    """

    def __init__(self, panel: Panel, session: Session, theme: Theme) -> None:
        super().__init__()
        self.panel, self.session, self.theme = panel, session, theme
        self.setAccessibleName(panel.name)
        self._heading = PanelHeading(panel)
        self.help_button = self._heading.help_button
        self._contents = QLabel(panel.summary)
        self._contents.setWordWrap(True)
        self.note = MessageLine(1, "Notes")
        self.reading = ReadingLine("Values under the pointer")
        self.save_button = QPushButton("Save picture…")
        _name(self.save_button, "Save picture", "Save the picture as PNG or SVG")
        self.copy_button = QPushButton("Copy data")
        _name(self.copy_button, "Copy data", "Copy the numbers in the picture as CSV")
        self.picture = QWidget()
        self.picture.setAccessibleName(panel.name)
        self.picture.setAutoFillBackground(True)
        self._summary = ""
        self._say_pointed: Callable[[], str] | None = None
        self.pace = PacedTask(BackgroundThread.of(session.threads, "insight"), self, self._work)

    def finish(self, controls: Sequence[QWidget], picture: QBoxLayout) -> None:
        """Lay everything out and start. Every panel calls this last when it is made.

        Parameters
        ----------
        controls : sequence of QWidget
            Shown below the question, in the order of Tab.
        picture : QBoxLayout
            The part that is saved as a picture.
        """
        picture.setContentsMargins(4, 4, 4, 2)
        self.picture.setLayout(picture)
        self._lay_out(controls)
        parts = [self.help_button, *controls, self.picture, self.save_button, self.copy_button]
        for before, after in pairwise(stop for part in parts for stop in _tab_stops(part)):
            QWidget.setTabOrder(before, after)
        self.save_button.clicked.connect(self._save)
        self.copy_button.clicked.connect(self.copy)
        self.pace.done.connect(self._take)
        self.pace.failed.connect(self.say)
        self.session.snapshot_taken.connect(self.refresh)
        self.session.run_begun.connect(self._begin)
        self.theme.changed.connect(self._show_theme)
        self._show_theme(self.theme.colours)
        self._begin()

    def _lay_out(self, controls: Sequence[QWidget]) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.save_button)
        buttons.addWidget(self.copy_button)
        self._side = QWidget()
        side = QVBoxLayout(self._side)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(4)
        side.addWidget(self._heading)
        # In a low panel, the controls scroll between the question and the buttons.
        scrolling = QWidget()
        inner = QVBoxLayout(scrolling)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(4)
        for part in (*controls, self._contents):
            inner.addWidget(part)
        inner.addStretch(1)
        side.addWidget(VerticalScroll(scrolling), 1)
        side.addLayout(buttons)
        body = QVBoxLayout()
        body.setSpacing(2)
        body.addWidget(self.picture, 1)
        body.addWidget(self.reading)
        body.addWidget(self.note)
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(8, 4, 8, 4)
        self._layout.addWidget(self._side)
        self._layout.addLayout(body, 1)
        self._turn_to_shape()

    # What each panel defines

    @abstractmethod
    def work(self) -> Work | None:
        """Return what to compute now, from frozen values only, or None."""

    @abstractmethod
    def show_result(self, result: Any) -> None:
        """Draw the result."""

    @abstractmethod
    def show_nothing(self) -> None:
        """Draw the empty state."""

    @abstractmethod
    def show_colours(self, colours: Colours) -> None:
        """Draw in other colours."""

    @abstractmethod
    def table(self) -> Iterable[Iterable[object]]:
        """Return the numbers in the picture, below a row of headings."""

    def describe(self, row: int, column: int) -> str:
        """Return the line of text for a cell of the watched map."""
        raise NotImplementedError

    # What all panels share

    def watch(self, heat_map: HeatMap) -> None:
        """Describe the cell under the pointer below the picture."""
        heat_map.pointed.connect(self._point_at)

    def watch_chart(self, chart: Chart, describe: Callable[[float, float], str]) -> None:
        """Describe the point under the pointer below the picture, by calling `describe`."""

        def point_at(x: float, y: float) -> None:
            self._say_pointed = None if math.isnan(x) else partial(describe, x, y)
            self._write_reading()

        chart.pointed.connect(point_at)

    def summarise(self, text: str) -> None:
        """Show this text below the picture while the pointer is elsewhere."""
        self._summary = text
        self._write_reading()

    @Slot(int, int)
    def _point_at(self, row: int, column: int) -> None:
        self._say_pointed = None if row < 0 else partial(self.describe, row, column)
        self._write_reading()

    def _write_reading(self) -> None:
        text = self._say_pointed() if self._say_pointed is not None else self._summary
        self.reading.show_text(text)

    @Slot()
    def refresh(self) -> None:
        """Compute again as soon as it is due and the panel can be seen."""
        self.pace.want()

    @Slot()
    def refresh_now(self) -> None:
        """Compute again at once, because somebody changed what to show."""
        self.pace.want(at_once=True)

    def say(self, message: str) -> None:
        """Show what is wrong with the numbers or the request; an empty text if nothing is."""
        self.note.say(message, is_error=True)

    def say_not_finite(self, count: int, of_what: str) -> None:
        """Show how many numbers are infinite or not a number."""
        verb = "is" if count == 1 else "are"
        self.say(f"{count:,} of {of_what} {verb} infinite or not a number." if count else "")

    @Slot()
    def copy(self) -> None:
        """Copy the numbers in the picture as CSV."""
        copy_table(self.table())

    def save(self, path: str) -> None:
        """Save the picture as SVG or PNG, by the path's ending, or show why it cannot be saved."""
        refusal = why_not_there(self.session, path)
        if refusal:
            self.say(refusal)
            return
        try:
            save_picture(self.picture, path)
        except ExportError as error:
            self.say(str(error))

    @Slot()
    def _save(self) -> None:
        path, chosen = QFileDialog.getSaveFileName(
            self, "Save picture", f"{self.panel.key}.png", FILTERS
        )
        if path and "." not in path.rpartition("/")[2]:
            path += ".svg" if "svg" in chosen else ".png"
        if path:
            self.save(path)

    @Slot()
    def _begin(self) -> None:
        """Start over for another run."""
        self.pace.forget()
        self.say("")
        self.show_nothing()
        self.refresh()

    def _work(self) -> Work | None:
        work = self.work() if self.session.snapshot is not None else None
        if work is None:
            self.show_nothing()
        return work

    @Slot(object)
    def _take(self, result: Any) -> None:
        self.say("")
        self.show_result(result)

    @Slot(object)
    def _show_theme(self, colours: Colours) -> None:
        self.show_colours(colours)
        palette = self.reading.palette()
        palette.setColor(palette.ColorRole.WindowText, colours.faint_text)
        self.reading.setPalette(palette)
        palette = self.picture.palette()
        palette.setColor(palette.ColorRole.Window, colours.base)
        self.picture.setPalette(palette)

    def _turn_to_shape(self) -> None:
        """Put the controls beside the picture in a wide panel, above it in a narrow one."""
        is_wide = self.width() > 1.5 * self.height()
        direction = QBoxLayout.Direction
        self._layout.setDirection(direction.LeftToRight if is_wide else direction.TopToBottom)
        width = max(_SIDE_WIDTH, self._side.minimumSizeHint().width())
        self._side.setMaximumWidth(width if is_wide else _WIDGET_MAXIMUM)
        self._side.setMinimumWidth(width if is_wide else 0)

    def sizeHint(self) -> QSize:
        """Return the size of a strip below the plot."""
        return _USUAL

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the layout for the new shape."""
        super().resizeEvent(event)
        self._turn_to_shape()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Compute what is due: a panel that is painted can be seen."""
        super().paintEvent(event)
        self.pace.go_on()


def _tab_stops(part: QWidget) -> list[QWidget]:
    """Return where Tab stops: at the part itself, or else at the parts inside it."""
    if part.focusPolicy() & _BY_TAB:
        return [part]
    inside = (stop for stop in part.findChildren(QWidget) if stop.window() is part.window())
    return [stop for stop in inside if stop.focusPolicy() & _BY_TAB]


def _name(button: QWidget, name: str, tip: str) -> None:
    button.setAccessibleName(name)
    button.setToolTip(tip)
