import re
from dataclasses import replace

import numpy as np
import pytest

from engine.nn.ablation import HiddenUnit, without_units
from engine.nn.cells import CELLS
from engine.nn.fast_path import FastPath
from engine.nn.kinds import BlendError, blend_of, of_blend
from engine.nn.network import Network, loss_of_names
from engine.nn.packing import Packed

EVERY_CELL = pytest.mark.parametrize("cell", CELLS)
TITLES = ("Greek", "Irish", "Old Norse")


@pytest.fixture
def told(make_parameters):
    """Return a function that makes a network that is told three kinds."""

    def make(cell="gru", widths=(6, 5), **more):
        return make_parameters(7, widths, 1, cell=cell, n_kinds=3, **more)

    return make


@pytest.fixture
def names(random_names):
    return random_names(7, (3, 9, 1, 5, 5), seed=2)


def of_kind(names, kind):
    return replace(names, kinds=np.full(len(names), kind))


# A network at a blend.


@EVERY_CELL
@pytest.mark.parametrize("embedding", [None, 3], ids=["one-hot", "embedded"])
@pytest.mark.parametrize("widths", [(6,), (6, 5)], ids=str)
def test_at_one_kind_it_is_the_network_that_is_told_this_kind(told, names, cell, embedding, widths):
    parameters = told(cell, widths, embedding=embedding)
    for kind in range(3):
        plain = of_blend(parameters, np.eye(3)[kind])
        assert plain.architecture == replace(parameters.architecture, n_kinds=0)
        found, expected = (
            loss_of_names(plain, names),
            loss_of_names(parameters, of_kind(names, kind)),
        )
        assert found.nats_per_name == pytest.approx(expected.nats_per_name, rel=1e-12)
        batches = (Packed.of(each, np.arange(5)) for each in (names, of_kind(names, kind)))
        networks = Network(plain), Network(parameters)
        for network, batch in zip(networks, batches, strict=True):
            network.loss_and_gradients(batch)
        for name, gradient in networks[0].gradients.named.items():
            np.testing.assert_allclose(
                gradient, networks[1].gradients.named[name], rtol=0, atol=1e-10, err_msg=name
            )


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_blend_is_a_weighted_sum_of_networks(told, dtype):
    parameters = told(dtype=dtype)
    weights = np.array([0.5, 0.2, 0.3])
    alone = [of_blend(parameters, row).flat.astype(float) for row in np.eye(3)]
    blended = of_blend(parameters, weights)
    assert blended.flat.dtype == np.dtype(dtype)
    expected = sum(weight * flat for weight, flat in zip(weights, alone, strict=True))
    np.testing.assert_allclose(blended.flat, expected, rtol=0, atol=1e-6)


def test_only_biases_are_changed_and_the_network_stays_as_it_is(told):
    parameters = told()
    before = parameters.flat.copy()
    plain = of_blend(parameters, np.array([0.25, 0.0, 0.75]))
    np.testing.assert_array_equal(parameters.flat, before)
    for layer, old in zip(plain.layers, parameters.layers, strict=True):
        np.testing.assert_array_equal(layer.W, old.W)
        np.testing.assert_allclose(layer.b, old.b + 0.25 * old.K[0] + 0.75 * old.K[2], rtol=1e-12)
        assert layer.K is None
    np.testing.assert_array_equal(plain.Wya, parameters.Wya)
    np.testing.assert_array_equal(plain.by, parameters.by)


def test_a_network_at_a_blend_cannot_be_written(told):
    plain = of_blend(told(), np.eye(3)[0])
    for array in (plain.flat, *plain.named.values()):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0.0


def test_a_blend_of_another_number_of_kinds_is_refused(told, make_parameters):
    with pytest.raises(ValueError, match=r"a weight for each of 3 kinds .*, got \(2,\)\."):
        of_blend(told(), np.ones(2))
    with pytest.raises(ValueError, match=r"each of 0 kinds .*, got \(3,\)\."):
        of_blend(make_parameters(7, 4, 1), np.ones(3))
    with pytest.raises(ValueError, match=r"got \(3,\)\."):
        of_blend(make_parameters(7, 4, 1, n_kinds=3, task="tell"), np.ones(3))


@EVERY_CELL
def test_a_unit_that_is_switched_off_is_off_in_every_kind(told, names, cell):
    parameters = told(cell)
    units = (HiddenUnit(1, 2), HiddenUnit(2, 4))
    ablated = without_units(parameters, units)
    for kind in range(3):
        lower, upper = Network(ablated).states(Packed.of(of_kind(names, kind), np.arange(5)))
        assert not lower[:, 2].any()
        assert not upper[:, 4].any()
        assert lower[:, [0, 1, 3, 4, 5]].all()
        blend = np.eye(3)[kind]
        found = of_blend(ablated, blend).flat
        np.testing.assert_array_equal(found, without_units(of_blend(parameters, blend), units).flat)


@EVERY_CELL
def test_the_fast_path_serves_a_network_at_a_blend(told, random_name, cell):
    parameters, Y = told(cell, (6,)), random_name(7, 9, seed=3)
    assert FastPath.serves(parameters.architecture)
    told_kind, plain = FastPath(parameters), FastPath(of_blend(parameters, np.eye(3)[1]))
    loss = told_kind.loss_and_gradients(Y, None, 1)
    assert plain.loss_and_gradients(Y) == pytest.approx(loss, rel=1e-12)


# Blends by title.


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ({"Irish": 1.0}, (0, 1, 0)),
        ({"Irish": 7}, (0, 1, 0)),
        ({"Greek": 0.6, "Irish": 0.4}, (0.6, 0.4, 0)),
        ({"Greek": 3, "Old Norse": 1, "Irish": 0}, (0.75, 0, 0.25)),
        ({"greek": 1, " OLD norse ": 1}, (0.5, 0, 0.5)),
        ({"Greek": 1, "greek": 1, "Irish": 2}, (0.5, 0.5, 0)),
        ({"Greek": 1e300, "Irish": 1e300}, (0.5, 0.5, 0)),
        ({"Greek": 1e-300, "Irish": 3e-300}, (0.25, 0.75, 0)),
    ],
    ids=str,
)
def test_weights_are_scaled_to_a_sum_of_1(weights, expected):
    np.testing.assert_allclose(blend_of(TITLES, weights), expected, rtol=1e-12)


def test_titles_that_differ_in_case_only_are_told_apart():
    assert blend_of(("greek", "Greek"), {"Greek": 1}).tolist() == [0, 1]
    assert blend_of(("greek", "Greek"), {"GREEK": 1}).tolist() == [1, 0]


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        (
            {"Grek": 1},
            "The network knows no kind “Grek”. Is it “Greek”? It knows these: Greek, Irish, "
            "Old Norse.",
        ),
        ({"xyz": 1}, "The network knows no kind “xyz”. It knows these: Greek, Irish, Old Norse."),
        ({"": 1}, "The network knows no kind “”. It knows these: Greek, Irish, Old Norse."),
        (
            {"Greek": -0.5},
            "The weight of “Greek” is -0.5. A weight must be a number of 0 or more.",
        ),
        (
            {"Greek": 1, "Irish": float("nan")},
            "The weight of “Irish” is nan. A weight must be a number of 0 or more.",
        ),
        (
            {"Greek": float("inf")},
            "The weight of “Greek” is inf. A weight must be a number of 0 or more.",
        ),
        (
            {"Greek": 0, "Irish": 0.0},
            "All weights are 0. At least one kind needs a weight above 0.",
        ),
        ({}, "All weights are 0. At least one kind needs a weight above 0."),
        (
            {"Greek": 1e308, "greek": 1e308},
            "The weights are too large to be added up. Choose smaller ones.",
        ),
        (
            {"Greek": 1e308, "Irish": 1e308},
            "The weights are too large to be added up. Choose smaller ones.",
        ),
    ],
    ids=str,
)
def test_what_cannot_be_blended_is_said_in_a_sentence(weights, message):
    with pytest.raises(BlendError, match=f"^{re.escape(message)}$"):
        blend_of(TITLES, weights)


def test_a_network_without_kinds_says_so():
    with pytest.raises(BlendError, match=r"^This network knows no kinds\."):
        blend_of((), {"Greek": 1})


def test_of_many_kinds_a_message_lists_some():
    titles = [f"kind {i}" for i in range(500)]
    with pytest.raises(BlendError, match=r"kind 29, …\.$") as raised:
        blend_of(titles, {"z" * 5_000: 1})
    assert len(str(raised.value)) < 500
