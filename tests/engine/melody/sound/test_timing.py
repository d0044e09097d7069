from fractions import Fraction

import numpy as np
import pytest

from engine.melody.note import Melody, Note
from engine.melody.sound.timing import Timing, timing_of


def test_a_beat_lasts_as_the_tempo_says():
    np.testing.assert_allclose(Timing(90).seconds_at([0, 1, 3]), [0, 2 / 3, 2])


def test_swing_counts_from_the_bar_line():
    timing = Timing(60, 0.6, upbeat=0.5)
    np.testing.assert_allclose(timing.seconds_at([0, 0.5, 1, 1.5]), [0, 0.4, 1, 1.4])


def test_the_beat_that_sounds_can_be_told():
    timing = Timing(143, 0.7, upbeat=1.5)
    for beat in (0, 0.3, 1.5, 2, 7.25):
        assert timing.beat_at(float(timing.seconds_at(beat))) == pytest.approx(beat)


@pytest.mark.parametrize("tempo", [0, -1, float("inf"), float("nan")])
def test_a_tempo_out_of_bounds_is_refused(tempo):
    with pytest.raises(ValueError, match="tempo must be above 0"):
        Timing(tempo)


def test_a_melody_has_a_tempo_of_its_own():
    melody = Melody((Note(60, Fraction(1)),), tempo=80, upbeat=Fraction(1, 2))
    assert timing_of(melody) == Timing(80, 0.5, 0.5)
    assert timing_of(melody, 0.6, 100) == Timing(100, 0.6, 0.5)
