"""Objects of JSON whose keys are kinds of names."""

import json
import re

import pytest

from engine.data.reader import read_data
from engine.data.reading.choices import ReadingChoices
from engine.data.training_data import CorpusError

BY_KIND = {"Greek": ["Anna", "Io", "Cy"], "Irish": ["Bran", "Dara"]}
KINDS = ReadingChoices(kinds=True)


@pytest.fixture
def read(tmp_path):
    """Return a function that writes a value as JSON and reads it as names."""

    def write_and_read(value, choices):
        path = tmp_path / "people.json"
        path.write_text(json.dumps(value), encoding="utf-8")
        return read_data(path, choices, kind="names")

    return write_and_read


def kinds_of(corpus):
    pairs = zip(corpus.distinct, corpus.kinds.of_distinct, strict=True)
    return {name: corpus.kinds.titles[kind] for name, kind in pairs}


def test_keys_are_kinds(read):
    corpus = read(BY_KIND, KINDS)
    expected = {name.lower(): kind for kind, names in BY_KIND.items() for name in names}
    assert kinds_of(corpus) == expected
    assert corpus.kinds.titles == ("Greek", "Irish")
    assert "read as an object of 2 keys in JSON" in corpus.report.sentence()
    assert "Each key is a kind." in corpus.report.sentence()


def test_titles_can_be_changed_as_those_of_files(read):
    titles = (("greek", "Hellenic"), ("Irish", "Celtic"))
    corpus = read(BY_KIND, ReadingChoices(kinds=True, kind_titles=titles))
    assert corpus.kinds.titles == ("Hellenic", "Celtic")


def test_without_a_choice_it_asks(read):
    corpus = read(BY_KIND, ReadingChoices())
    assert corpus.kinds is None
    assert list(corpus.distinct) == ["anna", "io", "cy"]
    sentence = corpus.report.sentence()
    assert "Is each key of the object a kind of names?" in sentence
    assert "--kinds" in sentence


@pytest.mark.parametrize(
    "value",
    [
        {"names": ["Anna", "Io"]},
        {"names": ["Anna", "Io"], "count": 2},
        {"names": ["Anna", "Io"], "ages": [3, 4]},
        {"names": ["Anna", "Io"], "nothing": []},
        {"data": {"names": ["Anna", "Io"]}},
    ],
)
def test_other_objects_are_not_asked_about(read, value):
    corpus = read(value, ReadingChoices())
    assert list(corpus.distinct) == ["anna", "io"]
    assert "kind of names?" not in corpus.report.sentence()


def test_once_it_is_denied_it_is_not_asked_again(read):
    assert "kind of names?" not in read(BY_KIND, ReadingChoices(kinds=False)).report.sentence()


def test_what_is_no_string_is_counted_and_a_key_without_names_is_said(read):
    corpus = read(BY_KIND | {"Welsh": [], "Greek": ["Anna", 7, None]}, KINDS)
    assert corpus.kinds.titles == ("Greek", "Irish")
    sentence = corpus.report.sentence()
    assert "Dropped: 2 values of another type." in sentence
    assert "1 key without a name has no kind: “Welsh”." in sentence


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (BY_KIND | {"Welsh": {"deep": ["x"]}}, "The value of “Welsh” in the JSON file is no array"),
        (BY_KIND | {"Welsh": "Rhys"}, "The value of “Welsh” in the JSON file is no array"),
        (BY_KIND | {"Welsh": 5}, "The value of “Welsh” in the JSON file is no array"),
        (BY_KIND | {"Welsh": None}, "The value of “Welsh” in the JSON file is no array"),
        (BY_KIND | {"Welsh": [["Rhys"]]}, "The value of “Welsh” in the JSON file is no array"),
        ({"Greek": [], "Irish": []}, "has no names in it"),
        ({"Greek": [1, 2]}, "has no names in it"),
        ({}, "has no names in it"),
        ({"Greek": ["Anna", "Io"]}, "one kind"),
        ({"": ["Anna"], " ": ["Io"]}, "No name has a kind"),
        (["Anna", "Io"], "It has no column of kinds."),
    ],
)
def test_what_is_not_by_kind_is_refused_in_a_sentence(read, value, said):
    with pytest.raises(CorpusError, match=re.escape(said)):
        read(value, KINDS)


def test_deep_junk_is_refused_in_a_sentence(tmp_path):
    path = tmp_path / "deep.json"
    path.write_text('{"a": ' + "[" * 100_000 + "]" * 100_000 + "}", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"too many levels|no array of names"):
        read_data(path, KINDS, kind="names")
