"""The titles at the ends of curves do not lie over each other."""

from itertools import combinations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF

from dinogui.panels.loss.overlay.end_labels import EndLabel, place_end_labels

HEIGHT, VIEW = 12.0, QSizeF(600.0, 220.0)


def label(x, y, width=60.0):
    return EndLabel(f"at {y}", "#000000", QPointF(x, y), width)


def test_a_title_stands_beside_its_end_and_over_it_at_the_right_edge():
    [(_, place)] = place_end_labels([label(200.0, 100.0)], HEIGHT, VIEW)
    assert place.left() > 200
    assert place.top() < 100 < place.bottom()
    [(_, place)] = place_end_labels([label(590.0, 100.0)], HEIGHT, VIEW)
    assert place.right() < VIEW.width()
    assert place.bottom() < 100


def test_no_title_lies_over_another_or_beyond_the_view():
    random = np.random.default_rng(0)
    for _ in range(200):
        labels = [
            label(float(x), float(y), float(width))
            for x, y, width in random.uniform((0, 0, 20), (600, 220, 200), (10, 3))
        ]
        placed = place_end_labels(labels, HEIGHT, VIEW)
        places = [place for _, place in placed]
        assert len(placed) >= 8
        for one, other in combinations(places, 2):
            assert not one.intersects(other)
        assert all(QRectF(QPointF(), VIEW).contains(place) for place in places)


def test_a_title_that_would_cover_the_plot_is_left_out():
    assert place_end_labels([label(200.0, 100.0, 301.0)], HEIGHT, VIEW) == []


def test_near_ends_have_their_titles_in_their_order():
    labels = [label(590.0, 150.0 + y) for y in (2.0, 0.0, 4.0, 1.0)]
    placed = place_end_labels(labels, HEIGHT, VIEW)
    ends = [each.end.y() for each, _ in sorted(placed, key=lambda each: each[1].top())]
    assert ends == sorted(ends)
