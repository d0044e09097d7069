import numpy as np
import pytest

from engine.baselines import uniform_loss


def test_dinosaurs_cost_3_296_nats_a_character_by_guessing():
    assert uniform_loss(27) == pytest.approx(3.295837, abs=1e-6)


@pytest.mark.parametrize("n", [1, 2, 38, 1000])
def test_is_the_entropy_of_the_uniform_distribution(n):
    p = np.full(n, 1 / n)
    assert uniform_loss(n) == pytest.approx(-(p * np.log(p)).sum(), abs=1e-12)
