"""The dialog of races: the ready-made lanes, lanes by hand, and what is refused."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from engine.racing.lane_sets import LANE_SETS


def test_ready_made_lanes_are_described(window, ask):
    dialog = ask()
    titles = [dialog.sets.itemText(place) for place in range(dialog.sets.count())]
    sets = [each.title for each in LANE_SETS.values() if not each.only_to_tell]
    assert titles == [*sets, "Lanes by hand"]
    assert not dialog.text.isVisible()
    assert dialog.message.message == (
        "3 lanes: RNN 50, 5,277 parameters; GRU 27, 5,211 parameters; LSTM 23, 5,340 parameters."
    )
    dialog.sets.setCurrentIndex(list(LANE_SETS).index("rates"))
    assert [lane.title for lane in dialog.lanes] == ["rate 0.003", "rate 0.01", "rate 0.03"]
    assert (dialog.plan.pace, dialog.plan.steps) == ("steps", 20_000)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("cell=gru", "A race has 2 to 6 lanes, got 1."),
        ("cell=gru; cell=gru", "Lanes 1 and 2 are the same. Leave one out, or change it."),
        ("cell=gru; sell=rnn", "In lane 2, nothing is called sell. Did you mean cell?"),
    ],
)
def test_lanes_that_cannot_race_are_refused_in_a_sentence(qtbot, window, ask, text, sentence):
    dialog = ask()
    dialog.sets.setCurrentIndex(dialog.sets.count() - 1)
    assert dialog.text.isVisible()
    dialog.text.clear()
    qtbot.keyClicks(dialog.text, text)
    assert (dialog.message.message, dialog.message.is_error) == (sentence, True)
    assert not dialog.start.isEnabled()
    qtbot.keyClick(dialog.text, Qt.Key.Key_Return)
    assert dialog.isVisible()
    dialog.reject()
    assert not window.session.racing.is_on


@pytest.mark.parametrize("task", ["write", "tell"])
def test_the_parameters_of_kinds_are_counted(window, qtbot, ask, corpus_of_kinds, task):
    session = window.session
    session.use(corpus_of_kinds)
    session.restart(settings=replace(session.settings, task=task))
    qtbot.waitUntil(lambda: session.has_network)
    dialog = ask()
    dialog.sets.setCurrentIndex(dialog.sets.count() - 1)
    dialog.text.clear()
    qtbot.keyClicks(dialog.text, "hidden=6; hidden=9")
    n_symbols, n_kinds = len(corpus_of_kinds.vocabulary), corpus_of_kinds.n_kinds
    sizes = [session.settings.architecture(n_symbols, (n,), n_kinds).n_parameters for n in (6, 9)]
    for size in sizes:
        assert f"{size:,} parameters" in dialog.message.message
    dialog.reject()
