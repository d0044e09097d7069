import numpy as np
import pytest

from engine.melody.sound.swing import STRAIGHT, TRIPLET, swung, unswung


def test_the_second_eighth_of_each_beat_comes_late():
    np.testing.assert_allclose(swung([0, 0.5, 1, 1.5, -0.5], TRIPLET), [0, 2 / 3, 1, 5 / 3, -1 / 3])
    np.testing.assert_allclose(swung([0, 0.25, 0.75], 0.6), [0, 0.3, 0.8])


def test_straight_eighths_stay():
    beats = np.linspace(-2, 7, 50)
    np.testing.assert_allclose(swung(beats, STRAIGHT), beats)


@pytest.mark.parametrize("swing", [0.5, 0.6, TRIPLET, 0.75])
def test_notes_keep_their_order_and_the_beats_can_be_told(swing):
    beats = np.linspace(-2, 7, 201)
    played = swung(beats, swing)
    assert (np.diff(played) > 0).all()
    np.testing.assert_allclose(unswung(played, swing), beats, atol=1e-12)


@pytest.mark.parametrize("swing", [0.49, 0.76, float("nan")])
def test_a_swing_out_of_range_is_refused(swing):
    with pytest.raises(ValueError, match="swing must be from"):
        swung([0.0], swing)
