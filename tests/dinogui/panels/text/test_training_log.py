"""As it learned: a row for each sample, and the whole log behind it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible

from dinogui.panels.text.training_log import TrainingLog
from engine.training.messages import LogEntry, TextLogEntry

NAMES = [
    LogEntry(2_000 * n, 30.0 - n, ("nkzx", "", f"aurus{n}", "d", "e", "f", "g")) for n in range(12)
]
TEXTS = [TextLogEntry(1, 2.5, "\n xq zz\nsecond line"), TextLogEntry(251, 2.25, "Shall I\nsee")]
EMPTY = "During the training: seven names every 2,000 steps."


@pytest.fixture
def log(qtbot):
    log = TrainingLog("Seven names every 2,000 steps", EMPTY)
    qtbot.addWidget(log)
    log.resize(380, 170)
    with qtbot.waitActive(log):
        log.show()
        log.activateWindow()
    return log


def shown(log):
    model = log.rows.model()
    return [(model.index(row, 0).data(), model.index(row, 1).data()) for row in range(len_of(log))]


def len_of(log):
    return log.rows.model().rowCount()


def click_row(qtbot, log, row):
    place = log.rows.visualRect(log.rows.model().index(row, 1)).center()
    qtbot.mouseClick(log.rows.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_each_entry_is_a_row_of_its_step_and_its_names(log):
    assert log.rows.empty_message == EMPTY
    for entry in NAMES[:2]:
        log.write(entry)
    assert log.rows.empty_message == ""
    assert shown(log) == [
        ("0", "Nkzx · (an empty name) · Aurus0 · D · E · F · G"),
        ("2,000", "Nkzx · (an empty name) · Aurus1 · D · E · F · G"),
    ]
    cell = log.rows.model().index(1, 1)
    assert cell.data(Qt.ItemDataRole.AccessibleTextRole).startswith("Nkzx, (an empty name), ")


def test_a_text_is_shown_by_the_first_line_of_each_sample(log):
    log.show_run("", TEXTS)
    assert shown(log) == [("1", "xq zz"), ("251", "Shall I")]


def test_the_rows_of_another_run_take_the_place_of_the_earlier_ones(log):
    log.show_run("", NAMES[:3])
    log.show_run("", NAMES[5:7])
    assert [step for step, _ in shown(log)] == ["10,000", "12,000"]
    assert log.text.toPlainText().count("Iteration: ") == 2


@pytest.mark.parametrize("by_key", [False, True], ids=["click", "enter"])
def test_a_row_opens_its_entry_in_the_whole_log(log, qtbot, by_key):
    log.show_run("", NAMES)
    row = len_of(log) - 2
    if by_key:
        log.rows.setFocus()
        log.rows.setCurrentIndex(log.rows.model().index(row, 0))
        qtbot.keyClick(log.rows, Qt.Key.Key_Return)
    else:
        click_row(qtbot, log, row)
    assert log.whole.isChecked()
    assert log.text.isVisible()
    assert not log.rows.isVisible()
    after = log.text.toPlainText()[log.text.textCursor().position() :]
    assert after.startswith("Iteration: 20000, Loss: 20.000000")
    assert log.text.hasFocus()
    qtbot.mouseClick(log.whole, Qt.MouseButton.LeftButton)
    assert log.rows.isVisible()


def test_the_whole_log_has_every_name_of_every_entry(log, qtbot):
    log.show_run("Opened at step 5.", NAMES)
    qtbot.mouseClick(log.whole, Qt.MouseButton.LeftButton)
    text = log.text.toPlainText()
    assert text.startswith("Opened at step 5.")
    assert all(f"Iteration: {entry.iteration}, Loss: " in text for entry in NAMES)
    assert text.count("Nkzx\n(an empty name)\nAurus") == len(NAMES)


def test_the_rows_follow_the_training_unless_somebody_reads(log, qtbot):
    log.show_run("", NAMES)
    bar = log.rows.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.value() == bar.maximum() > 0)
    log.write(LogEntry(24_000, 9.0, ("z",)))
    qtbot.waitUntil(lambda: bar.maximum() > 0 and bar.value() == bar.maximum())
    bar.setValue(0)
    log.write(LogEntry(26_000, 9.0, ("z",)))
    assert bar.value() == 0


def test_no_row_is_cut_off(log, qtbot):
    log.show_run("", NAMES)
    for height in range(160, 200, 7):
        log.resize(380, height)
        bar = log.rows.verticalScrollBar()
        qtbot.waitUntil(lambda bar=bar: bar.value() == bar.maximum())
        assert log.rows.height() % log.rows.rowHeight(0) == 0
        assert log.rows.rowViewportPosition(log.rows.rowAt(1)) == 0


def test_a_screen_reader_hears_what_the_rows_are(log):
    interface = QAccessible.queryAccessibleInterface(log.rows)
    assert interface.text(QAccessible.Text.Name) == "What the network wrote as it learned"
    assert interface.text(QAccessible.Text.Description) == EMPTY
