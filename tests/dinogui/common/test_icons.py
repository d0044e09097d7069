"""The icons: sharp, in the colours of the palette, and drawn only when they are painted."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPixmapCache
from PySide6.QtWidgets import QMenu, QToolButton

import dinogui
import resources
from dinogui.common.icons import Icon, make_icon
from dinogui.common.style import WindowStyle
from dinogui.common.theme import DARK, LIGHT, Theme
from dinogui.widgets.buttons.icon_button import IconButton

SCHEMES = [(Qt.ColorScheme.Light, LIGHT), (Qt.ColorScheme.Dark, DARK)]
FOLDER = Path(resources.__file__).parent / "icons"
SOURCES = Path(dinogui.__file__).parent


@pytest.fixture
def theme(qapp):
    """Return a theme whose style is in use."""
    theme = Theme(qapp)
    qapp.setStyle(WindowStyle(theme))
    yield theme
    theme.choose(Qt.ColorScheme.Unknown)


def solid(image):
    """Return the colours of all pixels that are not transparent at all."""
    places = ((x, y) for x in range(image.width()) for y in range(image.height()))
    colours = (image.pixelColor(x, y) for x, y in places)
    return {colour.name() for colour in colours if colour.alpha() == 255}


def luminance(name):
    """Return the relative luminance of a colour, by WCAG 2."""
    parts = (QColor(name).redF(), QColor(name).greenF(), QColor(name).blueF())
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def are_all(name, inks):
    """Whether there are inks, and all are a colour, but for the rounding of edges that overlap."""
    wanted = QColor(name).getRgb()
    pairs = [zip(QColor(ink).getRgb(), wanted, strict=True) for ink in inks]
    return bool(pairs) and all(abs(one - other) <= 3 for pair in pairs for one, other in pair)


def test_each_icon_has_its_file_and_each_file_is_in_use():
    files = {file.stem for file in FOLDER.glob("*.svg")} - {"dinogui"}
    assert files == {icon.value for icon in Icon}
    sources = "".join(
        file.read_text("utf-8") for file in SOURCES.rglob("*.py") if file.name != "icons.py"
    )
    used = set(re.findall(r"(?<!Q)\bIcon\.([A-Z_]+)\b", sources))
    assert used == {icon.name for icon in Icon}


@pytest.mark.parametrize("icon", Icon)
def test_an_icon_is_drawn_by_one_rule(icon):
    drawing = resources.symbol_bytes(icon.value).decode()
    assert 'viewBox="0 0 24 24"' in drawing
    assert 'stroke-linecap="round"' in drawing
    assert "currentColor" in drawing
    assert "#" not in drawing  # no colour of its own


def test_no_sign_of_a_font_stands_for_an_icon():
    signs = re.compile('[✓✔✕✖❚▶▸▾▴★☆⚠⏸]|"×"')
    found = [file.name for file in SOURCES.rglob("*.py") if signs.search(file.read_text("utf-8"))]
    assert found == []


@pytest.mark.parametrize(("scheme", "colours"), SCHEMES)
@pytest.mark.parametrize("icon", Icon)
def test_an_icon_can_be_seen_on_cards_and_on_the_accent_colour(theme, scheme, colours, icon):
    theme.choose(scheme)
    shown = make_icon(icon).pixmap(QSize(16, 16), 2.0)
    assert (shown.size(), shown.devicePixelRatio()) == (QSize(32, 32), 2.0)
    assert are_all(colours.text, solid(shown.toImage()))
    assert contrast(colours.text, colours.base) >= 3
    on_accent = make_icon(icon).pixmap(QSize(32, 32), QIcon.Mode.Selected)
    assert are_all(colours.accent_text, solid(on_accent.toImage()))
    assert contrast(colours.accent_text, colours.accent) >= 3


@pytest.mark.parametrize("size", [16, 32])
def test_a_disabled_icon_is_fainter(theme, size):
    icon = make_icon(Icon.PLAY)
    usual = icon.pixmap(size, size).toImage().pixelColor(size // 2, size // 2)
    disabled = icon.pixmap(size, size, QIcon.Mode.Disabled).toImage()
    assert usual.alpha() == 255
    assert 0 < disabled.pixelColor(size // 2, size // 2).alpha() < 255


def test_an_icon_follows_a_change_of_the_theme(theme, qtbot):
    button = IconButton(Icon.CLOSE, "Close", "Close this")
    qtbot.addWidget(button)
    with qtbot.waitExposed(button):
        button.show()
    for scheme, colours in SCHEMES:
        theme.choose(scheme)
        assert colours.text in solid(button.grab().toImage())


def test_a_button_with_an_icon_speaks_in_words_and_has_no_second_arrow(theme, qtbot):
    button = IconButton(Icon.CHEVRON_DOWN, "Choose a name", "Choose one")
    qtbot.addWidget(button)
    assert (button.text(), button.accessibleName(), button.toolTip()) == (
        "",
        "Choose a name",
        "Choose one",
    )
    before = button.grab().toImage()
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    button.setMenu(QMenu(button))
    assert button.grab().toImage() == before


def test_nothing_is_read_before_an_icon_is_painted(qapp, monkeypatch):
    read = []
    original = resources.symbol_bytes
    monkeypatch.setattr(resources, "symbol_bytes", lambda name: read.append(name) or original(name))
    QPixmapCache.clear()
    icon = make_icon(Icon.SAVE)
    assert read == []
    icon.pixmap(16, 16)
    icon.pixmap(16, 16)
    assert read == ["save"]


def test_qt_s_module_for_svg_is_not_imported_in_python():
    code = "import sys, dinogui.common.icons; print('PySide6.QtSvg' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip() == "False"
