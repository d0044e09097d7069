import pytest

from engine.data.reading.choices import ReadingChoices
from engine.data.reading.layout import Head
from engine.data.reading.registry import recognise


def layout(text, name="list.txt", kind=None, **choices):
    head = Head(text, name, is_whole=True)
    chosen = ReadingChoices(**choices)
    return recognise(head, kind, chosen.layout, has_columns=chosen.is_of_columns).name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("", "names"),
        ("Rex\nMei\n", "names"),
        ("1. Rex\n2. Mei\n3. Yi\n", "names"),
        ("Rex, Mei, Allo, Yi\n", "names"),
        ("# " + "a long comment about the list of names below " * 9 + "\nRex\nMei\nYi\n", "names"),
        ("Rex;1\nMei;2\n", "table"),
        ('["Rex", "Mei"]', "json"),
        ('{"name": "Rex"}\n{"name": "Mei"}\n', "json"),
        ("It was a bright cold day in April, and the clocks were striking thirteen.\n", "text"),
        (
            "[Verse 1]\nand all the while the rain came down upon the roof of our house\n",
            "text",
        ),
    ],
)
def test_a_file_is_recognised_by_its_beginning(text, name):
    assert layout(text) == name


def test_choosing_a_column_makes_a_table():
    assert layout("Rex#1\nMei#2\n", delimiter="#") == "table"
    assert layout("Rex\nMei\n", header=True) == "table"
    assert layout('[{"name": "Rex"}]', column="name") == "json"
    assert layout("Rex\nMei\n", column=1, kind="text") == "text"
    assert layout("Rex;1\nMei;2\n", column=1, layout="names") == "names"


def test_only_layouts_of_the_kind_are_considered():
    verse = "and all the while the rain came down upon the roof of the old house\n"
    assert layout(verse, kind="names") == "names"
    assert layout("Rex\nMei\n", kind="text") == "text"
