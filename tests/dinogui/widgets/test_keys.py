import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QDockWidget,
    QLineEdit,
    QMainWindow,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from dinogui.panels.model.widths import WidthsBox
from dinogui.session.run import RunState
from dinogui.widgets.keys import ButtonKeys

SPACE, ENTER, TAB = Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Tab


class Bench(QMainWindow):
    """A window with a shortcut on the space bar, and a part of every kind that a key presses."""

    def __init__(self):
        super().__init__()
        self.trained, self.pressed = [], []
        self.train = QAction("Train", self)
        self.train.setShortcut(SPACE)
        self.train.triggered.connect(lambda: self.trained.append(1))
        self.addAction(self.train)
        self.button, self.tool, self.check = QPushButton("Go"), QToolButton(), QCheckBox("On")
        self.combo = QComboBox()
        self.combo.addItems(["one", "two"])
        self.content = QWidget()
        self.column = QVBoxLayout(self.content)
        for part in (self.button, self.tool, self.check, self.combo):
            self.column.addWidget(part)
        for part in (self.button, self.tool):
            part.clicked.connect(lambda: self.pressed.append(1))
        self.setCentralWidget(self.content)
        ButtonKeys(self)


@pytest.fixture
def bench(qtbot):
    bench = Bench()
    qtbot.addWidget(bench)
    with qtbot.waitActive(bench):
        bench.show()
        bench.activateWindow()
    return bench


def focus(part):
    part.setFocus(Qt.FocusReason.TabFocusReason)
    assert part.hasFocus()
    return part


def test_enter_presses_buttons_and_the_space_bar_belongs_to_the_window(bench, qtbot):
    for part in (bench.button, bench.tool):
        bench.pressed.clear()
        bench.trained.clear()
        qtbot.keyClick(focus(part), ENTER)
        assert (len(bench.pressed), len(bench.trained)) == (1, 0)
        qtbot.keyClick(part, SPACE)
        assert (len(bench.pressed), len(bench.trained)) == (1, 1)
    qtbot.keyClick(focus(bench.check), Qt.Key.Key_Enter)
    assert bench.check.isChecked()
    qtbot.keyClick(bench.check, SPACE)
    assert bench.check.isChecked()


def test_enter_opens_a_combo_box_and_chooses_in_it(bench, qtbot):
    qtbot.keyClick(focus(bench.combo), SPACE)
    assert (QApplication.activePopupWidget(), len(bench.trained)) == (None, 1)
    qtbot.keyClick(bench.combo, ENTER)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    view = bench.combo.view()
    qtbot.keyClick(view, Qt.Key.Key_Down)
    qtbot.keyClick(view, SPACE)
    qtbot.keyClick(view, ENTER)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is None)
    assert bench.combo.currentText() == "two"
    assert len(bench.trained) == 1


def test_enter_opens_the_menu_of_a_button(bench, qtbot):
    menu, shown = QMenu(bench), []
    menu.addAction("One")
    bench.tool.setMenu(menu)
    bench.tool.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def look():
        shown.append(menu.isVisible())
        menu.close()

    QTimer.singleShot(50, look)  # the key returns when the menu is closed
    qtbot.keyClick(focus(bench.tool), ENTER)
    qtbot.waitUntil(lambda: shown == [True])


def test_no_button_gets_the_space_bar_while_the_shortcut_is_disabled(bench, qtbot):
    bench.train.setEnabled(False)
    for part in (bench.button, bench.tool, bench.check, bench.combo):
        qtbot.keyClick(focus(part), SPACE)
    assert (bench.pressed, bench.trained) == ([], [])
    assert not bench.check.isChecked()
    assert QApplication.activePopupWidget() is None


def test_later_parts_and_floating_docks_follow_the_rule(bench, qtbot):
    later = QPushButton("Later")
    bench.column.addWidget(later)
    dock, docked = QDockWidget("Dock", bench), QPushButton("Docked")
    dock.setWidget(docked)
    bench.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
    for part in (later, docked):
        part.clicked.connect(lambda: bench.pressed.append(1))
    qtbot.waitUntil(lambda: later.isVisible() and docked.isVisible())
    qtbot.keyClick(focus(later), ENTER)
    qtbot.keyClick(later, SPACE)
    assert (len(bench.pressed), len(bench.trained)) == (1, 1)
    dock.setFloating(True)
    docked.setFocus()
    dock.windowHandle().requestActivate()
    qtbot.waitUntil(docked.hasFocus)
    qtbot.keyClick(docked, ENTER)
    qtbot.keyClick(docked, SPACE)
    assert (len(bench.pressed), len(bench.trained)) == (2, 2)


def test_a_dialog_keeps_the_space_bar_for_its_own_parts(bench, qtbot):
    dialog = QDialog(bench)
    inside = QCheckBox("Inside", dialog)
    dialog.show()
    dialog.windowHandle().requestActivate()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is dialog)
    qtbot.keyClick(focus(inside), SPACE)
    assert (inside.isChecked(), len(bench.trained)) == (True, 0)


def test_a_part_may_be_deleted_while_it_has_the_focus(bench, qtbot):
    focus(bench.tool).deleteLater()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not bench.tool)
    qtbot.keyClick(focus(bench.button), ENTER)
    assert len(bench.pressed) == 1


# In the window


def wants_text(part):
    """Whether the space bar types a space into a part."""
    types = isinstance(part, QLineEdit | QPlainTextEdit) and not part.isReadOnly()
    return types and not isinstance(part, WidthsBox)


def condition_of(window):
    """Return everything that a key could change in a window besides the training."""
    return (
        [button.isChecked() for button in window.findChildren(QAbstractButton)],
        [box.currentIndex() for box in window.findChildren(QComboBox)],
        [line.text() for line in window.findChildren(QLineEdit)],
        [box.text() for box in window.findChildren(QAbstractSpinBox)],
        [slider.value() for slider in window.findChildren(QAbstractSlider) if _is_knob(slider)],
        window.session.run.id,
        QApplication.activePopupWidget(),
    )


def _is_knob(slider):
    return "ScrollBar" not in type(slider).__name__


def assert_space_only_trains(window, qtbot, part):
    name = f"{type(part).__name__} {part.accessibleName()!r}"
    before, was_training = condition_of(window), window.session.state is RunState.TRAINING
    qtbot.keyClick(part, SPACE)
    is_training = window.session.state is RunState.TRAINING
    if wants_text(part):
        assert is_training is was_training, name
        assert (part.text() if isinstance(part, QLineEdit) else part.toPlainText()) == " ", name
        qtbot.keyClick(part, Qt.Key.Key_Backspace)
    else:
        assert is_training is not was_training, name
    assert condition_of(window) == before, name


def tab_stops(part):
    """Return the parts inside a part that Tab can reach now."""
    return [
        stop
        for stop in part.findChildren(QWidget)
        if stop.isVisible()
        and stop.isEnabled()
        and stop.focusPolicy() & Qt.FocusPolicy.TabFocus
        and stop.focusProxy() is None
    ]


def walk(window, qtbot):
    """Press the space bar on every part that Tab reaches, and return these parts."""
    start = window.controls.learning_rate.slider
    part, reached = focus(start), []
    while part not in reached:
        reached.append(part)
        assert_space_only_trains(window, qtbot, part)
        if not part.isEnabled():  # "Step", which waits while the network trains
            qtbot.keyClick(window, SPACE)
            focus(part)
        qtbot.keyClick(QApplication.focusWidget(), TAB)
        part = QApplication.focusWidget()
    assert part is start
    return reached


def test_space_trains_and_pauses_wherever_tab_goes(window, qtbot):
    window.names.form.more.setChecked(True)
    reached = walk(window, qtbot)
    assert len(reached) > 30
    assert any(isinstance(part, QCheckBox) for part in reached)
    assert {"Train", "Restart", "Pause"} & {
        part.text() for part in reached if isinstance(part, QToolButton)
    }
    window.left.show_settings()
    for part in tab_stops(window.model):
        assert_space_only_trains(window, qtbot, focus(part))


def test_space_trains_and_pauses_in_every_panel(window, qtbot):
    seen = 0
    for key, dock in window.docks.docks.items():
        window.docks.show(key)
        for part in tab_stops(dock):
            assert_space_only_trains(window, qtbot, focus(part))
            seen += 1
    assert seen > 30


def test_space_trains_and_pauses_on_a_text(text_window, qtbot):
    for part in tab_stops(text_window.writing):
        assert_space_only_trains(text_window, qtbot, focus(part))


def test_a_check_box_that_is_clicked_after_restart_was_reached_takes_the_keys(window, qtbot):
    restart = next(
        part for part in window.top_bar.findChildren(QToolButton) if part.text() == "Restart"
    )
    focus(restart)
    box = window.names.form.only_new
    run = window.session.run.id
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton)
    assert box.isChecked()
    qtbot.keyClick(QApplication.focusWidget(), SPACE)
    assert window.session.state is RunState.TRAINING
    qtbot.keyClick(QApplication.focusWidget(), ENTER)
    assert not box.isChecked()
    assert window.session.run.id == run


def test_a_key_that_is_held_down_trains_or_restarts_once(window):
    assert not window.actions_.train.autoRepeat()
    assert not window.actions_.restart.autoRepeat()
