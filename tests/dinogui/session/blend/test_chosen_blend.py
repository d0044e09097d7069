"""The blend of kinds at which the network of the run shown is looked at."""

from dataclasses import replace

import numpy as np
import pytest

from dinogui.session.blend.shares import Shares
from dinogui.session.run import RunState
from engine.nn.ablation import HiddenUnit
from engine.nn.kinds import blend_of, of_blend
from engine.sampling.candidates import find_candidates
from engine.sampling.constraints import Constraints

BLEND = Shares((("Greek", 60), ("Norse", 40)))


@pytest.fixture
def running(session, qtbot, corpus_of_kinds):
    plan = session.plan_on("kinds")
    small = replace(plan.hyperparameters, widths=(16,), batch=8)
    session.use(corpus_of_kinds, replace(plan, hyperparameters=small))
    qtbot.waitUntil(lambda: session.has_network, timeout=20_000)
    return session


def trained(session, qtbot, step):
    session.train(step)
    qtbot.waitUntil(
        lambda: session.snapshot_step == step and session.state is not RunState.TRAINING,
        timeout=20_000,
    )
    return session.snapshot.parameters.flat


def test_a_run_begins_with_its_first_kind(running, corpus_of_kinds):
    assert running.blend.shares == Shares.only("Greek")
    assert running.blend.titles == corpus_of_kinds.kinds.titles == ("Greek", "Irish", "Norse")
    assert running.blend.counts == {"Greek": 8, "Irish": 8, "Norse": 9}


def test_what_is_looked_at_is_a_plain_network_at_the_blend(running, qtbot):
    trained(running, qtbot, 50)
    with qtbot.waitSignal(running.view_changed) as told:
        running.blend.choose(BLEND)
    whole = running.snapshot
    weights = blend_of(whole.kinds, {"Greek": 0.6, "Norse": 0.4})
    expected = of_blend(whole.parameters, weights)
    for seen in (told.args[0], running.viewed_snapshot, running.viewed_whole_snapshot):
        assert seen.parameters.architecture.n_kinds == 0
        np.testing.assert_array_equal(seen.parameters.flat, expected.flat)
    assert running.viewed_trained_snapshot is whole


def test_the_training_goes_on_to_the_bit_whatever_is_chosen(running, qtbot):
    undisturbed = trained(running, qtbot, 60).copy()
    with qtbot.waitSignal(running.network_made):
        running.restart()
    trained(running, qtbot, 30)
    running.blend.choose(BLEND)
    np.testing.assert_array_equal(trained(running, qtbot, 60), undisturbed)
    assert running.viewed_snapshot.step == 60


def test_names_are_those_of_the_blend(running, qtbot, write_names):
    running.set_hyperparameters(optimizer="adam", learning_rate=0.01)
    trained(running, qtbot, 300)
    greek = write_names(running, 8)
    running.blend.choose(BLEND)
    blended = write_names(running, 8)
    plain = running.snapshot.of_blend(BLEND.weights(running.snapshot.kinds))
    *_, expected = find_candidates(plain.parameters, plain.vocabulary, Constraints(8))
    assert blended == [candidate.name for candidate in expected.candidates]
    assert blended != greek
    assert running.name_generation.kind_found == "60 % Greek, 40 % Norse"


def test_units_are_switched_off_at_the_blend(running, qtbot):
    trained(running, qtbot, 20)
    unit = HiddenUnit(1, 3)
    running.blend.choose(BLEND)
    running.units_off.switch(unit, off=True)
    plain = running.blend.taken_from(running.snapshot).without(frozenset({unit}))
    np.testing.assert_array_equal(running.viewed_snapshot.parameters.flat, plain.parameters.flat)
    running.blend.choose_only("Irish")
    assert running.viewed_snapshot.units_off == {unit}


def test_an_earlier_step_is_seen_at_the_blend(running, qtbot):
    trained(running, qtbot, 40)
    earlier = running.snapshot
    trained(running, qtbot, 60)
    running.blend.choose(BLEND)
    with qtbot.waitSignal(running.past.reached):
        running.past.look(40)
    expected = running.blend.taken_from(earlier)
    np.testing.assert_array_equal(running.viewed_snapshot.parameters.flat, expected.parameters.flat)


def test_the_choice_goes_over_to_another_run_by_its_titles(running, qtbot, make_corpus_of_kinds):
    running.blend.choose(BLEND)
    running.use(make_corpus_of_kinds(("Norse", "Welsh")))
    assert running.blend.shares == Shares.only("Norse")
    running.use(make_corpus_of_kinds(("Welsh", "Irish")))
    assert running.blend.shares == Shares.only("Welsh")
    # What was chosen last is known again.
    running.use(make_corpus_of_kinds(("Irish", "Norse", "Greek")))
    assert running.blend.shares == BLEND


def test_names_without_kinds_have_no_blend(running, names_corpus):
    running.use(names_corpus)
    assert running.blend.shares is None
    assert running.blend.weights is None
    running.blend.choose_only("Greek")
    assert running.blend.shares is None


def test_a_run_that_tells_has_no_blend_and_writes_nothing(running, qtbot):
    settings = replace(running.settings, task="tell")
    with qtbot.waitSignal(running.network_made):
        running.restart(settings=settings)
    assert running.blend.shares is None
    assert running.name_generation.corpus is None
    assert running.viewed_snapshot is running.snapshot
    trained(running, qtbot, 20)
    assert running.name_generation.measurements == []


def test_the_next_data_without_kinds_are_written(running, qtbot, names_corpus):
    settings = replace(running.settings, task="tell", both_directions=True)
    with qtbot.waitSignal(running.network_made):
        running.restart(settings=settings)
    running.use(names_corpus)
    assert (running.settings.task, running.settings.both_directions) == ("write", False)


def test_the_meter_measures_names_of_all_kinds(running, qtbot):
    qtbot.waitUntil(lambda: bool(running.name_generation.measurements))
    shares = running.name_generation.measurements[0].shares
    assert shares.total == 3 * 334


def test_a_training_that_gives_way_goes_on_to_the_bit(running, qtbot):
    running.train()
    running.give_way(30_000)
    qtbot.wait(200)  # a slice that was under way has ended
    made = running.steps_made
    qtbot.wait(200)
    assert (running.state, running.steps_made) == (RunState.TRAINING, made)
    running.give_way(0)
    qtbot.waitUntil(lambda: running.steps_made > made)
    running.pause()
    qtbot.waitUntil(lambda: running.snapshot_step == running.steps_made > made)
    step, disturbed = running.snapshot_step, running.snapshot.parameters.flat.copy()
    with qtbot.waitSignal(running.network_made):
        running.restart()
    np.testing.assert_array_equal(trained(running, qtbot, step), disturbed)
