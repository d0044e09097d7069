"""The base of the panels that look inside the network: layout, export, and when to compute."""

import math
from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt, Slot
from PySide6.QtGui import QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QLabel,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from dinogui.common.data_nouns import DATA_NOUNS, DataNouns
from dinogui.common.speed import Speed
from dinogui.common.theme import Colours, Theme
from dinogui.panels.heading import PanelHeading
from dinogui.panels.insight.frame.colours import ColourMaps, colour_maps
from dinogui.panels.insight.frame.heat_map import HeatMap
from dinogui.panels.insight.frame.pacing import PacedTask
from dinogui.panels.panel import Panel
from dinogui.panels.past_chip import PastChip, past_rows
from dinogui.panels.picture_export import PictureExport
from dinogui.panels.units_off_chip import UnitsOffChip, units_off_note, units_off_rows
from dinogui.session.background import BackgroundThread, Work
from dinogui.session.session import Session
from dinogui.widgets.charts.chart import Chart
from dinogui.widgets.message_line import MessageLine
from dinogui.widgets.reading_line import ReadingLine
from engine.nn.architecture import Task

_USUAL = QSize(760, 270)
_BY_TAB = Qt.FocusPolicy.TabFocus
_NOTHING_TO_SEE: Mapping[Task, str] = {
    "tell": (
        "This run tells the kinds of names and writes none, so there is nothing to show here. The "
        "panel “Tell the kind” shows how it reads a name."
    ),
    "write": (
        "This run writes, and tells no kinds. Open names with kinds, choose the task “Tell the "
        "kind” in the settings of the model, and begin a new run."
    ),
}
"""What a panel says while the run has another task than the panel is about."""

_NOTHING_YET = (
    "Nothing is loaded yet. Open names, a text or melodies (File > Open), and this panel shows "
    "what the network does with it."
)


class InsightPanel(QWidget):
    """A question, the picture that answers it, and a button that exports the picture.

    It computes when there is a new snapshot, but only while somebody can see it: it is neither
    hidden, nor behind another tab, nor in a minimised window. Lives in the GUI thread.

    Parameters
    ----------
    panel : Panel
        Its description.
    session : Session
    theme : Theme

    Attributes
    ----------
    result : object
        What is drawn; None for nothing.
    maps : ColourMaps
        The colour maps of the theme.
    export : PictureExport
    leaves_units_out : bool
        Whether it looks at the network without the units that are switched off. The others are
        about the training, which has them all.
    tasks : tuple of str
        What a network must have learned for the panel to show it: to write, to tell kinds, or
        either.
    """

    result: Any
    leaves_units_out = False
    tasks: tuple[Task, ...] = ("write",)

    def __init__(self, panel: Panel, session: Session, theme: Theme) -> None:
        super().__init__()
        self.panel, self.session, self.theme = panel, session, theme
        self.setAccessibleName(panel.name)
        self.result = None
        self.maps: ColourMaps = colour_maps(theme.colours)
        self.note = MessageLine(1, "Notes")
        self.reading = ReadingLine("Values under the pointer")
        self.reading.setProperty("role", "faint")
        self._line = _Lines()
        self._line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        for part in (self.reading, self.note):
            self._line.addWidget(part)
        self.picture = QWidget()
        self.picture.setAccessibleName(panel.name)
        self.picture.setAutoFillBackground(True)
        self._empty = QLabel(_NOTHING_YET)
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.export = PictureExport(
            panel, session, self.picture, self._noted_table, self.say, self._note_below
        )
        self._summary = ""
        self._watched: HeatMap | None = None
        self._say_pointed: Callable[[], str] | None = None
        self.pace = PacedTask(BackgroundThread.of(session.threads, "insight"), self, self._work)

    def finish(self, controls: Sequence[QWidget], picture: QBoxLayout) -> None:
        """Lay everything out and start. Every panel calls this last when it is made.

        Parameters
        ----------
        controls : sequence of QWidget
            Shown below the question and the sentence, in the order of Tab.
        picture : QBoxLayout
            The part that is saved as a picture.
        """
        picture.setContentsMargins(4, 4, 4, 2)
        self.picture.setLayout(picture)
        self._lay_out(controls)
        controls = self._heading.controls
        parts = [*self._heading.tab_stops, *controls, self.picture]
        for before, after in pairwise(stop for part in parts for stop in _tab_stops(part)):
            QWidget.setTabOrder(before, after)
        self.pace.done.connect(self._take)
        self.pace.failed.connect(self.say)
        self.session.view_changed.connect(self.refresh)
        self.session.run_begun.connect(self._begin)
        self.session.speed_changed.connect(self._show_speed)
        self._show_speed(self.session.speed)
        self.theme.changed.connect(self._show_theme)
        self._show_theme(self.theme.colours)
        self._begin()

    def _lay_out(self, controls: Sequence[QWidget]) -> None:
        if self.leaves_units_out:
            controls = (*controls, UnitsOffChip(self.session.units_off, self))
        controls = (*controls, PastChip(self.session.past, self))
        self._heading = PanelHeading(self.panel, controls, self.export)
        self.help_button = self._heading.help_button
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.setSpacing(2)
        layout.addWidget(self._heading)
        layout.addSpacing(2)
        layout.addWidget(self.picture, 1)
        layout.addWidget(self._empty, 1)
        layout.addWidget(self._line)

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

    def draw_again(self) -> None:
        """Draw the latest result again, because the colours have changed."""
        if self.result is not None:
            self.show_result(self.result)
        else:
            self.show_nothing()

    def reserve_room(self) -> None:
        """Keep the room that the picture needs at least, in the present font."""

    def draw_for_room(self, result: Any) -> None:
        """Draw the parts of a result of which more or fewer have room now."""

    # What all panels share

    def watch(self, heat_map: HeatMap) -> None:
        """Describe the cell under the pointer below the picture."""
        self._watched = heat_map
        heat_map.pointed.connect(self._point_at)

    def watch_chart(self, chart: Chart, describe: Callable[[float, float], str]) -> None:
        """Describe the point under the pointer below the picture, by calling `describe`."""

        def point_at(x: float, y: float) -> None:
            self._say_pointed = None if math.isnan(x) else partial(describe, x, y)
            self._write_reading()
            if chart.cursor_place is not None and self._say_pointed is not None:
                chart.say(self._say_pointed())

        chart.pointed.connect(point_at)

    @property
    def nouns(self) -> DataNouns:
        """What the parts of the data are called."""
        return DATA_NOUNS[self.session.kind]

    def summarise(self, text: str) -> None:
        """Show this text below the picture while the pointer is elsewhere."""
        self._summary = text
        self._write_reading()

    def _noted_table(self) -> Iterable[Iterable[object]]:
        """Return the table, and below it which units are off, and which step it is about."""
        notes = units_off_rows(self.session.units_off) if self.leaves_units_out else []
        return [*map(self._said, self.table()), *notes, *past_rows(self.session.past)]

    def _said(self, row: Iterable[object]) -> list[object]:
        """Return a row of a table in the words for the present kind of data."""
        return [self.nouns.said(each) if isinstance(each, str) else each for each in row]

    def _note_below(self) -> str:
        """Return what a saved picture says about units that are off."""
        return units_off_note(self.session.units_off) if self.leaves_units_out else ""

    @Slot(int, int)
    def _point_at(self, row: int, column: int) -> None:
        self._say_pointed = None if row < 0 else partial(self.describe, row, column)
        self._write_reading()

    def _write_reading(self) -> None:
        text = self._say_pointed() if self._say_pointed is not None else self._summary
        text = self.nouns.said(text)
        self.reading.show_text(text)
        self._choose_line()
        if self._watched is not None and self._watched.hasFocus():
            self._watched.setAccessibleDescription(text)  # a screen reader reads it out

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
        self._choose_line()

    def _choose_line(self) -> None:
        """Show what is wrong, unless somebody points at a value."""
        is_said = bool(self.note.message) and self._say_pointed is None
        self._line.setCurrentWidget(self.note if is_said else self.reading)

    def say_not_finite(self, count: int, of_what: str) -> None:
        """Show how many numbers are infinite or not a number."""
        verb = "is" if count == 1 else "are"
        self.say(f"{count:,} of {of_what} {verb} infinite or not a number." if count else "")

    @Slot()
    def _begin(self) -> None:
        """Start over for another run."""
        self.pace.forget()
        self.say("")
        self._heading.show_words(self.panel.words(self.session.kind))
        has_data, task = self.session.corpus is not None, self.session.settings.task
        is_empty = not (has_data and task in self.tasks)
        self._empty.setText(_NOTHING_TO_SEE[task] if has_data else _NOTHING_YET)
        self.picture.setVisible(not is_empty)
        self._empty.setVisible(is_empty)
        self.show_nothing()
        self.refresh()

    def _work(self) -> Work | None:
        can_show = self.session.snapshot is not None and self.session.settings.task in self.tasks
        work = self.work() if can_show else None
        if work is None:
            self.show_nothing()
        return work

    @Slot(object)
    def _take(self, result: Any) -> None:
        self.say("")
        self.show_result(result)

    @Slot(object)
    def _show_speed(self, speed: Speed) -> None:
        self.pace.follow_steps(not speed.is_full)

    @Slot(object)
    def _show_theme(self, colours: Colours) -> None:
        self.maps = colour_maps(colours)
        self.show_colours(colours)
        self.draw_again()
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.Window, colours.base)
        self.picture.setPalette(palette)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw as much as there is room for now."""
        super().resizeEvent(event)
        self._draw_latest_for_room()

    def changeEvent(self, event: QEvent) -> None:
        """Draw as much as there is room for in another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.reserve_room()
            self._draw_latest_for_room()

    def _draw_latest_for_room(self) -> None:
        if self.result is not None:
            self.draw_for_room(self.result)

    def sizeHint(self) -> QSize:
        """Return the size of a strip below the plot."""
        return _USUAL

    def paintEvent(self, event: QPaintEvent) -> None:
        """Compute what is due: a panel that is painted can be seen."""
        super().paintEvent(event)
        self.pace.go_on()


class _Lines(QStackedWidget):
    """Shows one of several lines, and nothing moves when it shows another.

    The lines' own heights are not asked: for a moment, a long message is as high as all its words.
    """

    def hasHeightForWidth(self) -> bool:
        """Say that the height is that of a line."""
        return False

    def sizeHint(self) -> QSize:
        """Return the height of a line with its margins, and no width."""
        return QSize(0, self.fontMetrics().height() + 4)

    def minimumSizeHint(self) -> QSize:
        """Return the same."""
        return self.sizeHint()


def _tab_stops(part: QWidget) -> list[QWidget]:
    """Return where Tab stops: at the part itself, or else at the parts inside it."""
    if part.focusPolicy() & _BY_TAB:
        return [part]
    inside = (stop for stop in part.findChildren(QWidget) if stop.window() is part.window())
    return [stop for stop in inside if stop.focusPolicy() & _BY_TAB]
