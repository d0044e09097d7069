"""Advice about hyperparameters that are known to hurt."""

import itertools
from dataclasses import replace

import pytest

from dinogui.common.advice import advice
from engine.nn.optimizers import OPTIMIZERS
from engine.training.presets import PRESETS, TEXT_PRESETS
from engine.training.settings import Hyperparameters

KNOWN = [
    # What was measured, the hyperparameter to change, and its better value.
    ({"optimizer": "momentum"}, "learning_rate", 0.001),
    ({"optimizer": "adam", "learning_rate": 0.1}, "learning_rate", 0.003),
    ({"optimizer": "adamw", "learning_rate": 0.1, "batch": 32}, "learning_rate", 0.003),
    ({"optimizer": "rmsprop", "learning_rate": 0.1}, "learning_rate", 0.003),
    ({"optimizer": "adagrad", "learning_rate": 1.0}, "learning_rate", 0.05),
    ({"learning_rate": 1.0}, "learning_rate", 0.01),
    ({"learning_rate": 1.0, "clip": None}, "learning_rate", 0.01),
    ({"learning_rate": 0.1}, "learning_rate", 0.01),
    ({"learning_rate": 1.0, "batch": 32}, "learning_rate", 0.1),
    ({"clip": None}, "clip", 5.0),
    ({"clip": None, "optimizer": "momentum", "learning_rate": 0.002}, "clip", 5.0),
]

HARMLESS = [
    {},
    {"learning_rate": 0.03},
    {"learning_rate": 0.1, "batch": 32},
    {"optimizer": "momentum", "learning_rate": 0.001},
    {"optimizer": "adam", "learning_rate": 0.01},
    {"optimizer": "adam", "learning_rate": 0.01, "clip": None},
    {"clip": None, "learning_rate": 0.001},
]


@pytest.mark.parametrize(("values", "name", "better"), KNOWN, ids=str)
def test_what_is_known_to_hurt_is_met_with_a_better_value(values, name, better):
    found = advice(Hyperparameters(**values))
    assert found is not None
    assert (found.name, found.value) == (name, pytest.approx(better))
    assert found.sentence.endswith(".")
    assert len(found.sentence) <= 70, "it has to fit into two short lines"


@pytest.mark.parametrize("values", HARMLESS, ids=str)
def test_nothing_is_said_about_what_learns(values):
    assert advice(Hyperparameters(**values)) is None


def test_a_text_takes_higher_rates_than_single_names():
    for optimizer in ("sgd", "momentum"):
        rate = 0.1 if optimizer == "sgd" else 0.01
        now = Hyperparameters(rate, optimizer=optimizer)
        assert advice(now, "names") is not None
        assert advice(now, "text") is None


@pytest.mark.parametrize("preset", [*PRESETS, *TEXT_PRESETS], ids=lambda preset: preset.name)
def test_nothing_is_said_about_a_preset(preset):
    assert advice(preset.hyperparameters, preset.kind) is None


RATES, CLIPS = (1e-5, 1e-3, 0.01, 0.1, 1.0, 1e3), (None, 0.01, 5.0)


@pytest.mark.parametrize("kind", ["names", "text"])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_whoever_takes_all_advice_ends_without_any(optimizer, kind):
    for rate, clip, batch in itertools.product(RATES, CLIPS, (1, 32)):
        now = Hyperparameters(rate, clip, optimizer=optimizer, batch=batch)
        for _ in range(2):
            found = advice(now, kind)
            if found is not None:
                now = replace(now, **{found.name: found.value})
        assert advice(now, kind) is None, (rate, clip, batch)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_higher_rate_is_never_better(optimizer):
    """From some rate on there is advice, and the same better value for all higher rates."""
    rates = [10.0**power for power in range(-5, 4)]
    found = [advice(Hyperparameters(rate, optimizer=optimizer)) for rate in rates]
    first = next(place for place, each in enumerate(found) if each is not None)
    assert {each and each.value for each in found[first:]} == {found[first].value}
    assert found[first].value < rates[first]


def test_the_button_names_the_better_value():
    assert advice(Hyperparameters(optimizer="momentum")).button_text == "Use 0.001"
    assert advice(Hyperparameters(clip=None)).button_text == "Clip at 5"
