"""Tables as CSV: no cell is a formula, and every cell can be read back."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.storage.csv_text import csv_line, escape_cell, unescape_cell


@pytest.mark.parametrize(
    "text", ["=sum", "+plus", "-minus", "@at", "\tx", "\rx", "\nx", "＝1", "＋1", "－1", "＠a"]
)
def test_a_formula_gets_an_apostrophe(text):
    assert escape_cell(text) == f"'{text}"
    assert unescape_cell(f"'{text}") == text


@pytest.mark.parametrize("text", ["", "rex", "a=b", "a-b", "'t hooft", "'", "''", "3", "龙"])
def test_other_text_stays_as_it_is(text):
    assert escape_cell(text) == unescape_cell(text) == text


@given(st.text(alphabet="'=+-@ab,;\"\t\n", max_size=6))
def test_escaping_is_undone(text):
    assert unescape_cell(escape_cell(text)) == text
    assert escape_cell(text)[:1] not in tuple("=+-@\t\n")


def test_a_line_is_read_back_by_the_standard_library():
    cells = ["=1+1", "a,b", 'q"q', "a;=1", "", None, 3, -0.1, "'=x"]
    line = csv_line(cells)
    assert line == '\'=1+1,"a,b","q""q","a;=1",,,3,-0.1,\'\'=x\n'
    (row,) = csv.reader(io.StringIO(line))
    assert [unescape_cell(cell) for cell in row] == [
        *("=1+1", "a,b", 'q"q', "a;=1", "", "", "3", "-0.1", "'=x")
    ]
