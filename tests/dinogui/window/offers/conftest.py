"""What the tests of the banner's offers share: its buttons, and the run as it is saved."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from engine.runs.run_file import load_run


@pytest.fixture
def banner_buttons():
    """Return a function that returns the buttons that a window's banner shows."""

    def find(window):
        return [b for b in window.banner.findChildren(QPushButton) if b.isVisible()]

    return find


@pytest.fixture
def choose(qtbot, banner_buttons):
    """Return a function that clicks the button with a text in a window's banner."""

    def click(window, text):
        button = next(b for b in banner_buttons(window) if b.text() == text)
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    return click


@pytest.fixture
def saved(qtbot, tmp_path):
    """Return a function that saves a window's run, and returns what is in its file."""

    def save(window):
        with qtbot.waitSignal(window.library.saving.saved):
            window.library.saving.save_to(str(tmp_path / "run.npz"))
        return load_run(tmp_path / "run.npz")

    return save
