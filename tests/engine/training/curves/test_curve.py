import numpy as np
import pytest

from engine.training.curves.curve import Curve


def filled(values, max_buckets, chunk, first_step=1):
    """Return a curve with values appended in chunks of changing size, and their steps."""
    curve = Curve(max_buckets)
    steps = np.arange(first_step, first_step + len(values))
    sizes = np.random.default_rng(chunk).integers(1, 2 * chunk, len(values))
    start = 0
    for size in sizes:
        if start >= len(values):
            break
        curve.append(steps[start : start + size], values[start : start + size])
        start += size
    return curve, steps


def all_points(curve):
    return curve.points(-np.inf, np.inf, 10**9)


@pytest.mark.parametrize("count", [1, 2, 7, 63, 64, 65, 1000, 4097])
@pytest.mark.parametrize("chunk", [1, 5, 300])
def test_remaining_points_do_not_move(count, chunk):
    values = np.random.default_rng(count).normal(size=count)
    curve, steps = filled(values, 64, chunk)
    kept_steps, kept_values = all_points(curve)
    assert len(curve) <= 64
    assert np.all(np.diff(kept_steps) >= 0)
    np.testing.assert_array_equal(values[kept_steps.astype(int) - steps[0]], kept_values)


@pytest.mark.parametrize("count", [5, 64, 1000, 12345])
def test_extremes_survive_thinning(count):
    values = np.random.default_rng(count).normal(size=count)
    curve, steps = filled(values, 32, 17)
    kept_steps, kept_values = curve.points(1, count, 8)
    assert kept_values.max() == values.max()
    assert kept_values.min() == values.min()
    assert steps[values.argmax()] in kept_steps
    assert curve.extent == (values.min(), values.max())


def test_a_short_curve_is_complete():
    values = np.random.default_rng(0).normal(size=50)
    curve, steps = filled(values, 64, 3)
    kept_steps, kept_values = all_points(curve)
    pairs = set(zip(kept_steps, kept_values, strict=True))
    assert pairs == set(zip(steps.astype(float), values, strict=True))


def test_the_division_into_chunks_does_not_matter():
    values = np.random.default_rng(3).normal(size=5000)
    one, _ = filled(values, 64, 1)
    many, _ = filled(values, 64, 700)
    np.testing.assert_array_equal(all_points(one), all_points(many))


@pytest.mark.parametrize("most", [4, 20, 100])
def test_no_more_points_are_returned_than_requested(most):
    curve, _ = filled(np.random.default_rng(1).normal(size=3000), 1024, 50)
    steps, _ = curve.points(100, 2900, most)
    # Groups begin at multiples of their size, so one may stick out at either end.
    assert len(steps) <= most + 4


def test_a_part_is_returned_in_finer_detail_than_the_whole():
    curve, _ = filled(np.random.default_rng(1).normal(size=3000), 4096, 50)
    whole, _ = curve.points(1, 3000, 100)
    part, _ = curve.points(1000, 1100, 100)
    inside = (part >= 1000) & (part <= 1100)
    assert inside.sum() > 10 * ((whole >= 1000) & (whole <= 1100)).sum() / 2
    assert part[0] <= 1000
    assert part[-1] >= 1100


def test_nearest_finds_the_kept_point():
    curve = Curve(64)
    assert curve.nearest(3.0) is None
    assert curve.extent is None
    curve.append(np.array([0, 1000, 2000]), np.array([5.0, 4.0, 3.0]))
    assert curve.nearest(1400) == (1000.0, 4.0)
    assert curve.nearest(1600) == (2000.0, 3.0)
    assert curve.nearest(-50) == (0.0, 5.0)
    assert curve.nearest(1e9) == (2000.0, 3.0)


@pytest.mark.parametrize("count", [1, 20, 64, 1000])
def test_the_latest_point_until_a_step_is_the_last_one_that_is_kept(count):
    random = np.random.default_rng(count)
    curve, _ = filled(random.normal(size=count), 64, 7, first_step=5)
    steps, values = all_points(curve)
    assert curve.latest_until(4.5) is None
    for step in (5, count // 2 + 5, count + 4, count + 100, float(random.uniform(5, count + 4))):
        before = np.flatnonzero(steps <= step)
        last = (steps[before[-1]], values[before[-1]]) if len(before) else None
        assert curve.latest_until(step) == last
    assert Curve().latest_until(3) is None
