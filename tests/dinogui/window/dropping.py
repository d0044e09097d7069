"""Drops files on a window, as somebody does with the mouse."""

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication


def drop(window, *paths):
    """Drop files on a window."""
    drop_urls(window, *(QUrl.fromLocalFile(str(path)) for path in paths))


def drop_urls(window, *urls):
    """Drop addresses on a window, which need not be those of files."""
    data = QMimeData()
    data.setUrls(list(urls))
    how = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton)
    none = Qt.KeyboardModifier.NoModifier
    # Qt delivers a drop only to a widget that accepted the drag.
    QApplication.sendEvent(window, QDragEnterEvent(QPoint(50, 50), *how, none))
    QApplication.sendEvent(window, QDropEvent(QPointF(50, 50), *how, none))
