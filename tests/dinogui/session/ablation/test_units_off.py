"""Units that are switched off in the network that is looked at."""

from dataclasses import replace

import numpy as np
import pytest

from dinogui.session.run import RunState
from engine.data.corpus import corpus_of_names
from engine.nn.ablation import HiddenUnit
from engine.sampling.candidates import find_candidates
from engine.sampling.constraints import Constraints

NAMES = ["anna", "bob", "clara", "david", "eve", "fred", "gina", "hugo", "ida", "jan"]
THIRD = HiddenUnit(1, 3)


@pytest.fixture
def running(session, qtbot):
    session.use(corpus_of_names(NAMES, "ten", 0, lower_case=True))
    qtbot.waitUntil(lambda: session.has_network)
    return session


def trained(session, qtbot, step):
    session.train(step)
    qtbot.waitUntil(
        lambda: session.snapshot_step == step and session.state is not RunState.TRAINING
    )
    return session.snapshot.parameters.flat


def test_the_training_goes_on_with_all_units_to_the_bit(running, qtbot):
    undisturbed = trained(running, qtbot, 60).copy()
    with qtbot.waitSignal(running.network_made):
        running.restart()
    trained(running, qtbot, 30)
    running.units_off.switch(THIRD, off=True)
    running.units_off.switch(HiddenUnit(1, 7), off=True)
    np.testing.assert_array_equal(trained(running, qtbot, 60), undisturbed)
    # Newer networks come without these units, too.
    assert running.viewed_snapshot.step == 60
    assert running.viewed_snapshot.units_off == {THIRD, HiddenUnit(1, 7)}
    assert not running.viewed_snapshot.parameters.Wya[:, [3, 7]].any()


def test_names_are_those_of_the_network_without_the_units(running, qtbot, write_names):
    trained(running, qtbot, 400)
    before = write_names(running, 8)
    running.units_off.switch(THIRD, off=True)
    taken = running.snapshot.without(frozenset({THIRD}))
    *_, expected = find_candidates(taken.parameters, taken.vocabulary, Constraints(8))
    found = write_names(running, 8)
    assert found == [candidate.name for candidate in expected.candidates] != before
    running.units_off.switch_all_on()
    assert write_names(running, 8) == before


def test_each_switch_is_told_with_the_network_that_is_looked_at(running, qtbot):
    seen = []
    running.view_changed.connect(seen.append)
    running.units_off.switch(THIRD, off=True)
    running.units_off.switch(THIRD, off=True)  # it is off already
    running.units_off.switch(THIRD, off=False)
    assert [snapshot.units_off for snapshot in seen] == [{THIRD}, frozenset()]
    assert seen[1] is running.snapshot


def all_on(session):
    return not session.units_off.units and session.viewed_snapshot is session.snapshot


def test_a_restart_and_another_run_switch_all_units_on(running, qtbot):
    first = running.run.id
    trained(running, qtbot, 10)
    running.units_off.switch(THIRD, off=True)
    with qtbot.waitSignal(running.network_made):
        running.restart()
    assert all_on(running)
    running.units_off.switch(THIRD, off=True)
    assert running.show_run(first)
    assert all_on(running)


@pytest.mark.parametrize("widths", [(40,), (60,), (50, 50)])
def test_a_resize_switches_all_units_on(running, qtbot, widths):
    running.units_off.switch(THIRD, off=True)
    running.set_hyperparameters(widths=widths)
    qtbot.waitUntil(lambda: running.snapshot.parameters.architecture.widths == widths)
    assert all_on(running)


def test_the_meter_measures_the_training_and_kept_names_say_what_was_off(running, qtbot):
    generation = running.name_generation
    assert generation.model == "RNN 50"
    qtbot.waitUntil(lambda: len(generation.measurements) == 1)
    running.units_off.switch(THIRD, off=True)
    assert generation.model == "RNN 50 (1 unit off)"
    generation._measure_again_at = 0.0  # the meter has rested
    generation.take_snapshot(replace(running.viewed_snapshot, step=99))
    assert not generation._measuring
    running.snapshot_taken.emit(replace(running.snapshot, step=100))
    qtbot.waitUntil(lambda: [found.step for found in generation.measurements] == [0, 100])


def test_what_is_off_is_listed_by_layer(running, qtbot):
    running.set_hyperparameters(widths=(50, 50))
    qtbot.waitUntil(lambda: len(running.snapshot.parameters.layers) == 2)
    off = running.units_off
    for unit in (HiddenUnit(2, 17), HiddenUnit(1, 4), HiddenUnit(1, 12), HiddenUnit(1, 3)):
        off.switch(unit, off=True)
    for gone in (HiddenUnit(3, 0), HiddenUnit(1, 50)):
        off.switch(gone, off=True)
    assert off.summary == "4 units off"
    assert off.listing == "units 3, 4 and 12 of layer 1; unit 17 of layer 2"
