import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.sampling.decoding import DecodingStrategy, SamplingError
from engine.sampling.random_streams import RandomStreams

DRAWS = 20_000


def by_hand(z, temperature, top_k, top_p):
    """Return the probabilities, written with lists, a symbol at a time."""
    weights = [math.exp((value - max(z)) / temperature) for value in z]
    ranked = sorted(range(len(z)), key=lambda i: (-weights[i], i))
    kept = ranked if top_k is None else ranked[:top_k]
    total, nucleus, so_far = sum(weights[i] for i in kept), [], 0.0
    for i in kept:
        nucleus.append(i)
        so_far += weights[i] / total
        if so_far >= top_p:
            break
    total = sum(weights[i] for i in nucleus)
    return [weights[i] / total if i in nucleus else 0.0 for i in range(len(z))]


RULES = [
    {},
    {"temperature": 0.5},
    {"temperature": 3.0},
    {"top_k": 1},
    {"top_k": 3},
    {"top_k": 99},
    {"top_p": 0.7},
    {"top_p": 1e-9},
    {"temperature": 2.0, "top_k": 4, "top_p": 0.6},
]


LOGITS = st.integers(-4_000_000, 4_000_000).map(lambda millionths: millionths / 1e6)
"""Logits that differ have weights that differ: of equal weights, either symbol may come first."""


@given(
    st.lists(LOGITS, min_size=1, max_size=9, unique=True),
    st.floats(0.2, 5),
    st.one_of(st.none(), st.integers(1, 10)),
    st.floats(0.05, 0.999),
)
def test_probabilities_are_those_counted_by_hand(z, temperature, top_k, top_p):
    found = DecodingStrategy(temperature, top_k=top_k, top_p=top_p).probabilities(np.array([z]))[0]
    assert found.sum() == pytest.approx(1)
    expected = by_hand(z, temperature, top_k, top_p)
    near = (
        by_hand(z, temperature, top_k, top_p + 1e-9),
        by_hand(z, temperature, top_k, top_p - 1e-9),
    )  # where a sum meets top_p to the last digit, either is right
    assert any(found == pytest.approx(one, abs=1e-9) for one in (expected, *near))


@pytest.mark.parametrize("rule", RULES, ids=str)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_symbols_are_drawn_with_their_probabilities(rule, dtype):
    z = np.array([1.0, -0.5, 0.3, 2.0, -1.0, 0.9], dtype=dtype)
    noise = RandomStreams(3).gumbel(np.arange(DRAWS), 0, len(z))
    drawn = DecodingStrategy(**rule).choose(np.tile(z, (DRAWS, 1)), noise)
    complete = {"temperature": 1.0, "top_k": None, "top_p": 1.0} | rule
    p = np.array(by_hand(z.tolist(), **complete))
    counts = np.bincount(drawn, minlength=len(z))
    assert not counts[p == 0].any()
    spread = np.sqrt(DRAWS * p * (1 - p))
    assert (abs(counts - DRAWS * p) <= 5 * spread).all(), (counts, DRAWS * p)


def test_greedy_takes_the_likeliest_whatever_the_noise():
    random = np.random.default_rng(4)
    z = random.normal(size=(500, 8))
    noise = RandomStreams(4).gumbel(np.arange(500), 0, 8)
    assert (
        DecodingStrategy(temperature=50, greedy=True).choose(z, noise) == z.argmax(axis=1)
    ).all()


def test_among_equals_the_first_are_kept():
    p = DecodingStrategy(top_k=2).probabilities(np.zeros((1, 4)))
    assert p.tolist() == [[0.5, 0.5, 0, 0]]
    assert DecodingStrategy(top_p=0.5).probabilities(np.zeros((1, 4))).tolist() == [
        [0.5, 0.5, 0, 0]
    ]


def test_the_same_noise_gives_another_choice_only_where_it_has_to():
    # A symbol that becomes less likely loses its place to others; the others keep theirs.
    z = np.tile([0.5, 1.0, 0.0, 0.8], (DRAWS, 1))
    noise = RandomStreams(5).gumbel(np.arange(DRAWS), 0, 4)
    before = DecodingStrategy().choose(z, noise)
    z[:, 1] -= 0.1
    after = DecodingStrategy().choose(z, noise)
    assert (before[before != after] == 1).all()
    assert 0 < (before != after).mean() < 0.05
    left = DecodingStrategy(top_k=3).choose(z, noise)
    assert (after[left != after] == 2).all(), "what was left out, and nothing else"


def test_an_impossible_symbol_is_never_chosen():
    z = np.tile([-np.inf, 0.0, 1.0], (1_000, 1))
    noise = RandomStreams(6).gumbel(np.arange(1_000), 0, 3)
    for choice in (
        DecodingStrategy(),
        DecodingStrategy(top_p=0.9),
        DecodingStrategy(top_k=3),
        DecodingStrategy(temperature=1e-310),
    ):
        assert choice.choose(z, noise).min() > 0


def test_the_arguments_are_left_alone():
    z = np.array([[1.0, 2.0, 3.0]])
    DecodingStrategy(top_k=1, top_p=0.5, temperature=2).probabilities(z)
    assert z.tolist() == [[1, 2, 3]]


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ({"temperature": 0}, "The temperature must be a number above 0, not 0."),
        ({"temperature": -1.5}, "The temperature must be a number above 0, not -1.5."),
        ({"temperature": math.nan}, "The temperature must be a number above 0, not nan."),
        ({"temperature": math.inf}, "The temperature must be a number above 0, not inf."),
        ({"top_k": 0}, "Top-k must be 1 or more, not 0."),
        ({"top_p": 0}, "Top-p must be above 0 and at most 1, not 0."),
        ({"top_p": 1.01}, "Top-p must be above 0 and at most 1, not 1.01."),
        ({"top_p": math.nan}, "Top-p must be above 0 and at most 1, not nan."),
    ],
)
def test_an_invalid_strategy_is_refused(rule, message):
    with pytest.raises(SamplingError) as caught:
        DecodingStrategy(**rule)
    assert (str(caught.value), [caught.value.field]) == (message, list(rule))
