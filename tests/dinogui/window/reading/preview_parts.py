"""What tests do with the boxes and tables of the preview dialog."""

from PySide6.QtCore import Qt


def choose(qtbot, dialog_of, dialog, box, text):
    """Choose an entry of a box by keyboard, and wait for the preview."""
    place = box.findText(text)
    assert place >= 0, [box.itemText(row) for row in range(box.count())]
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Home)
    for _ in range(place):
        qtbot.keyClick(box, Qt.Key.Key_Down)
    assert box.currentText() == text
    dialog_of.settle(dialog)


def texts(table, column):
    """Return the texts in a column of a table."""
    return [table.rows.index(row, column).data() for row in range(table.rows.rowCount())]
