import dataclasses
import inspect

import numpy as np
import pytest

from engine.nn.parameters import Parameters
from engine.training import messages
from engine.training.history.trainer_state import TrainerState
from engine.training.messages import Chunk, HeldOutLoss

MESSAGES = [
    kind
    for _, kind in inspect.getmembers(messages, inspect.isclass)
    if kind.__module__ == messages.__name__
]


@pytest.fixture
def make_chunk():
    def make(start, count, held_out=()):
        steps = np.arange(start, start + count, dtype=float)
        return Chunk(steps, steps + 100, steps + 200, steps + 300, tuple(held_out))

    return make


def arrays_in(value):
    """Yield all arrays in a message, at any depth."""
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, Parameters):
        yield value.flat
        yield from value.named.values()
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from arrays_in(getattr(value, field.name))
    elif isinstance(value, dict) or hasattr(value, "items"):
        for part in value.values():
            yield from arrays_in(part)
    elif isinstance(value, tuple | list):
        for part in value:
            yield from arrays_in(part)


@pytest.mark.parametrize("kind", [*MESSAGES, TrainerState], ids=lambda kind: kind.__name__)
def test_messages_are_frozen(kind):
    assert dataclasses.is_dataclass(kind)
    assert kind.__dataclass_params__.frozen


def test_a_field_cannot_be_set(make_chunk):
    with pytest.raises(dataclasses.FrozenInstanceError):
        make_chunk(0, 1).loss = np.zeros(1)


@pytest.mark.parametrize("hyperparameters", [{}, {"batch": 3, "optimizer": "adam"}], ids=str)
def test_what_a_trainer_sends_is_read_only_and_does_not_change(train, hyperparameters):
    trainer = train(5, **hyperparameters)
    sent = [trainer.run(3), trainer.snapshot(), trainer.state()]
    arrays = list(arrays_in(sent))
    assert len(arrays) > 10
    assert not any(array.flags.writeable for array in arrays)
    with pytest.raises(TypeError):
        sent[2].values["x"] = 0
    before = [array.copy() for array in arrays]
    trainer.run(20)
    for array, as_before in zip(arrays, before, strict=True):
        np.testing.assert_array_equal(array, as_before)


def test_chunks_join_in_their_order(make_chunk):
    first, second = HeldOutLoss(0, 40.0, 3.0), HeldOutLoss(5, 30.0, 2.5)
    parts = [make_chunk(0, 2, [first]), make_chunk(2, 0), make_chunk(2, 3, [second])]
    joined, expected = Chunk.join(parts), make_chunk(0, 5)
    assert len(joined) == 5
    for column in ("loss", "characters", "smoothed_loss", "smoothed_characters"):
        np.testing.assert_array_equal(getattr(joined, column), getattr(expected, column))
    assert joined.held_out == (first, second)


def test_a_joined_chunk_is_read_only(make_chunk):
    joined = Chunk.join([make_chunk(0, 2), make_chunk(2, 2)])
    with pytest.raises(ValueError, match="read-only"):
        joined.smoothed_loss[0] = 0.0
