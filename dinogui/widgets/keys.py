"""Who gets a key: the window, or the widget that has the focus.

Qt asks the focused widget with a ShortcutOverride event whether it wants a key for itself before
the window's shortcut gets it.
"""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QComboBox, QWidget

_UNDO_KEYS = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)


def is_claim_of_space(event: QEvent) -> bool:
    """Whether Qt asks a widget if it wants the space bar for itself."""
    return (
        event.type() == QEvent.Type.ShortcutOverride
        and isinstance(event, QKeyEvent)
        and event.key() == Qt.Key.Key_Space
    )


def is_claim_of_undo(event: QEvent) -> bool:
    """Whether Qt asks a widget if it wants the keys of undo or redo for itself.

    A box whose changes the window can undo wants them only while its text is unfinished.
    """
    return (
        event.type() == QEvent.Type.ShortcutOverride
        and isinstance(event, QKeyEvent)
        and any(map(event.matches, _UNDO_KEYS))
    )


class SpaceKeeper(QObject):
    """Lets buttons and combo boxes keep the space bar while they have the focus.

    A shortcut of the whole window would take it from them. In return, they take the focus by Tab
    only: after a click on a button, the space bar still belongs to the window.

    Lives in the GUI thread.
    """

    def keep(self, window: QWidget) -> None:
        """Look after all buttons and combo boxes in a window."""
        for kind in (QAbstractButton, QComboBox):
            for part in window.findChildren(kind):
                if part.focusPolicy() != Qt.FocusPolicy.NoFocus:
                    part.setFocusPolicy(Qt.FocusPolicy.TabFocus)
                part.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Claim the space bar for the widget that has the focus."""
        if is_claim_of_space(event):
            event.accept()
            return True
        return super().eventFilter(watched, event)
