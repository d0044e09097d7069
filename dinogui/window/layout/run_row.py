"""A row of the Runs card: a dot, a run's name, and its loss."""

from PySide6.QtCore import QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
)
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from dinogui.common.documented_keys import DocumentedKeys
from dinogui.common.theme import SMALL_RADIUS, SPACE
from dinogui.library.earlier.earlier_run import EarlierRun
from dinogui.widgets.buttons.painted_button import draw_focus_ring
from dinogui.widgets.elision import elided_text
from dinogui.window.runs.listed_unit import accuracy_text, loss_text
from dinogui.window.runs.run_dot import paint_dot
from engine.evaluation.units import Unit

KEYS = DocumentedKeys("Runs card", (("P", "Show the run on the plot, or hide it"),))

DOT_WIDTH = 6 * SPACE
"""Pixels at the left within which a click is one on the dot."""


class RunRow(QToolButton):
    """A run in the card: its dot, its network or its name, and its held-out loss.

    Of a run that tells kinds, how much is told right stands before the loss.

    Lives in the GUI thread.

    Parameters
    ----------
    is_present : bool
        Whether it is the run that is shown in the window, which cannot be opened.

    Signals
    -------
    dot_clicked()
        Somebody wants to see the run on the plot, or not any longer.
    """

    dot_clicked = Signal()

    def __init__(self, *, is_present: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.run: EarlierRun | None = None
        self._is_present, self._is_full = is_present, is_present
        self._name, self._loss, self._colour = "", "", QColor()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus if is_present else Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def show_run(
        self, run: EarlierRun, colour: QColor, unit: Unit, words: str, *, is_full: bool
    ) -> None:
        """Show another run, or the same one as it is now.

        Parameters
        ----------
        run : EarlierRun
        colour : QColor
            Of its dot.
        unit : Unit
            Of its loss.
        words : str
            What the unit is called.
        is_full : bool
            Whether it is on the plot.
        """
        self.run, self._colour, self._is_full = run, colour, is_full
        self._name = run.label.title or (
            run.network if self._is_present else f"{run.network}, {run.name}"
        )
        facts = run.facts
        loss = facts.last if facts.last is not None else facts.loss
        self._loss = loss_text(unit, loss)
        accuracy = accuracy_text(facts.accuracy)
        on_plot = ", on the plot" if is_full and not self._is_present else ""
        self.setAccessibleName(f"{run.title}, {run.details}{on_plot}")
        what = "loss held out" if facts.last is not None else "smoothed training loss"
        shown = f". {self._loss}: {what}, {words}" if self._loss else ""
        if accuracy:
            shown = f"{shown}. {accuracy} of what is held out is told right"
            self._loss = f"{accuracy} · {self._loss}"
        click = (
            "This is the present run"
            if self._is_present
            else "Click to show this run again; click the dot, or press P, to show it on the plot"
        )
        self.setToolTip(f"{run.title}, {run.details}{shown}. {click}")
        self.update()

    def sizeHint(self) -> QSize:
        """Return the height of a line with some room around it, and no width."""
        return QSize(0, self.fontMetrics().height() + 3 * SPACE)

    def minimumSizeHint(self) -> QSize:
        """Return the same."""
        return self.sizeHint()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take a click on the dot by itself."""
        is_left = event.button() == Qt.MouseButton.LeftButton
        if is_left and not self._is_present and event.position().x() < DOT_WIDTH:
            self.dot_clicked.emit()
            event.accept()
        else:
            super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Show the run on the plot, or hide it, when P is pressed."""
        if event.key() == Qt.Key.Key_P and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.dot_clicked.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the dot and the name at the left, and the loss at the right."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette, role = self.palette(), QPalette.ColorRole
        if self.underMouse() and not self._is_present:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(palette.color(role.AlternateBase))
            painter.drawRoundedRect(self.rect(), SMALL_RADIUS, SMALL_RADIUS)
        if self.hasFocus():
            draw_focus_ring(painter, self.rect().toRectF(), palette.color(role.Highlight))
        middle = self.rect().center().y() + 0.5
        paint_dot(painter, QPointF(3 * SPACE, middle), self._colour, is_full=self._is_full)
        font = QFont(self.font())
        if self._is_present:
            font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        metrics = QFontMetrics(font)
        room = self.rect().adjusted(DOT_WIDTH, 0, -SPACE, 0)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(palette.color(role.WindowText))
        painter.drawText(room, right, self._loss)
        taken = metrics.horizontalAdvance(self._loss) + 2 * SPACE
        left = QRect(room.left(), 0, room.width() - taken, room.height())
        shown = elided_text(self._name, metrics, left.width())
        painter.drawText(left, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.end()
