"""Files that leave questions, and the dialog that asks them."""

import pytest

from dinogui.window.reading.preview_dialog import PreviewDialog

ROWS = """\
Anna,Berg
Bob,Stein
Clara,Wolf
Dora,Baum
Emil,Fuchs
Fina,Hase
Gert,Zopf
Hanna,Quast
Ivo,Unger
Jana,Vogt
"""


@pytest.fixture
def people(names_file):
    """Return the path of a table in which two columns could have the names."""
    return str(names_file(ROWS, "people.csv"))


class Dialogs:
    """Waits for preview dialogs."""

    def __init__(self, qtbot):
        self._qtbot = qtbot

    def __call__(self, window):
        """Return the dialog of a window, with its preview."""
        self._qtbot.waitUntil(lambda: len(self._shown(window)) == 1, timeout=20_000)
        (dialog,) = self._shown(window)
        self.settle(dialog)
        return dialog

    def settle(self, dialog):
        """Wait until the preview shows what was chosen."""
        self._qtbot.waitUntil(lambda: "Looking" not in dialog.message.message, timeout=20_000)

    def _shown(self, window):
        return [each for each in window.findChildren(PreviewDialog) if each.isVisible()]


@pytest.fixture
def dialog_of(qtbot):
    """Return what waits for the dialog of a window, and for its previews."""
    return Dialogs(qtbot)


@pytest.fixture
def answer(qtbot):
    """Return a function that accepts a dialog, and waits for the run that begins with it."""

    def accept(window, dialog):
        with qtbot.waitSignal(window.session.run_begun, timeout=20_000):
            dialog.open_button.click()
        return window.session.corpus

    return accept
