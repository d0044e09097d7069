import numpy as np
import pytest

from engine.insight.histograms import of_magnitudes, of_signed


def magnitudes(count):
    """Return numbers of all magnitudes and both signs."""
    random = np.random.default_rng(1)
    return random.choice([-1, 1], count) * 10.0 ** random.uniform(-11.9, 3.9, count)


@pytest.mark.parametrize("count", [60, 200_000])
def test_magnitudes_are_counted_in_their_bins(count):
    values = magnitudes(count)
    found = of_magnitudes(values.reshape(-1, 4))
    np.testing.assert_array_equal(found.counts, np.histogram(np.abs(values), found.edges)[0])
    np.testing.assert_allclose(found.edges, 10.0 ** np.linspace(-12, 4, 65), rtol=1e-12)
    assert found.zeros == found.not_finite == 0


def test_values_out_of_range_are_counted_in_the_outer_bins():
    found = of_magnitudes(np.array([1e-300, -1e-13, 1e5, -1e300, 1e300]))
    assert (found.counts[0], found.counts[-1], found.counts.sum()) == (2, 3, 5)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("of", [of_magnitudes, of_signed])
def test_zeros_and_values_that_are_not_finite_are_counted_separately(of, dtype):
    found = of(np.array([0.0, -0.0, np.nan, np.inf, -np.inf, 2.0], dtype))
    assert (found.zeros, found.not_finite) == (2, 3)
    assert found.counts.sum() == (1 if of is of_magnitudes else 3)


@pytest.mark.parametrize("count", [60, 200_000])
def test_signed_values_are_counted_in_their_bins(count):
    values = np.random.default_rng(2).normal(size=count)
    found = of_signed(values.reshape(-1, 4))
    assert found.edges[-1] == -found.edges[0] == np.abs(values).max()
    np.testing.assert_array_equal(found.counts, np.histogram(values, found.edges)[0])


def test_the_largest_numbers_are_counted_too():
    found = of_signed(np.array([1.7e308, -1.7e308]))
    assert found.counts[0] == found.counts[-1] == 1


@pytest.mark.parametrize("values", [np.zeros(3), np.full(3, np.nan)], ids=["zeros", "none"])
def test_equal_values_have_bins_too(values):
    found = of_signed(values)
    assert (np.diff(found.edges) > 0).all()
    assert found.counts.sum() == found.zeros == (values == 0).sum()


def test_arrays_are_read_only():
    found = of_signed(np.ones(2))
    for array in (found.edges, found.counts):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
