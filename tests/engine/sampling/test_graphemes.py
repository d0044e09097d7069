"""Names with letters of several code points: how they are written, compared and measured."""

import numpy as np
import pytest

from engine.data.vocabulary import Vocabulary
from engine.nn.architecture import Architecture
from engine.nn.parameters import Parameters
from engine.racing.gradient_pieces import Pieces
from engine.sampling.candidates import find_candidates
from engine.sampling.changed_letters import changed_letters_of_all
from engine.sampling.constraints import Constraints
from engine.sampling.decoding import SamplingError
from engine.sampling.known_names import KnownNames
from engine.sampling.names import sample_names
from engine.sampling.scoring import score_names

FAMILY = "👨‍👩‍👧"
VOCABULARY = Vocabulary(("\n", "क", "कि", "न", "👨", FAMILY))


@pytest.fixture
def parameters():
    parameters = Parameters(Architecture(len(VOCABULARY), "rnn", (4,)))
    parameters.flat[:] = np.random.default_rng(5).normal(size=parameters.flat.size)
    return parameters


def candidates(parameters, **constraints):
    wanted = Constraints(one_each=VOCABULARY.one_each, **constraints)
    *_, found = find_candidates(parameters, VOCABULARY, wanted)
    return found.candidates


def test_letters_apart_are_counted_in_clusters():
    known = KnownNames([f"क{FAMILY}न"], one_each=VOCABULARY.one_each)
    distances = {
        f"क{FAMILY}न": 0,
        f"कि{FAMILY}न": 1,
        "क👨न": 1,
        "कन": 1,
        f"{FAMILY}न": 1,
        "न": 2,
    }
    found = known.nearest_of(list(distances))
    assert [near.distance for near in found] == list(distances.values())
    assert {near.name for near in found} == {f"क{FAMILY}न"}


def test_constraints_count_and_compare_clusters():
    wanted = Constraints(prefix="क", suffix=FAMILY, longest=3, one_each=VOCABULARY.one_each)
    assert wanted.unmet_by(f"कन{FAMILY}") == ""
    assert wanted.unmet_by(f"कि{FAMILY}") == "prefix", "कि is another letter than क"
    assert wanted.unmet_by(f"कनन{FAMILY}") == "longest"
    inside = Constraints(containing="👨", one_each=VOCABULARY.one_each)
    assert inside.unmet_by(FAMILY) == "containing"
    with pytest.raises(SamplingError, match="together have 4 letters, but names may have 3"):
        Constraints(prefix="किन", suffix=FAMILY * 2, longest=3, one_each=VOCABULARY.one_each)


def test_written_names_meet_them(parameters):
    found = candidates(parameters, count=15, prefix="क", shortest=2, longest=3)
    assert len(found) == 15
    for candidate in found:
        symbols = candidate.score.symbols
        assert symbols[0] == "क"
        assert 2 <= len(symbols) <= 3
        assert len(candidate.score.surprisals) == len(symbols) + 1
        assert "".join(symbols) == candidate.name
    with pytest.raises(SamplingError, match="The prefix has 2 letters, but names end after 2"):
        sample_names(parameters, VOCABULARY, 1, seed=0, prefix=FAMILY + "न", max_length=2)


def test_changes_are_marked_by_letter(parameters):
    before, after = (candidates(parameters, count=30, temperature=t) for t in (1.0, 1.6))
    old = {each.number: each.score.symbols for each in before}
    for each, marks in zip(after, changed_letters_of_all(before, after), strict=True):
        assert len(marks) == len(each.score.symbols) + 1
        if each.number in old:
            pairs = zip(old[each.number], each.score.symbols, strict=False)
            changed = [a != b for a, b in pairs]
            assert list(marks[: len(changed)]) == changed


def test_a_score_has_a_surprise_for_each_letter(parameters):
    (score,) = score_names(parameters, VOCABULARY, [f"कि{FAMILY}"])
    assert score.symbols == ("कि", FAMILY)
    assert len(score.surprisals) == 3


def test_gradients_are_not_compared_with_a_network_that_spells_in_another_way(parameters):
    pieces = Pieces(("नक", "कन"), begin_names=True)
    assert pieces.measure(parameters, VOCABULARY) is not None
    assert Pieces(("नकि",), begin_names=True).measure(parameters, VOCABULARY) is None
