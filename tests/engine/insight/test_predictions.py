import numpy as np
import pytest

from engine.insight import next_letters

CELLS = pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
NAME = [3, 1, 4, 1, 5, 0]


@CELLS
@pytest.mark.parametrize("widths", [(5,), (5, 3)], ids=str)
@pytest.mark.parametrize("embedding", [None, 3])
@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-13), ("float32", 1e-6)])
def test_probabilities_equal_the_courses(
    make_snapshot, by_course, cell, widths, embedding, dtype, tolerance
):
    snapshot = make_snapshot(widths, cell=cell, embedding=embedding, dtype=dtype)
    found, expected = next_letters(snapshot, NAME), by_course(snapshot.parameters, NAME)
    assert list(found.path) == NAME
    np.testing.assert_allclose(found.probabilities, expected.y_hat, rtol=0, atol=tolerance)
    np.testing.assert_allclose(found.surprisal, expected.losses, rtol=0, atol=10 * tolerance)
    entropy = -(expected.y_hat * np.log(expected.y_hat)).sum(axis=1)
    np.testing.assert_allclose(found.entropy, entropy, rtol=0, atol=10 * tolerance)
    assert found.loss == pytest.approx(expected.losses.sum(), abs=100 * tolerance)
    assert found.not_finite == 0


def test_an_improbable_symbol_has_a_finite_surprisal(make_snapshot, spoil):
    found = next_letters(spoil(make_snapshot(), "by", 1e5), [0, 2])
    assert found.probabilities[1, 2] == 0
    assert found.surprisal[1] == pytest.approx(1e5, rel=1e-3)
    assert np.isfinite(found.entropy).all()


@CELLS
def test_values_that_are_not_finite_are_passed_on_and_counted(make_snapshot, spoil, cell):
    found = next_letters(spoil(make_snapshot(cell=cell), "by", np.inf), NAME)
    assert np.isnan(found.surprisal).all()
    assert found.not_finite == found.probabilities.size


def test_arrays_are_read_only(make_snapshot):
    found = next_letters(make_snapshot(), NAME)
    for array in (found.probabilities, found.path, found.surprisal, found.entropy):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
