import itertools

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette

from dinogui.common.theme import DARK, LIGHT, Theme


def contrast(one, other):
    """Return the contrast ratio of two colours, as defined by WCAG 2.1."""

    def luminance(colour):
        channels = QColor(colour).getRgbF()[:3]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_all_text_has_enough_contrast(colours):
    for text, ground in itertools.product(
        (colours.text, colours.faint_text), (colours.window, colours.base, colours.button)
    ):
        assert contrast(text, ground) >= 4.5
    assert contrast(colours.warning_text, colours.warning) >= 4.5
    assert contrast(colours.accent_text, colours.accent) >= 4.5
    for ground in (colours.window, colours.base):
        assert contrast(colours.error, ground) >= 4.5


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_every_colour_of_text_can_be_read_on_every_ground_of_cards_and_chips(colours):
    for text, ground in itertools.product(
        (colours.text, colours.faint_text, colours.accent, colours.good, colours.error),
        (colours.window, colours.base, colours.alternate),
    ):
        assert contrast(text, ground) >= 4.5, (text, ground)
    for line in (colours.outline, colours.second, colours.held_out):
        assert contrast(line, colours.base) >= 3.0, line


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_curves_have_enough_contrast(colours):
    for curve in (colours.smoothed, colours.held_out, colours.guessing):
        assert contrast(curve, colours.base) >= 3.0
    assert contrast(colours.raw, colours.window) >= 1.4, "faint, but visible in the legend"


def test_widgets_and_plot_have_the_same_colours(window, qapp):
    for scheme, colours in ((Qt.ColorScheme.Dark, DARK), (Qt.ColorScheme.Light, LIGHT)):
        window.actions_.schemes[scheme].trigger()
        assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(colours.window)
        assert window.loss_plot.plot.backgroundBrush().color() == QColor(colours.base)


def test_the_theme_follows_the_palette_where_the_platform_reports_no_scheme(qapp):
    for window_colour, expected in (("#101010", DARK), ("#f0f0f0", LIGHT)):
        qapp.setPalette(QPalette(QColor(window_colour)))
        assert Theme(qapp).colours is expected
