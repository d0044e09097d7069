import dataclasses
import math

import pytest

from engine.nn.architecture import MAX_HIDDEN, MIN_HIDDEN
from engine.training.presets import PRESETS, TEXT_PRESETS
from engine.training.recipes import DEFAULT, NOTEBOOK
from engine.training.settings import (
    MAX_BATCH,
    Hyperparameters,
    RunSettings,
    check_recipe,
    default_hyperparameters,
)

RATE_SENTENCE = "learning_rate must be a number above 0 and at most 1e+20, got"


@pytest.mark.parametrize(
    "values",
    [
        {"learning_rate": 1e-5, "clip": 0.01, "widths": (MIN_HIDDEN,)},
        {"widths": (4, 512, 4, 512), "batch": MAX_BATCH, "dropout": 0.999, "clipping": "norm"},
        {"learning_rate": 1e15, "clip": None, "widths": (MAX_HIDDEN,)},
    ],
)
def test_values_at_the_bounds_are_allowed(values):
    kept = dataclasses.asdict(Hyperparameters(**values))
    assert {name: kept[name] for name in values} == values


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"learning_rate": 0.0}, f"{RATE_SENTENCE} 0.0."),
        ({"learning_rate": -1.0}, f"{RATE_SENTENCE} -1.0."),
        ({"learning_rate": math.nan}, f"{RATE_SENTENCE} nan."),
        ({"learning_rate": math.inf}, f"{RATE_SENTENCE} inf."),
        ({"clip": 0.0}, "clip must be above 0 and at most 1e+20, or None for off, got 0.0."),
        ({"clip": math.nan}, "clip must be above 0 and at most 1e+20, or None for off, got nan."),
        (
            {"learning_rate": 1.1e20},
            f"{RATE_SENTENCE} 1.1e+20.",
        ),
        (
            {"clip": 2e20},
            "clip must be above 0 and at most 1e+20, or None for off, got 2e+20.",
        ),
        ({"l2": 1e9}, "l2 must be 0 or more and below 1e+09, got 1000000000.0."),
        ({"decay": 1e9}, "decay must be 0 or more and below 1e+09, got 1000000000.0."),
        ({"widths": (MIN_HIDDEN - 1,)}, "widths must be whole numbers from 4 to 512, got (3,)."),
        ({"widths": (MAX_HIDDEN + 1,)}, "widths must be whole numbers from 4 to 512, got (513,)."),
        ({"widths": (50, 3)}, "widths must be whole numbers from 4 to 512, got (50, 3)."),
        ({"widths": ()}, "widths must name 1 to 4 layers, got ()."),
        ({"widths": (9,) * 5}, "widths must name 1 to 4 layers, got (9, 9, 9, 9, 9)."),
        ({"clipping": "all"}, "clipping must be one of entries, norm, got 'all'."),
        (
            {"optimizer": "newton"},
            "optimizer must be one of sgd, momentum, rmsprop, adagrad, adam, adamw, got 'newton'.",
        ),
        ({"batch": 2.5}, "batch must be a whole number from 1 to 4,096, got 2.5."),
        ({"widths": (50.5,)}, "widths must be whole numbers from 4 to 512, got (50.5,)."),
        ({"batch": 0}, "batch must be a whole number from 1 to 4,096, got 0."),
        ({"batch": MAX_BATCH + 1}, "batch must be a whole number from 1 to 4,096, got 4097."),
        ({"dropout": 1.0}, "dropout must be 0 or more and below 1, got 1.0."),
        ({"dropout": 1}, "dropout must be 0 or more and below 1, got 1."),
        ({"dropout": -0.1}, "dropout must be 0 or more and below 1, got -0.1."),
        ({"dropout": math.nan}, "dropout must be 0 or more and below 1, got nan."),
        ({"l2": -1e-9}, "l2 must be 0 or more and below 1e+09, got -1e-09."),
        ({"l2": math.inf}, "l2 must be 0 or more and below 1e+09, got inf."),
        ({"decay": -1.0}, "decay must be 0 or more and below 1e+09, got -1.0."),
        ({"schedule": "cosine"}, "schedule must be one of inverse, exponential, got 'cosine'."),
        ({"decay": math.nan}, "decay must be 0 or more and below 1e+09, got nan."),
    ],
)
def test_values_out_of_bounds_are_named(values, message):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 the whole message is compared below
        Hyperparameters(**values)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"cell": "elman"}, "cell must be one of rnn, gru, lstm, got 'elman'."),
        ({"dtype": "int8"}, "dtype must be one of float64, float32, got 'int8'."),
        ({"embedding": 0}, "embedding must be a whole number from 1 to 512, or None, got 0."),
        ({"embedding": 513}, "embedding must be a whole number from 1 to 512, or None, got 513."),
        ({"embedding": 2.5}, "embedding must be a whole number from 1 to 512, or None, got 2.5."),
        ({"seed": 0.5}, "seed must be a whole number from 0 to 4,294,967,294, got 0.5."),
        ({"held_out": 0.0}, "held_out must lie between 0 and 1, got 0.0."),
        ({"held_out": 1.0}, "held_out must lie between 0 and 1, got 1.0."),
        ({"held_out": math.nan}, "held_out must lie between 0 and 1, got nan."),
        ({"seed": -1}, "seed must be a whole number from 0 to 4,294,967,294, got -1."),
    ],
)
def test_settings_out_of_bounds_are_named(values, message):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 the whole message is compared below
        RunSettings(**values)
    assert str(caught.value) == message


COURSE_KEYS = ("notebook", "sonnets-course")
NOT_THE_COURSE_S = [
    ({"widths": (50, 50)}, {}),
    ({"batch": 2}, {}),
    ({"dropout": 0.1}, {}),
    ({}, {"cell": "gru"}),
    ({}, {"cell": "lstm"}),
    ({}, {"embedding": 8}),
    ({}, {"dtype": "float32"}),
]


@pytest.mark.parametrize(("hyperparameters", "settings"), NOT_THE_COURSE_S, ids=str)
def test_the_notebook_recipe_allows_only_the_course_s_network(hyperparameters, settings):
    hyperparameters, settings = Hyperparameters(**hyperparameters), RunSettings(**settings)
    check_recipe(DEFAULT, hyperparameters, settings)
    with pytest.raises(ValueError, match="The notebook recipe is the course's, for a single tanh"):
        check_recipe(NOTEBOOK, hyperparameters, settings)


def test_the_notebook_recipe_allows_hyperparameters_of_the_course_s_network():
    hyperparameters = Hyperparameters(0.5, None, (99,), "norm", "adam", l2=0.1, decay=0.1)
    check_recipe(NOTEBOOK, hyperparameters, RunSettings(held_out=0.5, seed=7))


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_recipes_allow_their_presets(preset):
    check_recipe(preset.recipe, preset.hyperparameters, preset.settings)
    assert preset.summary.endswith(".")


def test_preset_names_and_keys_are_unique():
    presets = (*PRESETS, *TEXT_PRESETS)
    assert len({preset.name for preset in presets}) == len(presets)
    assert len({preset.key for preset in presets}) == len(presets)


@pytest.mark.parametrize("preset", [*PRESETS, *TEXT_PRESETS], ids=lambda preset: preset.name)
def test_the_rate_of_every_preset_of_ours_falls_until_it_rests(preset):
    """The course's own keep their rate."""
    epochs_of_an_hour = 100.0
    at_the_end = preset.hyperparameters.rate_at(epochs_of_an_hour)
    if preset.key in COURSE_KEYS:
        assert at_the_end == preset.hyperparameters.learning_rate
    else:
        assert at_the_end < 0.01 * preset.hyperparameters.learning_rate


def test_default_hyperparameters_are_the_course_s():
    course = Hyperparameters(learning_rate=0.01, clip=5.0, widths=(50,))
    assert Hyperparameters() == course == default_hyperparameters(NOTEBOOK)
    assert course.rate_at(1e6) == 0.01


def test_by_default_only_the_learning_rate_differs_from_the_course_and_it_falls():
    found = default_hyperparameters(DEFAULT)
    assert dataclasses.replace(found, decay=0.0, schedule="inverse") == Hyperparameters()
    assert found.rate_at(0.0) == 0.01
    assert found.rate_at(1.0) > 0.0085, "the beginning is as fast as the course's"
    assert found.rate_at(100.0) < 1e-7, "a run left alone comes to rest"
    assert PRESETS[0].hyperparameters == found


@pytest.mark.parametrize(
    ("schedule", "epoch", "rate"),
    [
        ("inverse", 0.0, 0.1),
        ("inverse", 0.99, 0.1),
        ("inverse", 1.0, 0.1 / 1.5),
        ("inverse", 4.7, 0.1 / 3.0),
        ("exponential", 0.0, 0.1),
        ("exponential", 2.0, 0.1 / math.e),
        ("exponential", 3.0, 0.1 / math.e**1.5),
        ("exponential", 1e9, 0.0),
    ],
)
def test_how_the_learning_rate_falls(schedule, epoch, rate):
    falling = Hyperparameters(0.1, decay=0.5, schedule=schedule)
    assert falling.rate_at(epoch) == pytest.approx(rate)
    assert dataclasses.replace(falling, decay=0.0).rate_at(epoch) == 0.1


def test_settings_are_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Hyperparameters().clip = 1.0
