"""The Memory meter, checked against a separate count."""

import numpy as np

from engine.sampling.names import sample_names


def test_it_measures_while_hidden_and_draws_the_results_when_shown(window, qtbot):
    name_generation = window.session.name_generation
    qtbot.waitUntil(lambda: len(name_generation.measurements) == 1)
    measured = name_generation.measurements[0]
    snapshot = window.session.snapshot
    names = sample_names(snapshot.parameters, snapshot.vocabulary, 1_000, seed=snapshot.step)
    distinct = set(window.session.corpus.distinct)
    assert measured.step == snapshot.step == 0
    assert measured.shares.new == sum(name not in distinct for name in names)
    meter = window.docks.show("memory_meter")
    qtbot.waitUntil(lambda: "of 1,000 names after step 0" in meter.message)
    drawn = [curve.getData()[1][0] for curve in meter.curves]
    assert np.allclose(drawn, 100 * np.array(measured.shares.of_all()))


def test_it_takes_the_room_of_a_panel(window, qtbot):
    meter = window.docks.show("memory_meter")
    qtbot.waitUntil(lambda: "of 1,000 names" in meter.message)
    assert meter.sizeHint() == window.docks.panel("flow").sizeHint()
    assert meter.plot.width() > 0.9 * meter.width()
    # The picture is laid out anew after its text has come.
    qtbot.waitUntil(lambda: meter.plot.height() > 0.4 * meter.height())
    low, high = meter.plot.getViewBox().viewRange()[0]
    assert low <= 0 < 100 <= high, "steps, and no fractions of them"


def test_another_run_starts_another_curve(window, qtbot):
    name_generation = window.session.name_generation
    qtbot.waitUntil(lambda: len(name_generation.measurements) > 0)
    window.session.restart()
    assert name_generation.measurements == []
    qtbot.waitUntil(lambda: len(name_generation.measurements) == 1)
