from dinogui.common.words import (
    CELL_WORDS,
    CLIPPING_WORDS,
    DTYPE_WORDS,
    OPTIMIZER_WORDS,
    pending_text,
)
from engine.nn.architecture import DTYPES
from engine.nn.cells import CELLS
from engine.nn.optimizers import CLIPPINGS, OPTIMIZERS
from engine.training.settings import RunSettings


def test_every_choice_has_a_label():
    assert list(CELL_WORDS) == list(CELLS)
    assert list(OPTIMIZER_WORDS) == list(OPTIMIZERS)
    assert list(CLIPPING_WORDS) == list(CLIPPINGS)
    assert sorted(DTYPE_WORDS) == sorted(DTYPES)


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
