import numpy as np
import pytest

from engine.parameters import Parameters
from engine.reference.dinosaurus import initialize_parameters

SHAPES = {"Wax": (4, 3), "Waa": (4, 4), "Wya": (5, 4), "ba": (4,), "by": (5,)}


@pytest.fixture
def parameters():
    return Parameters(3, 4, 5, np.arange(57.0))


def test_shapes(parameters):
    assert {name: getattr(parameters, name).shape for name in Parameters.NAMES} == SHAPES


def test_the_named_arrays_are_views_that_cover_the_vector_once():
    parameters = Parameters(3, 4, 5)
    for name in Parameters.NAMES:
        getattr(parameters, name)[...] += 1
    assert parameters.flat.tolist() == [1.0] * len(parameters.flat)


def test_a_write_to_the_vector_is_seen_by_its_views(parameters):
    parameters.flat[:] = 7.0
    assert all((getattr(parameters, name) == 7.0).all() for name in Parameters.NAMES)


def test_a_given_vector_is_taken_over_without_a_copy():
    flat = np.zeros(57)
    Parameters(3, 4, 5, flat).by[:] = 1.0
    assert flat.sum() == 5.0


@pytest.mark.parametrize("size", [60, 62])
def test_a_vector_of_another_length_is_refused(size):
    with pytest.raises(ValueError, match=rf"flat must have the shape \(57,\), got \({size},\)\."):
        Parameters(3, 4, 5, np.zeros(size))


@pytest.mark.parametrize(
    ("sizes", "name"), [((0, 4, 5), "n_x"), ((3, 0, 5), "n_a"), ((3, 4, -1), "n_y")]
)
def test_sizes_below_one_are_refused(sizes, name):
    with pytest.raises(ValueError, match=f"{name} must be 1 or more"):
        Parameters(*sizes)


@pytest.mark.parametrize("n_a", [4, 50])
def test_start_values_are_the_course_s(n_a, to_course):
    started = to_course(Parameters.initial(27, n_a, 27, np.random.RandomState(1)))
    for name, expected in initialize_parameters(n_a, 27, 27).items():
        np.testing.assert_array_equal(started[name], expected, err_msg=name)


def test_start_values_depend_on_nothing_but_the_generator():
    first, again, other = (
        Parameters.initial(3, 4, 5, np.random.default_rng(seed)).flat for seed in (0, 0, 1)
    )
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_zeros_like(parameters):
    zeros = parameters.zeros_like()
    assert {name: getattr(zeros, name).shape for name in Parameters.NAMES} == SHAPES
    assert not zeros.flat.any()
    assert parameters.flat.any()


@pytest.mark.parametrize("copy", [Parameters.copy, Parameters.frozen_copy])
def test_a_copy_stands_alone(parameters, copy):
    copied = copy(parameters)
    parameters.Waa[:] = -1.0
    np.testing.assert_array_equal(copied.flat, np.arange(57.0))
    assert copied.Waa[0, 0] == 12.0


def test_a_copy_can_be_written(parameters):
    copied = parameters.copy()
    copied.by[:] = -1.0
    assert copied.flat[-1] == -1.0


@pytest.mark.parametrize("name", ["flat", *Parameters.NAMES])
def test_a_frozen_copy_cannot_be_written(parameters, name):
    with pytest.raises(ValueError, match="read-only"):
        getattr(parameters.frozen_copy(), name)[...] = 0.0


@pytest.mark.parametrize("entry", [np.nan, np.inf, -np.inf])
def test_one_entry_that_is_no_number_shows(parameters, entry):
    assert parameters.is_finite()
    parameters.Wya[2, 1] = entry
    assert not parameters.is_finite()
