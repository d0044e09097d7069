"""Who gets the space bar: the window, unless a button that it works was reached by Tab."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QComboBox, QWidget


def is_claim_of_space(event: QEvent) -> bool:
    """Whether a widget is asked if it wants the space bar for itself."""
    return (
        event.type() == QEvent.Type.ShortcutOverride
        and isinstance(event, QKeyEvent)
        and event.key() == Qt.Key.Key_Space
    )


class SpaceKeeper(QObject):
    """Lets buttons and combo boxes keep the space bar while they have the focus.

    A window-wide shortcut would take it from them. They in turn take the focus by Tab only, so
    that who clicks a button and then presses Space speaks to the window.
    """

    def keep(self, window: QWidget) -> None:
        """Look after all buttons and combo boxes in a window."""
        for kind in (QAbstractButton, QComboBox):
            for part in window.findChildren(kind):
                if part.focusPolicy() != Qt.FocusPolicy.NoFocus:
                    part.setFocusPolicy(Qt.FocusPolicy.TabFocus)
                part.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Claim the space bar for the part that has the focus."""
        if is_claim_of_space(event):
            event.accept()
            return True
        return super().eventFilter(watched, event)
