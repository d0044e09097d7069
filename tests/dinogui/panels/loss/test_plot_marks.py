"""The flags of events: what they say, where a click leads, and how near ones are put together."""

from PySide6.QtCore import QPoint, QPointF, Qt

LEFT = Qt.MouseButton.LeftButton


def flag_at(window, step):
    """Return the middle of a flag in the plot's viewport."""
    pane = window.loss_plot.pane
    return pane.geometry().topLeft() + QPoint(round(pane.x_of(step)), pane.height() - 5)


def test_a_flag_is_drawn_at_the_lower_edge(past_window, qtbot):
    window = past_window
    window.loss_plot.draw()
    window.loss_plot.pane.repaint()
    picture = window.loss_plot.pane.grab().toImage()
    pane = window.loss_plot.pane
    x, ratio = round(pane.x_of(300)), picture.devicePixelRatio()
    second = window._theme.colours.second
    place = QPoint(round(x * ratio), round((pane.height() - 4) * ratio))
    assert picture.pixelColor(place).name() == second


def test_the_pointer_on_a_flag_tells_what_changed(past_window, qtbot):
    plot = past_window.loss_plot
    plot.pane.repaint()
    place = plot.plot.mapToScene(flag_at(past_window, 300))
    plot.plot.scene().sigMouseMoved.emit(QPointF(place))
    assert plot.reading.endswith("step 300: learning rate 0.00972 (set to 0.01) → 0.005")
    place = plot.plot.mapToScene(flag_at(past_window, 450))
    plot.plot.scene().sigMouseMoved.emit(QPointF(place))
    assert "learning rate" not in plot.reading


def test_a_click_on_a_flag_goes_to_its_event(past_window, qtbot):
    past_window.loss_plot.pane.repaint()
    viewport = past_window.loss_plot.plot.viewport()
    qtbot.mouseClick(viewport, LEFT, pos=flag_at(past_window, 300) + QPoint(3, 0))
    assert past_window.session.past.step == 300


def test_near_events_share_a_flag_that_tells_of_all(past_window, train_until, qtbot):
    session, plot = past_window.session, past_window.loss_plot
    session.undo.end_gesture()  # one that comes back to its first value leaves the decay as it was
    for step in range(600, 608):
        session.set_hyperparameters(learning_rate=0.001 * (step - 590))
        train_until(session, step + 1)
    qtbot.waitUntil(lambda: len(session.run.events) == 9)
    train_until(session, 1500)
    plot.draw()
    plot.pane.repaint()
    assert plot.pane.flag_near(603) == range(1, 9)
    plot.plot.scene().sigMouseMoved.emit(QPointF(plot.plot.mapToScene(flag_at(past_window, 600))))
    assert "step 600: learning rate 0.00486 (set to 0.005) → 0.01\n" in plot.reading
    assert plot.reading.endswith("and 3 more")
    plot.plot.getViewBox().setXRange(598, 609, padding=0)
    plot.pane.repaint()
    assert plot.pane.flag_near(603) == range(4, 5)
