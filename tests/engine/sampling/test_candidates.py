import itertools
import math

import numpy as np
import pytest

from engine.data.vocabulary import END, END_INDEX, UnknownSymbolError, Vocabulary
from engine.evaluation.nearest import NearestNames
from engine.reference.dinosaurus import rnn_step_forward
from engine.sampling.candidates import MAX_TRIES, find_candidates
from engine.sampling.constraints import Constraints
from engine.sampling.decoding import SamplingError
from engine.sampling.known_names import KnownNames, NameStatus
from engine.sampling.names import sample_names
from engine.sampling.scoring import score_names


@pytest.fixture
def vocabulary():
    return Vocabulary.from_names(["abc"])


@pytest.fixture
def parameters(make_parameters):
    parameters = make_parameters(4, 6, seed=1, scale=0.7)
    parameters.by[END_INDEX] += 0.5
    return parameters


@pytest.fixture
def find(parameters, vocabulary):
    """Return a function that takes constraints as keywords, and returns the last result."""

    def run(known=None, max_tries=None, **constraints):
        search = find_candidates(
            parameters, vocabulary, Constraints(**constraints), known, max_tries=max_tries
        )
        *_, found = search
        assert found.is_over
        return found

    return run


@pytest.fixture
def likely_by_the_reference(to_course, parameters, vocabulary):
    """Return a function that gives the probability of every name of a few letters."""

    def compute(longest):
        course, found = to_course(parameters), {}
        lengths = range(1, longest + 1)
        for name in ("".join(x) for n in lengths for x in itertools.product("abc", repeat=n)):
            a, x, p = np.zeros((6, 1)), np.zeros((4, 1)), 1.0
            for t, symbol in enumerate(vocabulary.encode(name + END)):
                a, y_hat = rnn_step_forward(course, a, x)
                p *= y_hat[symbol, 0] / (1 - y_hat[END_INDEX, 0] if t == 0 else 1)
                x = np.eye(4)[symbol][:, None]
            found[name] = p
        return found

    return compute


def names_of(found):
    return [candidate.name for candidate in found.candidates]


@pytest.mark.parametrize(
    "constraints",
    [
        {},
        {"prefix": "b"},
        {"suffix": "a"},
        {"containing": "ab"},
        {"shortest": 2, "suffix": "c", "prefix": "a"},
    ],
    ids=str,
)
def test_accepted_names_keep_their_relative_probabilities(
    find, likely_by_the_reference, constraints
):
    longest, count = 4, 4_000
    wanted = Constraints(longest=longest, **constraints)
    likely = {
        name: p for name, p in likely_by_the_reference(longest).items() if not wanted.unmet_by(name)
    }
    found = find(count=count, longest=longest, max_tries=10**6, **constraints)
    names = names_of(found)
    assert len(names) == count
    assert set(names) <= set(likely)
    total = sum(likely.values())
    for name, p in likely.items():
        expected = count * p / total
        spread = math.sqrt(expected * (1 - p / total))
        assert abs(names.count(name) - expected) < 5 * spread + 1, name


def test_unconstrained_names_are_those_of_the_same_random_streams(find, parameters, vocabulary):
    names = names_of(find(count=30, seed=4, temperature=0.8, longest=200))
    assert names == sample_names(
        parameters, vocabulary, 30, seed=4, temperature=0.8, max_length=200
    )


def test_more_names_are_the_same_ones_and_then_more(find):
    constraints = {"suffix": "a", "no_repeats": True, "seed": 3}
    few, many = find(count=5, **constraints), find(count=90, **constraints)
    assert names_of(many)[:5] == names_of(few)
    numbers = [candidate.number for candidate in many.candidates]
    assert numbers == sorted(set(numbers))
    assert names_of(find(count=5, suffix="a", no_repeats=True, seed=4)) != names_of(few)


def test_what_is_found_does_not_depend_on_the_rounds(find, monkeypatch):
    constraints = {"count": 40, "containing": "bb", "shortest": 3}
    expected = find(**constraints)
    monkeypatch.setattr("engine.sampling.candidates._SMALLEST_ROUND", 1)
    monkeypatch.setattr("engine.sampling.candidates._LARGEST_ROUND", 7)
    again = find(**constraints)
    assert names_of(again) == names_of(expected)
    assert again.tried == expected.tried == expected.candidates[-1].number + 1


def test_only_new_names_and_no_repeats(find):
    known = KnownNames(["a", "b", "ab"], ["c", "ca"])
    names = names_of(find(known, count=60, only_new=True, no_repeats=True))
    assert len(names) == len(set(names)) == 60
    assert not {"a", "b", "c", "ab", "ca"} & set(names)
    plain = find(known, count=200)
    assert {"a", "b", "c"} <= set(names_of(plain))
    assert len(set(names_of(plain))) < 200


def test_each_candidate_has_its_status_score_and_nearest_name(parameters, vocabulary):
    known = KnownNames(["a", "bb", "abab"], ["c"])
    constraints = Constraints(count=150, temperature=2.0, top_k=3, seed=9)
    *_, found = find_candidates(parameters, vocabulary, constraints, known, step=77)
    names = names_of(found)
    statuses = {candidate.name: candidate.status for candidate in found.candidates}
    assert (statuses["a"], statuses["c"]) == (NameStatus.TRAINING, NameStatus.HELD_OUT)
    assert set(statuses.values()) == set(NameStatus)
    expected = (
        score_names(parameters, vocabulary, names),
        NearestNames(known.training).find_all(names),
    )
    for candidate, scored, near in zip(found.candidates, *expected, strict=True):
        # Whatever it was drawn with, a score is the network's own.
        assert candidate.score.surprisals == pytest.approx(scored.surprisals)
        assert candidate.nearest == near
        assert (candidate.step, candidate.seed, candidate.temperature) == (77, 9, 2.0)


def test_what_is_not_known_is_none(parameters, vocabulary):
    *_, found = find_candidates(parameters, vocabulary, Constraints())
    assert {(p.status, p.nearest) for p in found.candidates} == {(None, None)}
    known = KnownNames(["a"])
    *_, found = find_candidates(parameters, vocabulary, Constraints(), known, with_nearest=False)
    assert {p.nearest for p in found.candidates} == {None}
    assert None not in {p.status for p in found.candidates}


def test_a_caller_sees_the_progress_and_can_stop(parameters, vocabulary):
    search = find_candidates(
        parameters, vocabulary, Constraints(count=9, containing="abcabcabcabc")
    )
    seen = list(itertools.islice(search, 3))
    assert [found.is_over for found in seen] == [False] * 3
    assert 0 < seen[0].tried < seen[1].tried < seen[2].tried < seen[0].max_tries == MAX_TRIES
    assert all(found.wanted == 9 for found in seen)
    search.close()


def test_candidates_come_in_parts_if_there_is_much_to_compare(parameters, vocabulary, monkeypatch):
    known = KnownNames(["a", "b"])
    monkeypatch.setattr("engine.sampling.candidates._MAX_COMPARISONS", 10)
    seen = list(find_candidates(parameters, vocabulary, Constraints(count=12), known))
    assert [len(found.candidates) for found in seen] == [5, 10, 12]
    assert names_of(seen[-1])[:5] == names_of(seen[0])


@pytest.mark.parametrize(
    ("constraints", "field", "reason"),
    [
        ({"suffix": "cccccccccc"}, "suffix", "did not end in “cccccccccc”."),
        ({"containing": "abcabcabcabc"}, "containing", "did not contain “abcabcabcabc”."),
        ({"shortest": 49}, "shortest", "had fewer than 49 letters."),
        ({"longest": 1, "no_repeats": True}, "longest", "had more than 1 letter."),
        ({"top_k": 1, "no_repeats": True}, "no_repeats", "were found before."),
    ],
)
def test_a_note_says_why_too_few_were_found(find, constraints, field, reason):
    found = find(count=20, max_tries=500, **constraints)
    assert len(found.candidates) < 20
    assert found.note.startswith(f"{len(found.candidates)} of 20 found in 500 tries: ")
    assert found.note.endswith(reason)
    assert (found.field, found.tried) == (field, 500)


def test_a_note_says_that_all_names_are_known(find):
    found = find(KnownNames(["a", "b"], ["c"]), max_tries=300, longest=1, only_new=True)
    assert found.candidates == ()
    assert found.field in ("only_new", "longest")
    assert found.note.startswith("0 of 20 found in 300 tries: ")


def test_if_enough_are_found_there_is_no_note(find):
    found = find(count=3)
    assert (found.note, found.field, len(found.candidates)) == ("", "", 3)


def test_a_note_says_that_no_name_ends(find, parameters):
    parameters.by[END_INDEX] = -1e3
    found = find(max_tries=100, longest=10)
    assert found.note == "0 of 20 found in 100 tries: 100 had more than 10 letters."


def test_greedy_decoding_gives_one_name(find, parameters, vocabulary):
    parameters.by[END_INDEX] += 1
    found = find(count=5, greedy=True)
    assert names_of(found) == sample_names(parameters, vocabulary, 1, seed=0, temperature=1e-3)
    assert found.note == "1 of 5 found: greedy decoding always writes the same name."
    assert found.field == "greedy"
    assert find(count=1, greedy=True).note == ""


def test_a_prefix_may_be_the_whole_name(find):
    names = names_of(find(count=50, prefix="ab", longest=2))
    assert names == ["ab"] * 50


@pytest.mark.parametrize("max_tries", [1, 3])
def test_a_note_says_that_there_were_fewer_tries_than_names_wanted(find, max_tries):
    found = find(count=5, max_tries=max_tries)
    assert (len(found.candidates), found.tried, found.is_over) == (max_tries, max_tries, True)
    tries = "1 try" if max_tries == 1 else f"{max_tries} tries"
    assert found.note == f"{max_tries} of 5 found in {tries}, and no more are allowed."
    assert found.field == ""


@pytest.mark.parametrize("field", ["prefix", "suffix", "containing"])
def test_an_unknown_letter_is_refused_at_once(parameters, vocabulary, field):
    with pytest.raises(UnknownSymbolError, match="never seen the letter “é”"):
        find_candidates(parameters, vocabulary, Constraints(**{field: "aé"}))


def test_impossible_arguments_are_refused_at_once(parameters, vocabulary):
    with pytest.raises(SamplingError, match="New names can only be distinguished") as caught:
        find_candidates(parameters, vocabulary, Constraints(only_new=True))
    assert caught.value.field == "only_new"
    with pytest.raises(ValueError, match="max_tries must be 1 or more, got 0"):
        find_candidates(parameters, vocabulary, Constraints(), max_tries=0)
    parameters.flat[0] = math.nan
    with pytest.raises(SamplingError, match="not finite numbers"):
        find_candidates(parameters, vocabulary, Constraints())


@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_every_network_serves(make_parameters, vocabulary, cell, dtype):
    parameters = make_parameters(4, (5, 4), 3, cell=cell, dtype=dtype, embedding=2)
    constraints = Constraints(count=25, prefix="ab", suffix="c", longest=200)
    *_, found = find_candidates(parameters, vocabulary, constraints, KnownNames(["abc"]))
    assert len(found.candidates) == 25
    assert not any(map(constraints.unmet_by, names_of(found)))


def test_no_more_names_than_needed_are_drawn_from_a_large_vocabulary(make_parameters):
    letters = [chr(0x4E00 + i) for i in range(20_000)]
    vocabulary = Vocabulary.from_names(["".join(letters)])
    parameters = make_parameters(len(vocabulary), 3, seed=1, scale=0.1)
    parameters.by[END_INDEX] += 12  # names end soon
    *_, found = find_candidates(parameters, vocabulary, Constraints(count=5))
    assert found.tried == len(found.candidates) == 5
    assert names_of(found) == sample_names(parameters, vocabulary, 5, seed=0)
    *_, found = find_candidates(parameters, vocabulary, Constraints(count=70))
    assert names_of(found) == sample_names(parameters, vocabulary, 70, seed=0)
