"""What the tests of cards share."""

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QVBoxLayout, QWidget


@pytest.fixture
def show(qtbot):
    """Return a function that shows a widget alone in a window."""

    holders = []  # Python would delete them otherwise

    def show(widget):
        holder = QWidget()
        holders.append(holder)
        layout = QVBoxLayout(holder)
        layout.addWidget(widget)
        qtbot.addWidget(holder)
        with qtbot.waitActive(holder):
            holder.show()
            holder.activateWindow()
        return widget

    return show


@pytest.fixture
def coloured():
    """Return a function that returns the palette of a theme."""
    return _coloured


def _coloured(colours):
    role = QPalette.ColorRole
    palette = QPalette()
    for which, colour in (
        (role.Window, colours.base),
        (role.Base, colours.base),
        (role.AlternateBase, colours.alternate),
        (role.Mid, colours.border),
        (role.Highlight, colours.accent),
        (role.HighlightedText, colours.accent_text),
        (role.PlaceholderText, colours.faint_text),
    ):
        palette.setColor(which, QColor(colour))
    return palette


@pytest.fixture
def pixels():
    """Return a function that returns the colours that a widget paints, each once."""
    return _pixels


def _pixels(widget):
    image = widget.grab().toImage()
    return {
        image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
    }
