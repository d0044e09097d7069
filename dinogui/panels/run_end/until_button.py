"""The button that shows when a run ends by itself, and opens the form that sets it."""

from PySide6.QtCore import QPoint, QSize, Qt, Slot
from PySide6.QtWidgets import (
    QMenu,
    QSizePolicy,
    QStyleOptionToolButton,
    QToolButton,
    QWidget,
    QWidgetAction,
)

from dinogui.panels.run_end.until_form import UntilForm
from dinogui.widgets.elision import elided_text
from engine.training.ending import Ended, Until

_ROOM_FOR_FRAME = 28
_MOST_CHARACTERS, _LEAST_CHARACTERS = 42, 6


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
        self.form = UntilForm()
        self._short = ""
        self.menu_ = QMenu(self)
        action = QWidgetAction(self.menu_)
        action.setDefaultWidget(self.form)
        self.menu_.addAction(action)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self.open)
        self.show_until(self.form.until)

    def show_until(self, until: Until) -> None:
        """Show the conditions in force, of a run that has met none of them."""
        self.form.show_until(until)
        self.show_standing(until, None)

    def show_standing(self, left: Until, ended: Ended | None) -> None:
        """Show how the run stands to the conditions in force.

        Parameters
        ----------
        left : Until
            Those that can still end the run.
        ended : Ended or None
            Set if the run has ended by one of them, and has not gone on.
        """
        unit = self.form.unit
        words, until = left.describe(unit), self.form.until.describe(unit)
        short = ""
        if ended is not None:
            text, tip = f"Ended at {ended.step:,}", ended.sentence()
        elif words:
            text, tip = f"Until {words}", f"The run ends by itself: {words}."
            short = f"Until {_in_few_words(left)}"
        elif until:
            text = f"Past {until}"
            tip = f"The run has gone on beyond its end, {until}, and no longer ends by itself."
        else:
            text, tip = "Until…", "The run has no end."
        if text != self.text():
            self._short = short or text
            self.setText(text)
            self.setToolTip(f"{tip} Click to change that")
            self.setAccessibleName(text if ended or words or until else "Until: no end is set")

    def sizeHint(self) -> QSize:
        """Return the room of the conditions, in fewer words if they are too long."""
        metrics = self.fontMetrics()
        most = _MOST_CHARACTERS * metrics.averageCharWidth()
        most = min(most, max(self.maximumWidth() - _ROOM_FOR_FRAME, 0))
        width = min(metrics.horizontalAdvance(self._fitting(most)), most) + _ROOM_FOR_FRAME
        return QSize(width, super().sizeHint().height())

    def _fitting(self, room: int) -> str:
        """Return the text in as many words as fit into a width in pixels, or in the fewest."""
        is_whole = self.fontMetrics().horizontalAdvance(self.text()) <= room
        return self.text() if is_whole else self._short

    def minimumSizeHint(self) -> QSize:
        """Return the room of some letters, so that a long text never widens the column."""
        least = _LEAST_CHARACTERS * self.fontMetrics().averageCharWidth() + _ROOM_FOR_FRAME
        return QSize(min(least, self.sizeHint().width()), self.sizeHint().height())

    @Slot()
    def open(self) -> None:
        """Open the form."""
        self.menu_.popup(self.mapToGlobal(QPoint(0, self.height())))
        self.form.rows["steps"].tick.setFocus(Qt.FocusReason.PopupFocusReason)

    def initStyleOption(self, option: QStyleOptionToolButton) -> None:
        """Paint as much of the conditions as fits."""
        super().initStyleOption(option)
        room = max(self.width() - _ROOM_FOR_FRAME, 0)
        option.text = elided_text(self._fitting(room), self.fontMetrics(), room)


def _in_few_words(until: Until) -> str:
    """Return conditions as `Until.describe` does, in fewer words."""
    parts = []
    if until.steps is not None:
        parts.append(f"{until.steps:,} steps")
    if until.minutes is not None:
        parts.append(f"{until.minutes:.3g} min")
    if until.loss is not None:
        parts.append(f"loss {until.loss:.3g}")
    if until.patience is not None:
        parts.append(f"no gain in {until.patience:,}")
    return " or ".join(parts)
