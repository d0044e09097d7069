from dataclasses import replace

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


# Kinds of names.

TOLD = replace(ARCHITECTURE, cell="gru", widths=(4, 3), embedding=2, n_kinds=3)
TELLS = replace(ARCHITECTURE, widths=(4, 3), n_kinds=3, task="tell")


def test_what_the_kinds_add_is_named_by_its_layer():
    parameters = Parameters(TOLD)
    assert parameters.named["1.K"].shape == (3, 12)
    assert parameters.named["2.K"].shape == (3, 9)
    assert [layer.K is not None for layer in parameters.layers] == [True, True]
    alone = Parameters(replace(TOLD, widths=(4,)))
    assert alone.named["K"] is alone.layers[0].K
    assert "K" not in Parameters(replace(TOLD, widths=(4,), n_kinds=0)).named


def test_the_arrays_of_a_network_without_kinds_come_first():
    told, plain = Parameters(TOLD), Parameters(replace(TOLD, n_kinds=0))
    told.flat[:] = np.arange(told.flat.size)
    plain.flat[:] = np.arange(plain.flat.size)
    for name, array in plain.named.items():
        np.testing.assert_array_equal(told.named[name], array, err_msg=name)
    of_kinds = [told.named["1.K"].ravel(), told.named["2.K"].ravel()]
    np.testing.assert_array_equal(
        np.concatenate(of_kinds), np.arange(plain.flat.size, told.flat.size)
    )


@pytest.mark.parametrize(
    "architecture", [TOLD, TELLS, replace(TELLS, both_directions=True)], ids=str
)
def test_with_kinds_too_the_named_arrays_cover_the_vector_once(architecture):
    parameters = Parameters(architecture)
    for array in parameters.named.values():
        array[...] += 1
    assert parameters.flat.tolist() == [1.0] * len(parameters.flat)


def test_at_the_start_all_kinds_are_alike_and_the_rest_is_as_without_kinds():
    told, plain = (
        Parameters.initial(replace(TOLD, n_kinds=count), np.random.default_rng(3))
        for count in (3, 0)
    )
    np.testing.assert_array_equal(told.flat[: plain.flat.size], plain.flat)
    assert not told.flat[plain.flat.size :].any()


def test_layers_from_right_to_left_are_named_and_start_with_weights_of_their_own():
    architecture = replace(TELLS, both_directions=True)
    named = Parameters.initial(architecture, np.random.default_rng(3)).named
    reverse = {name for name in named if name.startswith("reverse.")}
    assert reverse == {
        f"reverse.{place}.{name}" for place in (1, 2) for name in ("Wax", "Waa", "ba")
    }
    assert named["reverse.2.Wax"].shape == named["2.Wax"].shape == (3, 8)
    assert (named["reverse.1.Waa"] != named["1.Waa"]).all()
    alone = Parameters(replace(architecture, widths=(4,))).named
    assert {name for name in alone if name.startswith("reverse.")} == {
        "reverse.Wax",
        "reverse.Waa",
        "reverse.ba",
    }
