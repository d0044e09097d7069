"""How many kinds are told right, on the plot of a run that tells kinds."""

import csv
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from dinogui.library.view_state import ViewState
from engine.evaluation.units import TELLING_UNITS, UNITS, Unit

NATS, RIGHT = TELLING_UNITS


@pytest.fixture
def teller(begin_telling, qtbot, train_until):
    """Return a window with a run that tells kinds, whose baselines are counted."""
    window = begin_telling(held_out=0.4)
    train_until(window.session, 400)
    qtbot.waitUntil(lambda: len(window.session.run.baselines.in_full) == 5)
    window.loss_plot.draw()
    return window


def choose_accuracy(window, qtbot):
    box = window.loss_plot.unit_box
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_End)
    window.loss_plot.draw()


def measured(window):
    """Return the steps, losses and accuracies of the held-out curve."""
    curves = window.session.curves
    steps, losses = curves.held_out(NATS).points(-np.inf, np.inf, 4_000)
    again, right = curves.held_out(RIGHT).points(-np.inf, np.inf, 4_000)
    assert (steps == again).all()
    once = np.unique(steps, return_index=True)[1]  # a bucket has its point twice
    return steps[once], losses[once], right[once]


def test_it_is_offered_to_runs_that_tell_and_to_no_others(teller, qtbot):
    box = teller.loss_plot.unit_box
    assert tuple(box.itemData(row) for row in range(box.count())) == TELLING_UNITS
    actions = teller.actions_.units
    assert actions[RIGHT].isEnabled()
    assert not actions[Unit.PERPLEXITY].isEnabled()
    choose_accuracy(teller, qtbot)
    assert actions[RIGHT].isChecked()
    assert box.currentText() == "told right"
    with qtbot.waitSignal(teller.session.run_begun):
        teller.session.restart(settings=replace(teller.session.settings, task="write"))
    assert tuple(box.itemData(row) for row in range(box.count())) == UNITS["names"]
    assert teller.loss_plot.unit is NATS
    assert not actions[RIGHT].isEnabled()
    assert actions[Unit.PERPLEXITY].isEnabled()


def test_the_head_says_what_the_accuracy_beats(teller, qtbot):
    plot, baselines = teller.loss_plot, teller.session.run.baselines
    choose_accuracy(teller, qtbot)
    accuracy = measured(teller)[2][-1]
    statement = plot._writer.statement
    assert statement.figure == f"{100 * accuracy:.1f}\u00a0%"
    rivals = {
        "the largest kind": baselines.largest_kind.accuracy,
        **{f"{n}-gram Bayes": loss.accuracy for n, loss in enumerate(baselines.measured, 1)},
    }
    beaten = {name: value for name, value in rivals.items() if accuracy > value}
    assert beaten, "it has learned something"
    if all(name in beaten for name in rivals if "gram" in name):
        beaten["all n-gram Bayes"] = max(v for name, v in beaten.items() if "gram" in name)
    best = max(beaten.values())
    assert f"({100 * best:.1f}\u00a0%)" in statement.sentences[0]
    assert any(f"better than {name} (" in statement.sentences[0] for name in beaten)
    assert "Always telling the largest kind: " in statement.details


@pytest.mark.parametrize("unit", TELLING_UNITS)
def test_always_the_largest_kind_stands_in_place_of_guessing(teller, qtbot, unit):
    plot, session = teller.loss_plot, teller.session
    if unit is RIGHT:
        choose_accuracy(teller, qtbot)
    corpus, settings = session.corpus, session.settings
    training, held_out = corpus.split_places(settings.seed, settings.held_out)
    of_training = np.bincount(corpus.encoded_at(training).kinds, minlength=3)
    kinds = corpus.encoded_at(held_out).kinds
    expected = 100 * (kinds == of_training.argmax()).mean()
    if unit is NATS:
        expected = -np.log(of_training / of_training.sum())[kinds].mean()
    assert plot.baselines.shown[0] == pytest.approx(expected)
    bayes = session.run.baselines.measured[4]
    of_bayes = 100 * bayes.accuracy if unit is RIGHT else bayes.nats_per_name
    assert plot.baselines.shown[5] == pytest.approx(of_bayes)
    names = " ".join(plot.baselines.names.names)
    assert "largest kind" in names
    assert "guessing" not in names
    assert f"always the largest kind {unit.write(expected)}" in plot.legend


def test_only_held_out_names_have_an_accuracy(teller, qtbot):
    plot = teller.loss_plot
    assert "training" in plot._legend.text()
    choose_accuracy(teller, qtbot)
    assert "held out only" in plot.legend
    assert "training" not in plot.legend
    assert "best: the network with the lowest loss" in plot.legend
    (_, (low, high)) = plot.plot.getViewBox().viewRange()
    right = measured(teller)[2]
    assert low <= 100 * right.min()
    assert 100 * right.max() <= high


def test_the_best_mark_is_that_of_the_lowest_loss(teller, qtbot):
    steps, losses, right = measured(teller)
    choose_accuracy(teller, qtbot)
    best, mark = losses.argmin(), teller.loss_plot.pane.best
    assert mark.step == steps[best]
    assert mark.position == pytest.approx(100 * right[best])
    assert mark.text == f"best {100 * right[best]:.1f}\u00a0%"


def test_the_pointer_reads_the_accuracy(teller, qtbot):
    plot = teller.loss_plot
    choose_accuracy(teller, qtbot)
    steps, _, right = measured(teller)
    plot.plot.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(plot.plot, Qt.Key.Key_End)
    accuracy = f"{100 * right[-1]:.1f}\u00a0%"
    assert f"held out {accuracy} at {steps[-1]:.0f}" in plot.reading
    assert "smoothed" not in plot.reading
    assert "this name" not in plot.reading
    middle = plot.pane.rect().center()
    QTest.mouseMove(plot.plot.viewport(), plot.pane.pos() + middle + QPoint(3, 0))
    QTest.mouseMove(plot.plot.viewport(), plot.pane.pos() + middle)
    qtbot.waitUntil(lambda: "held out" in plot.reading and "told right" in plot.reading)


def test_a_table_has_percents_of_what_is_held_out_and_nothing_of_the_training(
    teller, qtbot, tmp_path, monkeypatch
):
    choose_accuracy(teller, qtbot)
    path = tmp_path / "plot.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    teller.actions_.plot.save.trigger()
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    steps, _, right = measured(teller)
    assert [int(row["step"]) for row in rows] == steps.tolist()
    found = [float(row["held out (told right, %)"]) for row in rows]
    assert found == pytest.approx((100 * right).tolist())
    assert {row["smoothed (told right, %)"] for row in rows} == {""}
    floor = 100 * teller.session.run.baselines.largest_kind.accuracy
    assert all(float(row["largest kind (told right, %)"]) == pytest.approx(floor) for row in rows)


def test_losses_elsewhere_stay_losses(teller, qtbot):
    choose_accuracy(teller, qtbot)
    assert "nats per name" in teller.status.message
    teller.runs_card.fold(False)
    assert teller.runs_card.unit_label.text() == "nats per name"


def test_everything_that_is_held_out_has_an_accuracy_too(teller, qtbot):
    choose_accuracy(teller, qtbot)
    teller.actions_.measure_held_out.trigger()
    qtbot.waitUntil(lambda: teller.session.run.full_held_out is not None, timeout=20_000)
    full = teller.session.run.full_held_out
    assert full.accuracy == pytest.approx(measured(teller)[2][-1]), "all are measured anyway"
    assert teller.loss_plot._writer.statement.figure == RIGHT.write(100 * full.accuracy)


def test_a_file_of_a_run_remembers_the_unit():
    stored = ViewState(unit=RIGHT).to_json()
    assert ViewState.from_json(stored).unit is RIGHT
