"""What the panels that look inside the network share: their frame, and when they compute."""

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
    QToolButton,
    QVBoxLayout,
    QWidget,
)

import resources
from dinogui.common.dialogs import show_page
from dinogui.common.theme import Colours, Theme
from dinogui.panels.insight.export import FILTERS, ExportError, copy_table, save_picture
from dinogui.panels.insight.heat_map import HeatMap
from dinogui.panels.insight.pacing import PacedTask
from dinogui.panels.insight.questions import Question
from dinogui.session.session import Session
from dinogui.widgets.chart import Chart
from dinogui.widgets.reading_line import ReadingLine
from dinogui.widgets.space_key import SpaceKeeper
from dinogui.workers.background import BackgroundThread, Work

_SIDE_WIDTH = 232
_USUAL = QSize(760, 270)
_BY_TAB = Qt.FocusPolicy.TabFocus


class InsightPanel(QWidget):
    """A question, the picture that answers it, and what can be done with the picture.

    Computes when there is another snapshot, but only while somebody can see the panel: neither
    hidden, nor behind another tab, nor in a minimised window.

    Parameters
    ----------
    session : Session
    theme : Theme
    question : Question
    """

    def __init__(self, session: Session, theme: Theme, question: Question) -> None:
        super().__init__()
        self.session, self.theme, self.question = session, theme, question
        title = question.title.replace("&", "")
        self.setAccessibleName(title)
        # The title stands above, on the dock.
        self._question = QLabel(question.question)
        self._question.setProperty("role", "heading")
        self._shows = QLabel(question.shows)
        self._shows.setWordWrap(True)
        self.note = _plain_label("Notes", "error")
        self.note.hide()
        self.reading = ReadingLine("Values under the pointer")
        self.help_button = QToolButton()
        self.help_button.setText("?")
        _name(self.help_button, "Help", "What this shows, in the course's terms")
        self.save_button = QPushButton("Save picture…")
        _name(self.save_button, "Save picture", "Save it as PNG or SVG")
        self.copy_button = QPushButton("Copy data")
        _name(self.copy_button, "Copy data", "Copy the numbers of the picture, as CSV")
        self.picture = QWidget()
        self.picture.setAccessibleName(title)
        self.picture.setAutoFillBackground(True)
        self._summary = ""
        self._say_pointed: Callable[[], str] | None = None
        self._space_keeper = SpaceKeeper(self)
        self.pace = PacedTask(BackgroundThread.of(session.threads, "insight"), self, self._work)

    def finish(self, controls: Sequence[QWidget], picture: QBoxLayout) -> None:
        """Lay everything out, and begin: what every panel does last when it is made.

        Parameters
        ----------
        controls : sequence of QWidget
            In the order of Tab; they stand below the question.
        picture : QBoxLayout
            What is saved as a picture.
        """
        picture.setContentsMargins(4, 4, 4, 2)
        self.picture.setLayout(picture)
        self._lay_out(controls)
        self._space_keeper.keep(self)
        parts = [self.help_button, *controls, self.picture, self.save_button, self.copy_button]
        for before, after in pairwise(stop for part in parts for stop in _tab_stops(part)):
            QWidget.setTabOrder(before, after)
        self.help_button.clicked.connect(self._help)
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
        heading = QHBoxLayout()
        heading.addWidget(self._question, 1)
        heading.addWidget(self.help_button)
        buttons = QHBoxLayout()
        buttons.addWidget(self.save_button)
        buttons.addWidget(self.copy_button)
        self._side = QWidget()
        side = QVBoxLayout(self._side)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(4)
        side.addLayout(heading)
        side.addWidget(self._shows)
        for control in controls:
            side.addWidget(control)
        side.addWidget(self.note)
        side.addStretch(1)
        side.addLayout(buttons)
        body = QVBoxLayout()
        body.setSpacing(2)
        body.addWidget(self.picture, 1)
        body.addWidget(self.reading)
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(8, 4, 8, 4)
        self._layout.addWidget(self._side)
        self._layout.addLayout(body, 1)
        self._turn_to_shape()

    # What a panel has to say for itself

    @abstractmethod
    def work(self) -> Work | None:
        """Return what is to be computed now, from frozen values only; None for nothing."""

    @abstractmethod
    def show_result(self, result: Any) -> None:
        """Draw what was computed."""

    @abstractmethod
    def show_nothing(self) -> None:
        """Draw that there is nothing."""

    @abstractmethod
    def show_colours(self, colours: Colours) -> None:
        """Draw in other colours."""

    @abstractmethod
    def table(self) -> Iterable[Iterable[object]]:
        """Return the numbers of the picture, with a row of headings."""

    def describe(self, row: int, column: int) -> str:
        """Return the numbers of a cell of the map that is watched."""
        raise NotImplementedError

    # What all do alike

    def watch(self, heat_map: HeatMap) -> None:
        """Say below the picture what stands in the cell under the pointer."""
        heat_map.pointed.connect(self._point_at)

    def watch_chart(self, chart: Chart, describe: Callable[[float, float], str]) -> None:
        """Say below the picture what lies under the pointer, as `describe` puts it."""

        def point_at(x: float, y: float) -> None:
            self._say_pointed = None if math.isnan(x) else partial(describe, x, y)
            self._write_reading()

        chart.pointed.connect(point_at)

    def summarise(self, text: str) -> None:
        """Say this below the picture while the pointer is on nothing."""
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
        """Compute anew, as soon as it is due and somebody can see it."""
        self.pace.want()

    @Slot()
    def refresh_now(self) -> None:
        """Compute anew at once, as somebody wants to see something else."""
        self.pace.want(at_once=True)

    def say(self, message: str) -> None:
        """Say what is wrong with the numbers or the wish; nothing if it is empty."""
        self.note.setText(message)
        self.note.setVisible(bool(message))

    def say_not_finite(self, count: int, of_what: str) -> None:
        """Say how many numbers are infinite or none."""
        verb = "is" if count == 1 else "are"
        self.say(f"{count:,} of {of_what} {verb} infinite or not a number." if count else "")

    @Slot()
    def copy(self) -> None:
        """Copy the numbers of the picture as CSV."""
        copy_table(self.table())

    def save(self, path: str) -> None:
        """Save the picture, as SVG if the path ends so, else as PNG; or say why not."""
        try:
            save_picture(self.picture, path)
        except ExportError as error:
            self.say(str(error))

    @Slot()
    def _save(self) -> None:
        path, chosen = QFileDialog.getSaveFileName(
            self, "Save picture", f"{self.question.name}.png", FILTERS
        )
        if path and "." not in path.rpartition("/")[2]:
            path += ".svg" if "svg" in chosen else ".png"
        if path:
            self.save(path)

    @Slot()
    def _help(self) -> None:
        title = self.question.title.replace("&", "")
        show_page(self, title, resources.panel_help(self.question.name))

    @Slot()
    def _begin(self) -> None:
        """Forget what was of another run."""
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
        """Put the words beside the picture where it is wide, above it where it is narrow."""
        is_wide = self.width() > 1.5 * self.height()
        direction = QBoxLayout.Direction
        self._layout.setDirection(direction.LeftToRight if is_wide else direction.TopToBottom)
        self._side.setMaximumWidth(_SIDE_WIDTH if is_wide else 16_777_215)
        self._side.setMinimumWidth(_SIDE_WIDTH if is_wide else 0)

    def sizeHint(self) -> QSize:
        """Ask for a strip below the plot."""
        return _USUAL

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out for the shape there is."""
        super().resizeEvent(event)
        self._turn_to_shape()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Compute what is due: whoever is painted can be seen again."""
        super().paintEvent(event)
        self.pace.go_on()


def _tab_stops(part: QWidget) -> list[QWidget]:
    """Return where Tab stops in a part: itself, or else what it is made of."""
    if part.focusPolicy() & _BY_TAB:
        return [part]
    inside = (stop for stop in part.findChildren(QWidget) if stop.window() is part.window())
    return [stop for stop in inside if stop.focusPolicy() & _BY_TAB]


def _plain_label(name: str, role: str) -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)  # names may hold what looks like HTML
    label.setWordWrap(True)
    label.setProperty("role", role)
    label.setAccessibleName(name)
    return label


def _name(button: QWidget, name: str, tip: str) -> None:
    button.setAccessibleName(name)
    button.setToolTip(tip)
