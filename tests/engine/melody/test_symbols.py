from fractions import Fraction

import pytest

from engine.data.vocabulary import Vocabulary
from engine.melody.grid import GRIDS
from engine.melody.note import Note
from engine.melody.symbols import (
    BAR_LINE,
    REST,
    duration_of,
    duration_symbol,
    pitch_of,
    pitch_symbol,
    symbols_of,
)


@pytest.mark.parametrize(
    ("pitch", "symbol"), [(60, "C4"), (70, "B♭4"), (66, "F♯4"), (0, "C-1"), (127, "G9")]
)
def test_a_pitch_has_the_name_that_musicians_give_it(pitch, symbol):
    assert pitch_symbol(pitch) == symbol
    assert pitch_of(symbol) == pitch


@pytest.mark.parametrize(
    ("beats", "symbol"),
    [
        ("1", "♩"),
        ("2", "2♩"),
        ("1/2", "½♩"),
        ("3/2", "1½♩"),
        ("5/12", "⁵⁄₁₂♩"),
        ("13/12", "1¹⁄₁₂♩"),
    ],
)
def test_a_duration_is_written_in_beats(beats, symbol):
    assert duration_symbol(Fraction(beats)) == symbol
    assert duration_of(symbol) == Fraction(beats)


@pytest.mark.parametrize("grid", GRIDS)
def test_every_duration_of_a_grid_can_be_read_again(grid):
    assert [duration_of(duration_symbol(each)) for each in GRIDS[grid]] == list(GRIDS[grid])


@pytest.mark.parametrize("symbol", ["", "x", "C4", "0♩", "½", "1/2♩", "⁵⁄₀♩", "⁄♩", "|", "rest"])
def test_what_is_no_duration_has_none(symbol):
    assert duration_of(symbol) is None


def test_symbols_that_are_written_one_after_the_other_can_be_told_apart():
    durations = [duration_symbol(each) for each in GRIDS["fine"]]
    pitches = [pitch_symbol(pitch) for pitch in range(128)]
    vocabulary = Vocabulary((*pitches, REST, BAR_LINE, *durations))
    for pitch in (*pitches, REST):
        for duration in durations:
            written = (pitch, duration, BAR_LINE, pitch, duration)
            assert vocabulary.split("".join(written)) == written


def test_a_note_is_two_symbols():
    notes = [Note(60, Fraction(1)), Note(None, Fraction(1, 2))]
    assert list(symbols_of(notes)) == ["C4", "♩", "rest", "½♩"]
