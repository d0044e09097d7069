"""A lane in the card of a race: its colour, its title, its loss, and whether it is drawn."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from dinogui.common.icons import Icon
from dinogui.common.theme import SPACE
from dinogui.session.racing.raced_lane import RacedLane
from dinogui.widgets.buttons.icon_button import IconButton
from dinogui.widgets.reading_line import ReadingLine
from engine.evaluation.units import Unit

_DOT = 9
"""Pixels: the diameter of the dot in the colour of the lane."""


class LaneRow(QWidget):
    """Shows how far a lane is.

    Lives in the GUI thread.

    Parameters
    ----------
    lane : RacedLane
    colour : str
        As ``#rrggbb``.

    Attributes
    ----------
    lane
        As given.
    eye : IconButton
        Says whether the lane is drawn.

    Signals
    -------
    toggled(RacedLane, bool)
        Somebody wants to see its curves, or not.
    """

    toggled = Signal(object, bool)

    def __init__(self, lane: RacedLane, colour: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lane = lane
        self._dot = _Dot(colour)
        self._title = ReadingLine("Lane")
        self._title.setAutoFillBackground(False)
        self._title.show_text(lane.title)
        self._loss = QLabel()
        self._loss.setAccessibleName(f"Loss of {lane.title}")
        self.eye = IconButton(Icon.EYE, "", "")
        self.eye.setCheckable(True)
        self.eye.setChecked(lane.is_shown)
        self.eye.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.eye.toggled.connect(self._toggle)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * SPACE)
        layout.addWidget(self._dot)
        layout.addWidget(self._title, 1)
        layout.addWidget(self._loss)
        layout.addWidget(self.eye)
        self._name_eye()

    @property
    def words(self) -> str:
        """What it says of the loss."""
        return self._loss.text()

    def show_loss(self, unit: Unit) -> None:
        """Show the loss as it is now, or that the lane has diverged."""
        loss = self.lane.loss(unit)
        if self.lane.has_diverged:
            self._set_words("diverged", "error")
            tip = f"The loss grew until it was no longer a number, at step {self.lane.step:,}"
        else:
            right = self.lane.loss(Unit.TOLD_RIGHT)
            words = "" if loss is None else unit.write(loss)
            self._set_words(
                words if right is None else f"{words} · {Unit.TOLD_RIGHT.write(right)}", ""
            )
            source = "Smoothed training loss" if self.lane.best is None else "Best held-out loss"
            tip = f"{source}, {unit.value}"
            if right is not None:
                tip += ", and how many kinds it told right"
        self._loss.setToolTip(tip)

    def show_colour(self, colour: str) -> None:
        """Show the colour of another theme."""
        self._dot.show_colour(colour)

    def _set_words(self, words: str, role: str) -> None:
        if role != (self._loss.property("role") or ""):
            self._loss.setProperty("role", role)
            self._loss.style().unpolish(self._loss)
            self._loss.style().polish(self._loss)
        if words != self._loss.text():
            self._loss.setText(words)

    @Slot(bool)
    def _toggle(self, is_shown: bool) -> None:
        self._name_eye()
        self.toggled.emit(self.lane, is_shown)

    def _name_eye(self) -> None:
        is_shown = self.eye.isChecked()
        words = f"{'Hide' if is_shown else 'Show'} {self.lane.title}"
        self.eye.show_icon(Icon.EYE if is_shown else Icon.EYE_OFF)
        self.eye.setAccessibleName(words)
        self.eye.setToolTip(words)


class _Dot(QWidget):
    def __init__(self, colour: str) -> None:
        super().__init__()
        self._colour = QColor(colour)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_colour(self, colour: str) -> None:
        """Draw it in another colour."""
        self._colour = QColor(colour)
        self.update()

    def sizeHint(self) -> QSize:
        """Return its size."""
        return QSize(_DOT, _DOT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the dot."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colour)
        painter.drawEllipse(self.rect())
        painter.end()
