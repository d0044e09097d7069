"""A range that is typed: what is understood, and the sentences about what is not."""

import math
import re

import numpy as np
import pytest

from dinogui.panels.loss.axes.fixed_range import FixedRange, RangeError, read_amount, read_range
from dinogui.panels.loss.axes.scales import HorizontalScale, VerticalScale
from engine.evaluation.units import Unit
from engine.training.curves.axis_quantity import AxisQuantity

STEPS, TIME = HorizontalScale(), HorizontalScale(AxisQuantity.TIME)
LOGARITHMIC = HorizontalScale(is_logarithmic=True), VerticalScale(is_logarithmic=True)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("5000", 5_000),
        ("5,000", 5_000),
        ("1,250,000.5", 1_250_000.5),
        ("5 k", 5_000),
        ("1.5M", 1_500_000),
        ("0,5", 0.5),
        (".5", 0.5),
        ("1e4", 10_000),
        ("2.5e-3", 0.0025),
        ("-3", -3),
        *((text, None) for text in ("", "k", "five", "1 2", "2:30", "nan", "inf", "1e999", "0x10")),
    ],
)
def test_numbers_are_read_as_people_write_them(text, amount):
    assert read_amount(text) == amount


@pytest.mark.parametrize(("text", "seconds"), [("2:30", 150), ("1:02:03", 3_723), ("90", 90)])
def test_times_are_read_as_the_axis_shows_them(text, seconds):
    assert read_amount(text, is_time=True) == seconds


def test_an_empty_field_leaves_an_end_to_the_plot():
    typed = ("", " 9 ", "", "")
    assert read_range(typed, STEPS, VerticalScale()) == FixedRange(right=9.0)
    assert not read_range(("",) * 4, STEPS, VerticalScale())


def test_on_logarithmic_axes_the_ends_are_logarithms():
    fixed = read_range(("10", "1 k", "2", ""), *LOGARITHMIC)
    assert fixed == FixedRange(10, 1_000, 2)
    assert fixed.positions(*LOGARITHMIC) == pytest.approx((1, 3, math.log10(2), None))
    assert FixedRange(0.0, 5.0).positions(*LOGARITHMIC)[0] is None, "it has no place there"


@pytest.mark.parametrize(
    ("texts", "axes", "field", "sentence"),
    [
        (("a", "", "", ""), (STEPS, VerticalScale()), "left", "“a” is not a number."),
        (("", "", "", "1:30"), (TIME, VerticalScale()), "high", "“1:30” is not a number."),
        (("-5", "", "", ""), (STEPS, VerticalScale()), "left", "The axis begins at 0."),
        (("", "0", "", ""), LOGARITHMIC, "right", "has no place for 0"),
        (("", "", "0", ""), LOGARITHMIC, "low", "has no place for 0"),
        (("9", "7", "", ""), (STEPS, VerticalScale()), "right", "7 is not above 9"),
        (("", "", "3", "3"), (STEPS, VerticalScale()), "high", "3 is not above 3"),
        (("7", "9", "", ""), (STEPS, VerticalScale()), "right", "too close together"),
        (("", "1e300", "", ""), (STEPS, VerticalScale()), "right", "too far away"),
        (("", "1e300", "", ""), LOGARITHMIC, "right", "too far away"),
    ],
)
def test_what_has_no_place_is_refused_in_sentences(texts, axes, field, sentence):
    with pytest.raises(RangeError) as caught:
        read_range(texts, *axes)
    message = str(caught.value)
    assert sentence in message
    assert caught.value.field == field
    assert re.fullmatch(r"[A-Z“\d].*\.", message)


def test_random_texts_are_understood_or_refused():
    random = np.random.default_rng(0)
    understood = 0
    for _ in range(3_000):
        texts = ["".join(random.choice(list("0123456789.,:ekM- "), 5)) for _ in range(4)]
        texts = [text if random.random() < 0.4 else "" for text in texts]
        across = HorizontalScale(random.choice(list(AxisQuantity)), bool(random.random() < 0.5))
        vertical = VerticalScale(Unit.NATS_PER_NAME, bool(random.random() < 0.5))
        try:
            fixed = read_range(texts, across, vertical)
        except RangeError:
            continue
        understood += 1
        left, right, low, high = fixed.positions(across, vertical)
        for first, last in ((left, right), (low, high)):
            assert first is None or last is None or first < last
    assert understood > 300
