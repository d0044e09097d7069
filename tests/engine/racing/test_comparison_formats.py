"""Comparisons as text."""

import csv
import io

import pytest

from engine.racing.comparison import Comparison, Row
from engine.racing.comparison_formats import COMPARISON_FORMATS, columns

COMPARISON = Comparison(
    ("RNN 5", "=1+1|x"),
    (Row("events", ("none", "5: a_b → *c*\n")), Row("learning rate", (0.1, 2e-05), "g")),
    (
        Row("steps", (12_000, 7), ","),
        Row("loss", (1.23456789, None), ".4f"),
    ),
    "They cannot be compared.",
)


def test_a_table_for_the_terminal_has_aligned_columns():
    plain = Comparison(("A", "LSTM 42"), (), COMPARISON.results, COMPARISON.note)
    assert COMPARISON_FORMATS["table"].to_text(plain) == (
        "            A  LSTM 42\n"
        "steps  12,000        7\n"
        "loss   1.2346        –\n"
        "\n"
        "They cannot be compared.\n"
    )


def test_no_cell_ends_a_markdown_table_or_is_taken_for_markup_or_a_formula():
    assert COMPARISON_FORMATS["markdown"].to_text(COMPARISON) == (
        "|  | RNN 5 | '=1+1\\|x |\n"
        "|---|---:|---:|\n"
        "| events | none | 5: a\\_b → \\*c\\* |\n"
        "| learning rate | 0.1 | 2e-05 |\n"
        "| steps | 12,000 | 7 |\n"
        "| loss | 1.2346 | – |\n"
        "\n"
        "They cannot be compared.\n"
    )


def test_csv_has_all_digits_and_no_formulas():
    text = COMPARISON_FORMATS["csv"].to_text(COMPARISON)
    assert list(csv.reader(io.StringIO(text))) == [
        ["", "RNN 5", "'=1+1|x"],
        ["events", "none", "5: a_b → *c*\n"],
        ["learning rate", "0.1", "2e-05"],
        ["steps", "12000", "7"],
        ["loss", "1.23456789", ""],
    ]


def test_wide_and_combining_letters_are_counted_as_a_terminal_shows_them():
    assert columns([("恐竜", "x"), ("a\u0301", "10")]) == "恐竜   x\na\u0301     10\n"


@pytest.mark.parametrize("each", COMPARISON_FORMATS.values())
def test_every_format_is_known_by_a_suffix_of_its_own(each):
    suffixes = [other.suffix for other in COMPARISON_FORMATS.values()]
    assert suffixes.count(each.suffix) == 1
