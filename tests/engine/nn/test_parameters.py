import numpy as np
import pytest

from engine.nn.architecture import Architecture
from engine.nn.parameters import Parameters
from engine.reference.dinosaurus import initialize_parameters

ARCHITECTURE = Architecture(5, widths=(4,))
SHAPES = {"Wax": (4, 5), "Waa": (4, 4), "ba": (4,), "Wya": (5, 4), "by": (5,)}
COUNT = 65


@pytest.fixture
def parameters():
    return Parameters(ARCHITECTURE, np.arange(float(COUNT)))


def test_shapes(parameters):
    assert {name: array.shape for name, array in parameters.named.items()} == SHAPES


def test_the_named_arrays_are_views_that_cover_the_vector_once():
    parameters = Parameters(ARCHITECTURE)
    for array in parameters.named.values():
        array[...] += 1
    assert parameters.flat.tolist() == [1.0] * len(parameters.flat)


def test_a_write_to_the_vector_is_seen_by_its_views(parameters):
    parameters.flat[:] = 7.0
    assert all((array == 7.0).all() for array in parameters.named.values())


def test_a_given_vector_is_used_without_a_copy():
    flat = np.zeros(COUNT)
    Parameters(ARCHITECTURE, flat).by[:] = 1.0
    assert flat.sum() == 5.0


@pytest.mark.parametrize("size", [COUNT - 1, COUNT + 1])
def test_a_vector_of_another_length_is_refused(size):
    with pytest.raises(ValueError, match=rf"flat must have the shape \(65,\), got \({size},\)\."):
        Parameters(ARCHITECTURE, np.zeros(size))


@pytest.mark.parametrize("n_a", [4, 50])
def test_start_values_equal_the_courses(n_a, to_course):
    started = to_course(
        Parameters.initial(Architecture(27, widths=(n_a,)), np.random.RandomState(1))
    )
    for name, expected in initialize_parameters(n_a, 27, 27).items():
        np.testing.assert_array_equal(started[name], expected, err_msg=name)


def test_start_values_depend_on_the_generator_only():
    first, again, other = (
        Parameters.initial(ARCHITECTURE, np.random.default_rng(seed)).flat for seed in (0, 0, 1)
    )
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_zeros_like(parameters):
    zeros = parameters.zeros_like()
    assert {name: array.shape for name, array in zeros.named.items()} == SHAPES
    assert not zeros.flat.any()
    assert parameters.flat.any()


@pytest.mark.parametrize("copy", [Parameters.copy, Parameters.frozen_copy])
def test_a_copy_is_independent(parameters, copy):
    copied = copy(parameters)
    parameters.named["Waa"][:] = -1.0
    np.testing.assert_array_equal(copied.flat, np.arange(float(COUNT)))
    assert copied.named["Waa"][1, 0] == 1.0


def test_a_copy_can_be_written(parameters):
    copied = parameters.copy()
    copied.by[:] = -1.0
    assert copied.flat[-1] == -1.0


@pytest.mark.parametrize("name", ["flat", *SHAPES])
def test_a_frozen_copy_cannot_be_written(parameters, name):
    frozen = parameters.frozen_copy()
    array = frozen.flat if name == "flat" else frozen.named[name]
    with pytest.raises(ValueError, match="read-only"):
        array[...] = 0.0


@pytest.mark.parametrize("entry", [np.nan, np.inf, -np.inf])
def test_a_single_nan_is_detected(parameters, entry):
    assert parameters.is_finite()
    parameters.Wya[2, 1] = entry
    assert not parameters.is_finite()
