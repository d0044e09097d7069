from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from dinogui.widgets.keys import SpaceKeeper


def test_a_button_keeps_the_space_bar_while_it_has_the_focus(qtbot):
    window, pressed, shortcut = QWidget(), [], []
    button, other = QPushButton("Press", window), QWidget(window)
    other.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    layout = QVBoxLayout(window)
    layout.addWidget(button)
    layout.addWidget(other)
    action = QAction("Train", window)
    action.setShortcut(Qt.Key.Key_Space)
    action.triggered.connect(lambda: shortcut.append(1))
    window.addAction(action)
    button.clicked.connect(lambda: pressed.append(1))
    SpaceKeeper(window).keep(window)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    button.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert (len(pressed), len(shortcut)) == (1, 0)
    other.setFocus()
    qtbot.keyClick(other, Qt.Key.Key_Space)
    assert (len(pressed), len(shortcut)) == (1, 1)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not button.hasFocus()
