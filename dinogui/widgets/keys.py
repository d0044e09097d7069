"""Who gets a key: the window, or the widget that has the focus.

Qt asks the focused widget with a ShortcutOverride event whether it wants a key for itself before
the window's shortcut gets it.
"""

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDockWidget,
    QPushButton,
    QToolButton,
    QWidget,
)
from shiboken6 import isValid

from dinogui.common.documented_keys import DocumentedKeys

KEYS = DocumentedKeys(
    "Main window",
    (
        ("Tab, Shift+Tab", "Go to the next or the previous control"),
        ("Enter", "Press the button, or open the list that has the focus"),
        ("Left, Right", "Go through tabs and choices"),
    ),
)

_UNDO_KEYS = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)
_PRESSING_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_KEY_EVENTS = (QEvent.Type.KeyPress, QEvent.Type.KeyRelease)


def is_claim_of_space(event: QEvent) -> bool:
    """Whether Qt asks a widget if it wants the space bar for itself."""
    return (
        event.type() == QEvent.Type.ShortcutOverride
        and isinstance(event, QKeyEvent)
        and event.key() == Qt.Key.Key_Space
    )


def is_claim_of_escape(event: QEvent) -> bool:
    """Whether Qt asks a widget if it wants Escape for itself."""
    return (
        event.type() == QEvent.Type.ShortcutOverride
        and isinstance(event, QKeyEvent)
        and event.key() == Qt.Key.Key_Escape
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


def clear_lost_focus(window: QWidget) -> bool:
    """Clear the focus of a window if its focused part has been hidden or disabled.

    Qt would move it to the next part, which may be a box that keys are typed into, or a button that
    Enter then presses. Nobody has asked for that: without a focus, the window's own keys work.

    Returns
    -------
    bool
        Whether the focus was cleared.
    """
    focused = window.focusWidget()
    if focused is None or (focused.isVisible() and focused.isEnabled()):
        return False
    focused.clearFocus()
    return True


class ButtonKeys(QObject):
    """Lets Enter press the focused button or open the focused combo box, in place of the space bar.

    The space bar is a shortcut of the whole window. Buttons and combo boxes never get it, not even
    while the shortcut is disabled, so that one key cannot do two things. Dialogs keep Qt's keys.

    Lives in the GUI thread.

    Parameters
    ----------
    window : QWidget
        The parent. Its floating docks belong to it.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._focused: QWidget | None = None
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._follow)

    @Slot(QWidget, QWidget)
    def _follow(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Filter the events of the widget that has the focus, and of no other."""
        if self._focused is not None and isValid(self._focused):  # not one that is being deleted
            self._focused.removeEventFilter(self)
        self._focused = now if now is not None and self._is_concerned(now) else None
        if self._focused is not None:
            self._focused.installEventFilter(self)

    def _is_concerned(self, part: QWidget) -> bool:
        top = part.window()
        holder = top.parentWidget() if isinstance(top, QDockWidget) else None
        is_inside = top is self._window or (holder is not None and holder.window() is self._window)
        is_list = isinstance(part, QComboBox) and not part.isEditable()
        return is_inside and (is_list or isinstance(part, QAbstractButton))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Press the focused widget with Enter, and keep the space bar from it."""
        if event.type() in _KEY_EVENTS and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Space:
                return True
            if event.key() in _PRESSING_KEYS:
                if event.type() == QEvent.Type.KeyPress and not event.isAutoRepeat():
                    _press(watched)
                return True
        return super().eventFilter(watched, event)


def _press(part: QObject) -> None:
    """Do what a click does."""
    if isinstance(part, QComboBox):
        part.showPopup()
    elif isinstance(part, QToolButton | QPushButton) and part.menu() is not None:
        part.showMenu()
    elif isinstance(part, QAbstractButton):
        part.click()
