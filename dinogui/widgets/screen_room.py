"""The room on the screen for a window: the main one, and those that open over it."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

_TITLE_BAR = 32
"""The usual height of a title bar, in pixels."""


def within_screen(size: QSize, below: QWidget) -> QSize:
    """Return the size, made smaller if a window of it would not fit on the screen with its frame.

    Parameters
    ----------
    size : QSize
        Without the frame, in pixels.
    below : QWidget
        A part of the window over which it opens. The frame of that one is likely to be as large.
    """
    window = below.window()
    frame = window.frameGeometry().size() - window.size()
    return size.boundedTo(below.screen().availableSize() - frame)


def fit_screen(window: QWidget) -> None:
    """Make a window smaller that is not shown yet and would not fit on its screen with its frame.

    Its frame is not known before it is shown, so there is room for a usual one.
    """
    room = window.screen().availableSize() - QSize(0, _TITLE_BAR)
    window.resize(window.size().boundedTo(room))
