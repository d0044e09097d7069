"""Lists with a number beside each name, and what only looks like one."""

import pytest

from engine.data.reading.choices import ReadingChoices
from engine.data.reading.layout import Head
from engine.data.reading.tables import Table
from engine.data.training_data import ignore_progress

TABLE = Table()
NAMES = ["Anna", "Mary Ann", "T. rex", "Jean-Paul", "R2", "Li"]
COUNTS = [12_000, 8_000, 750, 31, 9, 1]


def recognised(text):
    return TABLE.recognises(Head(text, "list.txt", is_whole=True))


def read(text, **choices):
    return TABLE.entries(text, ReadingChoices(**choices), ignore_progress)


def lines(pattern, names=NAMES):
    pairs = enumerate(zip(names, COUNTS, strict=True), start=1)
    return "".join(pattern.format(i=i, name=name, count=count) for i, (name, count) in pairs)


CLEAR = {
    ":": ["{name}: {count}\n", "{name} : {count:,}\n", "{count}: {name}\n"],
    "-": ["{name} - {count}\n", "{name} – {count:,}\n", "{count} - {name}\n"],
    "(": ["{name} ({count})\n", "{name} [{count}]\n"],
    "=": ["{name} = {count}\n", "{name}={count}\n"],
    "×": ["{name} x{count}\n", "{name} × {count}\n", "{count}x {name}\n"],
    ".": ["{name} ..... {count}\n", "{name}…{count}\n"],
    " ": ["{count:>7} {name}\n"],
}


@pytest.mark.parametrize(
    ("sign", "pattern"), [(sign, each) for sign, several in CLEAR.items() for each in several]
)
@pytest.mark.parametrize("before", ["", "{i}. ", "- "])
def test_names_are_read_without_the_numbers_which_can_be_weights(sign, pattern, before):
    text = lines(before + pattern)
    if before and sign == " ":
        return  # the numbers are not aligned then
    assert recognised(text)
    entries = read(text)
    assert list(entries.names) == NAMES
    assert entries.taken_for == "a list with a number beside each name"
    assert entries.table.delimiter == sign
    assert not entries.questions
    (number,) = entries.table.counts
    assert read(text, weights=number).weights == COUNTS
    assert list(read(text, delimiter=sign).names) == NAMES, "as the window's box chooses it"


@pytest.mark.parametrize("pattern", ["{name} {count}\n", "{count} {name}\n"])
def test_where_only_a_blank_separates_them_a_person_is_asked(pattern):
    text = lines(pattern)
    entries = read(text)
    assert list(entries.names) == NAMES
    (question,) = entries.questions
    assert question.startswith("Are the numbers beside the names counts?")
    assert not read(text, layout="table").questions


def test_numbers_that_count_the_lines_are_no_question_and_no_weights():
    entries = read("1 Anna\n2 Bob\n3 Clara\n4 Dora\n")
    assert list(entries.names) == ["Anna", "Bob", "Clara", "Dora"]
    assert not entries.questions
    assert not entries.table.counts


def test_a_header_and_names_without_a_number_are_kept():
    others = [f"Anna {letter}" for letter in "abcdef"]
    text = lines("{name}: {count}\n") + lines("{name}: {count}\n", others)
    entries = read(f"Name: Count\n{text}Zoe\n")
    assert list(entries.names) == [*NAMES, *others, "Zoe"]
    assert entries.table.headers == ("Name", "Count")


def test_comments_are_left_out():
    assert list(read("# of 2020\n" + lines("{name}: {count}\n")).names) == NAMES


@pytest.mark.parametrize(
    "text",
    [
        "Rex\nMei\nAllo 2\n",
        "Chapter 1\nChapter 2\nChapter 3\nChapter 4\n",
        "1 In the beginning God created the heaven and the earth\n" * 9,
        "12:30 Meeting\n12:45 Lunch\n13:00 Work\n",
        "Jean-Paul\nAnna-2\nT. rex\n",
        "1: 2\n3: 4\n5: 6\n",
        "Anna: 12\nBob: 7\n",
        "X:1\nT:A tune\nM:6/8\nL:1/8\nK:G\n",
    ],
)
def test_what_is_no_such_list(text):
    assert not recognised(text)
