"""The icons of all controls: drawn as SVG, in the colours of the palette, when they are painted.

To add one, draw ``resources/icons/NAME.svg`` on 24 by 24 units in ``currentColor``, and give it a
member of `Icon`.
"""

from enum import Enum

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QIcon,
    QIconEngine,
    QImageReader,
    QPainter,
    QPalette,
    QPixmap,
    QPixmapCache,
)

import resources

_Role = QPalette.ColorRole


class Icon(Enum):
    """Every icon; its value is the name of its file."""

    PLAY = "play"
    PAUSE = "pause"
    STOP = "stop"
    STEP = "step"
    RESTART = "restart"
    SEARCH = "search"
    HELP = "help"
    EXPORT = "export"
    CLOSE = "close"
    FLOAT = "float"
    CHEVRON_DOWN = "chevron-down"
    CHEVRON_RIGHT = "chevron-right"
    CHEVRON_UP = "chevron-up"
    STAR = "star"
    STAR_FILLED = "star-filled"
    CHECK = "check"
    DASH = "dash"
    COPY = "copy"
    EYE = "eye"
    EYE_OFF = "eye-off"
    UNDO = "undo"
    REDO = "redo"
    OPEN = "open"
    SAVE = "save"
    INFO = "info"
    WARNING = "warning"
    FUTURES = "futures"


def make_icon(icon: Icon, role: QPalette.ColorRole = _Role.ButtonText) -> QIcon:
    """Return an icon that is drawn when it is painted, in the palette's colour at that time.

    Parameters
    ----------
    icon : Icon
    role : QPalette.ColorRole
        Its colour. In the mode `Selected` it is `HighlightedText`, for the accent colour as ground.
    """
    return QIcon(_Engine(icon, role))


def draw_icon(painter: QPainter, icon: Icon, place: QRectF, colour: QColor) -> None:
    """Draw an icon as large as fits into the middle of a rectangle.

    Parameters
    ----------
    painter : QPainter
    icon : Icon
    place : QRectF
        In the painter's units.
    colour : QColor
    """
    ratio = painter.device().devicePixelRatioF()
    pixels = round(min(place.width(), place.height()) * ratio)
    if pixels < 1:
        return
    pixmap = _pixmap(icon, pixels, colour)
    pixmap.setDevicePixelRatio(ratio)
    size = pixels / ratio
    corner = place.center() - QPointF(size / 2, size / 2)
    # On whole pixels of the screen, its lines stay sharp.
    whole = QPointF(round(corner.x() * ratio), round(corner.y() * ratio)) / ratio
    painter.drawPixmap(whole, pixmap)


class _Engine(QIconEngine):
    """Draws an icon in the colour that the application's palette has now.

    It has no `clone`: PySide cannot hand a copy over to Qt, which asks for one only when a pixmap
    is added to an icon.
    """

    def __init__(self, icon: Icon, role: QPalette.ColorRole) -> None:
        super().__init__()
        self._icon, self._role = icon, role

    def _colour(self, mode: QIcon.Mode) -> QColor:
        groups, modes = QPalette.ColorGroup, QIcon.Mode
        group = groups.Disabled if mode == modes.Disabled else groups.Active
        role = _Role.HighlightedText if mode == modes.Selected else self._role
        return QGuiApplication.palette().color(group, role)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, _state: QIcon.State) -> None:
        """Draw the icon into a rectangle."""
        draw_icon(painter, self._icon, QRectF(rect), self._colour(mode))

    def pixmap(self, size: QSize, mode: QIcon.Mode, _state: QIcon.State) -> QPixmap:
        """Return the icon in a size that is given in pixels of the screen."""
        pixels = max(min(size.width(), size.height()), 1)
        return _pixmap(self._icon, pixels, self._colour(mode))


def _pixmap(icon: Icon, pixels: int, colour: QColor) -> QPixmap:
    """Return an icon in a square of so many pixels; Qt's cache keeps it."""
    key = f"dinogui/{icon.value}/{pixels}/{colour.name(QColor.NameFormat.HexArgb)}"
    pixmap = QPixmap()
    if QPixmapCache.find(key, pixmap):
        return pixmap
    solid = QColor(colour).name().encode()
    data = QByteArray(resources.symbol_bytes(icon.value).replace(b"currentColor", solid))
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(b"svg"))
    reader.setScaledSize(QSize(pixels, pixels))
    pixmap = QPixmap(pixels, pixels)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setOpacity(colour.alphaF())
    painter.drawImage(0, 0, reader.read())
    painter.end()
    QPixmapCache.insert(key, pixmap)
    return pixmap
