"""The order of an epoch: each example once, and the same order after the state was restored."""

import json

import numpy as np
import pytest

from engine.storage.validated_mapping import ValidatedMapping
from engine.training.loaders.epoch_order import EpochOrder

N = 7
DRAWS = {
    "list": lambda random: random.permutation(N).tolist(),
    "array": lambda random: random.permutation(N),
    "unchanged": lambda random: list(range(N)),
}
kinds = pytest.mark.parametrize("kind", DRAWS)


def expected(kind, n_epochs):
    random = np.random.default_rng((3, 1))
    return np.concatenate([DRAWS[kind](random) for _ in range(n_epochs)])


@kinds
def test_epochs_follow_one_another_however_examples_are_taken(kind):
    one, many = EpochOrder(3, DRAWS[kind]), EpochOrder(3, DRAWS[kind])
    assert [one.take_one() for _ in range(3 * N)] == expected(kind, 3).tolist()
    taken = [many.take(count) for count in (1, 3, N + 5, 0 + 2, 3)]
    np.testing.assert_array_equal(np.concatenate(taken), expected(kind, 3))
    assert one.position == many.position == N


@kinds
@pytest.mark.parametrize("n_taken", [0, 1, N - 1, N, N + 3])
def test_a_restored_order_goes_on_as_the_saved_one(kind, n_taken):
    order = EpochOrder(3, DRAWS[kind])
    for _ in range(n_taken):
        order.take_one()
    state = json.loads(json.dumps(order.state()))
    assert state["is_begun"] == (n_taken > 0)
    restored = EpochOrder(99, DRAWS[kind])
    restored.restore(ValidatedMapping(state))
    np.testing.assert_array_equal(restored.take(2 * N), expected(kind, 4)[n_taken:][: 2 * N])


@pytest.mark.parametrize(
    ("name", "value"), [("position", N + 1), ("position", -1), ("random", {}), ("is_begun", None)]
)
def test_a_state_that_does_not_fit_is_refused_by_name(name, value):
    order = EpochOrder(3, DRAWS["list"])
    order.take_one()
    with pytest.raises(ValueError, match=name):
        EpochOrder(3, DRAWS["list"]).restore(ValidatedMapping(order.state() | {name: value}))
