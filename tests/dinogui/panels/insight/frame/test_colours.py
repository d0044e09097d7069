import numpy as np
import pytest

from dinogui.panels.insight.frame.colours import (
    NOT_FINITE,
    diverging,
    diverging_map,
    logarithmic,
    reach_of,
    sequential,
    sequential_map,
)

MACHADO_DEUTERANOPIA = np.array(
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]]
)
"""Linear RGB as seen without green cones (Machado, Oliveira and Fernandes, 2009)."""


def lightness(table):
    """Return L* of sRGB colours, 0 to 100."""
    linear = (table[:, :3] / 255.0) ** 2.2
    y = linear @ [0.2126, 0.7152, 0.0722]
    return 116 * np.cbrt(np.maximum(y, 1e-4)) - 16


def test_magnitudes_differ_in_lightness():
    steps = np.diff(lightness(sequential_map()))
    assert steps.min() > -0.1
    assert lightness(sequential_map())[[0, -1]] == pytest.approx([15, 91], abs=4)


def test_signs_can_be_distinguished_with_colour_blindness():
    table = diverging_map()[:, :3] / 255.0
    seen = np.clip((table**2.2) @ MACHADO_DEUTERANOPIA.T, 0, 1)
    assert seen[0, 2] - seen[0, 0] > 0.3, "below zero is blue"
    assert seen[-1, 0] - seen[-1, 2] > 0.3, "above zero is not"
    assert lightness(diverging_map()).argmax() in range(118, 138), "zero is the lightest"


def test_zero_is_in_the_middle_and_values_out_of_range_are_clipped():
    pixels = diverging(np.array([[-9.0, -2.0, 0.0, 2.0, 9.0]]), 2.0)[0]
    table = diverging_map()
    np.testing.assert_array_equal(pixels[[0, 1, 3, 4]], table[[0, 0, -1, -1]])
    assert any((pixels[2] == shade).all() for shade in table[126:130])


@pytest.mark.parametrize(
    "colour",
    [
        lambda values: sequential(values, 0.0, 1.0),
        lambda values: diverging(values, 1.0),
        lambda values: logarithmic(values, 1e-3, 1.0),
    ],
)
def test_values_that_are_not_finite_have_a_colour_of_their_own(colour):
    pixels = colour(np.array([[np.nan, np.inf, -np.inf, 0.5]]))[0]
    assert [tuple(pixel) == NOT_FINITE for pixel in pixels][:2] == [True, True]
    assert tuple(pixels[3]) != NOT_FINITE
    for table in (sequential_map(), diverging_map()):
        apart = np.abs(table[:, :3].astype(int) - NOT_FINITE[:3]).sum(axis=1)
        assert apart.min() > 100


def test_magnitudes_on_a_logarithmic_scale():
    pixels = logarithmic(np.array([[0.0, 1e-9, 1e-4, 1e-2, 1.0]]), 1e-4, 1.0)[0]
    table = sequential_map()
    np.testing.assert_array_equal(pixels[[0, 1, 2, 4]], table[[0, 0, 0, -1]])
    assert any((pixels[3] == shade).all() for shade in table[126:130])


def test_the_range_covers_the_finite_values():
    assert reach_of(np.array([1.0, -3.0, np.nan, np.inf])) == 3.0
    assert reach_of(np.zeros(3)) == 1.0
    assert reach_of(np.array([np.nan])) == 1.0
