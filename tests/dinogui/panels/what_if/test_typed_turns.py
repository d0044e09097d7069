import pytest

from dinogui.panels.what_if.typed_turns import USUAL, read_turns
from dinogui.session.futures.future import KNOB_RANGES
from engine.runs.futures import FACTORS, Turn


@pytest.mark.parametrize(
    ("knob", "text", "turns"),
    [
        ("learning_rate", USUAL, [Turn(factor) for factor in FACTORS]),
        ("learning_rate", "½× x2;3*, 0.02", [Turn(0.5), Turn(2.0), Turn(3.0), Turn(value=0.02)]),
        ("learning_rate", " 1e-3 ", [Turn(value=0.001)]),
        ("clip", "1x, off", [Turn(1.0), Turn()]),
        ("widths", "64, 128", [Turn(value=64.0), Turn(value=128.0)]),
    ],
)
def test_multiples_and_values_are_read(knob, text, turns):
    assert read_turns(text, KNOB_RANGES[knob]) == tuple(turns)


@pytest.mark.parametrize(
    ("knob", "text", "sentence"),
    [
        ("clip", "", "Type 1 to 6 multiples or values, not 0."),
        ("clip", "1,2,3,4,5,6,7", "Type 1 to 6 multiples or values, not 7."),
        ("clip", "much", "“much” is neither a multiple such as 0.5× nor a value."),
        ("learning_rate", "off", "“off” is neither"),
        ("clip", "nan", "“nan” is neither"),
        ("clip", "×", "“×” is neither"),
        ("clip", "0x", "A multiple is above 0 and at most 1,000×; 0x is not."),
        ("learning_rate", "3", "The learning rate goes from 1e-5 to 1; 3 is too high."),
        ("widths", "2.5", "The hidden units are whole numbers; 2.5 is not one."),
    ],
)
def test_what_cannot_be_read_is_said(knob, text, sentence):
    with pytest.raises(ValueError, match=sentence.replace(".", r"\.")):
        read_turns(text, KNOB_RANGES[knob])
