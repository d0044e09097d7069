"""The registry of panels: every panel explains itself, and an external one is one file."""

import pytest
from PySide6.QtWidgets import QDialog, QLabel, QTextBrowser, QToolButton, QVBoxLayout, QWidget

from dinogui.app import make_window
from dinogui.panels.heading import PanelHeading
from dinogui.panels.panel import Panel
from dinogui.panels.registry import PANELS


class StepCounter(QWidget):
    """An external panel, which shows how many steps were made."""

    def __init__(self, panel, session, theme):
        super().__init__()
        self.count = QLabel("0")
        layout = QVBoxLayout(self)
        layout.addWidget(PanelHeading(panel))
        layout.addWidget(self.count)
        session.progressed.connect(lambda progress: self.count.setText(str(progress.step)))


@pytest.fixture
def toy(tmp_path):
    """Return a panel that is declared outside the packages."""
    page = tmp_path / "step_counter.md"
    page.write_text("# How many steps?\n\nIt counts **steps**, e = mc².", encoding="utf-8")
    return Panel("step_counter", "Step &counter", "How many steps?", StepCounter, help_file=page)


def menu_entries(window):
    """Return the actions of the panels in the View menu, by their text."""
    return {action.text(): action for action in window.actions_.panels_menu.actions()}


def test_keys_and_titles_are_unique_and_all_panels_have_a_question_and_a_help_page():
    assert len({panel.key for panel in PANELS}) == len(PANELS)
    assert len({panel.name for panel in PANELS}) == len(PANELS)
    for panel in PANELS:
        assert panel.question.endswith("?")
        assert panel.summary
        assert panel.help_text.splitlines()[0] == f"# {panel.question}"


def test_every_panel_shows_its_question_and_opens_its_help_page(window, qtbot):
    for panel in PANELS:
        widget = window.docks.show(panel.key)
        heading = widget.findChild(PanelHeading)
        assert heading.question.text() == panel.question
        heading.help_button.click()
        dialog = widget.findChild(QDialog)
        assert dialog.windowTitle() == panel.name
        assert panel.question in dialog.findChild(QTextBrowser).toPlainText()
        dialog.close()


def test_an_external_panel_opens_from_the_menu_and_explains_itself(qapp, qtbot, toy):
    window = make_window(qapp, panels=(*PANELS, toy))
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    qtbot.waitUntil(lambda: window.session.has_network)
    action = menu_entries(window)["Step &counter"]
    assert action.toolTip() == toy.question
    action.trigger()
    counter = window.docks.panel(toy.key)
    assert isinstance(counter, StepCounter)
    qtbot.waitUntil(counter.isVisible)
    assert counter.findChild(PanelHeading).question.text() == "How many steps?"
    counter.findChild(QToolButton).click()
    page = counter.findChild(QDialog).findChild(QTextBrowser)
    assert "It counts steps" in page.toPlainText()
    window.session.step()
    qtbot.waitUntil(lambda: counter.count.text() == "1")
    window.close()


def test_another_window_does_not_have_the_external_panel(window):
    assert list(menu_entries(window)) == [panel.title for panel in PANELS]
    assert "step_counter" not in window.docks.docks
