"""Saves what a widget shows to a file, and copies tables to the clipboard."""

from collections.abc import Iterable

from PySide6.QtCore import QBuffer, QIODevice, QPoint, QSize
from PySide6.QtGui import QGuiApplication, QPainter
from PySide6.QtWidgets import QWidget

from engine.storage.csv_text import csv_line
from engine.storage.files import atomic_writer

FILTERS = "Picture, PNG (*.png);;Drawing, SVG (*.svg)"


class ExportError(OSError):
    """A picture could not be saved. The message is a sentence for people."""


def save_picture(part: QWidget, path: str) -> None:
    """Save what a widget shows: as SVG if the path ends in ``.svg``, else as PNG.

    An existing file is replaced only once the new one is complete.

    Raises
    ------
    ExportError
        If the file cannot be written.
    """
    is_svg = path.lower().endswith(".svg")
    content = _svg(part) if is_svg else png_of(part)
    try:
        with atomic_writer(path) as file:
            file.write(content)
    except OSError as error:
        raise ExportError(
            f"The picture cannot be written to “{path}”: {error.strerror or error}. "
            "Choose another place."
        ) from error


def png_of(part: QWidget) -> bytes:
    """Return what a widget shows as PNG."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    part.grab().save(buffer, "PNG")
    return bytes(buffer.data().data())


def _svg(part: QWidget) -> bytes:
    # Imported here, because it is needed only when a drawing is saved.
    from PySide6.QtSvg import QSvgGenerator

    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    drawing = QSvgGenerator()
    drawing.setOutputDevice(buffer)
    drawing.setSize(QSize(part.width(), part.height()))
    drawing.setViewBox(part.rect())
    drawing.setResolution(part.logicalDpiX())
    drawing.setTitle(part.accessibleName())
    painter = QPainter(drawing)
    part.render(painter, QPoint())
    painter.end()
    return bytes(buffer.data().data())


def copy_table(rows: Iterable[Iterable[object]]) -> None:
    """Copy a table as CSV, with all digits of its numbers."""
    QGuiApplication.clipboard().setText("".join(map(csv_line, rows)))
