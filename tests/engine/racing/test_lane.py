"""What a lane is called, and which lanes can race with each other."""

import pytest

from engine.racing.lane import Lane, check_lanes, titled
from engine.racing.lane_text import lanes_of_text
from engine.training.recipes import NOTEBOOK
from engine.training.settings import Hyperparameters, RunSettings


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("cell=rnn; cell=lstm, hidden=4", ["RNN 5", "LSTM 4"]),
        ("hidden=4; hidden=6,7", ["4 units", "6, 7 units"]),
        ("learning_rate=0.01; learning_rate=1e-3", ["rate 0.01", "rate 0.001"]),
        (
            "optimizer=adam batch=32; optimizer=sgd batch=1000",
            ["Adam, batch 32", "SGD, batch 1,000"],
        ),
        ("clip=off; clip=0.5", ["no clipping", "clip 0.5"]),
        ("clipping=norm; clipping=entries", ["clipping of the norm", "clipping of entries"]),
        ("decay=0; decay=0.2", ["constant rate", "decay 0.2"]),
        ("embedding=none; embedding=8", ["one-hot", "embedding 8"]),
        ("balance=0.5; balance=1", ["balance 0.5", "balance 1"]),
        ("dropout=0.2; l2=0.1", ["dropout 0.2, L2 0", "dropout 0, L2 0.1"]),
    ],
)
def test_a_title_says_what_differs(base, text, titles):
    assert [lane.title for lane in titled(lanes_of_text(text, base))] == titles


def test_all_that_a_lane_can_set_has_words(base):
    known = {name for name in base.values if name not in ("cell", "widths")}
    changed = {
        "optimizer": "adam", "learning_rate": 0.5, "decay": 0.5, "schedule": "exponential",
        "clip": 0.5, "clipping": "norm", "batch": 7, "dropout": 0.5, "l2": 0.5, "embedding": 7,
        "dtype": "float32", "both_directions": True, "balance": 0.5,
            "backend": "compiled",
    }  # fmt: skip
    shared = {"held_out", "seed", "window", "stride", "length", "smoothing", "measuring", "task"}
    assert changed.keys() | shared == known
    base = base.changed(task="tell")  # only such networks read in both directions
    for name, value in changed.items():
        first, second = titled([base, base.changed(**{name: value})])
        assert first.title
        assert second.title
        assert first.title != second.title


@pytest.mark.parametrize(
    ("lanes", "said"),
    [
        ([Lane()], "A race has 2 to 6 lanes, got 1."),
        ([Lane(Hyperparameters(n / 10)) for n in range(1, 8)], "A race has 2 to 6 lanes, got 7."),
        (
            [Lane(), Lane(settings=RunSettings(seed=1))],
            "seed must be the same in all lanes; lane 2 differs.",
        ),
        (
            [Lane(), Lane(recipe=NOTEBOOK)],
            "recipe must be the same in all lanes; lane 2 differs.",
        ),
        (
            [Lane(), Lane(Hyperparameters(0.1)), Lane()],
            "Lanes 1 and 3 are the same. Leave one out, or change it.",
        ),
    ],
)
def test_lanes_that_cannot_race_are_refused(lanes, said):
    with pytest.raises(ValueError, match=r".") as refused:
        check_lanes(lanes)
    assert str(refused.value) == said


def test_a_network_that_the_recipe_does_not_allow_is_refused():
    with pytest.raises(ValueError, match="The notebook recipe is the course's"):
        check_lanes(
            [Lane(recipe=NOTEBOOK), Lane(settings=RunSettings(cell="gru"), recipe=NOTEBOOK)]
        )
