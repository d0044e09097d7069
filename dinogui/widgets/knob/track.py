"""The track of a knob: a slider that shows its default and its last change."""

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QSlider, QWidget

from dinogui.common.documented_keys import DocumentedKeys
from dinogui.common.motion import Motion
from dinogui.widgets.knob.scale import Scale
from dinogui.widgets.number_box import place_beside

KEYS = DocumentedKeys(
    "Knobs",
    (
        ("Left, Right, Up, Down", "Go to the next lower or higher value"),
        ("PgUp, PgDown", "Turn the knob further up or down"),
        ("Home, End", "Go to the lowest or the highest value"),
    ),
)

_LEAST_HANDLE = 16
_RING = 3
"""Pixels around the handle, for the mark of the focus."""

_GROOVE = 4
_TICK = 4
_MARK = 2.5
"""Radius of the mark of the default, in pixels, beside a handle of the least size."""

_SNAP = 5
"""A click that is at most so many pixels off the mark of the last change goes back to it."""

_NOTCH = 120
"""The turn of a wheel that is one step, in eighths of a degree."""

_KEY_STEPS = {
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: 1,
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Down: -1,
}


class Track(QSlider):
    """A slider along a scale, filled up to its handle.

    A press on the handle drags it; a press beside it brings it there. A small ring marks the value
    before the last change, a dot below the groove the default, and lines the powers of ten. Where
    the value is set from elsewhere, one sees the handle go there.

    Lives in the GUI thread.

    Parameters
    ----------
    scale : Scale
    default : float or None
        None means off.

    Signals
    -------
    chosen(float or None)
        A person has chosen a value. None means off.
    default_requested()
        Somebody has double-clicked the track.
    """

    chosen = Signal(object)
    default_requested = Signal()

    def __init__(self, scale: Scale, default: float | None, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._scale, self._default = scale, default
        self._shown: float | None = scale.stops[0]
        self._former: float | None = None
        self._has_former = False
        self._grip: float | None = None  # from the pointer to the middle of the held handle
        self._is_pressed_beside = False
        self._turned = 0  # by the wheel, of the next step
        self._way_from = self._drawn_share = scale.share_of(self._shown)  # of the length
        self._gliding = Motion(self, self._glide)
        self.setRange(0, scale.last_place)
        self.setPageStep(max(scale.last_place // 10, 1))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.valueChanged.connect(self._choose)

    # What is shown

    def show_value(self, value: float | None) -> None:
        """Show a value, which may lie between two stops, without a signal."""
        if value != self._shown:
            self._gliding.finish()
            self._shown, self._way_from = value, self._drawn_share
            self._gliding.begin()
        self.blockSignals(True)
        self.setValue(self._scale.place_of(value))
        self.blockSignals(False)
        self.update()

    def _glide(self, share: float) -> None:
        """Draw the handle after a share of its way to the value."""
        first, last = self._way_from, self._scale.share_of(self._shown)
        self._drawn_share = first + share * (last - first)
        self.update()

    def show_former(self, value: float | None) -> None:
        """Mark the value before the last change."""
        self._former, self._has_former = value, True
        self.update()

    def forget_former(self) -> None:
        """Mark no last change."""
        self._has_former = False
        self.update()

    def show_default(self, default: float | None) -> None:
        """Mark another default."""
        self._default = default
        self.update()

    @property
    def former(self) -> float | None:
        """The marked value before the last change. None means off, or that none is marked."""
        return self._former if self._has_former else None

    @property
    def has_former(self) -> bool:
        """Whether a last change is marked."""
        return self._has_former

    @property
    def default(self) -> float | None:
        """The default. None means off."""
        return self._default

    def x_of(self, value: float | None) -> float:
        """Return where the middle of the handle lies for a value, in pixels."""
        return self._x_at(self._scale.share_of(value))

    @property
    def handle_x(self) -> float:
        """Where the middle of the handle is drawn, in pixels; on its way there, too."""
        return self._x_at(self._drawn_share)

    def _x_at(self, share: float) -> float:
        start, length = self._span
        return start + length * share

    @property
    def _handle(self) -> int:
        """The diameter of the handle in pixels, which grows with the text."""
        return max(_LEAST_HANDLE, QFontMetrics(self.font()).height())

    @property
    def _span(self) -> tuple[float, float]:
        """The start of the handle's way and its length, in pixels."""
        inset = self._handle / 2 + _RING
        return inset, max(self.width() - 2 * inset, 1.0)

    def sizeHint(self) -> QSize:
        """Return room for the handle with the mark of the focus."""
        return QSize(8 * self._handle, self._handle + 2 * _RING)

    def minimumSizeHint(self) -> QSize:
        """Return room for a short track."""
        return QSize(4 * self._handle, self._handle + 2 * _RING)

    # What a person does

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the handle, or get ready to bring it here."""
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        event.accept()
        self._gliding.finish()
        x = event.position().x()
        away = self.x_of(self._shown) - x
        if abs(away) <= self._handle / 2 + _RING:
            self._grip = away
            self.setSliderDown(True)
        else:
            self._is_pressed_beside = True

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the handle."""
        event.accept()
        if self._is_pressed_beside:
            self._is_pressed_beside = False
            self._grip = 0.0
            self.setSliderDown(True)
        if self._grip is not None:
            self._go_to(self._place_at(event.position().x() + self._grip))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let the handle go, or bring it here after a click beside it."""
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        event.accept()
        if self._is_pressed_beside:
            # No drag, so that undo takes a double click as one change.
            self._is_pressed_beside = False
            self._click(event.position().x())
        self._grip = None
        self.setSliderDown(False)
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask for the default."""
        event.accept()
        self.default_requested.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Go by one step for each notch, but only with the focus."""
        if not self.hasFocus():
            event.ignore()
            return
        event.accept()
        self._turned += event.angleDelta().y()
        steps = math.trunc(self._turned / _NOTCH)
        self._turned -= steps * _NOTCH
        if steps:
            self._step(steps)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the next stop, by a page, or to an end."""
        key = Qt.Key(event.key())
        if key in _KEY_STEPS:
            self._step(_KEY_STEPS[key])
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self._step(self.pageStep() * (1 if key is Qt.Key.Key_PageUp else -1))
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._go_to(0 if key is Qt.Key.Key_Home else self._scale.last_place)
        else:
            super().keyPressEvent(event)

    def _step(self, steps: int) -> None:
        """Go from the value that is shown, which may lie between two stops."""
        marks = (*self._scale.stops, math.inf) if self._scale.can_be_off else self._scale.stops
        self._go_to(place_beside(marks, math.inf if self._shown is None else self._shown, steps))

    def _click(self, x: float) -> None:
        if self._has_former and abs(self.x_of(self._former) - x) <= _SNAP:
            self.chosen.emit(self._former)
        else:
            self._go_to(self._place_at(x))

    def _place_at(self, x: float) -> int:
        start, length = self._span
        return self._scale.place_at((x - start) / length)

    def _go_to(self, place: int) -> None:
        if place != self.value():
            self.setValue(place)
        elif self._shown != self._scale.value_at(place):
            self._choose(place)

    def _choose(self, place: int) -> None:
        self._gliding.finish()
        self._shown = self._scale.value_at(place)
        self._glide(1.0)
        self.chosen.emit(self._shown)

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the groove, the marks and the handle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.isEnabled():
            painter.setOpacity(0.5)
        self._draw_groove(painter)
        self._draw_marks(painter)
        self._draw_handle(painter)
        painter.end()

    def _colour(self, role: QPalette.ColorRole) -> QColor:
        return self.palette().color(QPalette.ColorGroup.Active, role)

    def _draw_groove(self, painter: QPainter) -> None:
        top, half = (self.height() - _GROOVE) / 2, _GROOVE / 2
        painter.setPen(Qt.PenStyle.NoPen)
        for role, end in (
            (QPalette.ColorRole.Mid, float(self.width())),
            (QPalette.ColorRole.Highlight, self.handle_x),
        ):
            painter.setBrush(self._colour(role))
            painter.drawRoundedRect(QRectF(0.0, top, end, _GROOVE), half, half)

    def _draw_marks(self, painter: QPainter) -> None:
        """Draw the powers of ten, the default, and the value before the last change."""
        faint = self._colour(QPalette.ColorRole.PlaceholderText)
        middle, larger = self.height() / 2, self._handle / _LEAST_HANDLE
        below, mark = middle + _GROOVE / 2 + 2 * larger, _MARK * larger
        painter.setPen(QPen(faint, 1.0))
        for value in self._scale.decades:
            x = round(self.x_of(value)) + 0.5
            painter.drawLine(QPointF(x, below), QPointF(x, below + _TICK * larger))
        if self._has_former:
            radius = self._handle / 2 - 3
            painter.setBrush(self._colour(QPalette.ColorRole.Base))
            painter.setPen(QPen(faint, 1.4))
            painter.drawEllipse(QPointF(self.x_of(self._former), middle), radius, radius)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colour(QPalette.ColorRole.Text))
        painter.drawEllipse(QPointF(self.x_of(self._default), below + mark), mark, mark)

    def _draw_handle(self, painter: QPainter) -> None:
        accent = self._colour(QPalette.ColorRole.Highlight)
        centre = QPointF(self.handle_x, self.height() / 2)
        radius = self._handle / 2 - 1
        if self.hasFocus():
            painter.setPen(QPen(accent, 2.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(centre, radius + _RING, radius + _RING)
        is_marked = self.isEnabled() and (self.isSliderDown() or self.underMouse())
        painter.setPen(QPen(accent, 2.0))
        painter.setBrush(accent if is_marked else self._colour(QPalette.ColorRole.Base))
        painter.drawEllipse(centre, radius, radius)
