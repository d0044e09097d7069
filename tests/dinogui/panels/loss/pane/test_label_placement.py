"""A label beside a point covers no line where there is room; otherwise, it covers little."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, QSizeF

from dinogui.panels.loss.pane.label_placement import covered_length, place_label

VIEW, SIZE, GAP = QSizeF(560, 260), QSizeF(64, 16), 8.0


def sampled_length(place, line, air=2.0):
    """Return what `covered_length` does, by looking at many points of each segment."""
    length = 0.0
    for (x0, y0), (x1, y1) in zip(
        zip(*(part[:-1] for part in line), strict=True),
        zip(*(part[1:] for part in line), strict=True),
        strict=True,
    ):
        share = (np.arange(4_000) + 0.5) / 4_000
        x, y = x0 + share * (x1 - x0), y0 + share * (y1 - y0)
        inside = (place.left() - air <= x) & (x <= place.right() + air)
        inside &= (place.top() - air <= y) & (y <= place.bottom() + air)
        length += inside.mean() * np.hypot(x1 - x0, y1 - y0)
    return length


def falling_curve(random, x, noise):
    """Return pixels of a loss that falls, as a plot 260 pixels high shows it."""
    fall = np.exp(-x / random.uniform(30, 300))
    rise = random.uniform(0, 60) * (x / VIEW.width()) ** 2
    return 200 - 180 * fall - rise + noise * random.standard_normal(len(x))


def test_the_covered_length_is_that_of_many_samples():
    random = np.random.default_rng(0)
    for _ in range(60):
        line = random.uniform(0, 100, 4), random.uniform(0, 100, 4)
        if random.random() < 0.3:  # flat and upright lines too
            line[int(random.integers(2))][:] = random.uniform(0, 100)
        place = QRectF(*random.uniform(0, 60, 2), *random.uniform(5, 40, 2))
        assert covered_length(place, line) == pytest.approx(sampled_length(place, line), abs=0.2)


@pytest.mark.parametrize("noise", [0.0, 1.5, 4.0])
def test_over_random_curves_it_covers_none(noise):
    random = np.random.default_rng(1)
    sides = set()
    for _ in range(300):
        across = np.linspace(0, VIEW.width() * random.uniform(0.1, 1), 120)
        smoothed = across, falling_curve(random, across, noise)
        rare = across[::6]
        held_out = rare, falling_curve(random, rare, noise)
        at = int(np.argmax(held_out[1]))  # the lowest loss is farthest down
        point = QPointF(held_out[0][at], held_out[1][at])
        place = place_label(SIZE, point, GAP, VIEW, [smoothed, held_out])
        assert QRectF(QPointF(), VIEW).contains(place)
        assert not place.contains(point)
        for line in (smoothed, held_out):
            assert covered_length(place, line) == 0
        from_point = QPointF(place.center() - point)
        assert abs(from_point.x()) <= 60 + SIZE.width()
        assert abs(from_point.y()) <= 60 + SIZE.height()
        sides.add(from_point.y() > 0)
    assert sides == {True, False}, "below and above"


def test_where_nothing_is_free_it_covers_little():
    random = np.random.default_rng(2)
    x = np.repeat(np.arange(0, 560, 6.0), 2)
    comb = x, np.tile([0.0, 260.0, 260.0, 0.0], len(x) // 4 + 1)[: len(x)]
    half = np.array([0.0, 560.0]), np.full(2, 130.0)
    for _ in range(20):
        point = QPointF(*(random.uniform(0, 1, 2) * (560, 260)))
        place = place_label(SIZE, point, GAP, VIEW, [comb, half])
        assert QRectF(QPointF(), VIEW).contains(place)
        assert covered_length(place, half) == 0, "one line less"


def test_it_is_out_of_view_with_its_point():
    place = place_label(SIZE, QPointF(-300, 50), GAP, VIEW, [])
    assert not place.intersects(QRectF(QPointF(), VIEW))
