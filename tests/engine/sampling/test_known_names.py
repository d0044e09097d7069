import numpy as np
import pytest

from engine.data.vocabulary import END_INDEX, Vocabulary
from engine.evaluation.nearest import NearestName
from engine.sampling.known_names import (
    KnownNames,
    NameStatus,
    NoveltyCounts,
    count_fresh_names,
    count_statuses,
)
from engine.sampling.names import sample_names


@pytest.fixture
def known():
    return KnownNames(["rex", "allo", "both"], ["iguana", "both"])


def test_a_name_is_new_held_out_or_training(known):
    message = [known.status_of(name).value for name in ("rex", "iguana", "both", "dino", "")]
    assert message == ["training", "held out", "training", "new", "new"]


def test_the_nearest_is_a_training_name(known):
    assert known.nearest_of(["iguana", "alla", "rex"])[1:] == [
        NearestName("allo", 1),
        NearestName("rex", 0),
    ]
    assert known.nearest_of(["iguana"])[0].name in known.training


def test_without_training_names_nothing_is_near():
    assert KnownNames([], ["rex"]).nearest_of(["rex", "allo"]) == [None, None]
    assert KnownNames([], ["rex"]).status_of("rex") is NameStatus.HELD_OUT


def test_shares_are_counted(known):
    counted = count_statuses(["rex", "rex", "iguana", "dino"], known)
    assert counted == NoveltyCounts(new=1, held_out=1, memorised=2)
    assert (counted.total, counted.of_all()) == (4, (0.25, 0.25, 0.5))
    assert count_statuses([], known).of_all() == (0, 0, 0)


def test_fresh_names_are_counted(make_parameters):
    # One symbol, so that a name is message by its length alone: a, aa, aaa, ...
    vocabulary = Vocabulary.from_names(["a"])
    parameters = make_parameters(2, 4, seed=0, scale=0.0)
    known = KnownNames(["a", "aaa"], ["aa"])
    counted = count_fresh_names(parameters, vocabulary, known, seed=1)
    # An end has one chance in two after the first letter: 1/2, 1/4, 1/8, ...
    expected = np.array([1 / 8, 1 / 4, 1 / 2 + 1 / 8])
    spread = np.sqrt(1_000 * expected * (1 - expected))
    found = np.array([counted.new, counted.held_out, counted.memorised])
    assert counted.total == 1_000
    assert (abs(found - 1_000 * expected) < 5 * spread).all(), found
    names = sample_names(parameters, vocabulary, 300, seed=1)
    assert count_fresh_names(parameters, vocabulary, known, seed=1, count=300) == count_statuses(
        names, known
    )
    parameters.by[END_INDEX] = -1e3
    assert (
        count_fresh_names(parameters, vocabulary, known, seed=1, count=9, max_length=3).memorised
        == 9
    )


def test_counting_fresh_names_can_be_ended_before_any_letter(make_parameters):
    vocabulary = Vocabulary.from_names(["a"])
    parameters = make_parameters(2, 4, seed=0)
    known, shares = KnownNames(["anna"]), []
    counted = count_fresh_names(parameters, vocabulary, known, seed=1, on_progress=shares.append)
    assert counted == count_fresh_names(parameters, vocabulary, known, seed=1)
    assert shares == sorted(shares)
    assert shares[0] == 0.0

    def interrupt(_share):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        count_fresh_names(parameters, vocabulary, known, seed=1, on_progress=interrupt)
