import dataclasses
import itertools
import math

import pytest

from engine.sampling.constraints import Constraints
from engine.sampling.decoding import DecodingStrategy, SamplingError


def test_the_defaults_are_valid():
    constraints = Constraints()
    assert constraints.decoding == DecodingStrategy()
    assert all(constraints.unmet_by(name) == "" for name in ("a", "rex", "a" * 50))
    assert constraints.unmet_by("a" * 51) == "longest"


def test_the_decoding_strategy_is_made_of_the_constraints():
    constraints = Constraints(temperature=0.5, greedy=True, top_k=3, top_p=0.25)
    assert constraints.decoding == DecodingStrategy(0.5, greedy=True, top_k=3, top_p=0.25)


@pytest.mark.parametrize(
    ("name", "unmet"),
    [
        ("tyrannosaurus", ""),
        ("tyxsaurus", "containing"),
        ("tyrannosaur", "suffix"),
        ("xyrannosaurus", "prefix"),
        ("tyrus", "shortest"),
        ("tyrannosauro-saurus", "longest"),
    ],
)
def test_the_first_unmet_constraint_is_returned(name, unmet):
    constraints = Constraints(prefix="ty", suffix="us", containing="nn", shortest=6, longest=15)
    assert constraints.unmet_by(name) == unmet


@pytest.mark.parametrize(
    ("constraints", "field", "message"),
    [
        ({"count": 0}, "count", "The number of names must be 1 or more, not 0."),
        ({"seed": -1}, "seed", "The seed must be 0 or more, not -1."),
        ({"temperature": 0.0}, "temperature", "The temperature must be a number above 0, not 0."),
        (
            {"temperature": math.nan},
            "temperature",
            "The temperature must be a number above 0, not nan.",
        ),
        ({"top_k": -2}, "top_k", "Top-k must be 1 or more, not -2."),
        ({"top_p": 0.0}, "top_p", "Top-p must be above 0 and at most 1, not 0."),
        ({"shortest": 0}, "shortest", "The shortest name must have 1 letter or more, not 0."),
        ({"longest": 201}, "longest", "The longest name may have 200 letters, not 201."),
        (
            {"shortest": 12, "longest": 8},
            "longest",
            "No name has from 12 to 8 letters, because the longest cannot be shorter than the "
            "shortest.",
        ),
        (
            {"prefix": "tyranno", "longest": 6},
            "prefix",
            "The prefix has 7 letters, but names may have 6. Shorten it, or allow longer names.",
        ),
        (
            {"suffix": "saurus", "longest": 5},
            "suffix",
            "The suffix has 6 letters, but names may have 5. Shorten it, or allow longer names.",
        ),
        (
            {"containing": "anno", "longest": 3},
            "containing",
            "The part in between has 4 letters, but names may have 3. "
            "Shorten it, or allow longer names.",
        ),
        ({"prefix": "a\nb"}, "prefix", "The prefix must be on one line."),
        ({"suffix": "\n"}, "suffix", "The suffix must be on one line."),
        ({"containing": "\n"}, "containing", "The part in between must be on one line."),
        (
            {"prefix": "tyr", "suffix": "saurus", "longest": 8},
            "suffix",
            "“tyr” and “saurus” together have 9 letters, but names may have 8. "
            "Shorten one of them, or allow longer names.",
        ),
    ],
    ids=str,
)
def test_invalid_constraints_name_the_field(constraints, field, message):
    with pytest.raises(SamplingError) as caught:
        Constraints(**constraints)
    assert (str(caught.value), caught.value.field) == (message, field)
    assert field in {known.name for known in dataclasses.fields(Constraints)}


TEXTS = ["".join(letters) for n in range(4) for letters in itertools.product("ab", repeat=n)]


@pytest.mark.parametrize("longest", [1, 2, 3, 4])
def test_a_prefix_and_a_suffix_may_overlap(longest):
    names = ["".join(x) for n in range(1, longest + 1) for x in itertools.product("ab", repeat=n)]
    for prefix, suffix in itertools.product(TEXTS, repeat=2):
        possible = any(n.startswith(prefix) and n.endswith(suffix) for n in names)
        try:
            Constraints(prefix=prefix, suffix=suffix, longest=longest)
        except SamplingError:
            assert not possible, (prefix, suffix)
        else:
            assert possible, (prefix, suffix)
