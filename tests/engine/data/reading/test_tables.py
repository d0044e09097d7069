import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.reading.choices import AUTOMATIC, ReadingChoices
from engine.data.reading.layout import Head
from engine.data.reading.rows.dialects import DELIMITERS, dialect_of
from engine.data.reading.tables import Table
from engine.data.training_data import CorpusError, ignore_progress
from engine.storage.csv_text import csv_line

NAMES = ["Brindle", "Corvan", "Delmar", "Esterhold", "Farrow"]
TABLE = Table()


def recognised(text, name="list.txt"):
    return TABLE.recognises(Head(text, name, is_whole=True))


def read(text, **choices):
    return TABLE.entries(text, ReadingChoices(**choices), ignore_progress)


def table(delimiter, header=True):
    lines = ["id{0}name{0}home"] if header else []
    lines += [f"{number}{{0}}{name}{{0}}North" for number, name in enumerate(NAMES)]
    return "\n".join(lines).replace("{0}", delimiter) + "\n"


@pytest.mark.parametrize("delimiter", DELIMITERS)
@pytest.mark.parametrize("header", [True, False])
def test_the_delimiter_and_the_header_are_recognised(delimiter, header):
    text = table(delimiter, header)
    assert recognised(text)
    entries = read(text)
    assert list(entries.names) == NAMES
    assert entries.taken_for == "a table of 3 columns"
    assert entries.table.delimiter == delimiter
    assert entries.table.has_header is header
    assert entries.table.column == 2
    assert not entries.questions


@pytest.mark.parametrize(
    "text",
    [
        "rex\nmei\nallo\n",
        "Bad Homburg, Germany\nRio, Brazil\nLinz, Austria\n",
        "=sum\n+plus\n-minus\na,b\n",
        "rex\n",
        "Rex, Mei, Allo\n",
        "the first thing that I said to him was\tla première chose que je lui ai dite fut\n" * 9,
        "Shall I compare thee to a summer's day?\nThou art more lovely, and more temperate:\n" * 9,
        "a,b\nc\nd,e,f\ng\n",
        '"q"\nrex\n"unclosed\n',
    ],
)
def test_what_is_no_table(text):
    assert not recognised(text)


def test_a_suffix_makes_a_table_of_what_is_not_quite_one():
    text = "Brindle,F\nCorvan,M\nDelmar\nEsterhold,M\nFarrow,F\nGaldine,F\n"
    assert not recognised(text)
    assert recognised(text, "list.csv")
    assert read(text).names[2] == "Delmar"
    assert recognised("name\nRex\nMei\n", "one-column.csv")
    assert not recognised("name\nRex\nMei\n", "one-column.txt")
    assert list(read("name\nRex\nMei\n").names) == ["Rex", "Mei"]


def test_quoted_cells_may_hold_the_delimiter_and_line_ends():
    text = 'name,note\n"Rex, the king","a\nb"\n"Mei ""the\nbeauty""",c\n'
    assert list(read(text).names) == ["Rex, the king", 'Mei "the beauty"']


def test_what_protects_from_formulas_is_taken_away():
    text = "name,status\n'=Sum,new\n\"A,b\",new\n\n'T,\n"
    assert list(read(text).names) == ["=Sum", "A,b", "'T"]


def test_quotes_in_a_table_with_tabs_may_stand_alone():
    text = 'name\tnote\nRex\t5" long\nMei\t"x\nAllo\t7" long\n'
    assert list(read(text).names) == ["Rex", "Mei", "Allo"]


cells = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="'"), min_size=1)


@given(st.lists(st.tuples(cells, cells), min_size=2, max_size=9), st.sampled_from(",;\t|"))
def test_every_table_that_is_written_is_read_back(rows, delimiter):
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(rows)
    for column in (1, 2):
        choices = {"column": column, "header": False, "delimiter": delimiter}
        assert list(read(written.getvalue(), **choices).names) == [row[column - 1] for row in rows]


signs = st.text(st.sampled_from("ab'=+-@\",;|\t é恐#1.＝"), min_size=1, max_size=6)


@given(st.lists(signs.map(str.strip).filter(bool), min_size=1, max_size=9))
def test_names_that_are_exported_are_read_back_the_same(names):
    names = [name for name in names if any(map(str.isalpha, name))] + ["Rex", "Mei", "Yi"]
    text = csv_line(["name", "status"]) + "".join(csv_line([name, "new"]) for name in names)
    assert list(read(text, delimiter=",").names) == names


def test_the_delimiter_can_be_chosen():
    text = "Rex#1\nMei#2\n"
    assert not recognised(text)
    assert list(read(text, delimiter="#").names) == ["Rex", "Mei"]


@pytest.mark.parametrize("name", ["list.csv", "list.txt"])
def test_a_long_table_may_be_cut_within_a_quoted_cell(name):
    head = Head(table(",") * 5 + '9,"Yi\n', name, is_whole=False)
    assert dialect_of(head).delimiter == ","


def test_refusals():
    with pytest.raises(CorpusError, match="has no rows"):
        read("\n\n")
    with pytest.raises(CorpusError, match="A cell in line 2 has more than 131,072 characters"):
        read("name,status\n" + "x" * 200_000)
    with pytest.raises(CorpusError, match="has 2 columns, but none of words"):
        read("1,2\n3,4\n")


def test_progress_is_told_on_the_way():
    shares = []
    TABLE.entries("Rex,1\n" * 50_000, AUTOMATIC, shares.append)
    assert len(shares) == 3
    assert shares == sorted(shares)
    assert shares[-1] <= 1


def test_the_first_line_that_excel_reads_is_no_row():
    text = "sep=;\nname;count\nRex;1\nMei;2\n"
    assert recognised(text)
    entries = read(text)
    assert list(entries.names) == ["Rex", "Mei"]
    assert entries.table.delimiter == ";"


def test_single_quotes_may_enclose_cells():
    text = "id,name\n1,'Rex'\n2,'O''Hara, Mei'\n3,'Allo'\n"
    assert list(read(text).names) == ["Rex", "O'Hara, Mei", "Allo"]
    assert list(read("id,name\n1,'Rex\n2,Mei'\n3,Allo\n").names) == ["'Rex", "Mei'", "Allo"]


MARKDOWN = """# Names

Some of them:

| id | name | home |
|---:|:-----|------|
| 1 | **Rex** | North \\| West |
| 2 | [Mei](mei.html) | South |
| 3 | Allo Mae | |

The end.
"""


@pytest.mark.parametrize("edges", [True, False])
def test_a_table_in_markdown(edges):
    text = MARKDOWN
    if not edges:
        text = "\n".join(line.strip("| ") for line in MARKDOWN.split("\n"))
    assert recognised(text, "names.md")
    entries = read(text)
    assert list(entries.names) == ["Rex", "Mei", "Allo Mae"]
    assert entries.taken_for == "a table of 3 columns in Markdown"
    assert entries.table.headers == ("id", "name", "home")
    assert list(read(text, column="home").names)[:2] == ["North | West", "South"]


@pytest.mark.parametrize("edges", [True, False])
def test_a_table_as_programs_for_databases_print_it(edges):
    rule = "+----+----------+-------+"
    rows = [
        "| id | name     | count |",
        *(f"| {n}  | {name:8} | {9 - n:5} |" for n, name in enumerate(NAMES)),
    ]
    lines = [rule, rows[0], rule, *rows[1:], rule, "5 rows in set"]
    if not edges:
        inner = [row.strip("|") for row in rows]
        lines = [inner[0], rule.strip("+"), *inner[1:], "(5 rows)"]
    text = "\n".join(lines) + "\n"
    assert recognised(text)
    entries = read(text, weights="count")
    assert (list(entries.names), entries.weights) == (NAMES, [9, 8, 7, 6, 5])
    assert entries.taken_for == "a table of 3 columns drawn with lines"


def test_a_text_with_a_small_table_is_none():
    assert not recognised("A long line of a text.\n" * 30 + MARKDOWN, "readme.md")


def test_a_table_whose_rows_differ_is_one_by_its_suffix_and_its_header():
    text = "name,count\nRex,1\nMei\nAllo,2,3\n"
    assert recognised(text, "list.csv")
    assert not recognised(text, "list.txt")
    assert list(read(text).names) == ["Rex", "Mei", "Allo"]


def test_a_header_without_rows_is_refused():
    assert recognised("id,name,count\n", "list.csv")
    with pytest.raises(CorpusError, match="has a header, but no rows"):
        read("id,name,count\n")


LONG = "".join(f"{number},Rex\n" for number in range(9_999))


@pytest.mark.parametrize(
    ("text", "names", "lines"),
    [
        ('id,name\n1,"Rex\n2,Mei\n', ["Rex", "Mei"], "mark in line 2 is"),
        ('id,name\n1,Rex\n2,"Mei\n', ["Rex", "Mei"], "mark in line 3 is"),
        ('"id,name\n1,Rex\n2,Mei\n', ["Rex", "Mei"], "mark in line 1 is"),
        (
            'id,name\n1,"Mei\n2,"Rex, the king"\n3,Yi\n4,"Allo\n5,Tops\n',
            ["Mei", "Rex, the king", "Yi", "Allo", "Tops"],
            "marks in lines 2 and 5 are",
        ),
        (f'id,name\n{LONG}4,"Mei\n5,Yi\n', [*["Rex"] * 9_999, "Mei", "Yi"], "line 10,001 is"),
        (
            "name,id\n" + "".join(f'"Rex{letter},1\n' for letter in "abcdefghij"),
            [f"Rex{letter}" for letter in "abcdefghij"],
            "marks in lines 2, 3, 4 and 7 others are",
        ),
        (
            "id,name\n" + "".join(f'{n},"Rex\n{n},"Mei"\n' for n in range(400)),
            ["Rex", "Mei"] * 400,
            "marks in lines 2, 4, 6 and 397 others are",
        ),
        (f'id,name\n4,"Mei\n{LONG * 2}', ["Mei", *["Rex"] * 2 * 9_999], "mark in line 2 is"),
    ],
    ids=[
        *("first", "last", "header", "two", "below many"),
        *("in each line", "in every other line", "above many"),
    ],
)
def test_a_quotation_mark_that_is_not_closed_is_left_out_and_told(text, names, lines):
    assert recognised(text)
    entries = read(text)
    assert list(entries.names) == names
    assert lines in entries.details[-1]
    (question,) = entries.questions
    assert "quotation mark that is not closed. Is it read correctly?" in question


@pytest.mark.parametrize("name", ["list.csv", "list.txt"])
def test_the_preview_finds_a_mark_that_is_not_closed_in_the_beginning_of_a_long_table(name):
    text = 'id,name\n1,Rex\n2,"Mei\n' + LONG
    head = Head(text[:60_000], name, is_whole=False)
    dialect = dialect_of(head)
    unclosed = []
    rows = list(dialect.rows(dialect.complete_rows(head.text), unclosed=unclosed))
    assert rows[:4] == [["id", "name"], ["1", "Rex"], ["2", "Mei"], ["0", "Rex"]]
    assert len(rows) == head.text.count("\n") + 1
    assert unclosed == [3]


def test_a_mark_that_is_not_closed_is_an_error_where_no_row_can_be_made_without_it():
    with pytest.raises(CorpusError, match="quotation mark in line 3 is not closed"):
        read('id,name,home\n1,Rex,North\n2,"Mei\n and more\n and more\n')


def test_cells_of_several_lines_stay_whole():
    letter = "Dear Rex,\nI write to you,\nas I said,\n" * 30
    text = f'name,letter\nMei,"{letter}"\nYi,"He said ""no"",\nand left"\n'
    entries = read(text)
    assert list(entries.names) == ["Mei", "Yi"]
    assert not entries.questions


@given(st.integers(0, 152))
def test_a_row_that_is_cut_in_a_cell_of_several_lines_is_left_out(size):
    row = '1,"Rex\nand\nMei"\n2,"a ""b"""\n3,5" Yi\n'
    text = "id,name\n" + row * 4
    dialect = dialect_of(Head(text, "list.csv", is_whole=False))
    rows = list(dialect.rows(text))
    cut = text[:size]
    found = list(dialect.rows(dialect.complete_rows(cut[: cut.rfind("\n") + 1])))
    assert found == rows[: len(found)]
    assert len(found) >= min(1, size // 8) + 3 * ((size - 8) // len(row))
