"""Who gets the keys of undo and redo: the window, unless a box is being typed in."""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeyEvent, QKeySequence

_KEYS = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)


def is_claim_of_undo(event: QEvent) -> bool:
    """Whether a widget is asked if it wants the keys of undo or redo for itself.

    Boxes for what the window can undo want them while something is typed that was not taken yet.
    """
    return (
        event.type() == QEvent.Type.ShortcutOverride
        and isinstance(event, QKeyEvent)
        and any(map(event.matches, _KEYS))
    )
