import dataclasses

import numpy as np
import pytest

from engine.training.messages import Chunk, HeldOutLoss


@pytest.fixture
def make_stretch():
    def make(start, count, held_out=()):
        steps = np.arange(start, start + count, dtype=float)
        return Chunk(steps, steps + 100, steps + 200, steps + 300, tuple(held_out))

    return make


def test_messages_are_frozen(make_stretch):
    with pytest.raises(dataclasses.FrozenInstanceError):
        make_stretch(0, 1).loss = np.zeros(1)


def test_stretches_join_in_their_order(make_stretch):
    first, second = HeldOutLoss(0, 40.0, 3.0), HeldOutLoss(5, 30.0, 2.5)
    parts = [make_stretch(0, 2, [first]), make_stretch(2, 0), make_stretch(2, 3, [second])]
    joined, expected = Chunk.join(parts), make_stretch(0, 5)
    assert len(joined) == 5
    for column in ("loss", "characters", "smoothed_loss", "smoothed_characters"):
        np.testing.assert_array_equal(getattr(joined, column), getattr(expected, column))
    assert joined.held_out == (first, second)


def test_a_joined_stretch_is_read_only(make_stretch):
    joined = Chunk.join([make_stretch(0, 2), make_stretch(2, 2)])
    with pytest.raises(ValueError, match="read-only"):
        joined.smoothed_loss[0] = 0.0
