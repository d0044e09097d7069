"""Flags are put together where they are near, however many events there are."""

import numpy as np
import pytest

from dinogui.panels.loss.axes.scales import HorizontalScale, ViewScale
from dinogui.panels.loss.pane.event_flags import EventFlags

APART = 12.0


def flags_of(steps):
    flags = EventFlags()
    flags.steps = steps
    return flags


def scale_of(left, right, width=500):
    return ViewScale.of(((left, right), (0, 1)), width, 100, HorizontalScale())


def one_by_one(steps, scale):
    """Return the groups, found by looking at one event after the other."""
    groups = []
    for index, step in enumerate(steps):
        x = scale.x_of(step)
        if not scale.first <= step <= scale.last:
            continue
        if groups and x - groups[-1][0] < APART:
            groups[-1][1].append(index)
        else:
            groups.append((x, [index]))
    return [(x, list(events)) for x, events in groups]


@pytest.mark.parametrize("count", [1, 7, 300, 5_000])
@pytest.mark.parametrize("view", [(0, 10_000), (2_500, 2_600), (9_000, 12_000)])
def test_near_events_share_a_flag(count, view):
    random = np.random.default_rng(count)
    steps = sorted(random.integers(0, 10_000, count).tolist())
    scale = scale_of(*view)
    found = [(x, list(events)) for x, events in flags_of(steps).groups(scale)]
    expected = one_by_one(steps, scale)
    assert [events[0] for _, events in found][:1] == [events[0] for _, events in expected][:1]
    assert sum(len(events) for _, events in found) == sum(len(events) for _, events in expected)
    places = np.array([x for x, _ in found])
    assert (np.diff(places) >= APART).all()
    for x, events in found:
        assert scale.x_of(steps[events[0]]) == pytest.approx(x)
        assert scale.x_of(steps[events[-1]]) - x < APART + 1


def test_no_event_has_no_flag():
    assert flags_of(()).groups(scale_of(0, 100)) == []
    assert flags_of((5,)).groups(scale_of(10, 100)) == []
    assert flags_of((50,)).near(scale_of(0, 100), 255) == range(1)
    assert flags_of((50,)).near(scale_of(0, 100), 280) is None
