import dataclasses
import itertools
import math

import pytest

from engine.choosing import Choice, SamplingError
from engine.wishes import Wishes


def test_what_is_wished_for_at_first_makes_sense():
    wishes = Wishes()
    assert wishes.choice == Choice()
    assert all(wishes.unmet_by(name) == "" for name in ("a", "rex", "a" * 50))
    assert wishes.unmet_by("a" * 51) == "longest"


def test_the_rule_of_choosing_is_passed_on():
    wishes = Wishes(temperature=0.5, greedy=True, top_k=3, top_p=0.25)
    assert wishes.choice == Choice(0.5, greedy=True, top_k=3, top_p=0.25)


@pytest.mark.parametrize(
    ("name", "unmet"),
    [
        ("tyrannosaurus", ""),
        ("tyxsaurus", "containing"),
        ("tyrannosaur", "ending"),
        ("xyrannosaurus", "beginning"),
        ("tyrus", "shortest"),
        ("tyrannosauro-saurus", "longest"),
    ],
)
def test_the_first_unmet_wish_is_named(name, unmet):
    wishes = Wishes(beginning="ty", ending="us", containing="nn", shortest=6, longest=15)
    assert wishes.unmet_by(name) == unmet


@pytest.mark.parametrize(
    ("wishes", "field", "message"),
    [
        ({"count": 0}, "count", "The number of names must be 1 or more, not 0."),
        ({"seed": -1}, "seed", "The seed must be 0 or more, not -1."),
        ({"temperature": 0.0}, "temperature", "The temperature must be a number above 0, not 0."),
        (
            {"temperature": math.nan},
            "temperature",
            "The temperature must be a number above 0, not nan.",
        ),
        ({"top_k": -2}, "top_k", "Top-k must leave 1 letter or more, not -2."),
        ({"top_p": 0.0}, "top_p", "Top-p must be above 0 and at most 1, not 0."),
        ({"shortest": 0}, "shortest", "The shortest name must have 1 letter or more, not 0."),
        ({"longest": 201}, "longest", "The longest name may have 200 letters, not 201."),
        (
            {"shortest": 12, "longest": 8},
            "longest",
            "No name has from 12 to 8 letters: the longest must not be shorter than the shortest.",
        ),
        (
            {"beginning": "tyranno", "longest": 6},
            "beginning",
            "The beginning has 7 letters; names may have 6. Shorten it, or allow longer names.",
        ),
        (
            {"ending": "saurus", "longest": 5},
            "ending",
            "The ending has 6 letters; names may have 5. Shorten it, or allow longer names.",
        ),
        (
            {"containing": "anno", "longest": 3},
            "containing",
            "The part in between has 4 letters; names may have 3. "
            "Shorten it, or allow longer names.",
        ),
        ({"beginning": "a\nb"}, "beginning", "The beginning must stand on one line."),
        ({"ending": "\n"}, "ending", "The ending must stand on one line."),
        ({"containing": "\n"}, "containing", "The part in between must stand on one line."),
        (
            {"beginning": "tyr", "ending": "saurus", "longest": 8},
            "ending",
            "“tyr” and “saurus” take 9 letters together; names may have 8. "
            "Shorten one, or allow longer names.",
        ),
    ],
    ids=str,
)
def test_what_makes_no_sense_is_told_beside_its_control(wishes, field, message):
    with pytest.raises(SamplingError) as caught:
        Wishes(**wishes)
    assert (str(caught.value), caught.value.field) == (message, field)
    assert field in {known.name for known in dataclasses.fields(Wishes)}


TEXTS = ["".join(letters) for n in range(4) for letters in itertools.product("ab", repeat=n)]


@pytest.mark.parametrize("longest", [1, 2, 3, 4])
def test_a_beginning_and_an_ending_go_together_where_some_name_has_both(longest):
    names = ["".join(x) for n in range(1, longest + 1) for x in itertools.product("ab", repeat=n)]
    for beginning, ending in itertools.product(TEXTS, repeat=2):
        possible = any(n.startswith(beginning) and n.endswith(ending) for n in names)
        try:
            Wishes(beginning=beginning, ending=ending, longest=longest)
        except SamplingError:
            assert not possible, (beginning, ending)
        else:
            assert possible, (beginning, ending)
