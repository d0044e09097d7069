"""A handle from which the melody is dragged into other programs, as a MIDI file."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QSize, Qt, QTemporaryDir, QUrl
from PySide6.QtGui import QDrag, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from dinogui.common.theme import SPACE

_DOTS = (2, 4)
"""Columns and rows."""

_FILE_NAME = "melody.mid"


class MidiHandle(QWidget):
    """Is dragged: another program that takes files receives the melody.

    Parameters
    ----------
    content : callable
        Returns the MIDI file, or None if there is no melody.
    """

    def __init__(self, content: Callable[[], bytes | None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content = content
        self._pressed_at: QPoint | None = None
        self._folder: QTemporaryDir | None = None  # files in it are there until the window closes
        self._count = 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setAccessibleName("Drag the MIDI file")
        self.setToolTip(
            "Drag this into another program: it receives the melody as a MIDI file. By keyboard, "
            "save it with File > Save the melody as"
        )

    def sizeHint(self) -> QSize:
        """Return the size of a narrow button."""
        return QSize(6 * SPACE, max(32, self.fontMetrics().height() + 3 * SPACE))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Note where a drag may begin."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = event.position().toPoint()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Note that nothing is dragged."""
        self._pressed_at = None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Begin the drag."""
        begin = self._pressed_at
        if begin is None:
            return
        way = (event.position().toPoint() - begin).manhattanLength()
        if way >= QApplication.startDragDistance():
            self._pressed_at = None
            data = self.dragged()
            if data is not None:
                drag = QDrag(self)
                drag.setMimeData(data)
                drag.exec(Qt.DropAction.CopyAction)

    def dragged(self) -> QMimeData | None:
        """Write the file, and return what is dragged; None if there is no melody."""
        content = self._content()
        if content is None:
            return None
        if self._folder is None:
            self._folder = QTemporaryDir()
        # The other program may still be reading the file before.
        self._count += 1
        folder = Path(self._folder.filePath(str(self._count)))
        folder.mkdir()
        path = folder / _FILE_NAME
        path.write_bytes(content)
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        return data

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the dots of a grip."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        role = QPalette.ColorRole.PlaceholderText
        painter.setBrush(self.palette().color(role))
        columns, rows = _DOTS
        gap = 3 * SPACE // 2
        left = (self.width() - (columns - 1) * gap) / 2
        top = (self.height() - (rows - 1) * gap) / 2
        for column in range(columns):
            for row in range(rows):
                painter.drawEllipse(
                    round(left + column * gap) - 1, round(top + row * gap) - 1, 3, 3
                )
        painter.end()
