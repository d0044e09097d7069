import numpy as np
import pytest

from engine.training.curves.quantile_sketch import BAND, ITEMS, merge_sketches, quantiles, sketch


def rank_errors(values, found):
    """Return how far the rank of each value found is from what it should be."""
    return [abs((values <= each).mean() - share) for each, share in zip(found, BAND, strict=True)]


@pytest.mark.parametrize("count", [1, 2, 3, 16, 61])
def test_quantiles_of_the_values_themselves_are_numpys(count):
    values = np.random.default_rng(count).normal(size=(5, count))
    expected = np.percentile(values, [100 * share for share in BAND], axis=1, method="hazen").T
    np.testing.assert_allclose(quantiles(values), expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("doublings", [1, 2, 5, 9])
@pytest.mark.parametrize("draw", ["normal", "exponential", "standard_cauchy"])
def test_a_sketch_that_was_merged_often_still_gives_the_quantiles(draw, doublings):
    random = np.random.default_rng(doublings)
    values = getattr(random, draw)(size=(32, 2**doublings * ITEMS))
    items = values.reshape(-1, ITEMS)
    for _ in range(doublings):
        items = merge_sketches(items)
    # A single bucket, and 32 of them, which are one group of a long run.
    alone = [rank_errors(row, found) for row, found in zip(values, quantiles(items), strict=True)]
    assert np.mean(alone) < 0.04
    together = rank_errors(values, quantiles(items.reshape(1, -1))[0])
    assert max(together) < 0.02


def test_a_sketch_of_many_values_at_once_is_no_worse_than_a_merged_one():
    values = np.random.default_rng(7).normal(size=(64, 32 * ITEMS))
    found = quantiles(sketch(values, 0))
    errors = [rank_errors(row, each) for row, each in zip(values, found, strict=True)]
    assert np.max(errors) < 0.035, "at most half an item's share"
    assert max(rank_errors(values, quantiles(sketch(values, 0).reshape(1, -1))[0])) < 0.01


def test_rare_huge_values_leave_the_band_alone():
    values = np.random.default_rng(1).uniform(1.0, 2.0, size=(64, ITEMS))
    values[::3, 5] = 1e30  # 2 % of them
    items = values
    while len(items) > 1:
        items = merge_sketches(items)
    assert quantiles(items).max() < 2.0
