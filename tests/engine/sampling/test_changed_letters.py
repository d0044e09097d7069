import pytest

from engine.sampling.candidates import find_candidates
from engine.sampling.changed_letters import changed_letters, changed_letters_of_all
from engine.sampling.constraints import Constraints
from engine.sampling.names import sample_names


def marked(before, after):
    """Return the marks as text: ^ under what has changed; the last is the end's."""
    return "".join(".^"[mark] for mark in changed_letters(before, after))


@pytest.mark.parametrize(
    ("before", "after", "marks"),
    [
        ("rex", "rex", "...."),
        ("rex", "rax", ".^.."),
        ("rex", "re", "..^"),
        ("rex", "rexo", "...^^"),
        ("", "a", "^^"),
        ("a", "", "^"),
        ("", "", "."),
    ],
)
def test_letters_are_held_against_those_in_their_places(before, after, marks):
    assert marked(before, after) == marks


@pytest.fixture
def parameters(make_parameters):
    return make_parameters(27, 20, seed=1, scale=0.3)


def test_candidates_of_the_same_random_stream_are_compared(parameters, letters):
    def found(**constraints):
        return list(find_candidates(parameters, letters, Constraints(**constraints)))[-1].candidates

    plain, suffix = found(count=200, seed=2), found(count=3, seed=2, suffix="a")
    assert changed_letters_of_all(plain, plain) == [(False,) * (len(p.name) + 1) for p in plain]
    assert not any(map(any, changed_letters_of_all(plain, suffix))), "the same names, further up"
    assert all(map(all, changed_letters_of_all(found(seed=3), suffix))), "another seed"
    warmer = found(count=200, seed=2, temperature=1.2)
    old = {candidate.number: candidate.name for candidate in plain}
    both = 0
    for new, marks in zip(warmer, changed_letters_of_all(plain, warmer), strict=True):
        if new.number in old:
            both += 1
            assert marks == changed_letters(old[new.number], new.name)
        else:  # one of the two was too long
            assert all(marks)
    assert both > 100


def test_few_letters_change_if_the_network_changes_little(parameters, letters):
    before = sample_names(parameters, letters, 300, seed=5)
    assert sample_names(parameters.copy(), letters, 300, seed=5) == before
    shares = []
    for change in (1e-6, 1e-3, 1e-2):
        other = parameters.copy()
        other.by[3::2] += change
        after = sample_names(other, letters, 300, seed=5)
        marks = [
            mark
            for old, new in zip(before, after, strict=True)
            for mark in changed_letters(old, new)
        ]
        shares.append(sum(marks) / len(marks))
    assert shares[0] == 0
    assert shares[0] <= shares[1] < shares[2] < 0.1
    other_seed = sample_names(parameters, letters, 300, seed=6)
    assert sum(map(any, map(changed_letters, before, other_seed))) > 290
