"""Segmented controls: mouse and arrow keys."""

from PySide6.QtCore import Qt

from dinogui.widgets.buttons.segmented import SegmentedControl


def test_one_segment_is_chosen_by_mouse_or_by_arrow_keys(show, qtbot):
    cells = show(SegmentedControl("Cell", {"rnn": "RNN", "gru": "GRU", "lstm": "LSTM"}, "Tip"))
    told = []
    cells.chosen.connect(told.append)
    cells.show_value("rnn")
    assert (cells.value, told) == ("rnn", [])
    qtbot.mouseClick(cells.segments["gru"], Qt.MouseButton.LeftButton)
    assert (cells.value, told) == ("gru", ["gru"])
    cells.segments["gru"].setFocus()
    qtbot.keyClick(cells.segments["gru"], Qt.Key.Key_Right)
    assert cells.segments["lstm"].hasFocus()
    assert cells.segments["rnn"].accessibleName() == "Cell: RNN"
