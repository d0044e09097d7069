import math
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt

from dinogui.widgets.value_slider import ValueSlider, logarithmic_stops, whole_stops


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


@pytest.fixture
def knob(qtbot):
    knob = ValueSlider("&Rate", (0.1, 0.2, 0.5, 1.0), 0.2, "How fast.", can_be_off=True)
    qtbot.addWidget(knob)
    knob.show()
    return knob


def test_setting_a_value_sends_no_signal(knob):
    heard = []
    knob.value_changed.connect(heard.append)
    knob.set_value(0.4)
    assert knob.value == 0.4
    assert knob.slider.value() == 2, "the nearest stop"
    assert heard == []


def test_slider_and_box_agree_and_emit_one_signal(knob, qtbot):
    heard = []
    knob.value_changed.connect(heard.append)
    qtbot.keyClick(knob.slider, Qt.Key.Key_End)
    assert heard == [1.0]
    assert knob.box.value() == 1.0
    qtbot.keyClick(knob.box, Qt.Key.Key_Down)
    assert heard == [1.0, 0.5]
    assert knob.slider.value() == 2


def test_the_value_of_off_is_none(knob):
    heard = []
    knob.value_changed.connect(heard.append)
    knob.check_box.click()
    knob.check_box.click()
    assert heard == [None, 0.2]
