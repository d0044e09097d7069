import math
from itertools import pairwise

import pytest

from dinogui.widgets.knob.scale import Scale, logarithmic_stops, whole_stops


def test_logarithmic_stops_grow_evenly_in_round_numbers():
    stops = logarithmic_stops(1e-5, 1.0, per_decade=40)
    assert stops[0] == 1e-5
    assert stops[-1] == 1.0
    assert {0.001, 0.01, 0.05, 0.1, 0.5} <= set(stops)
    ratios = [high / low for low, high in pairwise(stops)]
    assert min(ratios) > 1
    assert max(ratios) < 1.11
    assert all(float(f"{stop:.2g}") == stop for stop in stops)


def test_whole_stops_are_whole_and_reach_both_ends():
    stops = whole_stops(4, 512, per_decade=60)
    assert stops[:6] == (4, 5, 6, 7, 8, 9)
    assert stops[-1] == 512
    assert all(stop == math.floor(stop) for stop in stops)


def test_equal_factors_are_equally_far_apart():
    scale = Scale(whole_stops(4, 512, per_decade=60))
    for value, share in ((4, 0), (8, 1 / 7), (16, 2 / 7), (32, 3 / 7), (256, 6 / 7), (512, 1)):
        assert scale.share_of(value) == pytest.approx(share)


def test_every_place_is_found_where_its_value_lies():
    for scale in (
        Scale(logarithmic_stops(0.01, 50.0, per_decade=40), can_be_off=True),
        Scale(whole_stops(4, 512, per_decade=60)),
    ):
        for place in range(scale.last_place + 1):
            value = scale.value_at(place)
            assert scale.place_of(value) == place
            assert scale.place_at(scale.share_of(value)) == place


def test_off_lies_beyond_the_highest_value_with_room_between_them():
    scale = Scale((1.0, 10.0, 100.0), can_be_off=True)
    assert scale.value_at(scale.last_place) is None
    assert scale.share_of(None) == 1.0
    assert 0.9 < scale.share_of(100.0) < 0.96
    assert scale.share_of(1e9) == scale.share_of(100.0), "what is beyond an end is shown there"
    assert scale.place_at(0.99) == scale.last_place
    assert scale.place_at(-5.0) == 0


def test_decades_are_the_powers_of_ten_between_the_ends():
    assert Scale((1e-5, 1.0)).decades == pytest.approx((1e-4, 1e-3, 1e-2, 1e-1))
    assert Scale((4.0, 512.0)).decades == (10.0, 100.0)
    assert Scale((0.01, 50.0)).decades == pytest.approx((0.1, 1.0, 10.0))
