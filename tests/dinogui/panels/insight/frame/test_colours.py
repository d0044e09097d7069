import numpy as np
import pytest
from PySide6.QtGui import QColor

from dinogui.common.theme import DARK, LIGHT
from dinogui.panels.insight.frame.colours import NOT_FINITE, colour_maps, luminance, reach_of

MACHADO_DEUTERANOPIA = np.array(
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]]
)
"""Linear RGB as seen without green cones (Machado, Oliveira and Fernandes, 2009)."""

THEMES = pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])


def lightness(table):
    """Return L* of sRGB colours, 0 to 100."""
    linear = (table[:, :3] / 255.0) ** 2.2
    y = linear @ [0.2126, 0.7152, 0.0722]
    return 116 * np.cbrt(np.maximum(y, 1e-4)) - 16


def rgba(name):
    """Return a colour of the theme as red, green, blue, opacity."""
    return QColor(name).getRgb()


@THEMES
def test_sizes_differ_in_lightness_and_nothing_has_the_colour_of_the_card(colours):
    table = colour_maps(colours).one_sided
    assert tuple(table[0]) == rgba(colours.base)
    steps = np.diff(lightness(table)) * (1 if colours is DARK else -1)
    assert steps.min() > -0.1
    assert abs(lightness(table)[-1] - lightness(table)[0]) > 55


@THEMES
def test_zero_has_the_colour_of_the_card_and_the_signs_are_blue_and_orange(colours):
    table = colour_maps(colours).diverging_table
    (zero,) = colour_maps(colours).diverging(np.array([0.0]), 1.0)
    assert np.abs(zero.astype(int) - rgba(colours.base)).max() <= 2
    assert tuple(table[0]) == rgba(colours.accent)
    assert tuple(table[-1]) == rgba(colours.second)
    from_card = np.abs(lightness(table) - lightness(table[[127]]))
    assert from_card.argmin() in range(118, 138), "what differs from zero stands out"
    assert from_card[[0, -1]].min() > 30


@THEMES
def test_signs_can_be_distinguished_with_colour_blindness(colours):
    table = colour_maps(colours).diverging_table[:, :3] / 255.0
    seen = np.clip((table**2.2) @ MACHADO_DEUTERANOPIA.T, 0, 1)
    assert seen[0, 2] - seen[0, 0] > 0.3, "below zero is blue"
    assert seen[-1, 0] - seen[-1, 2] > 0.3, "above zero is not"


@THEMES
def test_zero_is_in_the_middle_and_values_out_of_range_are_clipped(colours):
    maps = colour_maps(colours)
    pixels = maps.diverging(np.array([[-9.0, -2.0, 0.0, 2.0, 9.0]]), 2.0)[0]
    table = maps.diverging_table
    np.testing.assert_array_equal(pixels[[0, 1, 3, 4]], table[[0, 0, -1, -1]])
    assert any((pixels[2] == shade).all() for shade in table[126:130])


@THEMES
@pytest.mark.parametrize(
    "colour",
    [
        lambda maps, values: maps.sequential(values, 0.0, 1.0),
        lambda maps, values: maps.diverging(values, 1.0),
        lambda maps, values: maps.logarithmic(values, 1e-3, 1.0),
    ],
)
def test_values_that_are_not_finite_have_a_colour_of_their_own(colour, colours):
    maps = colour_maps(colours)
    pixels = colour(maps, np.array([[np.nan, np.inf, -np.inf, 0.5]]))[0]
    assert [tuple(pixel) == NOT_FINITE for pixel in pixels][:2] == [True, True]
    assert tuple(pixels[3]) != NOT_FINITE
    for table in (maps.one_sided, maps.diverging_table):
        apart = np.abs(table[:, :3].astype(int) - NOT_FINITE[:3]).sum(axis=1)
        assert apart.min() > 100


def test_magnitudes_on_a_logarithmic_scale():
    maps = colour_maps(LIGHT)
    pixels = maps.logarithmic(np.array([[0.0, 1e-9, 1e-4, 1e-2, 1.0]]), 1e-4, 1.0)[0]
    table = maps.one_sided
    np.testing.assert_array_equal(pixels[[0, 1, 2, 4]], table[[0, 0, 0, -1]])
    assert any((pixels[3] == shade).all() for shade in table[126:130])


def test_the_range_covers_the_finite_values():
    assert reach_of(np.array([1.0, -3.0, np.nan, np.inf])) == 3.0
    assert reach_of(np.zeros(3)) == 1.0
    assert reach_of(np.array([np.nan])) == 1.0


def test_the_luminance_is_that_of_the_accessibility_guidelines():
    pixels = np.array([[255, 255, 255, 255], [0, 0, 0, 255], [119, 119, 119, 255]], np.uint8)
    # WCAG: #777777 has a contrast of 4.48 with white.
    np.testing.assert_allclose(luminance(pixels), [1, 0, 1.05 / 4.48 - 0.05], atol=1e-3)
