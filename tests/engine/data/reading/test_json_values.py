import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.reading.choices import ReadingChoices
from engine.data.reading.json_values import JsonValues, complete_beginning, looks_like_json
from engine.data.reading.layout import Head
from engine.data.training_data import CorpusError, ignore_progress

JSON = JsonValues()
NAMES = ["Rex", "Mei", "Allo"]


def read(value, **choices):
    text = value if isinstance(value, str) else json.dumps(value)
    assert JSON.recognises(Head(text, "list.txt", is_whole=True))
    return JSON.entries(text, ReadingChoices(**choices), ignore_progress)


@pytest.mark.parametrize(
    "value",
    [
        NAMES,
        {"about": "a list", "names": NAMES},
        {"a": {"b": NAMES, "c": ["x"]}},
        [{"name": name, "n": 3} for name in NAMES],
        {"rows": [{"id": number, "title": name} for number, name in enumerate(NAMES)]},
        [["1", "Rex"], ["2", "Mei"], ["3", "Allo"]],
        {"Rex": 9, "Mei": 4, "Allo": 1},
        "\n".join(json.dumps({"name": name}) for name in NAMES),
        json.dumps(NAMES, indent=1),
        [{"about": {"name": name}, "n": 3} for name in NAMES],
        {"f": [{"type": "Feature", "properties": {"id": "a", "name": name}} for name in NAMES]},
        {name: {"born": 1990} for name in NAMES},
        {f"id{number}": {"name": name} for number, name in enumerate(NAMES)},
    ],
)
def test_names_are_found(value):
    assert list(read(value).names) == NAMES


def test_it_is_said_where_they_were_found():
    assert read(NAMES).taken_for == "an array of strings in JSON"
    found = read({"about": "a list", "names": NAMES})
    assert found.taken_for == "an array of strings in JSON in “names”"
    found = read({"rows": [{"name": name} for name in NAMES]})
    assert found.taken_for == "3 records of JSON in “rows”"


def test_another_key_can_be_chosen():
    assert list(read({"a": NAMES, "b": ["x", "y"]}, column="b").names) == ["x", "y"]
    records = [{"name": name, "home": "North"} for name in NAMES]
    assert list(read(records, column="home").names) == ["North"] * 3


def test_counts_of_an_object_can_be_weights():
    assert list(read({"Rex": 9, "Mei": 4}, weights="count").weights) == [9, 4]


def test_values_that_are_no_strings_are_dropped_and_said():
    entries = read(["Rex", 3, None, "Mei"])
    assert list(entries.names) == ["Rex", "Mei"]
    assert entries.dropped == (("value of another type", 2),)


def test_records_without_a_name_are_counted():
    records = [{"name": "Rex"}, {"nom": "Yi"}, {"name": "Mei"}, {"name": ""}, {"name": None}]
    entries = read(records)
    assert list(entries.names) == ["Rex", "Mei"]
    assert entries.taken_for == "5 records of JSON"
    assert entries.dropped == (("record without a name", 3),)


def test_strings_among_records_are_names_where_it_is_clear_which_key_has_them():
    mixed = ["Rex", {"Name": "Mei", "n": 2}, {"n": 3}, "Allo", 7, None, ["x"]]
    entries = read(mixed)
    assert list(entries.names) == NAMES
    assert entries.taken_for == "2 records and 2 strings of JSON"
    assert dict(entries.dropped) == {
        "record without a name": 1,
        "array": 1,
        "value of another type": 2,
    }
    by_choice = read([{"home": "North"}, "South", {"home": "West"}], column="home")
    assert list(by_choice.names) == ["North", "South", "West"]


@pytest.mark.parametrize(
    ("mixed", "names", "dropped"),
    [
        (["Rex", "Mei", {"a": "x"}], ["Rex", "Mei"], {"record": 1}),
        ([{"a": "x"}, {"a": "y"}, "Rex"], ["x", "y"], {"string": 1}),
        (
            [["Rex", 1], ["Mei", 2], "x", []],
            ["Rex", "Mei"],
            {"string": 1, "value of another type": 1},
        ),
    ],
)
def test_of_values_that_do_not_go_together_most_are_read_and_the_others_counted(
    mixed, names, dropped
):
    entries = read(mixed)
    assert list(entries.names) == names
    assert dict(entries.dropped) == dropped


def test_other_arrays_are_named():
    value = {"people": [{"name": name} for name in NAMES], "places": ["Rome"], "sizes": [1, 2]}
    assert read(value).details[-1] == "Not read: “places” (1 value)."
    assert list(read(value, column="places").names) == ["Rome"]
    nested = {"a": {"b": NAMES}, "c": {"d": ["x", "y"], "e": [{"z": 1}]}}
    assert read(nested).details == ("Not read: “c.d” (2 values) and “c.e” (1 value).",)
    assert read({"names": NAMES}).details == ()


def test_escapes_are_cleaned_like_everything_else():
    text = r'["\u200fRex\u00ad", "a\nb\tc", "e\u0301", "x\ud800y"]'
    assert list(read(text).names) == ["Rex", "a b c", "é", "xy"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('["Rex", "Mei"', "begins like JSON, but is not: .* in line 1, column 14"),
        ('{"name": "Rex"}\n{"name":\n', "begins like JSON, but is not: .* in line 2, column 9"),
        ('["Rex",\n"Mei",\n]', "begins like JSON, but is not: "),
        ("[]", "has no array of strings or of records"),
        ('{"a": "b"}', "has no array of strings or of records"),
        ("[1, 2, 3]", "has no array of strings or of records"),
        ("[{}, {}]", "none of words"),
        ("[" * 100_000, "has too many levels"),
        ('[{"n": 1}, {"n": 2}]', "none of words"),
    ],
)
def test_refusals(text, sentence):
    with pytest.raises(CorpusError, match=sentence):
        JSON.entries(text, ReadingChoices(), ignore_progress)


@pytest.mark.parametrize(
    "text",
    [
        "[Verse 1]\nla la\n",
        "Rex\n",
        "{Rex}\n",
        "",
        "  ",
        "[x] done\n",
        "12\n",
        "[1] Rex\n[2] Mei\n",
    ],
)
def test_what_is_not_json(text):
    assert not looks_like_json(text)


leaves = st.text(max_size=5) | st.integers() | st.none()
values = st.recursive(
    leaves,
    lambda each: st.lists(each, max_size=4) | st.dictionaries(leaves.map(str), each, max_size=3),
    max_leaves=12,
)


@given(st.lists(values, min_size=1, max_size=6), st.data())
def test_the_beginning_of_an_array_is_completed(array, data):
    text = json.dumps(array)
    cut = text[: data.draw(st.integers(1, len(text)))]
    completed = json.loads(complete_beginning(cut))
    assert len(completed) <= len(array)
    assert completed[:-1] == array[: len(completed[:-1])]


def test_a_number_of_any_length_is_read():
    text = '[{"name": "Rex", "n": %s}, {"name": "Mei", "n": 2}]' % ("9" * 5_000)
    assert list(read(text).names) == ["Rex", "Mei"]


@pytest.mark.parametrize("text", ["[1, 2, 3]", '"Rex"', "[NaN, 1]", "// names\n[]", "[true]"])
def test_less_is_asked_of_a_file_that_is_named_so(text):
    assert JSON.recognises(Head(text, "names.json", is_whole=True))
    assert not JSON.recognises(Head(text, "names.txt", is_whole=True))
    assert not JSON.recognises(Head("Rex\nMei\n", "names.json", is_whole=True))


def test_a_file_that_is_named_so_may_have_a_string_on_each_line():
    text = "".join(f"{json.dumps(name)}\n" for name in NAMES)
    assert JSON.recognises(Head(text, "names.jsonl", is_whole=True))
    assert list(JSON.entries(text, ReadingChoices(), ignore_progress).names) == NAMES
