import numpy as np
import pytest

from engine.storage.validated_mapping import ValidatedMapping
from engine.training.curves.quantile_curve import QuantileCurve
from engine.training.curves.quantile_sketch import BAND, ITEMS

SHARES = [100 * share for share in BAND]


def filled(values, max_buckets, chunk):
    """Return a curve with values appended in chunks of changing size, from step 1 on."""
    curve, start = QuantileCurve(max_buckets), 0
    for size in np.random.default_rng(chunk).integers(1, 2 * chunk, len(values)):
        if start < len(values):
            piece = values[start : start + size]
            start += len(piece)
            curve.append(start, piece)
    return curve


def test_the_band_of_a_short_run_is_numpys():
    values = np.random.default_rng(0).exponential(size=3_000)
    curve = filled(values, 256, 40)
    assert curve.width == ITEMS
    steps, found = curve.groups(-np.inf, np.inf, 64)
    assert len(steps) == 3_000 // 64
    expected = np.percentile(values[: 64 * len(steps)].reshape(-1, 64), SHARES, 1, method="hazen")
    np.testing.assert_allclose(found, expected.T, rtol=1e-6)
    np.testing.assert_allclose(steps[:, 0], 1 + 64 * np.arange(len(steps)))
    np.testing.assert_allclose(steps[:, 1], 64 + 64 * np.arange(len(steps)))


def test_groups_are_read_piece_by_piece():
    values = np.random.default_rng(0).exponential(size=3_000)
    curve = filled(values, 256, 40)
    steps, whole = curve.groups(-np.inf, np.inf, 64)
    begin, parts = 0.0, []
    for last in (1, 2, 64, 65, 1_000, 2_999):
        new, part = curve.groups(begin, last, 64)
        parts.append(part)
        begin = new[-1, 0] if len(new) else begin
        assert begin <= last
    np.testing.assert_array_equal(np.concatenate(parts), whole)
    assert len(steps) == len(whole)


@pytest.mark.parametrize("seed", [0, 1])
def test_the_band_of_a_long_run_is_close_to_numpys_in_bounded_memory(seed):
    random = np.random.default_rng(seed)
    values = random.exponential(size=200_000) + np.linspace(9, 1, 200_000)
    curve = filled(values, 128, 5_000)
    assert curve.width == 2048
    assert len(curve.state()["items"]) <= 128
    grain = 16_384
    steps, found = curve.groups(-np.inf, np.inf, grain)
    assert len(steps) == 200_000 // grain
    for number, row in enumerate(found):
        group = values[number * grain : (number + 1) * grain]
        ranks = [(group <= each).mean() for each in row]
        np.testing.assert_allclose(ranks, BAND, atol=0.03)


@pytest.mark.parametrize("count", [5, 16, 17, 511, 512, 513, 9_000])
def test_the_division_into_chunks_does_not_matter(count):
    values = np.random.default_rng(count).normal(size=count)
    states = [filled(values, 32, chunk).state() for chunk in (1, 7, 700)]
    for state in states[1:]:
        for name, value in states[0].items():
            np.testing.assert_array_equal(state[name], value)


def test_single_values_are_kept_until_the_buckets_are_merged():
    values = np.random.default_rng(3).normal(size=600)
    steps, found = filled(values[:500], 32, 9).points(101, 480)
    np.testing.assert_array_equal(steps, np.arange(101, 481))
    np.testing.assert_allclose(found, values[100:480], rtol=1e-6)
    steps, _ = filled(values, 32, 9).points(1, 600)
    assert list(steps) == list(range(577, 601)), "those that do not fill a bucket yet"


def test_the_band_around_a_step():
    values = np.repeat(np.arange(10.0), ITEMS)
    curve = filled(values, 64, 30)
    first, last, found = curve.near(ITEMS * 3 + 5)
    assert (first, last) == (ITEMS * 3 + 1, ITEMS * 4)
    assert list(found) == [3.0] * 4
    assert list(curve.near(1e9)[2]) == [9.0] * 4
    first, last, found = curve.near(ITEMS * 3 + 5, 4 * ITEMS)
    assert (first, last) == (1, ITEMS * 4)
    assert list(found) == list(
        np.percentile(np.repeat(np.arange(4), ITEMS), SHARES, method="hazen")
    )
    assert QuantileCurve().near(3.0) is None


def test_it_is_restored_to_the_bit_and_goes_on_alike():
    values = np.random.default_rng(5).normal(size=5_000)
    curve, again = filled(values, 32, 60), QuantileCurve(32)
    again.restore(ValidatedMapping(curve.state()))
    for each in (curve, again):
        each.append(5_900, values[:900])
    for name, value in curve.state().items():
        np.testing.assert_array_equal(again.state()[name], value)


def test_steps_whose_values_nobody_kept_have_none():
    curve = QuantileCurve(32)
    curve.begin_after(40)
    curve.append(60, np.full(20, 2.0))
    curve.append(1_000, np.full(100, 3.0))  # 840 steps are missing
    steps, found = curve.groups(-np.inf, np.inf, ITEMS)
    assert steps[:3].tolist() == [[41.0, 56.0], [57.0, 60.0], [901.0, 916.0]]
    assert list(found[:, 0][:3]) == [2.0, 2.0, 3.0]
    assert not len(curve.points(61, 900)[0])
    assert curve.since == 40


@pytest.mark.parametrize(
    "change",
    [
        {"width": 48},
        {"width": 2**60},
        {"items": np.full((2, ITEMS), np.nan, np.float32)},
        {"open": np.zeros(40, np.float32)},
        {"steps": np.array([[5.0, 4.0], [17.0, 32.0]])},
        {"since": 50},
        {"last": -1},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_damaged_state_is_refused(change):
    curve = QuantileCurve(32)
    curve.append(40, np.arange(40.0))
    with pytest.raises(ValueError, match=r"must be|most|least"):
        QuantileCurve(32).restore(ValidatedMapping(curve.state() | change))
