"""Quiet tables: rows that grow with the text, hairlines, headings, and what an empty one says."""

import pytest
from PySide6.QtCore import QEvent, QItemSelectionModel, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPalette, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QApplication, QToolTip

from dinogui.widgets.tables.quiet_table import QuietTable
from dinogui.widgets.tables.row_delegate import RowDelegate

LINE, ACCENT, FAINT = "#00ff00", "#0000ff", "#ff0000"


@pytest.fixture
def table(qtbot):
    """Return a visible table of two rows, with colours that can be told apart."""
    table = QuietTable("Names", "The names", least_rows=1)
    model = QStandardItemModel(0, 2, table)
    model.setHorizontalHeaderLabels(["Name", "Nearest, letters apart"])
    for row in (("Abelisaurus", "1.25"), ("Zupaysaurus", "2.50")):
        model.appendRow([QStandardItem(text) for text in row])
    table.setModel(model)
    table.setItemDelegate(RowDelegate(table, numbers=(1,), faint=(1,)))
    palette, role = QPalette(), QPalette.ColorRole
    for which, colour in (
        *((role.Base, "#ffffff"), (role.Mid, LINE), (role.Highlight, ACCENT)),
        *((role.PlaceholderText, FAINT), (role.Text, "#000000")),
    ):
        palette.setColor(which, QColor(colour))
    table.setPalette(palette)
    qtbot.addWidget(table)
    table.resize(300, 200)
    with qtbot.waitActive(table):
        table.show()
        table.activateWindow()
    return table


def column_of_pixels(table, x):
    image = table.viewport().grab().toImage()
    return [image.pixelColor(x, y).name() for y in range(image.height())]


def test_there_is_a_hairline_above_each_row_and_none_below_the_last(table):
    height = table.rowHeight(0)
    lines = [y for y, colour in enumerate(column_of_pixels(table, 97)) if colour == LINE]
    assert lines == [0, height]
    assert 28 <= height <= max(28, table.fontMetrics().height() + 12)


@pytest.mark.layout
def test_a_text_that_does_not_fit_is_said_in_full(table, qtbot):
    def tip(row, column):
        QToolTip.hideText()
        place = table.visualRect(table.model().index(row, column)).center()
        event = QHelpEvent(QEvent.Type.ToolTip, place, table.viewport().mapToGlobal(place))
        QApplication.sendEvent(table.viewport(), event)
        return QToolTip.text()

    assert tip(0, 0) == "The names", "there is room for it, so the table's own is shown"
    table.setColumnWidth(0, 40)
    assert tip(0, 0) == "Abelisaurus"
    table.model().item(0, 0).setToolTip("A dinosaur")
    assert tip(0, 0) == "A dinosaur"


def test_the_current_row_shows_the_focus_and_the_selection(table, qtbot):
    table.clearFocus()
    assert ACCENT not in column_of_pixels(table, 50)
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Down)
    assert table.currentIndex().row() >= 0
    assert ACCENT in column_of_pixels(table, 50)


def test_rows_and_headings_grow_with_the_text(table, qtbot):
    row, heading = table.rowHeight(0), table.header.font().pointSizeF()
    font = QApplication.font()
    font.setPointSizeF(font.pointSizeF() * 2)
    table.setFont(font)
    assert table.rowHeight(0) > 1.4 * row
    assert table.header.font().pointSizeF() == pytest.approx(2 * heading)
    assert table.minimumHeight() >= table.header.sizeHint().height() + table.rowHeight(0)
    assert table.minimumSizeHint().height() == table.minimumHeight()
    assert isinstance(table.sizeHint(), QSize)


def test_an_empty_table_says_how_it_fills(table, qtbot):
    table.say_where_empty("Press Generate.")
    assert table.accessibleDescription() == "Press Generate."
    assert table.empty_message == ""
    inside = range(8, 290)  # of the mark of the focus
    before = {colour for x in inside for colour in column_of_pixels(table, x)[100:-8]}
    table.setModel(QStandardItemModel(0, 2, table))
    assert table.empty_message == "Press Generate."
    line, usual = table.fontMetrics().height(), table.room_of_message().top()
    table.say_where_empty("Press Generate, and what the network writes is listed here, row by row.")
    table.resize(300, 100)
    qtbot.waitUntil(lambda: table.viewport().height() < 100)
    room, viewport = table.room_of_message(), table.viewport()
    assert room.height() >= 2 * line, "it wraps"
    table.resize(300, 100 - viewport.height() + room.height() + 6)
    qtbot.waitUntil(lambda: viewport.height() <= room.height() + 6)
    assert table.room_of_message().top() < usual
    assert table.room_of_message().bottom() < viewport.height(), "all of it can be read"
    after = {colour for x in range(100, 200, 3) for colour in column_of_pixels(table, x)[8:40]}
    assert len(after) > 1
    assert len(before) == 1, "below the rows, there is nothing"


def test_a_heading_is_small_and_faint_and_the_sorting_one_has_an_arrow(table, qtbot):
    assert table.header.font().pointSizeF() < table.font().pointSizeF()
    image = table.header.grab().toImage()
    colours = {image.pixelColor(x, image.height() // 2).name() for x in range(image.width())}
    assert FAINT in colours or any(name.startswith("#ff") and name != "#ffffff" for name in colours)
    table.setSortingEnabled(True)
    plain = table.header.grab().toImage()
    table.header.setSortIndicator(0, Qt.SortOrder.DescendingOrder)
    down = table.header.grab().toImage()
    table.header.setSortIndicator(0, Qt.SortOrder.AscendingOrder)
    assert down != table.header.grab().toImage()
    table.header.setSortIndicator(1, Qt.SortOrder.AscendingOrder)
    assert table.header.grab().toImage() != plain


def test_a_heading_without_room_ends_at_its_comma(table):
    table.setColumnWidth(1, 60)
    narrow = table.header.grab().toImage()
    table.model().setHorizontalHeaderLabels(["Name", "Nearest"])
    assert table.header.grab().toImage() == narrow


def test_a_selected_row_is_tinted_so_that_its_text_can_be_read(table):
    table.selectRow(0)
    other = table.model().index(1, 0)  # the current cell has a frame of its own
    table.selectionModel().setCurrentIndex(other, QItemSelectionModel.SelectionFlag.NoUpdate)
    ground = QColor(column_of_pixels(table, 97)[6])  # under the hairline, beside the text
    assert ground != QColor("#ffffff"), "it can be told from the others"
    assert ground.lightness() > 200, "black text is read on it"
