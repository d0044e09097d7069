"""The Runs card: the run that is shown and the latest earlier ones, which a click opens."""

from PySide6.QtCore import QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from dinogui.common.theme import SMALL_RADIUS, SPACE
from dinogui.library.earlier_run import EarlierRun
from dinogui.library.earlier_runs import EarlierRuns
from dinogui.widgets.buttons.painted_button import draw_focus_ring
from dinogui.widgets.cards.card import Card

_MOST = 5


class RunsCard(Card):
    """Lists the latest earlier runs with their losses.

    Lives in the GUI thread.

    Parameters
    ----------
    earlier : EarlierRuns

    Signals
    -------
    all_requested()
        Somebody wants to see all of them.
    """

    all_requested = Signal()

    def __init__(self, earlier: EarlierRuns, parent: QWidget | None = None) -> None:
        super().__init__("Runs", "Runs", can_fold=True, parent=parent)
        self._earlier = earlier
        self.rows: list[RunRow] = []
        self.all_runs = QToolButton()
        self.all_runs.setText("All earlier runs…")
        self.all_runs.setToolTip("A list, in which runs can be starred and deleted")
        self.all_runs.setAccessibleName("All earlier runs")
        self.all_runs.setAutoRaise(True)
        self.all_runs.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.all_runs.clicked.connect(self.all_requested)
        self.body.setSpacing(0)
        self.body.addWidget(self.all_runs, 0, Qt.AlignmentFlag.AlignLeft)
        earlier.changed.connect(self._show_runs)
        self._show_runs()

    @Slot()
    def _show_runs(self) -> None:
        runs = self._earlier.runs
        self.note.show_text(f"{len(runs):,} earlier" if runs else "none yet")
        if not runs:
            self.note.setToolTip("A run comes here when another one takes its place")
        shown = runs[:_MOST]
        while len(self.rows) < len(shown):
            self._add_row()
        for place, row in enumerate(self.rows):
            row.setVisible(place < len(shown))
            if place < len(shown):
                row.show_run(shown[place])
        self.all_runs.setVisible(bool(runs) or self._earlier.can_restore)

    def _add_row(self) -> None:
        row = RunRow()
        row.clicked.connect(self._open)
        self.body.insertWidget(len(self.rows), row)
        self.rows.append(row)

    @Slot()
    def _open(self) -> None:
        row = self.sender()
        if isinstance(row, RunRow) and row.run is not None:
            self._earlier.open(row.run)


class RunRow(QToolButton):
    """A run in the card: its network and data, and its loss."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.run: EarlierRun | None = None
        self._name, self._loss = "", ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def show_run(self, run: EarlierRun) -> None:
        """Show another run."""
        self.run = run
        self._name = f"{run.network}, {run.name}"
        self._loss = run.loss.split(" ")[0]
        self.setAccessibleName(f"{run.title}, {run.details}")
        self.setToolTip(f"{run.title}, {run.details}. Click to show this run again")
        self.update()

    def sizeHint(self) -> QSize:
        """Return the height of a line with some room around it, and no width."""
        return QSize(0, self.fontMetrics().height() + 3 * SPACE)

    def minimumSizeHint(self) -> QSize:
        """Return the same."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the name at the left, and the loss at the right."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette, role = self.palette(), QPalette.ColorRole
        if self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(palette.color(role.AlternateBase))
            painter.drawRoundedRect(self.rect(), SMALL_RADIUS, SMALL_RADIUS)
        if self.hasFocus():
            draw_focus_ring(painter, self.rect().toRectF(), palette.color(role.Highlight))
        metrics = QFontMetrics(QFont(self.font()))
        room = self.rect().adjusted(SPACE, 0, -SPACE, 0)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(palette.color(role.WindowText))
        painter.drawText(room, right, self._loss)
        taken = metrics.horizontalAdvance(self._loss) + 2 * SPACE
        left = QRect(room.left(), 0, room.width() - taken, room.height())
        shown = metrics.elidedText(self._name, Qt.TextElideMode.ElideRight, left.width())
        painter.drawText(left, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.end()
