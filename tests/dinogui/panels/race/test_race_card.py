"""The card of a race: the losses of its lanes, and which of them are drawn."""

from PySide6.QtCore import Qt

from engine.evaluation.units import Unit


def test_each_lane_has_its_best_held_out_loss_in_the_unit_of_the_plot(window, start):
    racing = start()
    rows = window.race_card.rows
    for unit in (Unit.NATS_PER_NAME, Unit.PERPLEXITY):
        window.actions_.units[unit].trigger()
        expected = [
            lane.best.nats_per_name
            if unit.is_per_name
            else unit.from_nats(lane.best.nats_per_character)
            for lane in racing.lanes
        ]
        assert [row.words for row in rows] == [unit.write(value) for value in expected]
        head = window.loss_plot._head
        assert head.figure.text() == unit.write(min(expected))
        title = racing.lanes[expected.index(min(expected))].title
        assert head.sentence.text == f"{title} leads, held out"


def test_an_eye_hides_a_lane(qtbot, window, start):
    start()
    eye = window.race_card.rows[0].eye
    assert eye.accessibleName() == "Hide 6 units"
    qtbot.mouseClick(eye, Qt.MouseButton.LeftButton)
    assert [run.title for run in window.loss_plot._runs] == ["9 units"]
    assert eye.accessibleName() == "Show 6 units"
    qtbot.keyClick(eye, Qt.Key.Key_Space)
    assert len(window.loss_plot._runs) in (1, 2)


def test_a_lane_that_diverges_is_marked(window, start):
    racing = start("learning_rate=0.01; learning_rate=1e15")
    assert [row.words == "diverged" for row in window.race_card.rows] == [False, True]
    assert racing.lanes[1].step < racing.lanes[0].step == 60
    assert "rate 1e+15: " in window.loss_plot._head.figure.toolTip()


def test_lanes_have_the_colours_of_their_curves(window, start):
    start()
    colours = window._theme.colours.runs
    assert [run.colour for run in window.loss_plot._runs] == list(colours[:2])
