"""A note of a piano roll in words."""

import math
from fractions import Fraction

from dinogui.panels.melody.roll.roll_content import RollContent
from engine.melody.symbols import BEAT, duration_symbol, pitch_symbol

_LEAST_CHANCE = 1e-4


def describe_note(content: RollContent, place: int) -> str:
    """Say which note it is, when it sounds, and how likely the network held it to be."""
    note = content.note(place)
    assert note.pitch is not None
    number, count = content.places.index(place) + 1, len(content.places)
    name = f"Note {number} of {count}, {_position(content, place)}: {pitch_symbol(note.pitch)}"
    words = f"{name} for {beats_in_words(note.beats)}."
    surprise = content.surprise(place)
    if content.is_given(place):
        words += " It was given."
    if not math.isnan(surprise):
        words += f" Its probability was {chance_in_words(math.exp(-surprise))}"
        words += f" ({surprise:.1f} nats)."
        words += _expectation(content, place)
    if place in content.copied:
        words += " It is in a passage known from a tune."
    return words


def _expectation(content: RollContent, place: int) -> str:
    """Say which pitch the network found likeliest, if it was another one."""
    expected = content.improvisation.expected[place]
    if expected == content.note(place).pitch:
        return ""
    rather = "a rest" if expected is None else pitch_symbol(expected)
    return f" The network rather expected {rather}."


def _position(content: RollContent, place: int) -> str:
    bar, beat = content.bar_and_beat(place)
    return f"bar {bar}, beat {_number(beat)}" if bar > 0 else "before the first bar"


def beats_in_words(beats: Fraction) -> str:
    """Return a duration in words: "1½ beats"."""
    return f"{_number(beats)} {'beat' if beats <= 1 else 'beats'}"


def _number(value: Fraction) -> str:
    """Write a number of beats as the symbols of durations do: "1½"."""
    return duration_symbol(value).removesuffix(BEAT) or "1"


def chance_in_words(chance: float) -> str:
    """Write a probability as a percentage."""
    if chance < _LEAST_CHANCE:
        return "less than 0.01 %"
    percent = 100 * chance
    return f"{percent:.0f} %" if percent >= 10 else f"{percent:.2g} %"
