"""Undo and redo in the window: drags, keys and clicks, then Ctrl+Z."""

import gc
import weakref

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QStyle, QStyleOptionSlider

from dinogui.app import make_window
from dinogui.session.run import RunState
from dinogui.workers.training import training_worker as worker
from engine.evaluation.units import Unit
from engine.runs.replay import replay
from engine.training.presets import PRESETS
from engine.training.recipes import DEFAULT, NOTEBOOK
from engine.training.trainer import Trainer

_PATIENCE = 30_000


def press(qtbot, widget, keys):
    """Press a key combination, given as in a menu."""
    combination = QKeySequence(keys)[0]
    qtbot.keyClick(widget, combination.key(), combination.keyboardModifiers())


def drag(qtbot, slider, share):
    """Drag a slider's handle to a share of its length, through all positions in between."""
    option = QStyleOptionSlider()
    slider.initStyleOption(option)
    part = QStyle.SubControl.SC_SliderHandle
    rect = slider.style().subControlRect(QStyle.ComplexControl.CC_Slider, option, part, slider)
    start, to_x = rect.center(), round(share * slider.width())
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=start)
    for x in np.linspace(start.x(), to_x, 8).round():
        qtbot.mouseMove(slider, QPoint(int(x), start.y()))
        qtbot.wait(5)
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(to_x, start.y()))


def hyperparameters(window):
    return window.session.hyperparameters


def parameters(window):
    return window.session.snapshot.parameters


def train(window, qtbot, steps):
    """Train for some more steps, and wait for their network."""
    goal = window.session.snapshot_step + steps
    window.session.train(goal)
    qtbot.waitUntil(
        lambda: window.session.state is RunState.PAUSED and window.session.snapshot_step == goal,
        timeout=_PATIENCE,
    )


def resized(window, qtbot, widths):
    qtbot.waitUntil(
        lambda: window.session.has_network and parameters(window).architecture.widths == widths,
        timeout=_PATIENCE,
    )


def show_earlier(window):
    """Show the run that was shown before."""
    assert window.session.show_run(window.session.runs.earlier.id)


def generate(window, qtbot):
    """Generate names, and return all of them."""
    found = []
    window.session.name_generation.found.connect(found.append)
    press(qtbot, window, "Ctrl+G")
    qtbot.waitUntil(lambda: bool(found) and found[-1].is_over)
    window.session.name_generation.found.disconnect(found.append)
    return window.names.generated


@pytest.fixture
def trainers(monkeypatch):
    """Return a list that collects the trainers of all runs; read them only while paused."""
    made = []

    def make(*arguments, **more):
        made.append(Trainer(*arguments, **more))
        return made[-1]

    monkeypatch.setattr(worker, "Trainer", make)
    return made


def replayed(trainer):
    """Replay a trainer's record, and return where it differs."""
    return replay(trainer.record, trainer.corpus, trainer.parameters, trainer.step).difference


def test_nothing_can_be_undone_at_first(window):
    assert not window.actions_.undo.isEnabled()
    assert not window.actions_.redo.isEnabled()


def test_a_drag_is_one_undo_and_two_drags_are_two(window, qtbot):
    slider = window.controls.learning_rate.slider
    drag(qtbot, slider, 0.9)
    first = hyperparameters(window).learning_rate
    drag(qtbot, slider, 0.2)
    second = hyperparameters(window).learning_rate
    assert len({0.01, first, second}) == 3
    assert window.actions_.undo.text() == "&Undo learning rate"
    press(qtbot, window, "Ctrl+Z")
    assert hyperparameters(window).learning_rate == first
    assert window.controls.learning_rate.value == first
    press(qtbot, window, "Ctrl+Z")
    assert hyperparameters(window).learning_rate == 0.01
    assert not window.actions_.undo.isEnabled()
    press(qtbot, window, "Ctrl+Shift+Z")
    assert hyperparameters(window).learning_rate == first
    press(qtbot, window, "Ctrl+Y")
    assert hyperparameters(window).learning_rate == second


def test_every_hyperparameter_can_be_undone_by_itself(window, qtbot):
    start = hyperparameters(window)
    window.controls.clip.slider.setFocus(Qt.FocusReason.TabFocusReason)
    press(qtbot, window.controls.clip.slider, "End")
    for key in ("Right", "Right", "Right"):
        press(qtbot, window.controls.learning_rate.slider, key)
    window.model.hyperparameters_changed.emit(
        {"optimizer": "adam", "batch": 8, "dropout": start.dropout}
    )
    assert hyperparameters(window).clip is None
    assert hyperparameters(window).optimizer == "adam"
    assert window.actions_.undo.text() == "&Undo optimiser and batch size"
    press(qtbot, window, "Ctrl+Z")
    assert (hyperparameters(window).optimizer, hyperparameters(window).batch) == ("sgd", 1)
    press(qtbot, window, "Ctrl+Z")
    assert (hyperparameters(window).learning_rate, hyperparameters(window).clip) == (
        start.learning_rate,
        None,
    )
    press(qtbot, window, "Ctrl+Z")
    assert hyperparameters(window) == start
    assert window.controls.clip.box.text() == "5"


def test_pruned_units_are_restored(window, qtbot):
    train(window, qtbot, 400)
    before = parameters(window).flat.copy()
    drag(qtbot, window.controls.hidden.slider, 0.1)
    narrow = hyperparameters(window).widths
    assert narrow[0] < 50
    resized(window, qtbot, narrow)
    press(qtbot, window, "Ctrl+Z")
    resized(window, qtbot, (50,))
    np.testing.assert_allclose(parameters(window).flat, before, rtol=0, atol=1e-13)
    assert "→ 50 units" in window.controls.resize_message
    press(qtbot, window, "Ctrl+Shift+Z")
    resized(window, qtbot, narrow)
    train(window, qtbot, 50)
    press(qtbot, window, "Ctrl+Z")
    resized(window, qtbot, (50,))


def test_two_narrowings_in_a_row_are_two_undos(window, qtbot):
    train(window, qtbot, 300)
    before = parameters(window).flat.copy()
    for width in (30, 12):  # before the worker has seen the first
        window.controls.hidden.value_changed.emit(float(width))
        window.session.undo.end_gesture()
    press(qtbot, window, "Ctrl+Z")
    assert hyperparameters(window).widths == (30,)
    press(qtbot, window, "Ctrl+Z")
    assert hyperparameters(window).widths == (50,)
    resized(window, qtbot, (50,))
    window.session.step()
    qtbot.waitUntil(lambda: window.session.snapshot_step == 301)
    # After one more step of training, every unit is nearly as it was.
    assert np.abs(parameters(window).flat - before).max() < 0.2
    assert window.session.state is RunState.PAUSED


def test_undoing_during_training(window, qtbot):
    press(qtbot, window, "Space")
    for share in (0.1, 0.5, 0.05):
        drag(qtbot, window.controls.hidden.slider, share)
    for _ in range(3):
        press(qtbot, window, "Ctrl+Z")
    resized(window, qtbot, (50,))
    assert window.session.state is RunState.TRAINING
    assert hyperparameters(window).widths == (50,)


def test_undo_stays_within_a_run_and_waits_for_it(window, qtbot):
    press(qtbot, window.controls.learning_rate.slider, "Right")
    train(window, qtbot, 500)
    before, curves = parameters(window).flat.copy(), window.session.curves
    faster = hyperparameters(window).learning_rate
    press(qtbot, window, "Ctrl+R")
    qtbot.waitUntil(lambda: window.session.has_network)
    assert window.session.snapshot_step == 0
    assert not window.actions_.undo.isEnabled()
    assert window.actions_.undo.text() == "&Undo"
    press(qtbot, window.controls.clip.slider, "Left")
    press(qtbot, window, "Ctrl+Z")
    assert window.actions_.redo.text() == "&Redo clip value"
    train(window, qtbot, 30)
    qtbot.waitUntil(lambda: "30" in window.status.message)
    window.loss_plot.draw()
    few = window.loss_plot.points_drawn
    show_earlier(window)
    assert window.session.state is RunState.PAUSED
    assert window.session.snapshot_step == 500
    assert window.session.curves is curves
    np.testing.assert_array_equal(parameters(window).flat, before)
    qtbot.waitUntil(lambda: "500" in window.status.message)
    assert window.loss_plot.points_drawn > few, "the longer run is drawn again"
    assert not window.actions_.redo.isEnabled()
    assert window.actions_.undo.text() == "&Undo learning rate"
    press(qtbot, window, "Ctrl+Z")
    assert hyperparameters(window).learning_rate == 0.01
    show_earlier(window)
    assert window.session.snapshot_step == 30
    assert window.actions_.redo.text() == "&Redo clip value"
    show_earlier(window)
    press(qtbot, window, "Ctrl+Shift+Z")
    assert hyperparameters(window).learning_rate == faster
    train(window, qtbot, 100)
    assert window.session.snapshot_step == 600


def test_a_restored_run_trains_as_if_it_had_never_been_left(qtbot, window, session):
    twin = session
    twin.use(window.session.corpus)
    for session in (window.session, twin):
        session.train(200)
        qtbot.waitUntil(lambda s=session: s.snapshot_step == 200, timeout=_PATIENCE)
    press(qtbot, window, "Ctrl+R")
    show_earlier(window)
    for session in (window.session, twin):
        session.train(700)
        qtbot.waitUntil(lambda s=session: s.snapshot_step == 700, timeout=_PATIENCE)
    flats = [session.snapshot.parameters.flat for session in (window.session, twin)]
    np.testing.assert_array_equal(*flats)
    curves = [
        s.curves.smoothed(Unit.NATS_PER_NAME).points(0, 1e9, 10_000) for s in (window.session, twin)
    ]
    np.testing.assert_array_equal(*curves)


def test_the_names_before_others_were_opened_come_back(window, qtbot, names_file):
    train(window, qtbot, 100)
    window.open_file(str(names_file()))
    qtbot.waitUntil(lambda: window.windowTitle().startswith("people.txt"))
    qtbot.waitUntil(lambda: window.session.has_network)
    show_earlier(window)
    assert window.windowTitle().startswith("dinosaurs.txt")
    assert window.session.snapshot_step == 100
    assert len(generate(window, qtbot)) == 10


def clear(window):
    """Clear the names by the menu, because there is no key for it."""
    window.actions_.clear_names.trigger()


def test_undoing_a_clearing_restores_the_list_and_its_details(window, qtbot):
    names = generate(window, qtbot)
    shown = window.names.table.shown
    assert len(names) == 10
    clear(window)
    assert window.names.generated == []
    assert window.actions_.undo.text() == "&Undo clearing of the names"
    press(qtbot, window, "Ctrl+Z")
    assert window.names.generated == names
    assert window.names.table.shown == shown
    press(qtbot, window, "Ctrl+Shift+Z")
    assert window.names.generated == []
    press(qtbot, window, "Ctrl+Z")
    window.names.table.view.selectAll()
    press(qtbot, window, "Ctrl+D")
    assert [kept.data for kept in window.session.name_generation.kept.names] == [
        "dinosaurs.txt"
    ] * 10


def test_redo_restores_names_written_since_a_clearing(window, qtbot):
    old = generate(window, qtbot)
    clear(window)
    new = generate(window, qtbot)
    assert {*new} != {*old}
    press(qtbot, window, "Ctrl+Z")
    assert window.names.generated == old
    press(qtbot, window, "Ctrl+Shift+Z")
    assert window.names.generated == new


def test_clearing_an_empty_list_cannot_be_undone(window, qtbot):
    window.actions_.live_names.trigger()
    generate(window, qtbot)
    clear(window)
    clear(window)
    press(qtbot, window, "Ctrl+Z")
    assert not window.actions_.undo.isEnabled()


def test_the_run_before_a_preset_comes_back(window, qtbot):
    train(window, qtbot, 100)
    before, flat = window.session.plan, parameters(window).flat.copy()
    window.left.show_settings()
    presets = window.model.presets
    presets.box.setFocus(Qt.FocusReason.TabFocusReason)
    press(qtbot, presets.box, "End")
    with qtbot.waitSignal(window.session.network_made):
        qtbot.mouseClick(presets.begin, Qt.MouseButton.LeftButton)
    preset = window.session.plan
    assert preset.settings != before.settings
    show_earlier(window)
    assert window.session.plan == before
    assert window.model.cell.currentData() == before.settings.cell
    np.testing.assert_array_equal(parameters(window).flat, flat)
    show_earlier(window)
    assert window.session.plan == preset
    assert window.model.cell.currentData() == preset.settings.cell


def test_the_run_before_a_recipe_comes_back(window, qtbot):
    train(window, qtbot, 100)
    with qtbot.waitSignal(window.session.network_made):
        window.actions_.recipes[NOTEBOOK].trigger()
    show_earlier(window)
    assert window.session.recipe is DEFAULT
    assert window.actions_.recipes[DEFAULT].isChecked()
    assert window.session.snapshot_step == 100


def test_a_run_on_names_and_one_on_a_text_are_shown_in_turn(
    window, qtbot, names_file, verse, small_text
):
    train(window, qtbot, 100)
    names_plan = window.session.plan
    window.opening.open_file(str(names_file(verse, "verse.txt")), preset=small_text)
    qtbot.waitUntil(lambda: window.session.kind == "text" and window.session.has_network)
    text_plan = window.session.plan
    show_earlier(window)
    assert (window.session.kind, window.session.plan) == ("names", names_plan)
    assert window.arrangement.samples.currentWidget() is window.names
    assert len(generate(window, qtbot)) == 10
    assert window.session.baselines.measured
    show_earlier(window)
    assert (window.session.kind, window.session.plan) == ("text", text_plan)
    assert window.arrangement.samples.currentWidget() is window.writing
    qtbot.waitUntil(lambda: window.session.state is RunState.READY)


def test_changes_in_a_run_on_text_are_undone(text_window, qtbot):
    window = text_window
    train(window, qtbot, 30)
    start, before = hyperparameters(window), parameters(window).flat.copy()
    drag(qtbot, window.controls.learning_rate.slider, 0.8)
    drag(qtbot, window.controls.hidden.slider, 0.0)
    resized(window, qtbot, hyperparameters(window).widths)
    assert hyperparameters(window).widths[0] < 16
    press(qtbot, window, "Ctrl+Z")
    resized(window, qtbot, (16,))
    np.testing.assert_array_equal(parameters(window).flat, before)
    press(qtbot, window, "Ctrl+Z")
    assert hyperparameters(window) == start
    train(window, qtbot, 20)


def test_the_run_before_a_new_one_on_text_comes_back(text_window, qtbot):
    window = text_window
    train(window, qtbot, 30)
    before, flat = window.session.plan, parameters(window).flat.copy()
    window.left.show_settings()
    window.model.text.way.setCurrentText("Windows")
    with qtbot.waitSignal(window.session.network_made):
        qtbot.mouseClick(window.model.begin, Qt.MouseButton.LeftButton)
    assert window.session.settings.window
    show_earlier(window)
    assert window.session.plan == before
    assert window.model.text.way.currentText() != "Windows"
    np.testing.assert_array_equal(parameters(window).flat, flat)


def test_hyperparameters_set_before_any_step_are_restored(window, qtbot):
    drag(qtbot, window.controls.learning_rate.slider, 0.9)
    found = hyperparameters(window)
    with qtbot.waitSignal(window.session.network_made):
        window.run_commands.begin_preset(PRESETS[-1])
    show_earlier(window)
    assert hyperparameters(window) == found


def test_a_trained_run_is_kept_in_preference_to_an_untrained_one(window, qtbot):
    train(window, qtbot, 100)
    press(qtbot, window, "Ctrl+R")
    drag(qtbot, window.controls.learning_rate.slider, 0.9)
    press(qtbot, window, "Ctrl+R")
    show_earlier(window)
    assert window.session.snapshot_step == 100


def test_undo_in_a_text_field_undoes_typing(window, qtbot):
    press(qtbot, window.controls.learning_rate.slider, "Right")
    turned = hyperparameters(window).learning_rate
    prefix = window.names.form.prefix
    prefix.setFocus()
    qtbot.keyClicks(prefix, "tyr")
    press(qtbot, prefix, "Ctrl+Z")
    assert prefix.text() == ""
    assert hyperparameters(window).learning_rate == turned


def test_undo_in_a_number_box_undoes_typing_until_the_number_is_entered(window, qtbot):
    for knob in ["learning_rate", "clip", "hidden"]:
        start, box = hyperparameters(window), getattr(window.controls, knob).box
        shown = box.text()
        box.setFocus()
        box.selectAll()
        qtbot.keyClicks(box, "7")
        press(qtbot, box, "Ctrl+Z")
        assert (box.text(), hyperparameters(window)) == (shown, start)
        box.selectAll()
        qtbot.keyClicks(box, "9")
        press(qtbot, box, "Return")
        taken = box.value()
        press(qtbot, box, "Ctrl+Z")
        assert (box.text(), hyperparameters(window)) == (shown, start)
        press(qtbot, box, "Ctrl+Shift+Z")
        assert box.value() == taken != float(shown)


def test_entered_widths_are_undone_from_their_field(window, qtbot):
    window.left.show_settings()
    box = window.model.widths
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "20")
    press(qtbot, box, "Return")
    assert hyperparameters(window).widths == (20,)
    press(qtbot, box, "Ctrl+Z")
    assert (hyperparameters(window).widths, box.text()) == ((50,), "50")


def test_arrow_keys_on_a_slider_are_one_undo_until_a_pause(window, qtbot):
    slider = window.controls.learning_rate.slider
    for _ in range(3):
        press(qtbot, slider, "Right")
    first = hyperparameters(window).learning_rate
    qtbot.wait(1_200)
    press(qtbot, slider, "Left")
    press(qtbot, slider, "Ctrl+Z")
    assert hyperparameters(window).learning_rate == first
    press(qtbot, slider, "Ctrl+Z")
    assert hyperparameters(window).learning_rate == 0.01


def show_model(window):
    """Show the Model tab."""
    window.left.show_settings()
    return window.model


def test_an_added_layer_is_undone_and_redone(trainers, window, qtbot):
    model = show_model(window)
    press(qtbot, window.controls.learning_rate.slider, "Right")
    turned = hyperparameters(window)
    train(window, qtbot, 200)
    before = parameters(window).flat.copy()
    model.layers.setFocus(Qt.FocusReason.TabFocusReason)
    press(qtbot, model.layers, "Up")
    resized(window, qtbot, (50, 50))
    assert window.actions_.undo.text() == "&Undo added layer"
    train(window, qtbot, 50)
    added = parameters(window).layers[1].block.copy()
    press(qtbot, window, "Ctrl+Z")
    resized(window, qtbot, (50,))
    assert hyperparameters(window) == turned
    assert (model.layers.value(), model.widths.text()) == (1, "50")
    assert "50 + 50 → 50 units: it" in model.cost_message
    assert window.actions_.redo.text() == "&Redo added layer"
    press(qtbot, window, "Ctrl+Shift+Z")
    resized(window, qtbot, (50, 50))
    np.testing.assert_array_equal(parameters(window).layers[1].block, added)
    press(qtbot, window, "Ctrl+Z")
    press(qtbot, window, "Ctrl+Z")
    assert hyperparameters(window).learning_rate == 0.01
    resized(window, qtbot, (50,))
    train(window, qtbot, 50)
    window.close()
    (trainer,) = trainers
    assert replayed(trainer) is None
    assert before.shape == trainer.parameters.flat.shape


def test_an_added_layer_undone_at_once_leaves_the_network_as_it_was(window, qtbot):
    model = show_model(window)
    train(window, qtbot, 200)
    before = parameters(window).flat.copy()
    for _ in range(2):
        press(qtbot, model.layers, "Up")
    resized(window, qtbot, (50, 50, 50))
    assert window.actions_.undo.text() == "&Undo added layers"
    press(qtbot, window, "Ctrl+Z")
    resized(window, qtbot, (50,))
    np.testing.assert_array_equal(parameters(window).flat, before)


def test_a_layer_and_a_width_are_two_undos_even_in_quick_succession(window, qtbot):
    window.controls.hidden.value_changed.emit(30.0)
    window.model.hyperparameters_changed.emit({"widths": (30, 20)})
    window.model.hyperparameters_changed.emit({"widths": (30, 10)})
    for widths in ((30, 20), (30,), (50,)):
        press(qtbot, window, "Ctrl+Z")
        assert hyperparameters(window).widths == widths
    resized(window, qtbot, (50,))
    for widths in ((30,), (30, 20), (30, 10)):
        press(qtbot, window, "Ctrl+Shift+Z")
        assert hyperparameters(window).widths == widths
    resized(window, qtbot, (30, 10))


def test_each_control_of_the_model_is_undone_and_redone(window, qtbot):
    for name in ["optimizer", "clipping", "batch", "dropout", "l2", "decay"]:
        model, start = show_model(window), hyperparameters(window)
        control = getattr(model, name)
        control.setFocus(Qt.FocusReason.TabFocusReason)
        press(qtbot, control, "Down" if name in ("optimizer", "clipping") else "Up")
        changed = hyperparameters(window)
        assert getattr(changed, name) != getattr(start, name)
        press(qtbot, control, "Ctrl+Z")
        assert hyperparameters(window) == start
        press(qtbot, control, "Ctrl+Shift+Z")
        assert hyperparameters(window) == changed
    train(window, qtbot, 5)


def test_a_halved_rate_is_undone(window, qtbot):
    window.session.set_hyperparameters(learning_rate=1e15, clip=None)
    press(qtbot, window, "Space")
    qtbot.waitUntil(lambda: window.session.state is RunState.DIVERGED, timeout=_PATIENCE)
    fast = hyperparameters(window).learning_rate
    window.session.recover("roll back and halve the rate")
    assert hyperparameters(window).learning_rate == fast / 2
    press(qtbot, window, "Ctrl+Z")
    assert hyperparameters(window).learning_rate == fast
    press(qtbot, window, "Ctrl+Z")
    assert hyperparameters(window).learning_rate == 0.01


def test_a_refused_change_is_not_undone(window, qtbot):
    window.model.hyperparameters_changed.emit({"widths": (3,)})
    assert "widths must be" in window.model.error
    assert not window.actions_.undo.isEnabled()


@pytest.mark.parametrize("seed", range(2))
def test_random_changes_and_undos_replay(trainers, window, qtbot, seed):
    streams = np.random.default_rng(seed)
    start = hyperparameters(window)

    def add_a_layer():
        widths = hyperparameters(window).widths
        if len(widths) < 3:
            window.model.hyperparameters_changed.emit({"widths": (*widths, 8)})

    actions = window.actions_
    choices = (
        lambda: window.controls.hidden.value_changed.emit(float(streams.integers(4, 60))),
        lambda: window.controls.learning_rate.value_changed.emit(streams.uniform(1e-4, 0.02)),
        window.session.undo.end_gesture,
        add_a_layer,
        actions.train.trigger,
        actions.undo.trigger,
        actions.undo.trigger,
        actions.redo.trigger,
        lambda: qtbot.wait(3),
    )
    window.session.train()
    for _ in range(100):
        choices[streams.integers(len(choices))]()
    while actions.undo.isEnabled():
        actions.undo.trigger()
    assert hyperparameters(window) == start
    resized(window, qtbot, start.widths)
    assert window.session.state in (RunState.TRAINING, RunState.PAUSED, RunState.DIVERGED)
    window.close()
    (trainer,) = trainers
    assert "undo resize" in [event.kind for event in trainer.record.events]
    assert replayed(trainer) is None


def test_each_run_has_its_own_record_and_replays(trainers, window, qtbot):
    train(window, qtbot, 200)
    press(qtbot, window, "Ctrl+R")
    qtbot.waitUntil(lambda: window.session.has_network)
    drag(qtbot, window.controls.hidden.slider, 0.1)
    train(window, qtbot, 50)
    press(qtbot, window, "Ctrl+Z")
    resized(window, qtbot, (50,))
    press(qtbot, window, "Ctrl+Z")
    show_earlier(window)
    assert window.session.snapshot_step == 200
    for _ in range(2):
        press(qtbot, window.controls.learning_rate.slider, "Right")
    faster = hyperparameters(window).learning_rate
    train(window, qtbot, 100)
    window.close()
    first, second = trainers
    changes = [
        [(change.name, change.after) for entry in trainer.record.events for change in entry.changes]
        for trainer in trainers
    ]
    assert changes[0][-1] == ("learning_rate", faster)
    assert changes[1][-1] == ("widths", (50,))
    assert {name for name, _ in changes[0]} == {"learning_rate"}
    assert {name for name, _ in changes[1]} == {"widths"}
    assert (first.step, second.step) == (300, 50)
    assert replayed(first) is replayed(second) is None


def test_a_change_waiting_when_its_run_is_left_acts_when_it_is_shown_again(trainers, window, qtbot):
    train(window, qtbot, 50)
    press(qtbot, window, "Ctrl+R")
    train(window, qtbot, 20)
    window.controls.hidden.value_changed.emit(30.0)
    press(qtbot, window, "Ctrl+Z")  # all before the worker has seen the first
    show_earlier(window)
    show_earlier(window)
    press(qtbot, window, "Ctrl+Shift+Z")
    resized(window, qtbot, (30,))
    train(window, qtbot, 20)
    window.close()
    assert hyperparameters(window).widths == (30,)
    assert [replayed(trainer) for trainer in trainers] == [None, None]


def test_after_an_error_the_run_before_is_shown(trainers, window, qtbot, monkeypatch):
    train(window, qtbot, 100)
    press(qtbot, window, "Ctrl+R")
    train(window, qtbot, 10)

    def fail(*_):
        raise MemoryError

    monkeypatch.setattr(trainers[-1], "run", fail)
    with qtbot.waitSignal(window.session.failed):
        press(qtbot, window, "Space")
    show_earlier(window)
    assert window.session.snapshot_step == 100
    assert window.session.runs.earlier is None, "the other run has been dropped"
    train(window, qtbot, 10)
    assert window.session.snapshot_step == 110


def use_a_window(qapp, qtbot):
    """Open the window, set a hyperparameter twice in one gesture, and close it.

    Returns a weak reference to its session.
    """
    window = make_window(qapp)
    window.show()
    session = window.session
    qtbot.waitUntil(lambda: session.has_network)
    for share in (0.3, 0.6):
        drag(qtbot, window.controls.learning_rate.slider, share)
    press(qtbot, window, "Ctrl+Z")
    window.close()
    window.deleteLater()
    return weakref.ref(session)


def test_a_destroyed_window_frees_its_session(qapp, qtbot):
    session = use_a_window(qapp, qtbot)
    qtbot.wait(10)
    gc.collect()
    assert session() is None
