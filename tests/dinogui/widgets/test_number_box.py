import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut

from dinogui.widgets.number_box import NumberBox


@pytest.fixture
def box(qtbot):
    box = NumberBox((0.01, 0.1, 1.0, 10.0))
    qtbot.addWidget(box)
    box.show()
    return box


@pytest.mark.parametrize(
    ("value", "text"), [(0.01, "0.01"), (0.03751, "0.03751"), (10.0, "10"), (1.23456, "1.235")]
)
def test_only_significant_digits_are_shown(box, value, text):
    box.setValue(value)
    assert box.text() == text


def test_small_numbers_are_shown_and_read(qtbot):
    box = NumberBox((1e-5, 1.0))
    qtbot.addWidget(box)
    box.setValue(1e-5)
    assert box.text() == "0.00001"
    box.selectAll()
    qtbot.keyClicks(box, "0.00025")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert box.value() == 0.00025


def test_arrow_keys_go_to_the_next_stop(box, qtbot):
    box.setValue(0.1)
    qtbot.keyClick(box, Qt.Key.Key_Up)
    assert box.value() == 1.0
    qtbot.keyClick(box, Qt.Key.Key_Down)
    assert box.value() == 0.1
    box.setValue(0.5)
    qtbot.keyClick(box, Qt.Key.Key_Up)
    assert box.value() == 1.0
    box.setValue(0.5)
    qtbot.keyClick(box, Qt.Key.Key_Down)
    assert box.value() == 0.1
    for _ in range(5):
        qtbot.keyClick(box, Qt.Key.Key_Up)
    assert box.value() == 10.0


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1e-1", 0.1),
        ("0,5", 0.5),
        ("100", 10.0),
        ("-1", 0.01),
        ("1e99", 10.0),
        ("0", 0.01),
        ("2e", 0.1),
        ("", 0.1),
    ],
)
def test_a_typed_number_is_not_changed(box, qtbot, typed, value):
    box.setValue(0.1)
    box.selectAll()
    qtbot.keyClick(box, Qt.Key.Key_Delete)
    qtbot.keyClicks(box, typed)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert box.value() == value


def test_whole_numbers_are_rounded_and_bounded(qtbot):
    box = NumberBox((4.0, 50.0, 512.0), whole=True)
    qtbot.addWidget(box)
    for typed, value in (("9999", 512), ("17.6", 18), ("1e2", 100)):
        box.selectAll()
        qtbot.keyClicks(box, typed)
        qtbot.keyClick(box, Qt.Key.Key_Return)
        assert box.value() == value


def test_text_that_is_not_a_number_is_refused(box, qtbot):
    box.setValue(0.1)
    box.selectAll()
    qtbot.keyClicks(box, "fast")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert box.value() == 0.1


def test_escape_restores_a_half_typed_number_and_is_otherwise_left_to_the_window(box, qtbot):
    left = []
    shortcut = QShortcut(QKeySequence("Escape"), box, activated=lambda: left.append(1))
    shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
    with qtbot.waitActive(box):
        box.activateWindow()
    box.setFocus()
    box.setValue(0.5)
    box.selectAll()
    qtbot.keyClicks(box, "7.2")
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert (box.text(), box.value(), left) == ("0.5", 0.5, [])
    assert box.lineEdit().hasSelectedText()
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert left == [1]


@pytest.mark.parametrize(
    ("typed", "is_confirmed"), [("", True), ("1", True), ("abc", False), ("nan", False)]
)
def test_enter_confirms_the_value_in_force_unless_something_else_was_typed(
    box, qtbot, typed, is_confirmed
):
    box.setValue(1.0)
    confirmed = []
    box.confirmed.connect(confirmed.append)
    box.selectAll()
    qtbot.keyClicks(box, typed)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert confirmed == [1.0] * is_confirmed
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert confirmed == [1.0] * (is_confirmed + 1), "the next Enter is another one"


def test_enter_after_a_number_that_is_too_large_to_be_one_confirms_nothing(box, qtbot):
    box.setValue(1.0)
    confirmed = []
    box.confirmed.connect(confirmed.append)
    box.selectAll()
    qtbot.keyClicks(box, "1e999")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert (confirmed, box.value()) == ([], 1.0)
