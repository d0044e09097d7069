"""The letters of the languages, by which encodings are told."""

import math

import pytest

from engine.data.reading.encoding_guesses import ENCODING_TITLES
from engine.data.reading.frequencies import common_characters, letter_frequencies


@pytest.mark.parametrize("encoding", [name for name in ENCODING_TITLES if "utf" not in name])
def test_each_encoding_that_is_tried_has_frequencies(encoding):
    has_list = common_characters.has_common_characters(encoding)
    table = common_characters if has_list else letter_frequencies
    rare = table.log_frequency(["\u2020"], encoding) if not has_list else -13.0
    characters = []
    for code in (*range(0xA1, 0x3100), *range(0x4E00, 0xD7A4)):
        try:
            chr(code).encode(encoding)
        except UnicodeError:
            continue
        characters.append(chr(code))
    values = [table.log_frequency([character], encoding) for character in characters]
    assert min(values) >= rare
    assert sum(value > rare for value in values) >= 4, "some are usual"
    assert max(values) < 0


def test_frequencies_of_a_language_add_up_to_one():
    total = 0.0
    for letter in "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ":
        total += math.exp(letter_frequencies.log_frequency([letter], "cp1253"))
    assert total == pytest.approx(1)


@pytest.mark.parametrize(
    ("pair", "encoding"), [("Ии", "cp1251"), ("Éé", "cp1252"), ("Ωω", "cp1253"), ("Łł", "cp1250")]
)
def test_case_makes_no_difference(pair, encoding):
    upper, lower = (letter_frequencies.log_frequency([letter], encoding) for letter in pair)
    assert upper == lower
