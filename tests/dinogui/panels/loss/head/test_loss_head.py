"""The head of the loss plot in the window: figure, sentence, unit and Show all."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QLabel

from dinogui.common.speed import Speed
from dinogui.session.run import RunState
from engine.cli.main import main
from engine.evaluation.units import UNITS, Unit
from engine.training.recipes import NOTEBOOK


@pytest.fixture
def head(window):
    return window.loss_plot._head


def held_out(window):
    unit = window.loss_plot.unit
    return float(unit.from_nats(window.session.curves.held_out(unit).last_point[1]))


def test_before_the_first_step_it_says_what_guessing_costs(window, head):
    assert head.figure.text() == window.loss_plot.unit.write(
        window.session.guessing_loss(Unit.NATS_PER_NAME)
    )
    assert head.sentence.text == "as good as guessing"


def test_it_shows_the_newest_held_out_loss_and_what_it_beats(window, head, train_until, qtbot):
    qtbot.waitUntil(lambda: len(window.session.run.baselines.measured) == 5)
    train_until(window.session, 3_000)
    window.loss_plot.draw()
    loss = held_out(window)
    assert head.figure.text() == window.loss_plot.unit.write(loss)
    costs = window.loss_plot.baselines.baselines
    beaten = min(cost for cost in costs if loss < cost)
    order = costs.index(beaten) + 1
    words = f"held out · better than {order}-gram counting ({window.loss_plot.unit.write(beaten)})"
    assert words in head.sentence.accessibleDescription()
    assert f"{loss:.2f} nats per name" in head.figure.toolTip()
    assert "all 140 names" in head.figure.toolTip()
    assert words in head.figure.accessibleDescription()


def test_the_held_out_loss_of_the_beginning_gives_way_to_the_training(window, head, qtbot):
    window.session.set_speed(Speed.HUNDRED)
    window.session.train()
    qtbot.waitUntil(lambda: head.figure.toolTip().startswith("Smoothed training loss at step"))
    assert head.sentence.accessibleDescription().startswith("training · ")
    window.session.pause()


def test_it_follows_the_unit(window, head, train_until):
    train_until(window.session, 3_000)
    for unit in UNITS["names"]:
        window.actions_.units[unit].trigger()
        assert head.unit_box.currentText() == unit.value
        assert head.figure.text() == window.loss_plot.unit.write(held_out(window))


def test_without_held_out_names_it_shows_the_smoothed_loss(window, head, train_until):
    window.session.restart(recipe=NOTEBOOK)
    train_until(window.session, 30)
    window.loss_plot.show_unit(window.loss_plot.unit)
    smoothed = window.session.curves.smoothed(window.loss_plot.unit).last_point[1]
    assert head.figure.text() == window.loss_plot.unit.write(smoothed)
    assert head.sentence.accessibleDescription().startswith("training · ")


@pytest.mark.parametrize("recipe", ["notebook", "default"])
def test_a_run_of_the_command_line_shows_its_loss_when_it_is_opened(
    window, head, qtbot, tmp_path, dinos_path, train_until, recipe
):
    path = str(tmp_path / "run.npz")
    main(["train", "--recipe", recipe, "--steps", "60", "--save", path, str(dinos_path)])
    window.open_file(path)
    session = window.session
    qtbot.waitUntil(lambda: session.progress is not None and session.progress.step == 60)
    shown = session.progress.smoothed_loss
    if recipe == "default":
        qtbot.waitUntil(lambda: session.run.full_held_out is not None)
        shown = session.run.full_held_out.nats_per_name
    qtbot.waitUntil(lambda: head.figure.text() == f"{shown:.2f}")
    source = "training" if recipe == "notebook" else "held out"
    assert head.sentence.accessibleDescription().startswith(f"{source} · ")
    _, (low, high) = window.loss_plot.plot.getViewBox().viewRange()
    assert low < session.progress.smoothed_loss < high
    train_until(session, 120)
    steps, _ = session.curves.smoothed(Unit.NATS_PER_NAME).points(0, 1_000, 1_000)
    assert sorted(set(steps)) == list(range(1, 121)), "its curve is whole"


def test_without_a_step_the_run_stays_ready(window, head, train_until):
    train_until(window.session, 0)
    assert window.session.state is RunState.READY
    assert window.status.message.startswith("Ready")
    assert head.sentence.text == "as good as guessing"


def test_show_all_is_offered_while_the_plot_does_not_show_all(window, head, qtbot):
    assert not head.show_all.isVisible()
    window.actions_.zoom_in.trigger()
    assert head.show_all.isVisible()
    qtbot.mouseClick(head.show_all, Qt.MouseButton.LeftButton)
    assert window.loss_plot.is_following
    assert not head.show_all.isVisible()
    window.actions_.plot.fixed_range.trigger()
    assert head.show_all.isVisible()


def test_nothing_is_cut_and_nothing_overlaps(window, head, qtbot):
    plot = window.loss_plot
    window.actions_.zoom_in.trigger()
    for scale in (1.0, 2.0):
        for width in (360, 616, 868, 1400):
            font = QFont(QApplication.font())
            font.setPointSizeF(font.pointSizeF() * scale)
            plot.setParent(None)
            plot.setFont(font)
            plot.resize(width, round(400 * scale))
            plot.show()
            qtbot.wait(30)
            parts = [head.figure, head.unit_box, head.sentence, head.legend, head.show_all]
            places = [QRect(part.mapTo(head, QPoint()), part.size()) for part in parts]
            for number, place in enumerate(places):
                for other in places[number + 1 :]:
                    assert not place.intersects(other)
            assert head.unit_box.width() >= head.unit_box.sizeHint().width()
            assert head.figure.width() >= head.figure.fontMetrics().horizontalAdvance(
                head.figure.text()
            )
            assert head.legend.width() >= QLabel(head.legend.text(), font=font).sizeHint().width()
            assert "training" in head.legend.text()
            is_beside = (
                abs(head.legend.geometry().center().y() - head.sentence.geometry().center().y()) < 9
            )
            if scale == 1.0:
                assert is_beside == (width > 800)
            plot.setParent(window)


def test_the_head_lets_the_plot_become_narrower(window, head, qtbot):
    plot = window.loss_plot
    plot.setParent(None)
    for width in (1_400, 360):
        plot.resize(width, 400)
        plot.show()
        qtbot.wait(30)
        assert plot.width() == width
    plot.setParent(window)
