import math
import string

import numpy as np
import pytest

from engine.data.reading.casing import title_case
from engine.data.vocabulary import END, END_INDEX, UnknownSymbolError, Vocabulary
from engine.reference.dinosaurus import rnn_step_forward, sample
from engine.sampling.decoding import SamplingError
from engine.sampling.names import (
    LOGGED_NAMES,
    MAX_LENGTH,
    course_sample,
    logged_names,
    sample_names,
)

COUNT = 20_000

pytestmark = pytest.mark.usefixtures("backend")  # the compiled one is taken where it is ready


@pytest.fixture
def vocabulary():
    return Vocabulary.from_names(["abcde"])


@pytest.fixture
def parameters(make_parameters):
    return make_parameters(6, 8, seed=1, scale=0.7)


@pytest.fixture
def next_letter(to_course, vocabulary):
    """Return a function that gives the reference's probabilities of the letter after a text."""

    def probabilities(parameters, text):
        course, a = to_course(parameters), np.zeros((parameters.layers[0].n_a, 1))
        inputs = [np.zeros((6, 1)), *np.eye(6)[vocabulary.encode(text)][:, :, None]]
        for x in inputs:
            a, y_hat = rnn_step_forward(course, a, x)
        return y_hat.ravel()

    return probabilities


def assert_drawn_from(drawn, p):
    """Compare counts with probabilities by chi square, at five standard deviations."""
    assert not drawn[p == 0].any()
    observed, expected = drawn[p > 0], drawn.sum() * p[p > 0]
    assert expected.min() > 5, "too few draws to tell"
    freedom = len(expected) - 1
    chi_square = ((observed - expected) ** 2 / expected).sum()
    assert chi_square < freedom + 5 * math.sqrt(2 * freedom), (observed, expected)


def count_letters(vocabulary, names, place):
    letters = [vocabulary.index_of[(name + END)[place]] for name in names]
    return np.bincount(letters, minlength=len(vocabulary))


# The course's way.


@pytest.mark.parametrize("case", [0, 1])
def test_course_sample_gives_the_published_indices(course, letters, case, make_parameters):
    figures = course["sample"][case]
    random = np.random.RandomState(figures["seed"])
    if figures["order"][0].startswith("a0"):
        random.randn(100, 1)
    parameters = make_parameters(27, 100, seed=0)
    for name in ("Wax", "Waa", "Wya", "ba", "by"):
        array = parameters.named[name]
        array[:] = random.randn(*array.shape)
    name = course_sample(parameters, letters, figures["sample_seed"])
    assert [*letters.encode(name), END_INDEX] == figures["indices"]


@pytest.mark.parametrize("scale", [0.01, 0.5])
def test_course_sample_equals_the_reference(make_parameters, to_course, letters, scale):
    parameters = make_parameters(27, 20, seed=2, scale=scale)
    for seed in range(30):
        expected = letters.decode(sample(to_course(parameters), letters.index_of, seed))
        assert course_sample(parameters, letters, seed) + END == expected, f"seed {seed}"


def test_course_sample_ends_after_50_letters(make_parameters, to_course, letters):
    parameters = make_parameters(27, 20, seed=3)
    parameters.by[END_INDEX] = -1e3
    name = course_sample(parameters, letters, 0)
    assert len(name) == MAX_LENGTH
    assert letters.decode(sample(to_course(parameters), letters.index_of, 0)) == name + END


# Names at any moment.


def test_a_seed_repeats_its_names(parameters, vocabulary):
    first, again, other = (sample_names(parameters, vocabulary, 40, seed=s) for s in (5, 5, 6))
    assert len(first) == 40
    assert first == again
    assert first != other


def test_more_names_extend_the_list(parameters, vocabulary):
    many = sample_names(parameters, vocabulary, 200, seed=5)
    for count in (1, 7, 199):
        assert sample_names(parameters, vocabulary, count, seed=5) == many[:count]


def test_a_name_that_is_cut_off_is_a_prefix_of_the_whole(parameters, vocabulary):
    whole = sample_names(parameters, vocabulary, 100, seed=5)
    assert max(map(len, whole)) > 4
    cut = sample_names(parameters, vocabulary, 100, seed=5, max_length=4)
    assert cut == [name[:4] for name in whole]


def test_a_frozen_snapshot_is_enough(parameters, vocabulary):
    frozen = sample_names(parameters.frozen_copy(), vocabulary, 9, seed=0)
    assert frozen == sample_names(parameters, vocabulary, 9, seed=0)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_first_letters_are_drawn_from_the_softmax(parameters, vocabulary, next_letter, temperature):
    p = next_letter(parameters, "") ** (1 / temperature)
    p[END_INDEX] = 0.0  # names are never empty
    names = sample_names(
        parameters, vocabulary, COUNT, seed=7, temperature=temperature, max_length=1
    )
    assert_drawn_from(count_letters(vocabulary, names, 0), p / p.sum())


@pytest.mark.parametrize("prefix", ["a", "bad"])
def test_letters_after_a_prefix_are_drawn_from_the_softmax(
    parameters, vocabulary, next_letter, prefix
):
    place = len(prefix)
    names = sample_names(parameters, vocabulary, COUNT, seed=8, prefix=prefix, max_length=place + 1)
    p = next_letter(parameters, prefix)
    assert_drawn_from(count_letters(vocabulary, names, place), p)


def test_letters_are_drawn_given_those_before_them(parameters, vocabulary, next_letter):
    names = sample_names(parameters, vocabulary, COUNT, seed=9, max_length=3)
    for prefix in ("a", "b"):
        chosen = [name for name in names if name.startswith(prefix)]
        p = next_letter(parameters, prefix)
        assert_drawn_from(count_letters(vocabulary, chosen, 1), p)


def test_a_low_temperature_gives_the_likeliest_name(make_parameters, vocabulary, next_letter):
    parameters, name = make_parameters(6, 8, seed=10, scale=1.5), ""
    while len(name) < 12:
        p = next_letter(parameters, name)
        if not name:
            p[END_INDEX] = 0.0
        if p.argmax() == END_INDEX:
            break
        name += vocabulary.symbols[p.argmax()]
    names = sample_names(parameters, vocabulary, 50, seed=0, temperature=0.01, max_length=12)
    assert set(names) == {name}


def test_a_high_temperature_makes_all_letters_alike(make_parameters, vocabulary):
    parameters = make_parameters(6, 8, seed=11, scale=3.0)
    names = sample_names(parameters, vocabulary, COUNT, seed=11, temperature=1e6, max_length=2)
    counts = count_letters(vocabulary, names, 0)
    assert_drawn_from(counts, np.array([0, 1, 1, 1, 1, 1]) / 5)
    assert_drawn_from(count_letters(vocabulary, names, 1), np.full(6, 1 / 6))


@pytest.mark.parametrize("prefix", ["a", "abcde", "eee"])
def test_names_have_the_prefix(parameters, vocabulary, prefix):
    names = sample_names(parameters, vocabulary, 200, seed=12, prefix=prefix)
    assert all(name.startswith(prefix) for name in names)
    assert len(set(names)) > 20


@pytest.mark.parametrize("max_length", [1, 2, 7, MAX_LENGTH])
def test_no_name_is_longer_than_asked_for(parameters, vocabulary, max_length):
    parameters.by[END_INDEX] = -1e3
    names = sample_names(parameters, vocabulary, 30, seed=13, max_length=max_length)
    assert {len(name) for name in names} == {max_length}


@pytest.mark.parametrize("temperature", [1e-310, 1e-300, 0.01, 1.0, 100.0])
def test_no_name_is_empty_however_likely_the_end(parameters, vocabulary, temperature):
    parameters.by[END_INDEX] = 60.0
    names = sample_names(parameters, vocabulary, 200, seed=14, temperature=temperature)
    assert min(map(len, names)) >= 1
    assert not any(END in name for name in names)


def test_large_logits_do_no_harm(make_parameters, vocabulary):
    parameters = make_parameters(6, 8, seed=15, scale=1e4)
    assert all(sample_names(parameters, vocabulary, 20, seed=0))


# What makes no sense.


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"count": 0}, "The number of names must be 1 or more, not 0."),
        ({"count": -3}, "The number of names must be 1 or more, not -3."),
        ({"temperature": 0.0}, "The temperature must be a number above 0, not 0."),
        ({"temperature": -0.5}, "The temperature must be a number above 0, not -0.5."),
        ({"temperature": math.nan}, "The temperature must be a number above 0, not nan."),
        ({"temperature": math.inf}, "The temperature must be a number above 0, not inf."),
        (
            {"prefix": "a" * MAX_LENGTH},
            "The prefix has 50 letters, but names end after 50. Shorten it.",
        ),
        (
            {"prefix": "abc", "max_length": 2},
            "The prefix has 3 letters, but names end after 2. Shorten it.",
        ),
    ],
)
def test_arguments_out_of_bounds_are_refused(parameters, vocabulary, arguments, message):
    arguments = {"count": 5} | arguments
    with pytest.raises(SamplingError) as caught:
        sample_names(parameters, vocabulary, seed=0, **arguments)
    assert str(caught.value) == message


def test_a_letter_never_seen_is_named(parameters, vocabulary):
    with pytest.raises(UnknownSymbolError) as caught:
        sample_names(parameters, vocabulary, 5, seed=0, prefix="abéz")
    assert caught.value.symbol == "é"
    assert str(caught.value).startswith("The model has never seen the letter “é”.")


def test_a_prefix_cannot_have_an_end(parameters, vocabulary):
    # Taken for one, it would give empty names, or names without what follows it.
    with pytest.raises((SamplingError, UnknownSymbolError)):
        sample_names(parameters, vocabulary, 5, seed=0, prefix="a\nb")


@pytest.mark.parametrize("entry", [math.nan, math.inf])
def test_parameters_that_are_not_finite_are_refused(parameters, vocabulary, entry):
    parameters.named["Waa"][0, 0] = entry
    with pytest.raises(SamplingError, match="The network's parameters are not finite numbers"):
        sample_names(parameters, vocabulary, 5, seed=0)


# The log.


def test_logged_names_are_the_course_s_seven(make_parameters, letters):
    parameters = make_parameters(27, 10, seed=16)
    expected = [course_sample(parameters, letters, seed) for seed in range(7)]
    assert logged_names(parameters, letters, is_legacy=True, seed=99) == expected


def test_logged_names_depend_on_the_seed(make_parameters, letters):
    parameters = make_parameters(27, 10, seed=17)
    first, again, other = (
        logged_names(parameters, letters, is_legacy=False, seed=seed) for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other
    assert len(first) == LOGGED_NAMES == 7


@pytest.mark.parametrize(
    ("name", "shown"),
    [("rex", "Rex"), ("tyrannosaurus rex", "Tyrannosaurus rex"), ("élan", "Élan"), ("", "")],
)
def test_title_case_changes_the_first_letter_only(name, shown):
    assert title_case(name) == shown


def test_title_case_leaves_capitals_within_alone():
    assert title_case("mcRex" + string.ascii_uppercase) == "McRex" + string.ascii_uppercase
