import math

import numpy as np
import pytest

from engine.reference.dinosaurus import get_initial_loss, smooth
from engine.storage.validated_mapping import ValidatedMapping
from engine.training.settings import SMOOTHINGS
from engine.training.watching.smoothing import (
    COURSE_CHARACTERS,
    DECAY,
    NAMES_HORIZON,
    RUN_SHARE,
    SYMBOLS_HORIZON,
    NotebookLoss,
    growing_share,
    make_smoothed_loss,
)

LEGACY_AND_SMOOTHING = [(False, "growing"), (False, "fixed"), (True, "growing")]


@pytest.fixture
def losses():
    return np.random.default_rng(3).uniform(10, 40, size=3_000)


def smoothed_of(losses, batch, horizon=NAMES_HORIZON, smoothing="growing"):
    """Return the smoothed loss after each step of `batch` examples."""
    smoothed = make_smoothed_loss(27, is_legacy=False, smoothing=smoothing, horizon=horizon)
    totals = range(batch, len(losses) * batch + 1, batch)
    return smoothed.add(losses, [1.0] * len(losses), batch, 0, totals)[0]


@pytest.mark.parametrize("smoothing", SMOOTHINGS)
def test_debiased_begins_at_its_first_value(smoothing):
    assert smoothed_of([39.0], 1, smoothing=smoothing) == [pytest.approx(39.0, abs=1e-12)]


@pytest.mark.parametrize("smoothing", SMOOTHINGS)
def test_debiased_of_a_constant_is_that_constant(smoothing):
    assert smoothed_of([5.0] * 2_000, 1, smoothing=smoothing) == pytest.approx([5.0] * 2_000)


def test_debiased_is_the_mean_weighted_by_the_powers_of_decay(losses):
    values = smoothed_of(losses, 1, smoothing="fixed")
    for count in (1, 2, 10, 3_000):
        weights = DECAY ** np.arange(count)[::-1]
        assert values[count - 1] == pytest.approx(np.average(losses[:count], weights=weights))


def test_notebook_is_the_course_s_average(losses):
    found, _ = NotebookLoss(27).add(losses, [7.0] * len(losses), 1, 0, range(1, len(losses) + 1))
    expected = [get_initial_loss(27, 7)]
    for loss in losses:
        expected.append(smooth(expected[-1], loss))
    assert found == pytest.approx(expected[1:], abs=1e-9)


@pytest.mark.parametrize(("characters", "average"), [(COURSE_CHARACTERS, 7.0), (1007.0, 8.0)])
def test_notebook_begins_at_seven_characters(characters, average):
    assert NotebookLoss(27).add([39.0], [characters], 1, 0, [1])[1] == [pytest.approx(average)]


@pytest.mark.parametrize("batch", [1, 32])
def test_the_fixed_smoothing_reaches_back_over_a_thousand_names(losses, batch):
    weights = (DECAY**batch) ** np.arange(len(losses))[::-1]
    found = smoothed_of(losses, batch, smoothing="fixed")[-1]
    assert found == pytest.approx(np.average(losses, weights=weights))


@pytest.mark.parametrize("horizon", [NAMES_HORIZON, SYMBOLS_HORIZON])
@pytest.mark.parametrize("share_of_horizon", [0.2, 1.0, 30.0])
def test_the_growing_smoothing_is_the_mean_with_weights_that_fall_over_a_share_of_the_run(
    losses, horizon, share_of_horizon
):
    """The weights are computed from the latest step back, without any recursion."""
    batch = max(1, round(share_of_horizon * horizon.shortest))
    totals = batch * np.arange(1, len(losses) + 1)
    stepped = totals // horizon.stride * horizon.stride
    back = np.clip(RUN_SHARE * stepped, horizon.shortest, horizon.longest)
    pasts = np.exp(-batch / back)
    later = np.append(np.cumprod(pasts[:0:-1])[::-1], 1.0)  # what the later steps leave of each
    expected = np.average(losses, weights=(1 - pasts) * later)
    assert smoothed_of(losses, batch, horizon)[-1] == pytest.approx(expected)


def test_how_far_the_growing_average_reaches_back():
    shortest, longest = NAMES_HORIZON.shortest, NAMES_HORIZON.longest
    for total, back in (
        (1, shortest),
        (shortest / RUN_SHARE, shortest),
        (102_400, 3_072),
        (103_000, 3_072),
        (400_000, longest),
        (10**9, longest),
    ):
        assert growing_share(1, total, NAMES_HORIZON) == pytest.approx(1 - math.exp(-1 / back))


@pytest.mark.parametrize("is_text", [False, True])
def test_a_fall_is_followed_and_the_noise_is_not(is_text):
    """A loss that falls as 1 / step is followed within 6 % from the 100th step of a text on."""
    batch, horizon = (1_024, SYMBOLS_HORIZON) if is_text else (32, NAMES_HORIZON)
    falling = 1.5 + 2.0 / (1 + np.arange(1, 3_001) / 50)
    noise = np.random.default_rng(5).normal(0, 0.1, 3_000)
    found = np.array(smoothed_of(falling + noise, batch, horizon))
    assert np.abs(found / falling - 1)[100:].max() < 0.06
    assert np.abs(np.array(smoothed_of(falling, batch, horizon)) / falling - 1)[100:].max() < 0.03
    fixed = smoothed_of(falling, 16 if is_text else 32, smoothing="fixed")
    assert fixed[100] > found[100] + (0.3 if is_text else 0.1), "the average of earlier versions"


@pytest.mark.parametrize(("is_legacy", "smoothing"), LEGACY_AND_SMOOTHING)
def test_smoothed_loss_averages_both_and_can_be_restored(losses, is_legacy, smoothing):
    smoothed, restored = (
        make_smoothed_loss(27, is_legacy=is_legacy, smoothing=smoothing, horizon=NAMES_HORIZON)
        for _ in range(2)
    )
    assert (smoothed.loss, smoothed.characters) == (None, None)
    for step, loss in enumerate(losses[:50], start=1):
        found = smoothed.add([loss], [7.0], 1, step - 1, [step])
        assert found == ([smoothed.loss], [smoothed.characters])
    assert smoothed.characters == pytest.approx(7.0)
    restored.restore(ValidatedMapping(smoothed.state()))
    assert (restored.loss, restored.characters) == (smoothed.loss, smoothed.characters)
    assert restored.add([30.0], [8.0], 1, 50, [51]) == smoothed.add([30.0], [8.0], 1, 50, [51])


@pytest.mark.parametrize("batch", [1, 32])
@pytest.mark.parametrize(("is_legacy", "smoothing"), LEGACY_AND_SMOOTHING)
def test_steps_may_be_added_together_or_one_by_one(losses, is_legacy, smoothing, batch):
    """The horizon of the growing average is computed anew on the way."""
    sizes = np.random.default_rng(4).uniform(3, 20, len(losses)).tolist()
    losses, totals = losses.tolist(), [*range(0, (len(losses) + 1) * batch, batch)]
    results = []
    for at_a_time in (1, 77, len(losses)):
        smoothed = make_smoothed_loss(
            27, is_legacy=is_legacy, smoothing=smoothing, horizon=NAMES_HORIZON
        )
        found = [], []
        for begin in range(0, len(losses), at_a_time):
            end = min(begin + at_a_time, len(losses))
            added = smoothed.add(
                *(losses[begin:end], sizes[begin:end], batch),
                *(totals[begin], totals[begin + 1 : end + 1]),
            )
            for column, values in zip(found, added, strict=True):
                column += values
        state = smoothed.state()
        results.append((found, {name: np.array(value).tolist() for name, value in state.items()}))
    assert results[0] == results[1] == results[2]


def test_every_smoothing_has_its_tests():
    assert {smoothing for _, smoothing in LEGACY_AND_SMOOTHING} == set(SMOOTHINGS)
