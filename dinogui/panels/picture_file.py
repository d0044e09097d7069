"""Saves what a widget shows to a file, and copies tables to the clipboard."""

from collections.abc import Iterable

from PySide6.QtCore import QBuffer, QIODevice, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QWidget

from engine.storage.csv_text import csv_line
from engine.storage.files import atomic_writer

FILTERS = "Picture, PNG (*.png);;Drawing, SVG (*.svg)"

_MARGIN = 8
"""Pixels beside and below a note."""

_WRAPPED = int(Qt.TextFlag.TextWordWrap)


class ExportError(OSError):
    """A picture could not be saved. The message is a sentence for people."""


def save_picture(part: QWidget, path: str, note: str = "") -> None:
    """Save what a widget shows: as SVG if the path ends in ``.svg``, else as PNG.

    An existing file is replaced only once the new one is complete.

    Parameters
    ----------
    part : QWidget
    path : str
    note : str
        Is written below the picture, in as many lines as it needs.

    Raises
    ------
    ExportError
        If the file cannot be written.
    """
    is_svg = path.lower().endswith(".svg")
    content = _svg(part, note) if is_svg else png_of(part, note)
    try:
        with atomic_writer(path) as file:
            file.write(content)
    except OSError as error:
        raise ExportError(
            f"The picture cannot be written to “{path}”: {error.strerror or error}. "
            "Choose another place."
        ) from error


def png_of(part: QWidget, note: str = "") -> bytes:
    """Return what a widget shows as PNG, with a note below it if there is one."""
    picture = part.grab()
    if note:
        room = _room_of(note, part)
        share = picture.devicePixelRatio()
        whole = QPixmap(QSize(part.width(), room.bottom() + 1) * share)
        whole.setDevicePixelRatio(share)
        painter = QPainter(whole)
        painter.fillRect(QRect(QPoint(), room.bottomRight() + QPoint(_MARGIN, 1)), _ground(part))
        painter.drawPixmap(0, 0, picture)
        _write(note, room, part, painter)
        painter.end()
        picture = whole
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")
    return bytes(buffer.data().data())


def _svg(part: QWidget, note: str) -> bytes:
    # Imported here, because it is needed only when a drawing is saved.
    from PySide6.QtSvg import QSvgGenerator

    room = _room_of(note, part)
    whole = QRect(0, 0, part.width(), room.bottom() + 1 if note else part.height())
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    drawing = QSvgGenerator()
    drawing.setOutputDevice(buffer)
    drawing.setSize(whole.size())
    drawing.setViewBox(whole)
    drawing.setResolution(part.logicalDpiX())
    drawing.setTitle(part.accessibleName())
    painter = QPainter(drawing)
    if note:
        painter.fillRect(whole, _ground(part))
    part.render(painter, QPoint())
    if note:
        _write(note, room, part, painter)
    painter.end()
    return bytes(buffer.data().data())


def _room_of(note: str, part: QWidget) -> QRect:
    """Return where a note stands below a picture, with some room below it, in pixels."""
    width = part.width() - 2 * _MARGIN
    needed = part.fontMetrics().boundingRect(QRect(0, 0, width, 10_000), _WRAPPED, note)
    return QRect(_MARGIN, part.height(), width, needed.height() + _MARGIN)


def _write(note: str, room: QRect, part: QWidget, painter: QPainter) -> None:
    painter.setFont(part.font())
    painter.setPen(part.palette().color(QPalette.ColorRole.PlaceholderText))
    painter.drawText(room, _WRAPPED, note)


def _ground(part: QWidget) -> QColor:
    return part.palette().color(part.backgroundRole())


def copy_table(rows: Iterable[Iterable[object]]) -> None:
    """Copy a table as CSV, with all digits of its numbers."""
    QGuiApplication.clipboard().setText("".join(map(csv_line, rows)))
