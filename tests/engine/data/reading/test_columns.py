import pytest

from engine.data.reading.choices import ReadingChoices
from engine.data.reading.columns import Columns, entries_of_rows
from engine.data.reading.weights import weight_of
from engine.data.training_data import CorpusError

SSA = [["Brindle", "F", "9000"], ["Corvan", "M", "4500"], ["Delmar", "F", "3000"]]


def read(rows, **chosen):
    choices = ReadingChoices(**chosen)
    columns = Columns.of_rows(rows, choices, ",")
    return entries_of_rows(columns, rows[int(columns.has_header) :], choices)


def test_the_column_with_the_most_different_words_has_the_names():
    entries = read([*SSA, ["Ann", "F", "1"], ["Bob", "M", "1"], ["Cid", "M", "1"]])
    assert list(entries.names) == ["Brindle", "Corvan", "Delmar", "Ann", "Bob", "Cid"]
    assert entries.table.column == 1
    assert not entries.table.has_header
    assert not entries.questions
    assert entries.weights is None
    assert entries.table.counts == (3,)
    assert "weights" in entries.options


@pytest.mark.parametrize("column", [2, "2", "home", " HOME "])
def test_a_column_is_chosen_by_its_header_or_number(column):
    rows = [["name", "Home"], ["Rex", "North"], ["Mei", "South"]]
    entries = read(rows, column=column)
    assert list(entries.names) == ["North", "South"]
    assert "The names are in column 2, “Home”." in entries.details


def test_a_header_that_is_chosen_by_name_is_a_header():
    assert list(read([["oak", "elm"], ["Rex", "Mei"]], column="elm").names) == ["Mei"]


def test_the_header_can_be_chosen():
    assert list(read([["name", "n"], ["Rex", "1"]], header=False).names) == ["name", "Rex"]
    assert list(read([["Rex", "a"], ["Mei", "b"]], header=True, column=1).names) == ["Mei"]


def test_the_column_of_row_numbers_may_have_no_header():
    entries = read([["", "name", "home"], ["0", "Rex", "North"], ["1", "Mei", "South"]])
    assert entries.table.headers == ("column 1", "name", "home")
    assert list(entries.names) == ["Rex", "Mei"]
    assert not read([["", "Ann", "Oslo"], ["x", "Rex", "North"]]).table.has_header


def test_rows_without_a_name_are_dropped_and_counted():
    rows = [["name", "n"], ["Rex", "3"], [" ", "2"], ["Mei", "1"], [], ["Yi", "0"]]
    entries = read(rows, weights=2)
    assert (list(entries.names), entries.weights) == (["Rex", "Mei"], [3, 1])
    assert entries.dropped == (("row without a name", 2), ("name with a weight of 0", 1))


def test_what_is_not_clear_is_asked():
    rows = [["Rex", "North"], ["Mei", "South"], ["Yi", "East"]]
    assert set(read(rows).questions) == {
        "Which column has the names?",
        "Is the first row a header?",
    }
    assert read(rows, column=1).questions == ("Is the first row a header?",)
    assert read(rows, column=1, header=False).questions == ()
    assert read([["given name", "home"], *rows]).questions == ()


def test_a_column_that_there_is_not_is_refused():
    rows = [["name", "home"], ["Rex", "North"]]
    with pytest.raises(CorpusError, match=r"no column “age” for the names.*1 “name”, 2 “home”"):
        read(rows, column="age")
    with pytest.raises(CorpusError, match="no column “3”"):
        read(rows, column=3)
    with pytest.raises(CorpusError, match="no column “count” for the weights"):
        read(rows, weights="count")
    with pytest.raises(CorpusError, match=r"3 columns without a header\. Give the column's number"):
        read(SSA, weights="count")


def test_a_column_of_numbers_or_blanks_has_no_names():
    with pytest.raises(CorpusError, match="none of words"):
        read([["1", "", "2.5"], ["2", "", "3%"], ["3", "", "1,000"]])


# Weights.


def test_counts_are_weights_if_that_is_chosen():
    entries = read(SSA, weights=3)
    assert list(entries.weights) == [9000, 4500, 3000]
    said = "The counts of column 3 are weights: a name is drawn as often as its count says."
    assert said in entries.details
    assert entries.table.weights == 3


def test_a_name_with_a_weight_of_zero_is_dropped_and_said():
    entries = read([["Rex", "3"], ["Mei", "0"], ["Yi", "1"]], weights=2)
    assert list(entries.names) == ["Rex", "Yi"]
    assert entries.dropped == (("name with a weight of 0", 1),)


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("many", "The weight “many” in row 2 is not a whole number"),
        ("2.5", "The weight “2.5” in row 2 is not a whole number"),
        ("", "The weight in row 2 is missing"),
        ("nan", "is not a whole number"),
        ("inf", "is not a whole number"),
        ("1e30", "is not a whole number"),
        ("1,5", "The weight “1,5” in row 2 is not a whole number"),
        ("12,34", "is not a whole number"),
        ("9" * 20, "in row 2 is larger than 9,007,199,254,740,992"),
        ("9" * 5000, "is larger than"),
        ("-4", "The weight in row 2 is negative: -4"),
    ],
)
def test_what_is_no_weight_is_refused(cell, sentence):
    with pytest.raises(CorpusError, match=sentence):
        read([["Rex", "3"], ["Mei", cell], ["Yi", "1"]], weights=2)


def test_weights_that_are_all_zero_are_refused():
    with pytest.raises(CorpusError, match="All weights in “count” are zero"):
        read([["name", "count"], ["Rex", "0"], ["Mei", "0"]], weights="count")


@pytest.mark.parametrize(
    ("cell", "weight"),
    [("7", 7), ("1,000", 1000), ("1 000", 1000), ("1'234'567", 1234567), ("5.0", 5), ("1e3", 1000)],
)
def test_weights_as_people_write_them(cell, weight):
    assert weight_of(cell) == weight


@pytest.mark.parametrize(
    ("header", "cells", "could_be"),
    [
        ("count", ["1", "2", "3"], True),
        ("Anzahl", ["1", "2", "3"], True),
        ("Häufigkeit", ["1", "2", "3"], True),
        ("NOMBRE", ["1", "2", "3"], True),
        ("Quantité", ["1", "2", "3"], True),
        ("cantidad", ["1", "2", "3"], True),
        ("Número", ["1", "2", "3"], True),
        ("quantità", ["1", "2", "3"], True),
        ("aantal", ["1", "2", "3"], True),
        ("Antal", ["1", "2", "3"], True),
        ("Количество", ["1", "2", "3"], True),
        ("개수", ["1", "2", "3"], True),
        ("born", ["4", "9", "9"], True),
        ("AR", ["4", "9", "9"], True),
        ("Zeile", ["1", "2", "3"], False),
        ("Jahr", ["1990", "1985", "2001"], False),
        ("année", ["1990", "1985", "2001"], False),
        ("Año", ["1990", "1985", "2001"], False),
        ("id", ["1", "2", "3"], False),
        ("year", ["1990", "1985", "2001"], False),
        ("Recording_Year", ["1990", "1985", "2001"], False),
        ("n", ["-1", "4", "2"], False),
        ("n", ["1.5", "4", "2"], False),
        ("n", ["0", "0", "0"], False),
    ],
)
def test_which_columns_could_be_weights(header, cells, could_be):
    rows = [["name", header], *zip(["Rex", "Mei", "Yi"], cells, strict=True)]
    assert read(rows).table.counts == ((2,) if could_be else ())
