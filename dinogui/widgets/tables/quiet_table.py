"""A table whose rows are lines of a card: no frame, no grid, and a sentence where it is empty."""

from PySide6.QtCore import QAbstractItemModel, QEvent, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from dinogui.common.theme import SPACE
from dinogui.widgets.buttons.painted_button import draw_focus_ring
from dinogui.widgets.tables.quiet_header import QuietHeader

_EMPTY_MARGIN = 3 * SPACE
_MESSAGE_FLAGS = (
    Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
)
_ENDLESS = 10_000
"""Pixels."""

_USUAL_ROWS = 3
"""Rows for which a table asks; it takes what room there is."""

_LEAST_ROW_HEIGHT = 7 * SPACE
"""Lines of fonts differ in height by a quarter; the rows of none are crowded."""


class QuietTable(QTableView):
    """Selects whole rows, and leaves Tab to the window.

    Lives in the GUI thread.

    Parameters
    ----------
    name, tip : str
        The accessible name and the tooltip.
    least_rows : int
        Rows that are shown, besides the headings, where height is scarce.

    Attributes
    ----------
    header : QuietHeader
    """

    def __init__(
        self, name: str, tip: str, *, least_rows: int = 1, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._least_rows = least_rows
        self._empty = ""
        self.header = QuietHeader(self)
        self.setHorizontalHeader(self.header)
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setTabKeyNavigation(False)  # Tab moves on to the next widget
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self._size_rows()

    def changeEvent(self, event: QEvent) -> None:
        """Make the rows higher when the text is larger."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.header.use_font(self.font())
            self._size_rows()

    def setModel(self, model: QAbstractItemModel | None) -> None:
        """Show a model's rows."""
        super().setModel(model)
        self._size_rows()

    def _size_rows(self) -> None:
        height = max(self.fontMetrics().height() + 3 * SPACE, _LEAST_ROW_HEIGHT)
        self.verticalHeader().setMinimumSectionSize(height)
        self.verticalHeader().setDefaultSectionSize(height)
        header = 0 if self.header.isHidden() else self.header.sizeHint().height()
        self.setMinimumHeight(header + self._least_rows * height)

    def sizeHint(self) -> QSize:
        """Return the room of a few rows."""
        more = max(_USUAL_ROWS - self._least_rows, 0) * self.verticalHeader().defaultSectionSize()
        return QSize(super().sizeHint().width(), self.minimumHeight() + more)

    def minimumSizeHint(self) -> QSize:
        """Return the room of the fewest rows."""
        return QSize(super().minimumSizeHint().width(), self.minimumHeight())

    def hide_headings(self) -> None:
        """Show the rows alone."""
        self.header.hide()
        self._size_rows()

    @property
    def empty_message(self) -> str:
        """The sentence that is shown; empty if there are rows."""
        model = self.model()
        return "" if model is None or model.rowCount() else self._empty

    def say_where_empty(self, message: str) -> None:
        """Show a sentence in place of the rows while there are none."""
        self._empty = message
        self.setAccessibleDescription(message)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows or the sentence, and a line around them with the focus.

        The mark of the current cell does not do: there may be none, or it may be out of sight.
        """
        super().paintEvent(event)
        message, has_focus = self.empty_message, self.hasFocus()
        if not message and not has_focus:
            return
        painter, role = QPainter(self.viewport()), QPalette.ColorRole
        if has_focus:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            rect = self.viewport().rect().toRectF()  # the line above the first row stays
            draw_focus_ring(painter, rect, self.palette().color(role.Highlight))
        if message:
            painter.setPen(self.palette().color(role.PlaceholderText))
            painter.drawText(self.room_of_message(), _MESSAGE_FLAGS, message)
        painter.end()

    def room_of_message(self) -> QRect:
        """Return where the sentence stands: in the middle where it would be cut farther below."""
        area = self.viewport().rect().adjusted(SPACE, 0, -SPACE, 0)
        whole = QRect(0, 0, area.width(), _ENDLESS)
        text = self.fontMetrics().boundingRect(whole, _MESSAGE_FLAGS, self.empty_message)
        margin = min(_EMPTY_MARGIN, max(area.height() - text.height(), 0) // 2)
        return QRect(area.left(), margin, area.width(), text.height())
