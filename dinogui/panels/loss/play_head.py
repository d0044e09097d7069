"""The play-head under the loss plot: a line with a knob at the step that is looked at."""

import math

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
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
from dinogui.panels.loss.pane.curve_pane import CurvePane
from dinogui.startup.lean_pyqtgraph import pg
from dinogui.widgets.buttons.painted_button import draw_focus_ring

KEYS = DocumentedKeys(
    "Play-head under the plot",
    (
        ("Left, Right", "Look one step earlier or later"),
        ("Shift+Left, Shift+Right", "Look ten steps earlier or later"),
        ("PgDown, PgUp", "Look 1 % of the run earlier or later"),
        ("Home", "Look at the beginning of the run"),
        ("End, Esc", "Go back to now"),
    ),
)

_SHIFT = Qt.KeyboardModifier.ShiftModifier
_MOST = (1 << 31) - 1
"""The highest value that Qt tells a screen reader."""
_LEAST_KNOB = 12
_RING, _GROOVE = 1, 3
_LEAP = 10
_PAGE = 100
"""A page is this part of the run."""


class PlayHead(QSlider):
    """A slider as wide as the view of the plot, and on its scale.

    Its value is the step that is looked at. At the present, it stands at the last step. The pane is
    somewhere in its parent. Lives in the GUI thread.

    Parameters
    ----------
    plot : PlotWidget
    pane : CurvePane
        Knows where a step is.

    Signals
    -------
    asked(int)
        A person wants to look at a step. The last step stands for the present.
    """

    asked = Signal(object)  # an int that may be greater than Qt's

    def __init__(self, plot: pg.PlotWidget, pane: CurvePane, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._pane = pane
        self._last, self._step = 0, 0
        self._is_past = False
        self._share: float | None = None
        self._knob_at = -1
        self._size_knob()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAutoFillBackground(True)  # otherwise Qt also paints everything behind it
        self.setAccessibleName("Play-head")
        self.setToolTip(
            "Drag to look at an earlier step. The training goes on, or stands, as it is"
        )
        box = plot.getViewBox()
        box.sigRangeChanged.connect(self._follow)
        box.sigResized.connect(self.update)

    # What is shown

    def show_step(self, step: int | None, last: int) -> None:
        """Show the step that is looked at, or the present for None, of a run of so many steps."""
        looked_like = self._is_past, bool(self._last)
        self._is_past = step is not None
        self._step, self._last = last if step is None else step, last
        if (self._is_past, bool(last)) != looked_like:
            self.update()
        if self._is_past or self.hasFocus():
            self._tell()
        self._follow()

    def show_share(self, share: float | None) -> None:
        """Show how far the way to the step is, if it takes long."""
        if share != self._share:
            self._share = share
            self.update()

    @property
    def step(self) -> int:
        """The step that it stands at."""
        return self._step

    @property
    def knob(self) -> QPoint:
        """The middle of the knob."""
        return QPoint(self._x(self._step), self.height() // 2)

    def x_of(self, step: float) -> int:
        """Return where a step is, in pixels; out of view, that is an end of the line."""
        return self._x(step)

    def _tell(self) -> None:
        """Let a screen reader know where it stands."""
        self.blockSignals(True)
        self.setRange(0, min(self._last, _MOST))
        self.setValue(min(self._step, _MOST))
        self.blockSignals(False)
        now = "" if self._is_past else ", the present"
        self.setAccessibleDescription(f"Step {self._step:,} of {self._last:,}{now}")

    @Slot()
    def _follow(self) -> None:
        """Draw the knob where it is now, if that is elsewhere."""
        before, now = self._knob_at, self._x(self._step)
        if now == before:
            return
        self._knob_at = now
        if self._share is None:
            reach = math.ceil(self._radius) + _RING + 1
            left, right = min(before, now) - reach, max(before, now) + reach
            self.update(left, 0, right - left, self.height())
        else:  # the part of the way that is done reaches to the knob
            self.update()

    @property
    def _line(self) -> tuple[int, int]:
        """The ends of the line in pixels: those of the plot's view."""
        around = self.parentWidget() or self.window()
        left = self._pane.mapTo(around, QPoint()).x() - self.x()
        return left, left + self._pane.width()

    def _x(self, step: float) -> int:
        return self._x_within(*self._line, step)

    def _x_within(self, left: int, right: int, step: float) -> int:
        return min(max(round(left + self._pane.x_of(step)), left), right)

    def _size_knob(self) -> None:
        self._radius = max(_LEAST_KNOB, QFontMetrics(self.font()).height() // 3) / 2

    def changeEvent(self, event: QEvent) -> None:
        """Make the knob larger with the text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._size_knob()

    def sizeHint(self) -> QSize:
        """Return room for the knob."""
        return QSize(100, int(2 * (self._radius + _RING)))

    def minimumSizeHint(self) -> QSize:
        """Return the same height, and hardly any width."""
        return QSize(20, self.sizeHint().height())

    # What a person does

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Bring the knob here."""
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        event.accept()
        self.setSliderDown(True)
        self._ask_at(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the knob."""
        event.accept()
        if self.isSliderDown():
            self._ask_at(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let the knob go."""
        event.accept()
        self.setSliderDown(False)
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to what is around it."""
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to another step."""
        step = self._step_for(Qt.Key(event.key()), bool(event.modifiers() & _SHIFT))
        if step is None:
            super().keyPressEvent(event)
        else:
            self._ask(step)

    def _step_for(self, key: Qt.Key, leaps: bool) -> int | None:
        """Return the step to which a key leads."""
        by = _LEAP if leaps else 1
        page = max(self._last // _PAGE, 1)
        here = self._step
        ways = {
            Qt.Key.Key_Left: here - by,
            Qt.Key.Key_Right: here + by,
            Qt.Key.Key_PageDown: here - page,
            Qt.Key.Key_PageUp: here + page,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: self._last,
        }
        if key == Qt.Key.Key_Escape and self._is_past:
            return self._last
        return ways.get(key)

    def _ask_at(self, x: float) -> None:
        left, right = self._line
        step = round(self._pane.step_at(min(max(x, left), right) - left))
        # The end of the line is the present, also where the view shows more than the run.
        self._ask(step if x < self._x(self._last) else self._last)

    def _ask(self, step: int) -> None:
        self.asked.emit(min(max(step, 0), self._last))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell a screen reader where it stands."""
        self._tell()
        super().focusInEvent(event)

    def event(self, event: QEvent) -> bool:
        """Keep Esc from others while it leads back to the present."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and self._is_past
        ):
            event.accept()
            return True
        return super().event(event)

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the line, the way that is done, and the knob."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        left, right = self._line
        palette, role = self.palette(), QPalette.ColorRole
        x, middle = float(self._x_within(left, right, self._step)), self.height() / 2
        faint = palette.color(role.PlaceholderText)
        ink = palette.color(role.Text) if self._is_past else faint
        for end, colour in (right, palette.color(role.Mid)), (x, faint):
            painter.setBrush(colour)
            groove = QRectF(left, middle - _GROOVE / 2, max(end - left, 0.0), _GROOVE)
            painter.drawRoundedRect(groove, _GROOVE / 2, _GROOVE / 2)
        if self._share is not None:
            painter.setBrush(palette.color(role.Highlight))
            way = QRectF(left, middle - _GROOVE / 2, (x - left) * self._share, _GROOVE)
            painter.drawRoundedRect(way, _GROOVE / 2, _GROOVE / 2)
        if self._last:
            self._paint_knob(painter, QPointF(x, middle), ink)
        elif self.hasFocus():  # there is no knob to show it
            accent = palette.color(QPalette.ColorGroup.Active, role.Highlight)
            draw_focus_ring(painter, self.rect().toRectF().adjusted(1, 1, -1, -1), accent)
        painter.end()

    def _paint_knob(self, painter: QPainter, centre: QPointF, ink: QColor) -> None:
        palette, role = self.palette(), QPalette.ColorRole
        is_marked = self.hasFocus() or self.isSliderDown() or self.underMouse()
        accent = palette.color(QPalette.ColorGroup.Active, role.Highlight)
        painter.setBrush(ink if self._is_past else palette.color(role.Base))
        painter.setPen(QPen(accent if is_marked else ink, 2.0))
        radius = self._radius - 1 if self._is_past else self._radius - 2
        painter.drawEllipse(centre, radius, radius)
