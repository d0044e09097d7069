import numpy as np
import pytest

from engine.training.curves.curve import Curve

MOST = 60


def loud(random, steps):
    return 5.0 + random.normal(size=len(steps))


def smooth(_random, steps):
    return 2.0 + np.sin(steps / 300)


@pytest.fixture(params=[loud, smooth], ids=["loud", "smooth"])
def draw(request):
    return request.param


def chunks(draw, seed, last):
    """Yield chunks of a curve, as steps and values, up to a step."""
    random, first = np.random.default_rng(seed), 1
    while first < last:
        steps = np.arange(first, first + random.integers(1, 90))
        first += len(steps)
        yield steps, draw(random, steps)


@pytest.mark.parametrize("seed", range(5))
def test_the_end_equals_the_end_of_the_curve(draw, seed):
    curve, looked_at = Curve(256), Curve(256)
    end, room = None, 0
    compared = 0
    for steps, values in chunks(draw, seed, 20_000):
        for each in (curve, looked_at):
            each.append(steps, values)
        if curve.n_points > room:
            grain = curve.grain(0, 50_000, MOST)
            room, end = curve.room(0, grain, MOST), curve.end(grain)
        assert looked_at.grain(0, 50_000, MOST) == grain
        assert curve.extent == looked_at.extent
        points = end.points_from(steps[-1] - 3 * grain)
        assert end.last_step == points[-1][0]
        expected = np.stack(looked_at.points_of_grain(0, 50_000, grain), axis=1)
        np.testing.assert_array_equal(points, expected[-len(points) :])
        assert len(points) >= min(6, len(expected))
        compared += 1
    assert compared > 100


def test_the_end_reports_from_which_step_it_has_grown(draw):
    curve = Curve()
    pieces = chunks(draw, 1, 5_000)
    curve.append(*next(pieces))
    end = curve.end(16)
    assert end.grown_from() is None
    for steps, values in pieces:
        before = np.array(end.points_from(-np.inf) or end.points_from(steps[0] - 300))
        curve.append(steps, values)
        begin = end.grown_from()
        after = np.array(end.points_from(begin))
        settled = before[before[:, 0] <= begin]
        same = after[after[:, 0] <= begin]
        np.testing.assert_array_equal(same, settled[len(settled) - len(same) :])
        assert begin < steps[0]
        assert end.grown_from() is None


def test_points_before_the_kept_groups_are_none():
    curve, steps = Curve(), np.arange(1, 50_001)
    end = curve.end(1)
    assert end.points_from(0) == []
    for piece in np.split(steps, 500):
        curve.append(piece, piece / 7)
    assert end.points_from(1) is None
    assert end.points_from(49_990)[-1] == (50_000.0, 50_000 / 7)
    assert end.points_from(60_000) == []


def test_an_end_is_updated_until_it_is_left():
    curve, steps = Curve(), np.arange(1, 11)
    end = curve.end(1)
    curve.append(steps, steps / 2)
    curve.leave_end()
    curve.append(steps + 10, steps / 2)
    assert end.last_step == 10.0
    assert curve.extent == (0.5, 5.0)
