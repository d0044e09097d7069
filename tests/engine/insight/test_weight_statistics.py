from dataclasses import replace

import numpy as np
import pytest

from engine.insight import sgd_update_ratios, update_ratios, weights

NETWORKS = pytest.mark.parametrize(
    ("cell", "widths", "names"),
    [
        ("rnn", (5,), "Wax Waa ba Wya by E"),
        ("lstm", (5,), "Wc bc Wf bf Wi bi Wo bo Wya by E"),
        ("gru", (5, 3), "1.Wu 1.bu 1.Wr 1.br 1.Wc 1.bc 2.Wu 2.bu 2.Wr 2.br 2.Wc 2.bc Wya by E"),
    ],
)


@NETWORKS
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_every_matrix_is_described(make_snapshot, cell, widths, names, dtype):
    snapshot = make_snapshot(widths, cell=cell, embedding=2, dtype=dtype)
    found = weights(snapshot)
    assert [weight.name for weight in found] == names.split()
    for weight in found:
        array = snapshot.parameters.named[weight.name]
        np.testing.assert_array_equal(weight.image, array.reshape(array.shape[0], -1))
        assert weight.image.ndim == 2
        assert weight.spread == pytest.approx(np.std(array.astype(float)), rel=1e-12)
        assert (weight.share_zero, weight.not_finite) == (0, 0)
        assert weight.histogram.counts.sum() == array.size


def test_images_have_the_courses_orientation(make_snapshot):
    shapes = {weight.name: weight.image.shape for weight in weights(make_snapshot())}
    assert shapes == {"Wax": (5, 6), "Waa": (5, 5), "ba": (5, 1), "Wya": (6, 5), "by": (6, 1)}


def test_zeros_and_values_that_are_not_finite_are_counted(make_snapshot):
    snapshot = make_snapshot()
    parameters = snapshot.parameters.copy()
    parameters.Wya[0] = 0.0
    parameters.by[:2] = np.nan, np.inf
    found = {weight.name: weight for weight in weights(replace(snapshot, parameters=parameters))}
    assert found["Wya"].share_zero == 1 / 6
    assert (found["by"].not_finite, found["by"].histogram.counts.sum()) == (2, 4)
    assert np.isnan(found["by"].spread)
    assert np.isnan(found["by"].image[0, 0])


def test_images_are_read_only_whatever_the_parameters_are(make_snapshot):
    snapshot = make_snapshot()
    snapshot = replace(snapshot, parameters=snapshot.parameters.copy())
    with pytest.raises(ValueError, match="read-only"):
        weights(snapshot)[0].image[0, 0] = 1.0


def test_update_ratios(make_snapshot):
    before = make_snapshot((5, 3), cell="gru").parameters
    after = before.copy()
    after.named["2.Wr"][:] *= 1.001
    after.named["by"][1] += 0.3
    found = update_ratios(before, after)
    assert list(found) == list(before.named)
    assert found.pop("2.Wr") == pytest.approx(1e-3)
    assert found.pop("by") == pytest.approx(0.3 / np.linalg.norm(before.by))
    assert set(found.values()) == {0.0}


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_update_ratios_of_a_planned_step_equal_those_of_the_step(make_snapshot, dtype):
    before = make_snapshot(dtype=dtype).parameters
    gradients, after = make_snapshot(dtype=dtype, seed=2).parameters, before.copy()
    after.flat[:] -= 0.25 * gradients.flat
    made, to_come = update_ratios(before, after), sgd_update_ratios(before, gradients, 0.25)
    assert made == pytest.approx(to_come, rel=1e-12 if dtype == "float64" else 1e-6)


def test_updates_whose_squares_underflow_in_float32_have_a_ratio(make_snapshot):
    parameters = make_snapshot(dtype="float32").parameters.copy()
    parameters.flat[:] = 1e-30
    assert set(sgd_update_ratios(parameters, parameters, 1.0).values()) == {1.0}


def test_ratios_to_zero_parameters_are_not_finite(make_snapshot):
    before = make_snapshot().parameters.copy()
    before.named["ba"][:] = before.by[:] = 0.0
    after = before.copy()
    after.by[0] = 1.0
    found = update_ratios(before, after)
    assert np.isnan(found["ba"])
    assert found["by"] == np.inf


@pytest.mark.parametrize("compare", [update_ratios, lambda a, b: sgd_update_ratios(a, b, 0.1)])
def test_other_architectures_are_refused(make_snapshot, compare):
    with pytest.raises(ValueError, match=r"must be of the architecture .*\(5,\).* got .*\(4,\)"):
        compare(make_snapshot().parameters, make_snapshot((4,)).parameters)
