"""How often a copy of a run's state is kept."""

import pytest

from engine.training.history.checkpoints import Checkpoints


@pytest.mark.parametrize(
    ("n_parameters", "first"),
    [(200, 2_000), (5_000, 2_000), (20_000, 500), (100_000, 250), (10_000_000, 250)],
)
def test_quick_steps_of_a_small_network_are_kept_more_rarely(n_parameters, first):
    kept = Checkpoints()
    due = [step for step in range(1, 4_001) if kept.is_due(step, n_parameters, is_quick=True)]
    assert due == list(range(first, 4_001, first))
    assert kept.is_due(250, n_parameters), "other steps are slower"
