"""The widths of columns: dragged ones stay in another font, and are remembered by the window."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QTableWidget, QVBoxLayout, QWidget

from dinogui.widgets.tables.column_widths import ColumnMemory, ColumnWidths

pytestmark = pytest.mark.layout

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def shown(qtbot):
    """Return a function that shows a table in a window that remembers, and returns its widths."""

    windows = []

    def show(percents):
        window = QWidget()
        qtbot.addWidget(window)
        window.resize(500, 200)
        memory = ColumnMemory(window, percents)
        table = QTableWidget(2, 3)
        widths = ColumnWidths(table.horizontalHeader(), "table")
        widths.use({0: 100, 1: 80, 2: 60})
        QVBoxLayout(window).addWidget(table)
        windows.append(window)
        with qtbot.waitExposed(window):
            window.show()
        return memory, table, widths

    return show


def drag(qtbot, table, column, by):
    """Drag the right edge of a column's heading."""
    header = table.horizontalHeader()
    edge = header.sectionViewportPosition(column) + header.sectionSize(column) - 1
    start = QPoint(edge, header.height() // 2)
    qtbot.mousePress(header.viewport(), LEFT, pos=start)
    qtbot.mouseMove(header.viewport(), start + QPoint(by, 0))
    qtbot.mouseRelease(header.viewport(), LEFT, pos=start + QPoint(by, 0))


def test_a_dragged_column_stays_in_a_font_of_another_size_and_the_others_follow(shown, qtbot):
    memory, table, widths = shown({})
    drag(qtbot, table, 1, 40)
    assert [table.columnWidth(column) for column in range(3)] == [100, 120, 60]
    assert [widths.is_chosen(column) for column in range(3)] == [False, True, False]
    assert memory.chosen == {"table": [0, 150, 0]}
    widths.use({0: 200, 1: 160, 2: 120})
    assert [table.columnWidth(column) for column in range(3)] == [200, 240, 120]


def test_the_next_window_has_the_widths_of_the_one_before(shown):
    _, table, widths = shown({"table": [0, 150, 80], "other": [300, 300, 300]})
    assert [table.columnWidth(column) for column in range(3)] == [100, 120, 48]
    assert widths.is_chosen(2)


def test_widths_that_the_program_sets_are_not_remembered(shown):
    memory, table, widths = shown({})
    table.horizontalHeader().resizeSection(0, 222)
    widths.use({0: 90})
    assert memory.chosen == {}
    assert table.columnWidth(0) == 90


def test_a_table_without_a_window_that_remembers_keeps_what_is_dragged(qtbot):
    table = QTableWidget(1, 2)
    qtbot.addWidget(table)
    ColumnWidths(table.horizontalHeader(), "table").use_letters({0: 10, 1: 10})
    with qtbot.waitExposed(table):
        table.show()
    before = table.columnWidth(0)
    drag(qtbot, table, 0, 30)
    font = table.font()
    font.setPointSizeF(2 * font.pointSizeF())
    table.setFont(font)
    letter = table.fontMetrics().averageCharWidth()
    assert table.columnWidth(1) == 10 * letter
    assert table.columnWidth(0) == pytest.approx(
        10 * letter * (before + 30) / before, abs=0.1 * letter
    )
