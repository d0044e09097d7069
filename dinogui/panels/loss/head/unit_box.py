"""The box that chooses the unit of the loss: its name, as quiet as the sentence beside it."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from dinogui.common.icons import Icon, draw_icon
from dinogui.common.theme import SMALL_RADIUS, SPACE
from dinogui.widgets.buttons.painted_button import CHEVRON_SHARE
from dinogui.widgets.choice_box import ChoiceBox
from engine.data.training_data import DataKind
from engine.evaluation.units import UNITS, Unit


class UnitBox(ChoiceBox):
    """A combo box without a frame, as wide as what is chosen needs.

    Lives in the GUI thread.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "faint")
        self.setAccessibleName("Unit of the loss")
        self.setToolTip("Unit of the loss, in the plot and in the status line")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.currentIndexChanged.connect(self.updateGeometry)
        self.offer(UNITS["names"], "names")

    def offer(self, units: Sequence[Unit], kind: DataKind) -> None:
        """Offer other units, in the words for a kind of data."""
        self.clear()
        for unit in units:
            self.addItem(unit.label(kind), unit)

    @property
    def _chevron(self) -> int:
        """The width of the arrow, in pixels."""
        return round(self.fontMetrics().height() * CHEVRON_SHARE)

    def sizeHint(self) -> QSize:
        """Return the room of the text and the arrow."""
        metrics = self.fontMetrics()
        width = metrics.horizontalAdvance(self.currentText()) + self._chevron + 4 * SPACE
        return QSize(width, metrics.height() + 2 * SPACE)

    def minimumSizeHint(self) -> QSize:
        """Return the same: a text that is cut off helps nobody."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the text and the arrow, with a ground under the pointer and the focus."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette, role = self.palette(), QPalette.ColorRole
        rect = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(palette.color(role.AlternateBase))
            painter.drawRoundedRect(rect, SMALL_RADIUS, SMALL_RADIUS)
        if self.hasFocus():
            pen = painter.pen()
            pen.setStyle(Qt.PenStyle.SolidLine)
            pen.setColor(palette.color(role.Highlight))
            pen.setWidthF(2.0)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect, SMALL_RADIUS, SMALL_RADIUS)
        ink = palette.color(role.WindowText)
        painter.setPen(ink)
        room = self.rect().adjusted(SPACE, 0, 0, 0)
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(room, middle, self.currentText())
        side = self._chevron
        left = self.width() - 2 * SPACE - side
        place = QRectF(left, (self.height() - side) / 2, side, side)
        draw_icon(painter, Icon.CHEVRON_DOWN, place, ink)
        painter.end()
