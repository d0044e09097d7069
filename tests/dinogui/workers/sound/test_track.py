import pytest

from dinogui.workers.sound.track import Track

SECOND = 44_100


def track_of(seconds, *, is_complete=True):
    track = Track()
    track.append(b"\x01\x00" * round(seconds * SECOND))
    if is_complete:
        track.complete()
    return track


def test_samples_are_given_in_their_order_and_then_silence():
    track = Track()
    track.append(bytes(range(6)))
    assert track.take(2, 0.0) == bytes(range(4))
    track.append(b"\x06\x07")
    track.complete()
    assert track.take(4, 0.0) == bytes([4, 5, 6, 7, 0, 0, 0, 0])
    assert track.n_dropouts == 0


def test_what_is_heard_goes_with_the_clock_and_not_beyond_what_was_given():
    track = track_of(1)
    assert track.seconds_heard(99.0) == 0
    track.take(SECOND // 2, 100.0)
    assert track.seconds_heard(100.2) == pytest.approx(0.2)
    assert track.seconds_heard(100.9) == pytest.approx(0.5)
    assert not track.is_over(100.9)
    track.take(SECOND // 2, 100.4)
    assert not track.is_over(100.9)
    assert track.is_over(101.0)
    assert track.seconds_heard(102) == pytest.approx(1.0)


def test_a_device_that_comes_too_late_is_a_dropout():
    track = track_of(3)
    track.take(SECOND, 0.0)
    track.take(SECOND, 0.9)
    assert track.n_dropouts == 0
    track.take(SECOND, 2.5)
    assert track.n_dropouts == 1
    assert track.seconds_heard(2.75) == pytest.approx(2.25)
    track.take(SECOND, 9.0)  # it is all over
    assert track.n_dropouts == 1


def test_samples_that_come_too_late_are_a_dropout():
    track = track_of(1, is_complete=False)
    silence = bytes(SECOND)
    assert track.take(3 * SECOND // 2, 0.0).endswith(silence)
    assert track.n_dropouts == 1
    track.append(b"\x01\x00" * SECOND)
    track.complete()
    track.take(SECOND, 1.4)
    assert track.n_dropouts == 1
    assert track.seconds_heard(2.0) == pytest.approx(1.5)
