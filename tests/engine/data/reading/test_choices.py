import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.reading.choices import AUTOMATIC, ReadingChoices

some_text = st.text(min_size=1, max_size=20)
choices = st.builds(
    ReadingChoices,
    encoding=st.none() | some_text,
    layout=st.none() | st.sampled_from(["names", "table"]),
    column=st.none() | some_text | st.integers(1, 99),
    header=st.none() | st.booleans(),
    weights=st.none() | some_text | st.integers(1, 99),
    weight_cap=st.none() | st.integers(1, 10**6),
    delimiter=st.none() | st.characters(),
    separator=st.none() | some_text,
    lower_case=st.none() | st.booleans(),
    clean=st.booleans(),
)


@given(choices)
def test_choices_come_back_from_json(choices):
    assert ReadingChoices.from_json(json.loads(json.dumps(choices.to_json()))) == choices


def test_only_what_is_chosen_is_kept():
    assert AUTOMATIC.to_json() == {}
    assert ReadingChoices(header=False, column=2).to_json() == {"header": False, "column": 2}


@pytest.mark.parametrize(
    "values",
    [
        {"column": 0},
        {"column": True},
        {"column": ""},
        {"layout": 3},
        {"encoding": "x" * 201},
        {"header": "yes"},
        {"header": 1.5},
        {"delimiter": ",,"},
        {"weight_cap": 0},
        {"weight_cap": True},
        {"lower_case": "no"},
        {"clean": None},
        {"colour": "red"},
        [],
        None,
        "names",
    ],
)
def test_what_cannot_be_a_choice_is_refused(values):
    with pytest.raises(ValueError, match=r"must be|cannot be understood"):
        ReadingChoices.from_json(values)


def test_kinds_survive_a_file():
    choices = ReadingChoices(
        kinds=True, kind_column="type", kind_titles=(("Greek", "Hellenic"), ("Irish", ""))
    )
    assert ReadingChoices.from_json(json.loads(json.dumps(choices.to_json()))) == choices
    assert choices.has_kinds
    assert choices.is_of_columns
    assert not ReadingChoices(kinds=False, kind_column=2).has_kinds
    assert ReadingChoices(kind_column=2).has_kinds
    assert not ReadingChoices().has_kinds


@pytest.mark.parametrize(
    "titles",
    [
        *[[["a"]], [["a", 1]], ["ab"], "ab", 3, [["", "b"]], [["a", "b"], ["a", "c"]]],
        *[[["a", "x" * 201]], [[f"k{i}", ""] for i in range(5_001)]],
    ],
)
def test_titles_that_cannot_be(titles):
    with pytest.raises(ValueError, match="kind_titles"):
        ReadingChoices.from_json({"kind_titles": titles})
