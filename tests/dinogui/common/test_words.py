from dataclasses import fields

import pytest

from dinogui.common.run_plan import RunPlan
from dinogui.common.words import (
    CELL_WORDS,
    CLIPPING_WORDS,
    DTYPE_WORDS,
    HYPERPARAMETER_WORDS,
    OPTIMIZER_WORDS,
    pending_text,
    plan_changes_text,
)
from engine.nn.architecture import DTYPES
from engine.nn.cells import CELLS
from engine.nn.optimizers import CLIPPINGS, OPTIMIZERS
from engine.training.presets import PRESETS_BY_KEY
from engine.training.settings import Hyperparameters, RunSettings


def test_every_choice_has_a_label():
    assert list(CELL_WORDS) == list(CELLS)
    assert list(OPTIMIZER_WORDS) == list(OPTIMIZERS)
    assert list(CLIPPING_WORDS) == list(CLIPPINGS)
    assert sorted(DTYPE_WORDS) == sorted(DTYPES)


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("default", ""),
        (
            "quick",
            "GRU, learning rate 0.006, clip value 1, 64 units, clipping of the norm, Adam, "
            "batch size 32, dropout 0.15, decay 0.09, float32",
        ),
        ("notebook", "decay 0, schedule “Inverse, by epoch”, notebook recipe"),
    ],
)
def test_what_a_plan_changes_is_listed_in_full(key, says):
    now = RunPlan.of(PRESETS_BY_KEY["default"])
    assert plan_changes_text(now, RunPlan.of(PRESETS_BY_KEY[key])) == says


def test_a_change_of_any_hyperparameter_is_a_change_of_the_plan():
    assert set(HYPERPARAMETER_WORDS) == {field.name for field in fields(Hyperparameters)}


def test_waiting_settings_are_listed_in_full():
    now = RunSettings(embedding=8)
    wanted = RunSettings("lstm", None, "float32", 0.25, 3)
    assert pending_text(now, wanted, (50, 20)) == (
        "LSTM, 2 layers of 50 + 20, one-hot letters, float32, 25 % held out, seed 3"
    )
    assert pending_text(now, now, None) == ""
    assert pending_text(now, RunSettings(embedding=8, window=12, stride=5), None) == (
        "windows of 12, one every 5"
    )
