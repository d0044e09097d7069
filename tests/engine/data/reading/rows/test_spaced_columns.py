"""Tables whose columns are separated by white space, and what only looks like one."""

import pytest

from engine.data.reading.choices import ReadingChoices
from engine.data.reading.layout import Head
from engine.data.reading.tables import Table
from engine.data.training_data import ignore_progress

TABLE = Table()
NAMES = ["Anna", "Mary Ann", "T. rex", "Bob", "Christophorus", "Li"]
COUNTS = [1200, 800, 75, 31, 9, 1]


def recognised(text, name="list.txt"):
    return TABLE.recognises(Head(text, name, is_whole=True))


def read(text, **choices):
    return TABLE.entries(text, ReadingChoices(**choices), ignore_progress)


def rows(written):
    pairs = zip(NAMES, COUNTS, strict=True)
    return "".join(written(name, "fm"[n % 2], c) for n, (name, c) in enumerate(pairs))


ALIGNED = {
    "to the left": lambda name, sex, count: f"{name:15}{sex}   {count}\n",
    "to the right": lambda name, sex, count: f"{name:>15}  {sex} {count:>6}\n",
    "two blanks": lambda name, sex, count: f"{name}  {sex}  {count}\n",
    "tabs and blanks": lambda name, sex, count: f"{name}\t{sex}   {count}\n",
    "several tabs": lambda name, sex, count: f"{name:\t<14}{sex} \t {count}\n",
}


@pytest.mark.parametrize("how", ALIGNED)
@pytest.mark.parametrize("header", [True, False])
def test_columns_with_gaps_are_a_table(how, header):
    text = rows(ALIGNED[how])
    if header:
        text = ALIGNED[how]("name", "s", "count") + text
    assert recognised(text)
    entries = read(text)
    assert list(entries.names) == NAMES
    assert entries.taken_for == "a table of 3 columns separated by spaces"
    assert entries.table.has_header is header
    assert entries.table.counts == (3,)
    assert not entries.questions
    assert read(text, weights=3).weights == COUNTS
    assert recognised(text, "list.csv")


def test_a_cell_that_is_missing_or_too_long_leaves_the_others_where_they_are():
    text = (
        "name        sex  count\n"
        "------      ---  -----\n"
        "Anna        f     1200\n"
        "Bob                300\n"
        "Mary Ann    f       12\n"
        "Carl        m       80\n"
        "Christophorus Maximilian f 3\n"
        "Dora        f        1\n"
    )
    entries = read(text, weights="count")
    assert list(entries.names) == [
        *("Anna", "Bob", "Mary Ann", "Carl", "Christophorus Maximilian", "Dora")
    ]
    assert entries.weights == [1200, 300, 12, 80, 3, 1]


def test_a_printed_data_frame_is_a_table():
    text = (
        "       name sex  count\n"
        "0      Anna   f   1200\n"
        "1       Bob   m   1163\n"
        "2     Clara   f   1126\n"
        "10 Dorothea   f     99\n"
    )
    entries = read(text, weights="count")
    assert list(entries.names) == ["Anna", "Bob", "Clara", "Dorothea"]
    assert entries.weights == [1200, 1163, 1126, 99]


def test_single_blanks_separate_columns_of_codes_and_numbers():
    text = rows(lambda name, sex, count: f"{name} {sex} {count}\n") * 2
    assert recognised(text)
    assert list(read(text).names) == NAMES * 2


def test_a_person_can_say_that_spaces_separate_the_columns():
    text = "Rex North\nMei South\nAllo North\n"
    assert not recognised(text)
    assert list(read(text, delimiter=" ").names) == ["Rex", "Mei", "Allo"]


VERSE = "Hwæt we Gardena   in geardagum\nþeodcyninga   þrym gefrunon\n"
PLAY = "ROMEO:  Ay me, sad hours seem long.\nJULIET:  Who is it that I hear at night?\n"


@pytest.mark.parametrize(
    "text",
    [
        VERSE * 9,
        PLAY * 9,
        "Mary  Ann\nBob\nLi\nAnna\n",
        "Mary Ann\nT. rex\nVan der Berg\nO'Hara\n",
        "It was late.  He went home.\nNobody saw him.  It rained.\nThen it was day.\n" * 9,
        "def f(x):\n    y  = 1\n    zz = 2\n    return y + zz\n" * 9,
        "1  2  3\n4  5  6\n7  8  9\n",
        "Anna  f\nBob  m\n",
    ],
    ids=["verse", "play", "one gap", "two words", "prose", "code", "numbers", "two lines"],
)
def test_what_is_no_table(text):
    assert not recognised(text)
