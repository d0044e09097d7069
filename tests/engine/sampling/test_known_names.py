import numpy as np
import pytest

from engine.data.vocabulary import END_INDEX, Vocabulary
from engine.evaluation.nearest import Nearest
from engine.sampling.known_names import KnownNames, Shares, Status, fresh_shares, shares
from engine.sampling.names import sample_names


@pytest.fixture
def known():
    return KnownNames(["rex", "allo", "both"], ["iguana", "both"])


def test_a_name_is_new_held_out_or_training(known):
    told = [known.status_of(name).value for name in ("rex", "iguana", "both", "dino", "")]
    assert told == ["training", "held out", "training", "new", "new"]


def test_the_nearest_is_a_training_name(known):
    assert known.nearest_of(["iguana", "alla", "rex"])[1:] == [
        Nearest("allo", 1),
        Nearest("rex", 0),
    ]
    assert known.nearest_of(["iguana"])[0].name in known.training


def test_without_training_names_nothing_is_near():
    assert KnownNames([], ["rex"]).nearest_of(["rex", "allo"]) == [None, None]
    assert KnownNames([], ["rex"]).status_of("rex") is Status.HELD_OUT


def test_shares_are_counted(known):
    counted = shares(["rex", "rex", "iguana", "dino"], known)
    assert counted == Shares(new=1, held_out=1, memorised=2)
    assert (counted.total, counted.of_all()) == (4, (0.25, 0.25, 0.5))
    assert shares([], known).of_all() == (0, 0, 0)


def test_fresh_names_are_counted(make_parameters):
    # One symbol, so that a name is told by its length alone: a, aa, aaa, ...
    vocabulary = Vocabulary.from_names(["a"])
    parameters = make_parameters(2, 4, seed=0, scale=0.0)
    known = KnownNames(["a", "aaa"], ["aa"])
    counted = fresh_shares(parameters, vocabulary, known, seed=1)
    # An end has one chance in two after the first letter: 1/2, 1/4, 1/8, ...
    expected = np.array([1 / 8, 1 / 4, 1 / 2 + 1 / 8])
    spread = np.sqrt(1_000 * expected * (1 - expected))
    found = np.array([counted.new, counted.held_out, counted.memorised])
    assert counted.total == 1_000
    assert (abs(found - 1_000 * expected) < 5 * spread).all(), found
    names = sample_names(parameters, vocabulary, 300, seed=1)
    assert fresh_shares(parameters, vocabulary, known, seed=1, count=300) == shares(names, known)
    parameters.by[END_INDEX] = -1e3
    assert fresh_shares(parameters, vocabulary, known, seed=1, count=9, max_length=3).memorised == 9
