"""The window's style: roles follow the theme, and controls can be seen in light and dark."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QLabel,
    QPushButton,
    QRadioButton,
    QStyle,
    QStyleOptionButton,
    QToolButton,
)

from dinogui.common.style import WindowStyle
from dinogui.common.theme import DARK, LIGHT, Theme

SCHEMES = [(Qt.ColorScheme.Light, LIGHT), (Qt.ColorScheme.Dark, DARK)]


@pytest.fixture
def theme(qapp):
    """Return a theme whose style is in use."""
    theme = Theme(qapp)
    qapp.setStyle(WindowStyle(theme))
    yield theme
    theme.choose(Qt.ColorScheme.Unknown)


def pixels(widget):
    image = widget.grab().toImage()
    return {
        image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
    }


def shown(qtbot, widget):
    qtbot.addWidget(widget)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def test_no_style_sheet_is_in_use(window):
    assert QApplication.instance().styleSheet() == ""


@pytest.mark.parametrize(("scheme", "colours"), SCHEMES)
def test_roles_have_the_colours_of_the_theme_and_follow_it(theme, qtbot, scheme, colours):
    faint, error = QLabel("faint"), QLabel("error")
    for label in (faint, error):
        label.setProperty("role", label.text())
        shown(qtbot, label)
    theme.choose(scheme)
    role = QPalette.ColorRole.WindowText
    assert faint.palette().color(role) == QColor(colours.faint_text)
    assert error.palette().color(role) == QColor(colours.error)
    error.setProperty("role", "")
    error.style().polish(error)
    assert error.palette().color(role) == QColor(colours.text)


def test_headings_and_figures_grow_with_the_text(theme, qtbot):
    figure, plain = QLabel("1.71"), QLabel("nats")
    figure.setProperty("role", "figure")
    for label in (figure, plain):
        shown(qtbot, label)
    first = figure.font().pointSizeF()
    assert first == pytest.approx(plain.font().pointSizeF() * 24 / 13)
    theme.scale_text(2.0)
    assert figure.font().pointSizeF() == pytest.approx(2 * first)
    theme.scale_text(1.0)
    assert figure.font().pointSizeF() == pytest.approx(first)


@pytest.mark.parametrize(("scheme", "colours"), SCHEMES)
def test_check_boxes_and_buttons_can_be_seen(theme, qtbot, scheme, colours):
    theme.choose(scheme)
    box = shown(qtbot, QCheckBox())
    box.clearFocus()
    assert QColor(colours.accent).name() not in pixels(box)
    box.setChecked(True)
    assert QColor(colours.accent).name() in pixels(box)
    button = shown(qtbot, QPushButton("Save"))
    assert QColor(colours.border).name() in pixels(button)


@pytest.mark.parametrize(("scheme", "colours"), SCHEMES)
def test_the_icons_of_docks_have_the_colour_of_text(theme, scheme, colours):
    theme.choose(scheme)
    for icon in (
        QStyle.StandardPixmap.SP_TitleBarNormalButton,
        QStyle.StandardPixmap.SP_TitleBarCloseButton,
    ):
        image = QApplication.style().standardIcon(icon).pixmap(32, 32).toImage()
        inked = {
            image.pixelColor(x, y).name()
            for x in range(image.width())
            for y in range(image.height())
            if image.pixelColor(x, y).alpha() == 255
        }
        assert QColor(colours.text).name() in inked


def test_check_boxes_and_icons_grow_with_the_text(theme, qtbot):
    box, radio = shown(qtbot, QCheckBox("live")), shown(qtbot, QRadioButton("all"))

    def sizes():
        option = QStyleOptionButton()
        part = QStyle.SubElement
        found = []
        for widget, element in (
            (box, part.SE_CheckBoxIndicator),
            (radio, part.SE_RadioButtonIndicator),
        ):
            widget.initStyleOption(option)
            found.append(widget.style().subElementRect(element, option, widget).height())
        return [*found, QToolButton().iconSize().height()]

    before = sizes()
    theme.scale_text(2.0)
    assert sizes() == [pytest.approx(2 * size, rel=0.15) for size in before]
    theme.scale_text(1.0)
    assert sizes() == before


def test_the_buttons_of_dialogs_have_words_alone(theme):
    kinds = QStyle.StandardPixmap
    for kind in ("Ok", "Cancel", "Close", "Reset"):
        icon = getattr(kinds, f"SP_Dialog{kind}Button")
        assert QApplication.style().standardIcon(icon).isNull(), kind
    assert not QApplication.style().standardIcon(kinds.SP_MessageBoxWarning).isNull()
