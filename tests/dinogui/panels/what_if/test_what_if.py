"""What if?, in the window: asked for beside a knob, drawn in the plot, and taken."""

import re
from itertools import pairwise

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QCursor, QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from dinogui.app import make_empty_window
from dinogui.common.event_words import event_text
from dinogui.session.run import RunState
from engine.evaluation.units import Unit
from engine.training.settings import Hyperparameters

STEPS = 60


@pytest.fixture
def trained(window, qtbot, train_until):
    """Return the window after 100 steps at a rate that does not fall."""
    window.session.restart(hyperparameters=Hyperparameters())
    train_until(window.session, 100)
    return window


@pytest.fixture
def empty_window(qapp, qtbot):
    """Return a window without data."""
    window, _ = make_empty_window(qapp)
    qtbot.addWidget(window)
    yield window
    window.close()


@pytest.fixture
def look(qtbot):
    """Return a function that asks for futures by mouse and keys, and waits for them."""

    def look(window, knob="learning_rate", turns=None, steps=STEPS):
        button = window.controls.what_if[knob]
        if window.what_if.row is None or window.what_if.row.isHidden():
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        row = window.what_if.row
        row.steps.setValue(steps)
        if turns is not None:
            row.turns.clear()
            qtbot.keyClicks(row.turns, turns)
        qtbot.keyClick(row.turns, Qt.Key.Key_Return)
        ahead = window.session.ahead
        qtbot.waitUntil(lambda: bool(ahead.futures) and not ahead.is_growing, timeout=20_000)
        window.loss_plot.draw()
        window.loss_plot.pane.repaint()
        return row

    return look


def texts(row):
    return [row.list.item(place).text() for place in range(row.list.count())]


def on_viewport(window, index):
    """Return where the end of a future's line is on the plot's viewport."""
    plot = window.loss_plot.plot
    end = window.session.ahead.futures[index].smoothed(window.loss_plot.unit).last_point
    return plot.mapFromScene(plot.getViewBox().mapViewToScene(QPointF(*end)))


def test_a_button_beside_the_knob_asks_for_futures(trained, look):
    row = look(trained)
    drawing = trained.loss_plot.pane.futures
    assert [line.label for line in drawing.lines] == ["0.005", "0.01", "0.02", "0.04"]
    assert [text.split(":")[0] for text in texts(row)] == ["0.005", "0.01", "0.02", "0.04"]
    assert (drawing.begin[0], drawing.last_step) == (100, 100 + STEPS)
    assert trained.session.steps_made == 100
    assert row.list.hasFocus()


def test_the_whole_of_them_is_in_view(trained, look):
    look(trained, steps=300)
    (_, right), (low, high) = trained.loss_plot.plot.getViewBox().viewRange()
    assert right >= 400
    for future in trained.session.ahead.futures:
        assert low < future.smoothed(trained.loss_plot.unit).last_point[1] < high


def test_the_lines_are_drawn_and_removed(trained, look):
    look(trained)
    plot = trained.loss_plot
    plot.zoom_in()  # the view stays from now on
    drawn = plot.pane.grab().toImage()
    assert plot.pane.grab().toImage() == drawn
    trained.actions_.clear_futures.trigger()
    assert plot.pane.grab().toImage() != drawn


def foot_of(window):
    """Return the row below the plot."""
    return window.arrangement._parts.foot._row


def test_they_begin_where_one_looks_back_and_the_row_says_so(trained, look, qtbot):
    past = trained.session.past
    with qtbot.waitSignal(past.reached):
        past.look(40)
    shares = []
    trained.session.ahead.approached.connect(shares.append)
    said = foot_of(trained).sentence.toolTip()
    row = look(trained)
    assert shares
    assert row.message == "The futures begin at step 40, the one that is looked at."
    assert foot_of(trained).sentence.toolTip() == said, "it says what the panels show"
    assert trained.session.ahead.begin == 40
    assert "at step 41:" in trained.what_if._view.reading(0, 0)
    qtbot.keyClick(row.list, Qt.Key.Key_Escape)
    assert row.message == "The futures begin at step 40, the one that is looked at."
    past.leave()
    assert row.message.startswith("The run itself is not touched.")


def test_the_flag_of_one_that_was_taken_has_the_rates_in_force(window, look, train_until, qtbot):
    session = window.session
    train_until(session, 800)
    in_force = session.hyperparameters.rate_at(session.progress.decay_epoch)
    assert in_force < 0.98 * session.hyperparameters.learning_rate == 0.98 * 0.01
    row = look(window, turns="2×")
    doubled = float(f"{2 * in_force:.3g}")
    qtbot.keyClick(row.list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: session.progress is not None and session.steps_made == 800 + STEPS)
    (event,), rates = session.run.events, session.run.rate_changes()
    assert event_text(event, rates[0]) == (
        f"learning rate {in_force:.3g} (set to 0.01) → {doubled:g}"
    )
    reading = window.loss_plot._reading
    window.loss_plot.draw()
    reading._look_at(800.0)
    assert f"step 800: learning rate {in_force:.3g} (set to 0.01) → {doubled:g}" in reading.text()


def test_the_row_is_below_its_knob_and_moves(trained, qtbot):
    controls = trained.controls
    for knob, above in (("clip", controls.clip), ("widths", controls.hidden)):
        qtbot.mouseClick(controls.what_if[knob], Qt.MouseButton.LeftButton)
        row = trained.what_if.row
        assert row.isVisible()
        qtbot.waitUntil(lambda above=above, row=row: 0 <= row.y() - above.geometry().bottom() < 20)
        assert row.turns.hasFocus()
    qtbot.mouseClick(controls.what_if["widths"], Qt.MouseButton.LeftButton)
    assert row.isHidden()


def test_arrow_keys_and_enter_take_one(trained, look, qtbot):
    before = trained.session.run
    row = look(trained)
    qtbot.keyClick(row.list, Qt.Key.Key_Down)
    qtbot.keyClick(row.list, Qt.Key.Key_Down)
    assert trained.loss_plot.pane.futures.chosen == 2
    with qtbot.waitSignal(trained.session.network_made, timeout=20_000):
        qtbot.keyClick(row.list, Qt.Key.Key_Return)
    session = trained.session
    assert session.run is not before
    assert (session.steps_made, session.state) == (100 + STEPS, RunState.PAUSED)
    assert session.hyperparameters.learning_rate == 0.02
    assert trained.controls.learning_rate.value == 0.02
    assert session.runs.earlier is before
    assert any(run.network for run in trained.library.earlier.runs)
    assert (trained.loss_plot.pane.futures.lines, texts(row)) == ((), [])
    assert row.message == "This future is the run now. The run before it is in the card Runs."


def test_a_click_on_a_line_takes_it(trained, look, qtbot, train_until):
    look(trained, turns="0.0001, 0.02", steps=150)
    train_until(trained.session, 300)
    trained.loss_plot.draw()
    trained.loss_plot.pane.repaint()
    asked = []
    trained.session.past.asked.connect(lambda: asked.append(trained.session.past.step))
    view = trained.loss_plot.plot.viewport()
    with qtbot.waitSignal(trained.session.network_made, timeout=20_000):
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=on_viewport(trained, 1))
    assert trained.session.hyperparameters.learning_rate == 0.02
    assert asked == []  # a click elsewhere looks back
    assert trained.session.steps_made == 250


def test_a_click_elsewhere_takes_none(trained, look, qtbot):
    look(trained)
    run = trained.session.run
    view = trained.loss_plot.plot.viewport()
    corner = trained.loss_plot.pane.mapTo(view, QPoint(5, 5))
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=corner)
    qtbot.wait(50)
    assert trained.session.run is run
    assert len(trained.session.ahead.futures) == 4


def test_a_hover_reads_them(trained, look, qtbot):
    look(trained)
    view = trained.loss_plot.plot.viewport()
    qtbot.mouseMove(view, on_viewport(trained, 0) - QPoint(1, 0))
    qtbot.mouseMove(view, on_viewport(trained, 0))
    chosen = trained.loss_plot.pane.futures.chosen
    assert chosen is not None
    lines = QToolTip.text().splitlines()
    assert re.fullmatch(r"Learning rate, at step 1[56]\d:", lines[0])
    label = trained.session.ahead.futures[chosen].label
    assert lines[1 + chosen].startswith(f"→ {label}: ")
    assert lines[-1] == f"Click to go on from the end of {label}."
    rest = QHelpEvent(QEvent.Type.ToolTip, on_viewport(trained, 0), QCursor.pos())
    QApplication.sendEvent(view, rest)  # as after a pause
    qtbot.wait(400)  # Qt hides a tooltip with a delay
    assert QToolTip.isVisible()
    qtbot.mouseMove(view, trained.loss_plot.pane.mapTo(view, QPoint(5, 5)))
    assert trained.loss_plot.pane.futures.chosen is None


def test_escape_removes_them_and_then_closes_the_row(trained, look, qtbot):
    row = look(trained)
    qtbot.keyClick(row.list, Qt.Key.Key_Escape)
    assert trained.session.ahead.futures == ()
    assert row.isVisible()
    assert row.turns.hasFocus()
    qtbot.keyClick(row.turns, Qt.Key.Key_Escape)
    assert row.isHidden()
    assert trained.controls.what_if["learning_rate"].hasFocus()


def test_clear_removes_them(trained, look, qtbot):
    row = look(trained)
    assert trained.actions_.clear_futures.isEnabled()
    qtbot.mouseClick(row.clear, Qt.MouseButton.LeftButton)
    assert trained.loss_plot.pane.futures.lines == ()
    assert not trained.actions_.clear_futures.isEnabled()
    look(trained)
    qtbot.keyClick(trained.loss_plot.plot, Qt.Key.Key_Escape)
    assert trained.loss_plot.pane.futures.lines == ()


def test_turning_the_knob_removes_them(trained, look, qtbot):
    look(trained)
    qtbot.keyClick(trained.controls.clip.slider, Qt.Key.Key_Left)
    assert trained.loss_plot.pane.futures.lines == ()


def test_the_key_opens_the_row_also_from_all_settings(trained, qtbot):
    trained.left.show_settings()
    qtbot.keyClick(trained, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    row = trained.what_if.row
    assert row.isVisible()
    assert row.turns.hasFocus()
    assert row.accessibleName() == "What if? Learning rate"
    names = [button.accessibleName() for button in trained.controls.what_if.values()]
    assert names == ["What if? Learning rate", "What if? Clip value", "What if? Hidden units"]


def test_nothing_can_be_asked_without_data(empty_window):
    assert not any(button.isEnabled() for button in empty_window.controls.what_if.values())
    assert not any(action.isEnabled() for action in empty_window.actions_.what_if.values())


def test_what_cannot_be_read_is_said_and_nothing_is_made(trained, qtbot):
    trained.what_if.open("clip")
    row = trained.what_if.row
    row.turns.setText("a lot")
    qtbot.mouseClick(row.run, Qt.MouseButton.LeftButton)
    assert row.message.startswith("“a” is neither a multiple")
    assert trained.session.ahead.knob is None


def test_a_future_that_diverges_is_marked_and_leaves_the_view_as_it_was(trained, look):
    trained.session.set_hyperparameters(clip=None, learning_rate=1e18)
    before = trained.loss_plot.plot.getViewBox().viewRange()[1][1]
    row = look(trained, turns="0.01, 10x", steps=40)
    calm, wild = texts(row)
    assert calm.startswith("0.01: ")
    assert wild.startswith("1e+19 diverges")
    assert trained.loss_plot.pane.futures.lines[1].label == "1e+19 diverges"
    assert trained.loss_plot.plot.getViewBox().viewRange()[1][1] <= 1.3 * before


def test_the_list_is_in_the_unit_of_the_plot(trained, look):
    row = look(trained)
    per_name = [float(text.split()[1].rstrip(",")) for text in texts(row)]
    trained.actions_.units[Unit.NATS_PER_CHARACTER].trigger()
    per_character = [float(text.split()[1].rstrip(",")) for text in texts(row)]
    assert all(one > 5 * other for one, other in zip(per_name, per_character, strict=True))
    curve = trained.session.ahead.futures[0].smoothed(Unit.NATS_PER_CHARACTER)
    assert trained.loss_plot.pane.futures.lines[0].curve is curve


def test_labels_do_not_cover_each_other(trained, look):
    look(trained, turns="0.01, 0.0101, 0.0102, 0.0103", steps=10)
    rooms = sorted(trained.loss_plot.pane.futures.labels.values(), key=lambda room: room.top())
    assert len(rooms) == 4
    for above, below in pairwise(rooms):
        assert above.bottom() <= below.top() + 0.01
    for room in rooms:
        assert trained.loss_plot.pane.rect().toRectF().contains(room)


def test_closing_the_window_ends_the_work(trained, qtbot):
    trained.what_if.open("clip")
    row = trained.what_if.row
    row.steps.setValue(100_000)
    with qtbot.waitSignal(trained.session.ahead.grown, timeout=20_000):
        qtbot.keyClick(row.turns, Qt.Key.Key_Return)
    trained.close()
    assert trained.session.has_ended


def test_the_training_goes_on_meanwhile(trained, qtbot):
    session = trained.session
    trained.what_if.open("learning_rate")
    row = trained.what_if.row
    row.steps.setValue(5_000)
    session.train()
    with qtbot.waitSignal(session.ahead.grown, timeout=20_000):
        qtbot.keyClick(row.turns, Qt.Key.Key_Return)
    step = session.steps_made
    qtbot.waitUntil(lambda: session.steps_made > step, timeout=20_000)
    assert session.state is RunState.TRAINING
    session.pause()
