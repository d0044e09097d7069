"""The project's own list of dinosaurs."""

import json
import re
from importlib.resources import files

import pytest

import resources
from engine.data.reader import read_data
from engine.data.reading.choices import ReadingChoices

# What the public lists have and no dinosaur is called.
NO_DINOSAURS = {"Skeleton", "Illustration", "Kemkemiakentrosaurus", "Dimetrodon", "Pteranodon"}


@pytest.fixture(scope="module")
def names():
    text = resources.names_bytes(resources.DINOSAURS).decode("ascii")
    assert text.endswith("\n")
    return text.removesuffix("\n").split("\n")


def test_it_is_long_sorted_and_without_repeats(names):
    assert len(names) >= 1400
    assert names == sorted(set(names))


def test_every_name_is_a_genus_in_ascii(names):
    odd = [name for name in names if not re.fullmatch("[A-Z][a-z]+", name)]
    assert odd == []
    assert not NO_DINOSAURS & set(names)
    assert max(map(len, names)) <= 25, "no two are glued together"


def test_two_in_three_are_spelled_as_in_a_public_list(names, shared_file):
    # The public lists end about 2016, and hold no birds: what is newer is in neither.
    listed = json.loads(shared_file("data/dinosaurs-cc0.json").read_text())["dinosaurs"]
    listed += shared_file("data/dinos.txt").read_text().split()
    assert len({name.capitalize() for name in listed} & set(names)) >= 950


ENDINGS = (
    *("avis", "ceratops", "long", "mimus", "nykus", "odon", "ornis", "pelta", "pteryx"),
    *("raptor", "saura", "saurus", "titan", "venator"),
)


def test_the_endings_are_those_of_the_list(names):
    text = resources.names_bytes(resources.DINOSAUR_ENDINGS).decode("ascii")
    expected = [(name, end) for name in names for end in ENDINGS if name.endswith(end)]
    assert [tuple(row.split(",")) for row in text.split("\n")[1:-1]] == expected
    assert text.startswith("name,ending\n")
    assert (len(expected), len(names) - len(expected)) == (967, 438)


def test_the_table_is_read_as_kinds():
    path = files(resources).joinpath("names", resources.DINOSAUR_ENDINGS)
    corpus = read_data(str(path), ReadingChoices(kind_column="ending"))
    assert sorted(corpus.kinds.titles) == sorted(ENDINGS)
    assert min(corpus.kinds.counts) >= 15
    assert len(corpus.distinct) == len(corpus.distinct_names) == 967
