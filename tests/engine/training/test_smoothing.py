import numpy as np
import pytest

from engine.reference.dinosaurus import get_initial_loss, smooth
from engine.storage.validated_mapping import ValidatedMapping
from engine.training.smoothing import (
    COURSE_CHARACTERS,
    DECAY,
    DebiasedAverage,
    NotebookAverage,
    SmoothedLoss,
)


@pytest.fixture
def losses():
    return np.random.default_rng(3).uniform(10, 40, size=3_000)


def test_debiased_begins_at_its_first_value():
    assert DebiasedAverage().add(39.0) == pytest.approx(39.0, abs=1e-12)


def test_debiased_of_a_constant_is_that_constant():
    average = DebiasedAverage()
    assert [average.add(5.0) for _ in range(2_000)] == pytest.approx([5.0] * 2_000)


def test_debiased_is_the_mean_weighted_by_the_powers_of_decay(losses):
    average = DebiasedAverage()
    values = [average.add(loss) for loss in losses]
    for count in (1, 2, 10, 3_000):
        weights = DECAY ** np.arange(count)[::-1]
        assert values[count - 1] == pytest.approx(np.average(losses[:count], weights=weights))


def test_notebook_is_the_course_s_average(losses):
    average = NotebookAverage.of_loss(27)
    expected = get_initial_loss(27, 7)
    for loss in losses:
        expected = smooth(expected, loss)
        assert average.add(loss) == pytest.approx(expected, abs=1e-9)


def test_notebook_begins_at_seven_characters():
    assert NotebookAverage.of_characters().add(COURSE_CHARACTERS) == pytest.approx(7.0)
    assert NotebookAverage.of_characters().add(1007.0) == pytest.approx(8.0)


@pytest.mark.parametrize("is_legacy", [False, True])
def test_smoothed_loss_averages_both_and_can_be_restored(losses, is_legacy):
    smoothed, restored = (SmoothedLoss(27, is_legacy=is_legacy) for _ in range(2))
    assert (smoothed.loss, smoothed.characters) == (None, None)
    average = NotebookAverage.of_loss(27) if is_legacy else DebiasedAverage()
    for loss in losses[:50]:
        assert smoothed.add(loss, 7.0, 1) == (smoothed.loss, smoothed.characters)
        assert smoothed.loss == average.add(loss)
    assert smoothed.characters == pytest.approx(7.0)
    restored.restore(ValidatedMapping(smoothed.state()))
    assert restored.add(30.0, 8.0, 4) == smoothed.add(30.0, 8.0, 4)
