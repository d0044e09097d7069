from fractions import Fraction

import pytest

from engine.melody.metres import bar_of, metre_of


@pytest.mark.parametrize(
    ("bar", "metre"),
    [
        (Fraction(4), (4, 4)),
        (Fraction(3), (3, 4)),
        (Fraction(3, 2), (3, 8)),
        (Fraction(9, 2), (9, 8)),
        (Fraction(7, 4), (7, 16)),
    ],
)
def test_a_bar_has_the_metre_whose_bar_it_is(bar, metre):
    assert metre_of(bar) == metre
    assert bar_of(metre) == bar


def test_bars_of_several_metres_are_equal():
    assert bar_of((6, 8)) == bar_of((3, 4)) == 3
    assert bar_of((2, 2)) == 4


@pytest.mark.parametrize("bar", [Fraction(4, 3), Fraction(1, 32), Fraction(33)])
def test_some_bars_have_no_metre(bar):
    assert metre_of(bar) is None
