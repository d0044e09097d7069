"""The pace of a slow training: a steady clock, without drift and without bursts."""

import numpy as np
import pytest

from dinogui.common.speed import Speed
from dinogui.workers.training.step_pace import StepPace


def paced(speed, begin=100.0):
    pace = StepPace()
    pace.set_speed(speed, begin)
    pace.begin(begin)
    return pace


def test_late_timers_do_not_make_the_pace_drift():
    pace, now = paced(Speed.HUNDRED), 100.0
    delays = np.random.default_rng(4).uniform(0.0, 0.009, 1_000)
    for delay in delays:
        now += pace.seconds_left(now) + delay  # every timer is late
        pace.note_step(now)
    # The 1,000th step is due after 999 intervals, and only its own delay is left.
    assert now == pytest.approx(100.0 + 9.99 + delays[-1])


def test_after_a_stall_the_pace_begins_anew_without_a_burst():
    pace = paced(Speed.TEN)
    pace.note_step(100.0)
    pace.note_step(105.0)  # the computer slept
    assert pace.seconds_left(105.0) == pytest.approx(0.1)


def test_another_speed_counts_from_the_latest_step():
    pace = paced(Speed.ONE)
    pace.note_step(100.0)
    pace.set_speed(Speed.TEN, 100.03)
    assert pace.seconds_left(100.03) == pytest.approx(0.07)
    pace.set_speed(Speed.ONE, 100.05)
    assert pace.seconds_left(100.05) == pytest.approx(0.95)
    pace.set_speed(Speed.HUNDRED, 100.5)
    assert pace.seconds_left(100.5) == 0.0


def test_full_speed_has_no_pace():
    pace = paced(Speed.FULL)
    assert not pace.is_slow
    assert pace.interval == 0.0
    assert [speed.label for speed in Speed] == ["1/s", "10/s", "100/s", "Full speed"]
