import numpy as np
import pytest

from engine.insight import quantity_names, states

CELLS = pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
NAME = [3, 1, 4, 1, 5, 0]


@CELLS
@pytest.mark.parametrize("widths", [(5,), (5, 3)], ids=str)
@pytest.mark.parametrize("embedding", [None, 3])
@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-13), ("float32", 1e-6)])
def test_states_equal_the_courses(
    make_snapshot, by_course, cell, widths, embedding, dtype, tolerance
):
    snapshot = make_snapshot(widths, cell=cell, embedding=embedding, dtype=dtype)
    found = states(snapshot, NAME)
    for layer, expected in zip(
        found.layers, by_course(snapshot.parameters, NAME).layers, strict=True
    ):
        assert tuple(layer) == quantity_names(cell)
        assert layer.keys() == expected.keys()
        for key, array in layer.items():
            np.testing.assert_allclose(array, expected[key], rtol=0, atol=tolerance, err_msg=key)


@CELLS
def test_values_that_are_not_finite_are_passed_on_and_counted(make_snapshot, spoil, cell):
    snapshot = make_snapshot((5, 3), cell=cell, embedding=3)
    found = states(spoil(snapshot, "E", np.nan), [0, 1])
    assert np.isfinite(found.layers[0]["a"][0]).all()  # before it, no symbol was read
    assert np.isnan(found.layers[1]["a"][1]).all()
    arrays = [array for layer in found.layers for array in layer.values()]
    assert found.not_finite == sum(np.isnan(array).sum() for array in arrays) > 0


def test_arrays_are_read_only(make_snapshot):
    with pytest.raises(ValueError, match="read-only"):
        states(make_snapshot(), NAME).layers[0]["a"][0, 0] = 1.0
    with pytest.raises(TypeError):
        states(make_snapshot(), NAME).layers[0]["b"] = np.zeros(1)
