"""The button that shows when a run ends by itself, and opens the form that sets it."""

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolButton, QWidget, QWidgetAction

from dinogui.panels.run_end.until_form import UntilForm
from engine.training.ending import Until

_ROOM_FOR_FRAME = 24


class UntilButton(QToolButton):
    """Shows when a run ends; a click opens the form below it.

    Lives in the GUI thread.

    Attributes
    ----------
    form : UntilForm
    menu_ : QMenu
        Holds the form.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = ""
        self.form = UntilForm()
        self.menu_ = QMenu(self)
        action = QWidgetAction(self.menu_)
        action.setDefaultWidget(self.form)
        self.menu_.addAction(action)
        # A long text must not widen the column.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self.open)
        self.show_until(self.form.until)

    def show_until(self, until: Until) -> None:
        """Show the conditions in force."""
        self._words = until.describe()
        self.form.show_until(until)
        ends = f"The run ends by itself: {self._words}." if self._words else "The run has no end."
        self.setToolTip(f"{ends} Click to change that")
        self.setAccessibleName(f"Until: {self._words or 'no end is set'}")
        self._fit()

    @Slot()
    def open(self) -> None:
        """Open the form."""
        self.menu_.popup(self.mapToGlobal(QPoint(0, self.height())))
        self.form.rows["steps"].tick.setFocus(Qt.FocusReason.PopupFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as much of the conditions as fits."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        text = f"Until {self._words}" if self._words else "Until…"
        room = max(self.width() - _ROOM_FOR_FRAME, 0)
        self.setText(self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room))
