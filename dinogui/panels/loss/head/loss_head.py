"""The head of the loss plot."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from dinogui.common.theme import SPACE
from dinogui.panels.loss.head.fitting_line import FittingLine
from dinogui.panels.loss.head.legend import Legend, LegendContent
from dinogui.panels.loss.head.statement import (
    Statement,
    longest_short_statement,
    longest_statement,
)
from dinogui.panels.loss.head.unit_box import UnitBox
from dinogui.widgets.reading_line import ReadingLine
from engine.evaluation.units import Unit

_GAP = 2 * SPACE
_FEWEST_DIGITS = "0.00"


class LossHead(QWidget):
    """Shows the loss in large figures, its unit, what it beats, and the legend.

    The legend stands at the right where there is room beside the longest sentence, else in a line
    of its own. Where height is scarce, it has no such line, and names only the curves, beside a
    sentence in fewer words. That does not depend on what is shown, so nothing moves while a run
    goes on.

    Lives in the GUI thread.

    Parameters
    ----------
    show_all : QAction
        Gets a button, which is there while the plot does not show the whole run.

    Attributes
    ----------
    figure : ReadingLine
    sentence : FittingLine
    unit_box : UnitBox
    legend : Legend
    show_all : QToolButton
    """

    def __init__(self, show_all: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = QLabel("Loss")
        self._title.setProperty("role", "heading")
        self.figure = ReadingLine("Loss")
        self.figure.setAutoFillBackground(False)
        self.figure.setProperty("role", "figure")
        self.figure.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.sentence = FittingLine("What the loss beats")
        self.unit_box = UnitBox()
        self.legend = Legend()
        self.legend.setObjectName("legend")
        self.show_all = QToolButton()
        self.show_all.setDefaultAction(show_all)
        self.show_all.setAccessibleName("Show all")
        self.show_all.setAutoRaise(True)
        self.show_all.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.show_all.hide()
        self._unit, self._figure_text = Unit.NATS_PER_NAME, _FEWEST_DIGITS
        self._is_beside = self._is_short = False
        self._lay_out()

    def _lay_out(self) -> None:
        self._row = QHBoxLayout()
        self._row.setSpacing(_GAP)
        for part in (self._title, self.figure, self.unit_box):
            self._row.addWidget(part)
        self._row.addWidget(self.sentence, 1)
        self._row.addWidget(self.show_all)
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)
        self._rows.addLayout(self._row)
        self._rows.addWidget(self.legend)

    def show_statement(self, statement: Statement) -> None:
        """Show another loss, and what it beats."""
        ink = (
            QPalette.ColorRole.BrightText if statement.is_warning else QPalette.ColorRole.WindowText
        )
        self.figure.setForegroundRole(ink)
        self.figure.show_text(statement.figure)
        self.sentence.show_texts(statement.sentences)
        words = f"{statement.figure} {self.unit_box.currentText()}, {statement.sentences[0]}"
        self.figure.setAccessibleDescription(words if statement.figure else "")
        for part in (self.figure, self.sentence):
            part.setToolTip(statement.details)
        self.unit_box.setVisible(bool(statement.figure) and not statement.is_warning)
        if len(statement.figure) != len(self._figure_text):  # digits are equally wide
            self._figure_text = statement.figure or _FEWEST_DIGITS
            self._fit()

    def show_unit(self, unit: Unit) -> None:
        """Keep room for the sentences of another unit."""
        self._unit = unit
        self._fit()

    def show_legend(self, content: LegendContent) -> None:
        """Show another legend."""
        self.legend.show_content(content)
        self._fit()

    def show_whether_all(self, *, shows_all: bool) -> None:
        """Offer to show the whole run unless the plot does."""
        if shows_all != self.show_all.isHidden():
            self.show_all.setVisible(not shows_all)

    def show_short(self, is_short: bool) -> None:
        """Give the legend no line of its own, as the curves need the room."""
        if is_short != self._is_short:
            self._is_short = is_short
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the legend where there is room."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Measure again in another font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def _room_beside(self, sentence: str) -> int:
        """Return the width that is left for the legend beside a sentence."""
        parts = sum(part.sizeHint().width() + _GAP for part in (self._title, self.unit_box))
        words = self.sentence.fontMetrics().horizontalAdvance(sentence)
        return self.width() - parts - self.figure.width() - words - 3 * _GAP

    def _fit(self) -> None:
        text = self._figure_text
        self.figure.setFixedWidth(self.figure.fontMetrics().horizontalAdvance(text) + 2 * SPACE)
        room, needed = self._room_beside(longest_statement(self._unit)), self.legend.least_width
        if room < needed and self._is_short:
            room = self._room_beside(longest_short_statement(self._unit))
            needed = self.legend.width_of_curves
        is_beside = needed <= room
        self.legend.show_within(room if is_beside else self.width(), is_beside=is_beside)
        self.legend.setVisible(is_beside or not self._is_short)
        if is_beside == self._is_beside:
            return
        self._is_beside = is_beside
        (self._rows if is_beside else self._row).removeWidget(self.legend)
        if is_beside:
            self._row.insertWidget(self._row.indexOf(self.show_all), self.legend)
        else:
            self._rows.addWidget(self.legend)
