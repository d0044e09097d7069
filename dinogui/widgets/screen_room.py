"""The room on the screen for a window that opens over another one."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget


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
