from dataclasses import replace

import numpy as np
import pytest

from engine.insight import flow

NETWORKS = pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
WIDTHS = pytest.mark.parametrize("widths", [(5,), (5, 3)], ids=str)
EMBEDDINGS = pytest.mark.parametrize("embedding", [None, 3], ids=["one-hot", "embedded"])
STEP = 1e-5


@pytest.fixture
def nudged(by_course):
    """Return a function that gives dL/d(state) at each step by finite differences: (T, n_a)."""

    def differentiate(parameters, Y, place, key, last_only, first=None):
        def loss(t, vector):
            losses = by_course(parameters, Y, (place, t, key, vector), first).losses
            return losses[-1] if last_only else losses.sum()

        units = STEP * np.eye(parameters.layers[place].n_a)
        return np.array(
            [[(loss(t, v) - loss(t, -v)) / (2 * STEP) for v in units] for t in range(len(Y))]
        )

    return differentiate


def assert_size(found, gradient):
    np.testing.assert_allclose(found.norm, np.linalg.norm(gradient, axis=1), rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(found.mean, np.abs(gradient).mean(axis=1), rtol=1e-6, atol=1e-9)


@NETWORKS
@WIDTHS
@EMBEDDINGS
@pytest.mark.parametrize("name", [[3, 1, 4, 1, 0], [2, 3], [0]], ids=str)
def test_flow_agrees_with_finite_differences(make_snapshot, nudged, cell, widths, embedding, name):
    snapshot = make_snapshot(widths, cell=cell, embedding=embedding)
    found = flow(snapshot, name)
    assert len(found.layers) == len(widths)
    assert found.not_finite == 0
    for place, layer in enumerate(found.layers):
        of_key = {"a": (layer.da, layer.da_of_last), "c": (layer.dc, layer.dc_of_last)}
        if cell != "lstm":
            assert of_key.pop("c") == (None, None)
        for key, (whole, last) in of_key.items():
            assert_size(whole, nudged(snapshot.parameters, name, place, key, False))
            assert_size(last, nudged(snapshot.parameters, name, place, key, True))


@NETWORKS
def test_flow_of_a_chunk_of_a_text(make_snapshot, nudged, cell):
    snapshot = make_snapshot((3,), cell=cell)
    found = flow(snapshot, [1, 3, 2], first=4).layers[0]
    assert_size(found.da, nudged(snapshot.parameters, [1, 3, 2], 0, "a", False, first=4))


def test_nothing_flows_back_without_a_recurrent_connection(make_snapshot):
    snapshot = make_snapshot()
    parameters = snapshot.parameters.copy()
    parameters.named["Waa"][:] = 0.0
    layer = flow(replace(snapshot, parameters=parameters), [1, 2, 3, 0]).layers[0]
    assert (layer.da_of_last.norm[:-1] == 0).all()
    assert layer.da_of_last.norm[-1] == layer.da.norm[-1] > 0


@NETWORKS
def test_flow_of_float32_parameters_is_computed_in_float64(make_snapshot, cell):
    single = make_snapshot((5, 3), cell=cell, dtype="float32")
    parameters = make_snapshot((5, 3), cell=cell).parameters.copy()
    parameters.flat[:] = single.parameters.flat
    double = replace(single, parameters=parameters)
    for found, expected in zip(
        flow(single, [1, 2, 0]).layers, flow(double, [1, 2, 0]).layers, strict=True
    ):
        assert found.da.norm.dtype == np.float64
        np.testing.assert_array_equal(found.da.norm, expected.da.norm)


@NETWORKS
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_values_that_are_not_finite_are_passed_on_and_counted(make_snapshot, spoil, cell, value):
    found = flow(spoil(make_snapshot((5, 3), cell=cell), "by", value), [1, 2, 0])
    assert np.isnan(found.layers[0].da.norm).all()
    assert found.not_finite > 0


def test_arrays_are_read_only(make_snapshot):
    with pytest.raises(ValueError, match="read-only"):
        flow(make_snapshot(), [1, 0]).layers[0].da.norm[0] = 1.0


@pytest.mark.parametrize("name", [[], [[1, 0]], [0.5], ["a"]], ids=str)
def test_an_invalid_name_is_refused(make_snapshot, name):
    with pytest.raises(ValueError, match="name must be a list of one index or more, got"):
        flow(make_snapshot(), name)


@pytest.mark.parametrize("name", [[6, 0], [1, -1]], ids=str)
def test_an_invalid_index_is_refused(make_snapshot, name):
    with pytest.raises(ValueError, match="name must hold indices from 0 to 5, got"):
        flow(make_snapshot(), name)
