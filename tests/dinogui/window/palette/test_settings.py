"""Reading a typed name and value."""

import pytest

from dinogui.window.palette.new_run_settings import new_run_settings
from dinogui.window.palette.setting import typed_entries
from dinogui.window.palette.settings import (
    hyperparameter_settings,
    speed_setting,
    until_setting,
)
from engine.data.corpus import names_from_bytes


@pytest.fixture
def typed(session):
    def find(query):
        settings = [
            *hyperparameter_settings(session),
            until_setting(session),
            speed_setting(session),
            *new_run_settings(session),
        ]
        return list(typed_entries(settings, query))

    return find


@pytest.mark.parametrize(
    ("query", "name", "value"),
    [
        ("learning rate 0.003", "learning_rate", 0.003),
        ("lr 3e-3", "learning_rate", 0.003),
        ("set learning rate to 0,02", "learning_rate", 0.02),
        ("rate=.5", "learning_rate", 0.5),
        ("clip 2.5", "clip", 2.5),
        ("clip value off", "clip", None),
        ("units 100", "widths", (100,)),
        ("hidden units 128, 64", "widths", (128, 64)),
        ("units 128,64", "widths", (128, 64)),
        ("units 80 80", "widths", (80, 80)),
        ("layers 3", "widths", (50, 50, 50)),
        ("batch 32", "batch", 32),
        ("dropout 0.25", "dropout", 0.25),
        ("l2 0.001", "l2", 0.001),
        ("decay 0", "decay", 0.0),
    ],
)
def test_a_name_and_a_value_set_a_hyperparameter(session, typed, query, name, value):
    entry = typed(query)[0]
    assert not entry.reason
    entry.order()
    assert getattr(session.hyperparameters, name) == value


def test_the_lowest_layer_alone_is_set_by_one_number(session, typed):
    session.set_hyperparameters(widths=(50, 64))
    typed("units 100")[0].order()
    assert session.hyperparameters.widths == (100, 64)


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("learning rate 0", "The learning rate goes from 1e-5 to 1; 0 is too low."),
        ("learning rate 5", "The learning rate goes from 1e-5 to 1; 5 is too high."),
        ("clip 100", "The clip value goes from 0.01 to 50, or is off; 100 is too high."),
        ("dropout 1", "The dropout goes from 0 to 0.95; 1 is too high."),
        ("l2 2", "The strength of L2 goes from 0 to 1; 2 is too high."),
        ("units 3", "A layer has 4 to 512 units"),
        ("units 99999999999999999999", "A layer has 4 to 512 units"),
        ("layers 9", "The number of layers goes from 1 to 4; 9 is too high."),
        ("layers 999999999", "The number of layers goes from 1 to 4; 999,999,999 is too high."),
        ("layers 0", "The number of layers goes from 1 to 4; 0 is too low."),
        ("batch 32.5", "“32.5” is not a whole number."),
        ("batch 1e300", "“1e300” is not a whole number."),
        ("batch 5000", "The batch size goes from 1 to 4,096; 5,000 is too high."),
        ("batch 5,000", "The batch size goes from 1 to 4,096; 5,000 is too high."),
        ("decay -1", "The decay goes from 0 to 1; -1 is too low."),
        ("speed 7", "The speeds are 1, 10 and 100 steps a second"),
        ("until 0", "The number of steps goes from 1 to"),
        ("seed -1", "The seed goes from 0 to 4,294,967,294; -1 is too low."),
        ("seed 1", "No data are open."),
        ("learning rate 1.2.3", "“1.2.3” is not a number."),
        ("learning rate 0.1 0.2", "“0.1 0.2” is not a number."),
        ("rate off", "“off” is not a number."),
        ("learning rate 1e999", "“1e999” is not a number."),
    ],
)
def test_a_value_that_is_not_allowed_says_why(session, typed, query, reason):
    before = session.hyperparameters
    entry = typed(query)[0]
    assert reason in entry.reason
    entry.order()
    assert session.hyperparameters == before


def test_fewer_layers_begin_a_new_run(session, typed):
    session.use(names_from_bytes(b"ann\nbob\ncid\ndora\n" * 5, "people"))
    session.set_hyperparameters(widths=(50, 64, 32))
    run = session.run
    for query, widths in (("layers 2", (50, 64)), ("units 80 80", (80, 80))):
        entry = typed(query)[0]
        assert entry.detail.startswith(f"Begins a new run with 2 layers of {widths[0]} + ")
        entry.order()
        assert session.run is not run
        assert session.hyperparameters.widths == widths
        session.show_run(run.id)


def test_a_value_in_force_says_that_nothing_changes(typed):
    assert typed("lr 0.01")[0].detail == "Nothing changes, as the value is 0.01 now"
    assert typed("layers 1")[0].detail == "Nothing changes, as the value is 50 now"


@pytest.mark.parametrize("query", ["", "0.003", "learning rate", "save run", "kept 3"])
def test_what_is_no_name_and_value_sets_nothing(typed, query):
    assert typed(query) == []
