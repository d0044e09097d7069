"""The project's own list of dinosaurs."""

import json
import re

import pytest

import resources

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
