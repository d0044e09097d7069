"""The widget of the Compare panel: a table with a column for each run on the plot."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QAction, QColor, QPainter, QPaintEvent, QPalette, QShowEvent
from PySide6.QtWidgets import QHeaderView, QVBoxLayout, QWidget

from dinogui.common.theme import SPACE, Theme
from dinogui.panels.compare.compared_gradients import ComparedGradients
from dinogui.panels.compare.comparison_model import ComparisonModel
from dinogui.panels.compare.run_comparison import compared_runs, comparison_of, copy_comparison
from dinogui.panels.heading import PanelHeading
from dinogui.panels.panel import Panel
from dinogui.panels.picture_export import ExportButton
from dinogui.session.overlay.overlaid_run import OverlaidRun
from dinogui.session.session import Session
from dinogui.widgets.message_line import MessageLine
from dinogui.widgets.tables.quiet_header import QuietHeader
from dinogui.widgets.tables.quiet_table import QuietTable
from dinogui.widgets.tables.row_delegate import RowDelegate

_MILLISECONDS = 400
"""Figures that change more often cannot be read."""
_ALONE = (
    "There is only one run on the plot. Begin another one on the same data, or choose one in "
    "View > Other runs."
)
_LEAST_LINES = 6
"""Of its height, in lines of text. Where there is less, the panel scrolls."""

_DOT = 4.0
"""Pixels: the radius of the dot beside a title."""


class ComparePanel(QWidget):
    """Lists what differs between the runs on the plot, and what each has reached.

    It reads the runs while it is visible. Lives in the GUI thread.

    Parameters
    ----------
    panel : Panel
        Its description.
    session : Session
    theme : Theme

    Attributes
    ----------
    table : QuietTable
    export : ExportButton
    copy_markdown, copy_csv : QAction
        The ways to export.
    """

    def __init__(self, panel: Panel, session: Session, theme: Theme) -> None:
        super().__init__()
        self.setAccessibleName(panel.name)
        self._session, self._theme = session, theme
        self._model = ComparisonModel(self)
        self._gradients = ComparedGradients(session, self)
        self._gradients.measured.connect(self._show)
        self.table = QuietTable("Comparison of runs", "What differs between the runs on the plot")
        self.table.header = _RunHeader(self.table)
        self.table.setHorizontalHeader(self.table.header)
        self.table.setItemDelegate(RowDelegate(self.table, faint={0}))
        self.table.setModel(self._model)
        self.table.say_where_empty(_ALONE)
        self.table.header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.export = ExportButton()
        self.copy_markdown = self._way("Copy as Markdown", "Copy the table as Markdown")
        self.copy_csv = self._way("Copy as CSV", "Copy the table, with all digits, as CSV")
        self.copy_markdown.triggered.connect(self._copy_markdown)
        self.copy_csv.triggered.connect(self._copy_csv)
        self._note = MessageLine(1, "Notes", most=3)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACE, SPACE, 2 * SPACE, SPACE)
        layout.setSpacing(SPACE)
        layout.addWidget(PanelHeading(panel, export=self.export))
        layout.addWidget(self.table, 1)
        layout.addWidget(self._note)
        self._timer = QTimer(self, singleShot=True, interval=_MILLISECONDS)
        self._timer.timeout.connect(self._show)
        session.on_plot.changed.connect(self._show_soon)
        session.closing.connect(self._timer.stop)
        for signal in (session.progressed, session.events_changed, session.snapshot_taken):
            signal.connect(self._show_soon)
        racing = session.racing
        for change in (racing.begun, racing.ended, racing.progressed):
            change.connect(self._show_soon)
        theme.changed.connect(self._show)

    def _way(self, text: str, tip: str) -> QAction:
        action = self.export.ways.addAction(text)
        action.setToolTip(tip)
        return action

    def sizeHint(self) -> QSize:
        """Return the size of a strip below the plot."""
        return QSize(760, 270)

    def minimumSizeHint(self) -> QSize:
        """Do with little."""
        return QSize(200, _LEAST_LINES * self.fontMetrics().height())

    @property
    def lines(self) -> list[list[str]]:
        """The cells of the table, the titles of the runs first."""
        model, across = self._model, Qt.Orientation.Horizontal
        columns = range(model.columnCount())
        return [
            [str(model.headerData(column, across) or "") for column in columns],
            *([model.data(model.index(row, column)) for column in columns] for row in _rows(model)),
        ]

    @property
    def note(self) -> str:
        """A warning about losses that cannot be compared; empty if they can."""
        return self._note.message

    def showEvent(self, event: QShowEvent) -> None:
        """Show what has changed while it was hidden."""
        super().showEvent(event)
        self._show()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Measure what is due: a panel that is painted can be seen."""
        super().paintEvent(event)
        self._gradients.go_on()

    @Slot()
    def _show_soon(self) -> None:
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _show(self) -> None:
        if not self.isVisible():
            return
        runs = compared_runs(self._session)
        comparison = comparison_of(runs, self._gradients.of(runs)) if len(runs) > 1 else None
        self._model.show_comparison(comparison, self._colours(runs) if comparison else ())
        self._note.say(comparison.note if comparison is not None else "")
        for action in (self.copy_markdown, self.copy_csv):
            action.setEnabled(comparison is not None)

    def _colours(self, runs: Sequence[OverlaidRun]) -> list[str]:
        colours, now = self._theme.colours, self._session.run.id
        return [
            colours.smoothed if run.run_id == now else colours.runs[run.colour % len(colours.runs)]
            for run in runs
        ]

    @Slot()
    def _copy_markdown(self) -> None:
        copy_comparison(self._session, "markdown")

    @Slot()
    def _copy_csv(self) -> None:
        copy_comparison(self._session, "csv")


class _RunHeader(QuietHeader):
    """Draws a dot in a run's colour before its title."""

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Draw a heading."""
        colour = self.model().headerData(
            section, Qt.Orientation.Horizontal, Qt.ItemDataRole.DecorationRole
        )
        if not isinstance(colour, QColor):
            super().paintSection(painter, rect, section)
            return
        room = rect.adjusted(4 * SPACE, 0, 0, 0)
        super().paintSection(painter, room, section)
        painter.fillRect(
            rect.adjusted(0, 0, room.left() - rect.right() - 1, 0),
            self.palette().color(QPalette.ColorRole.Base),
        )
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        centre = rect.center()
        centre.setX(rect.left() + 3 * SPACE)
        painter.drawEllipse(centre.toPointF(), _DOT, _DOT)
        painter.restore()


def _rows(model: ComparisonModel) -> Iterable[int]:
    return range(model.rowCount())
