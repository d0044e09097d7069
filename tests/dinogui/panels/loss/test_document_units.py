"""The loss per document on the plot, for runs that read documents."""

import math
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from engine.evaluation.units import DOCUMENT_UNITS, UNITS, Unit
from tests.dinogui.panels.loss.test_run_overlay import point_at

ROOTS = ("leek", "pea", "beet", "bean", "kale", "corn", "onion", "carrot", "potato", "tomato")
RECIPE = "{0} soup\n- {1} {0}s\nCook them {1} minutes.\n<|end|>\n"
SOUPS = "".join(RECIPE.format(root, number) for number, root in enumerate(ROOTS, start=2))


@pytest.fixture
def cook(window, qtbot, names_file, train_until):
    """Return a window with a small run on documents, after some steps."""
    open_text(window, qtbot, names_file(SOUPS, "soups.txt"))
    session = window.session
    small = replace(session.hyperparameters, widths=(8,), batch=4, dropout=0.0)
    session.restart(hyperparameters=small)
    train_until(session, 20)
    return window


def open_text(window, qtbot, path):
    with qtbot.waitSignal(window.session.run_begun, timeout=20_000):
        window.open_file(str(path))


def offered(window):
    box = window.loss_plot.unit_box
    return tuple(box.itemData(row) for row in range(box.count()))


def test_it_is_one_of_the_units_of_a_run_on_documents(cook, qtbot):
    plot, session = cook.loss_plot, cook.session
    assert offered(cook) == DOCUMENT_UNITS
    assert plot.unit is Unit.NATS_PER_CHARACTER
    plot.unit_box.setFocus()
    qtbot.keyClick(plot.unit_box, Qt.Key.Key_Home)
    assert plot.unit is Unit.NATS_PER_DOCUMENT
    assert plot.unit_box.currentText() == "nats per document"
    assert cook.actions_.units[Unit.NATS_PER_DOCUMENT].isChecked()
    plot.draw()
    symbols = len(session.corpus.vocabulary)
    length = len(session.corpus) / len(ROOTS)
    assert plot.baselines.guessing == pytest.approx(length * math.log(symbols))
    smoothed = session.curves.smoothed(plot.unit).last_point[1]
    per_symbol = session.curves.smoothed(Unit.NATS_PER_CHARACTER).last_point[1]
    assert smoothed == pytest.approx(length * per_symbol)
    written = plot.unit.write(smoothed)
    assert f"smoothed loss {written} nats per document" in cook.status.message
    cook.runs_card.fold(False)
    assert cook.runs_card.unit_label.text() == "nats per symbol", "comparable with other texts"
    held_out = session.curves.held_out(plot.unit).last_point[1]
    assert held_out > 20 * session.curves.held_out(Unit.NATS_PER_CHARACTER).last_point[1]


def test_other_runs_do_not_offer_it(cook, qtbot, names_file):
    units = cook.actions_.units
    units[Unit.NATS_PER_DOCUMENT].trigger()
    assert not units[Unit.NATS_PER_NAME].isEnabled()
    open_text(
        cook, qtbot, names_file("Shall I compare thee to a summer's day?\n" * 20, "verse.txt")
    )
    assert offered(cook) == UNITS["text"]
    assert cook.loss_plot.unit is Unit.NATS_PER_CHARACTER
    assert not units[Unit.NATS_PER_DOCUMENT].isEnabled()
    assert "reads documents" in units[Unit.NATS_PER_DOCUMENT].toolTip()
    cook.opening.open_dinosaurs()
    assert offered(cook) == UNITS["names"]
    assert cook.loss_plot.unit is Unit.NATS_PER_NAME
    open_text(cook, qtbot, names_file(SOUPS, "soups.txt"))
    assert cook.loss_plot.unit is Unit.NATS_PER_DOCUMENT, "as it was left"


def test_windows_reach_over_the_ends_of_documents_and_have_no_loss_per_document(cook):
    session = cook.session
    session.restart(settings=replace(session.settings, window=8))
    assert offered(cook) == UNITS["text"]
    assert cook.loss_plot.baselines.guessing == pytest.approx(
        math.log(len(session.corpus.vocabulary))
    )


def test_a_run_without_documents_beside_it_is_drawn_in_the_other_units_only(cook, train_until):
    session = cook.session
    session.restart(settings=replace(session.settings, window=8))
    train_until(session, 20)
    session.restart(settings=replace(session.settings, window=None))
    train_until(session, 20)
    beside = session.on_plot.overlaid[-1]
    assert not beside.reads_documents
    units = cook.actions_.units
    assert f"{beside.title}: " in point_at(cook, 10)
    units[Unit.NATS_PER_DOCUMENT].trigger()
    assert f"{beside.title}: " not in point_at(cook, 11)
    units[Unit.BITS_PER_CHARACTER].trigger()
    assert f"{beside.title}: " in point_at(cook, 10)
