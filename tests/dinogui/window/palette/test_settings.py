"""Reading a typed name and value."""

import pytest

from dinogui.window.palette.settings import hyperparameter_settings, typed_entries


@pytest.fixture
def typed(session):
    def find(query):
        return list(typed_entries(hyperparameter_settings(session), query))

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
        ("learning rate 0", "learning_rate must be a number above 0"),
        ("learning rate 1e21", "at most 1e+20"),
        ("dropout 1", "dropout must be 0 or more and below 1"),
        ("units 3", "A layer has 4 to 512 units"),
        ("units 99999999999999999999", "A layer has 4 to 512 units"),
        ("layers 9", "widths must name 1 to 4 layers"),
        ("layers 999999999", "widths must name 1 to 4 layers"),
        ("layers 0", "widths must name 1 to 4 layers"),
        ("batch 32.5", "“32.5” is not a whole number."),
        ("batch 1e300", "“1e300” is not a whole number."),
        ("batch 5000", "batch must be a whole number from 1 to 4,096"),
        ("decay -1", "decay must be 0 or more"),
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


def test_fewer_layers_need_a_new_run(session, typed):
    session.set_hyperparameters(widths=(50, 64))
    assert "begin a new run" in typed("layers 1")[0].reason


@pytest.mark.parametrize("query", ["", "0.003", "learning rate", "save run", "kept 3"])
def test_what_is_no_name_and_value_sets_nothing(typed, query):
    assert typed(query) == []
