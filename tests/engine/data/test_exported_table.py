import pytest
from engine.data.exported_table import read_exported_table
from engine.data.input_formats import choose_input_format

from engine.data.training_data import CorpusError


@pytest.fixture
def table(tmp_path):
    """Return a function that writes a table and returns its path."""

    def write(text, name="names.csv"):
        path = tmp_path / name
        path.write_bytes(text.encode())
        return path

    return write


def test_an_exported_table_is_recognised_by_its_header_and_suffix(table):
    text = "name,status\nRex,new\nTops,new\n"
    assert choose_input_format(table(text)).name == "table"
    assert choose_input_format(table(text), "names").name == "table"
    assert choose_input_format(table(text, "names.txt")).name == "names"
    assert choose_input_format(table("name\nRex\nTops\n")).name == "names"


def test_the_names_are_read_without_their_protection(table):
    path = table("name,status\r\n'=Sum,new\r\n\"A,b\",new\r\n\r\n'T,\r\n")
    corpus = read_exported_table(path, lower_case=True)
    assert corpus.names == ("=sum", "a,b", "'t")
    assert corpus.source == "names.csv"


def test_a_table_without_names_is_refused(table):
    with pytest.raises(CorpusError, match="contains no names"):
        read_exported_table(table("name,status\n"), lower_case=True)
    with pytest.raises(CorpusError, match="is not a table of names: field larger than"):
        read_exported_table(table("name,status\n" + "x" * 200_000), lower_case=True)
